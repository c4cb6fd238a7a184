// SPDX-License-Identifier: Apache-2.0

/// The number by which the archive knows one `Of`; a matter's number cannot be handed in where a person's is asked.
public struct Identifier<Of>: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public let number: Int64

    public init(_ number: Int64) { self.number = number }

    public init?(_ text: String) {
        guard let number = Int64(text), number > 0 else { return nil }
        self.number = number
    }

    public init(from decoder: any Decoder) throws { number = try decoder.singleValueContainer().decode(Int64.self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    public static func < (left: Identifier, right: Identifier) -> Bool { left.number < right.number }
    public var description: String { String(number) }
}
