// SPDX-License-Identifier: Apache-2.0

/// Names as UUIDs in hexadecimal digits (RFC 9562): the same name is the same UUID, today and after a crash.
///
/// The bits are the first of the name's SHA-256, in the shape of version 5, which is what servers that look at the
/// version know as made from a name.
public enum NameUUID {
    /// `123e4567-e89b-52d3-a456-426614174000` for a name within a realm, such as `line`.
    public static func text(_ name: String, in realm: String) -> String {
        var bytes = Array(Digest.sha256("sanyan \(realm) \(name)").prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(Hex.text(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
