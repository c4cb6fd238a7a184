// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("Documents")
struct DocumentTests {
    private func documents() -> [String] {
        let top = ["README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
            .filter { FileManager.default.fileExists(atPath: Tree.root.appending(path: $0).path) }
        return top + Tree.files(["docs"], endings: [".md"])
    }

    @Test("links to files lead somewhere")
    func links() throws {
        let pattern = /\]\(([^)\s]+)\)/
        for document in documents() {
            let folder = Tree.root.appending(path: document).deletingLastPathComponent()
            for match in try Tree.text(document).matches(of: pattern) {
                let target = String(match.1)
                if target.contains("://") || target.hasPrefix("mailto:") || target.hasPrefix("#") { continue }
                let path = String(target.split(separator: "#")[0])
                if !FileManager.default.fileExists(atPath: folder.appending(path: path).path) {
                    Issue.record("\(document) links to \(target), which is not there")
                }
            }
        }
    }

    @Test("every type of the glossary is in the sources")
    func glossary() throws {
        let sources = try Tree.files(["Sources"], endings: [".swift"]).map { try Tree.text($0) }.joined(separator: "\n")
        let pattern = /`([A-Z][A-Za-z]*(?:\.[a-zA-Z]+)?)`/
        var count = 0
        for line in try Tree.lines("docs/glossary.md") where line.hasPrefix("|") {
            for match in line.matches(of: pattern) {
                count += 1
                let parts = match.1.split(separator: ".").map(String.init)
                let isType = sources.contains(
                    try Regex("\\b(?:struct|enum|class|actor|protocol|typealias) \(parts[0])\\b"))
                if !isType { Issue.record("the glossary says \(match.1), and there is no type \(parts[0])") }
                if parts.count == 2 {
                    let isMember = sources.contains(
                        try Regex("\\b(?:case|let|var|func|struct|enum|typealias)\\b[^\\n]*\\b\(parts[1])\\b"))
                    if !isMember { Issue.record("the glossary says \(match.1), and there is no \(parts[1])") }
                }
            }
        }
        #expect(count > 40)
    }

    @Test("the change log has a place for what is not released yet")
    func changeLog() throws {
        #expect(try Tree.lines("CHANGELOG.md").filter { $0.hasPrefix("## [Unreleased]") }.count == 1)
    }

    @Test("decision records are numbered without a gap, and say what was decided")
    func decisions() throws {
        let records = Tree.files(["docs/decisions"], endings: [".md"])
        let numbers = records.compactMap { Int($0.split(separator: "/")[2].prefix(4)) }
        #expect(numbers == Array(0..<numbers.count))
        #expect(numbers.count == records.count)
        for record in records {
            let lines = try Tree.lines(record)
            for heading in ["## Why", "## Decision", "## Consequences"] where !lines.contains(heading) {
                Issue.record("\(record) has no \(heading)")
            }
        }
    }
}
