// SPDX-License-Identifier: Apache-2.0

/// Any JSON value (RFC 8259), as the rehearsed Google reads and writes events without knowing their fields beforehand.
public indirect enum GoogleValue: Codable, Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([GoogleValue])
    case object([String: GoogleValue])

    public init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            self = .null
        } else if let flag = try? box.decode(Bool.self) {  // Each kind is tried in turn; the last one throws.
            self = .flag(flag)
        } else if let number = try? box.decode(Int.self) {
            self = .number(number)
        } else if let text = try? box.decode(String.self) {
            self = .text(text)
        } else if let list = try? box.decode([GoogleValue].self) {
            self = .list(list)
        } else {
            self = .object(try box.decode([String: GoogleValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        switch self {
        case .null: try box.encodeNil()
        case .flag(let flag): try box.encode(flag)
        case .number(let number): try box.encode(number)
        case .text(let text): try box.encode(text)
        case .list(let list): try box.encode(list)
        case .object(let fields): try box.encode(fields)
        }
    }

    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var number: Int? { if case .number(let number) = self { number } else { nil } }
    public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
    public var list: [GoogleValue]? { if case .list(let list) = self { list } else { nil } }
    public var fields: [String: GoogleValue]? { if case .object(let fields) = self { fields } else { nil } }

    public subscript(name: String) -> GoogleValue? { fields?[name] }

    /// What a partial response keeps (`fields=kind,items(id,status)`); nil when the mask is none.
    func masked(_ mask: String) -> GoogleValue? {
        var rest = Substring(mask)
        guard let tree = Self.tree(&rest), rest.isEmpty else { return nil }
        return kept(tree)
    }

    private struct Mask {
        var names: [String: Mask?] = [:]
    }

    private static func tree(_ rest: inout Substring) -> Mask? {
        var mask = Mask()
        while true {
            let name = rest.prefix { $0.isLetter }
            if name.isEmpty { return nil }
            rest = rest.dropFirst(name.count)
            var inner: Mask?
            if rest.first == "(" {
                rest = rest.dropFirst()
                guard let found = tree(&rest), rest.first == ")" else { return nil }
                rest = rest.dropFirst()
                inner = found
            }
            mask.names[String(name)] = .some(inner)
            if rest.first != "," { return mask }
            rest = rest.dropFirst()
        }
    }

    private func kept(_ mask: Mask) -> GoogleValue {
        switch self {
        case .object(let fields):
            var kept: [String: GoogleValue] = [:]
            for (name, inner) in mask.names {
                guard let value = fields[name] else { continue }
                kept[name] = inner.map { value.kept($0) } ?? value
            }
            return .object(kept)
        case .list(let list): return .list(list.map { $0.kept(mask) })
        default: return self
        }
    }
}
