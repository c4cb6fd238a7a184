// SPDX-License-Identifier: Apache-2.0

/// A table that office programs open: CSV of RFC 4180, UTF-8 with the byte order mark by which Excel knows Thai.
public struct Spreadsheet: Sendable {
    public var header: [String]
    public var rows: [[String]] = []

    public init(header: [String]) { self.header = header }

    /// Adds a row below the others.
    public mutating func add(_ row: [String]) { rows.append(row) }

    /// The whole file as text: every line ends in CR LF (RFC 4180 section 2.1).
    public var csv: String {
        "\u{FEFF}" + ([header] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// The whole file.
    public var bytes: [UInt8] { Array(csv.utf8) }

    /// One field. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV injection"):
    /// a letter's title must never run on the secretary's machine. Plain numbers stay numbers, also negative ones.
    static func cell(_ text: String) -> String {
        var field = text
        let start = text.unicodeScalars.first { !$0.properties.isWhitespace }
        let isControl = text.unicodeScalars.first.map { "\t\r\n".unicodeScalars.contains($0) } ?? false
        if isControl || start.map({ "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) }) ?? false,
            text.wholeMatch(of: /-?[0-9]+(?:\.[0-9]+)?/) == nil
        {
            field = "'" + text
        }
        guard field.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
