// SPDX-License-Identifier: Apache-2.0

/// The one range of bytes that a Range field asks for (RFC 9110, 14.1.2); several at once are answered with everything.
public enum ByteRange: Hashable, Sendable {
    /// From a place to a last one, or to the end.
    case from(Int64, through: Int64?)
    /// So many at the end.
    case last(Int64)

    /// Reads `bytes=0-499`, `bytes=500-`, `bytes=-500`; nil for anything else, which is to be passed over.
    public init?(_ field: String) {
        guard field.hasPrefix("bytes=") else { return nil }
        let text = field.dropFirst(6)
        guard !text.contains(","), let dash = text.firstIndex(of: "-") else { return nil }
        let (left, right) = (text[..<dash], text[text.index(after: dash)...])
        func number(_ text: Substring) -> Int64? {
            text.utf8.count <= 18 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
        }
        if left.isEmpty {
            guard let count = number(right), count > 0 else { return nil }
            self = .last(count)
        } else {
            guard let first = number(left) else { return nil }
            let last = right.isEmpty ? nil : number(right)
            guard right.isEmpty || (last ?? -1) >= first else { return nil }
            self = .from(first, through: last)
        }
    }

    /// The bytes it means of so many; nil when there are none: answer 416.
    public func resolved(of total: Int64) -> Range<Int64>? {
        switch self {
        case .from(let first, let last):
            guard first < total else { return nil }
            return first..<min(total, (last ?? total - 1) + 1)
        case .last(let count): return total > 0 ? max(0, total - count)..<total : nil
        }
    }
}
