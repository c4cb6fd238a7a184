// SPDX-License-Identifier: Apache-2.0

@testable import Pages

/// Walks a template with sample values, as the renderer would, and notes every tag that finds no property.
///
/// What fills a section is kept as all values the samples have for it, so that one sample may fill what another leaves out.
struct TagWalk {
    let templates: [String: String]
    let page: String
    /// Samples of all pages, which fill the layout together; empty when the page's own have to.
    var everybody: [Any] = []
    var faults: [String] = []

    mutating func read(_ template: String, in stack: [[Any]]) {
        guard let text = templates[template] else { return note(template, "no template \(template)") }
        var rest = tags(in: text)[...]
        readTags(&rest, until: nil, template, stack)
    }

    private mutating func readTags(
        _ rest: inout ArraySlice<Tag>, until end: String?, _ template: String, _ stack: [[Any]]
    ) {
        while let tag = rest.popFirst() {
            switch tag.kind {
            case .close:
                if tag.name != end { note(template, "\(tag.name) closes nothing") }
                return
            case .value: _ = values(tag.name, stack, template)
            case .raw:
                if let found = values(tag.name, stack, template), !found.allSatisfy({ $0 is Markup }) {
                    note(template, "\(tag.name) is shown raw but is no Markup")
                }
            case .open: readTags(&rest, until: tag.name, template, opened(tag.name, stack, template))
            case .inverted:
                _ = values(tag.name, stack, template)
                readTags(&rest, until: tag.name, template, stack)
            case .block: readTags(&rest, until: tag.name, template, stack)
            case .part: readPart(tag.name, template, stack)
            case .inherit: readHeir(&rest, of: tag.name, template, stack)
            }
        }
    }

    private mutating func readPart(_ name: String, _ template: String, _ stack: [[Any]]) {
        if templates[name] == nil { note(template, "no template \(name)") } else { read(name, in: stack) }
    }

    private mutating func readHeir(
        _ rest: inout ArraySlice<Tag>, of parent: String, _ template: String, _ stack: [[Any]]
    ) {
        guard let text = templates[parent] else { return note(template, "no template \(parent)") }
        let blocks = Set(tags(in: text).filter { $0.kind == .block }.map(\.name))
        var depth = 0
        for tag in rest {
            if tag.kind == .block, depth == 0, !blocks.contains(tag.name) {
                note(template, "\(parent) has no block \(tag.name)")
            }
            if [.open, .inverted, .block].contains(tag.kind) { depth += 1 }
            if tag.kind == .close {
                if depth == 0 { break }
                depth -= 1
            }
        }
        readTags(&rest, until: parent, template, stack)
        read(parent, in: parent == "layout" && !everybody.isEmpty ? [everybody] : stack)
    }

    /// The stack inside a section: flags leave it as it is, rows and filled optionals go on top.
    private mutating func opened(_ name: String, _ stack: [[Any]], _ template: String) -> [[Any]] {
        guard let found = values(name, stack, template) else { return stack + [[]] }
        let inside = found.flatMap { value -> [Any] in
            if let rows = value as? [Any] { return rows }
            return [value]
        }
        if inside.isEmpty {
            // Parts have more than one page needs; the specimen sheet fills all of theirs.
            if !template.hasPrefix("parts/") || page == "SpecimenPage" { note(template, "no sample fills \(name)") }
            return stack + [[]]
        }
        return inside.allSatisfy { $0 is Bool } ? stack : stack + [inside]
    }

    /// All values of a name, nearest level first; nil when no level has such a property.
    private mutating func values(_ name: String, _ stack: [[Any]], _ template: String) -> [Any]? {
        if name == "." { return stack.last }
        let parts = name.split(separator: ".").map(String.init)
        guard let first = parts.first else { return nil }
        for level in stack.reversed() {
            // Nothing is known of a level without samples, and that was said already.
            if level.isEmpty { return nil }
            guard var found = children(first, of: level) else { continue }
            for part in parts.dropFirst() {
                if found.isEmpty { break }
                guard let deeper = children(part, of: found) else {
                    note(template, "no property \(name)")
                    return nil
                }
                found = deeper
            }
            return found
        }
        note(template, "no property \(name)")
        return nil
    }

    /// The values of a property of several values of one type; optionals that are nil are left out. Nil: no such property.
    private func children(_ name: String, of values: [Any]) -> [Any]? {
        var isThere = false
        var found: [Any] = []
        for value in values {
            guard let child = Mirror(reflecting: value).children.first(where: { $0.label == name }) else { continue }
            isThere = true
            let mirror = Mirror(reflecting: child.value)
            if mirror.displayStyle != .optional {
                found.append(child.value)
            } else if let some = mirror.children.first {
                found.append(some.value)
            }
        }
        return isThere ? found : nil
    }

    private mutating func note(_ template: String, _ fault: String) {
        let line = "\(page), \(template): \(fault)"
        if !faults.contains(line) { faults.append(line) }
    }
}
