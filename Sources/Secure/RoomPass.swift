// SPDX-License-Identifier: Apache-2.0

/// A pass (บัตรเข้าห้อง) into a meeting's room: signed by the desk, checked by the studio, good until it expires.
///
/// The text is base64url of four bytes of expiry (seconds since 1970, most significant first), one byte of role, for a pass
/// that says who somebody is their key and their name, each behind its length in one byte, and twelve bytes of HMAC-SHA256
/// over the meeting's name and all that. It stands in the fragment of a link, which no browser sends by itself.
public struct RoomPass: Hashable, Sendable {
    /// What it makes of somebody.
    public enum Role: UInt8, Sendable, CaseIterable { case listener = 1, speaker, cohost, host }

    /// Who it is, as the desk knows them.
    public struct Person: Hashable, Sendable {
        /// By which the desk finds them again: a number, an address. At most 80 bytes.
        public var key: String
        /// For people. At most 180 bytes.
        public var name: String

        /// A person of this key and name.
        public init(key: String, name: String) { (self.key, self.name) = (key, name) }
    }

    private static let codeBytes = 12
    private static let mostKeyBytes = 80
    private static let mostNameBytes = 180

    public var role: Role
    /// Good before this second since 1970.
    public var untilSecond: Int64
    /// Nil when whoever has it is a guest.
    public var person: Person?

    /// A pass of these parts.
    public init(role: Role, untilSecond: Int64, person: Person? = nil) {
        (self.role, self.untilSecond, self.person) = (role, untilSecond, person)
    }

    /// The pass into the meeting `name`, as it stands in a link. What is too long of a person's name is cut off; a key that
    /// is too long makes a pass of nobody.
    public func signed(key: [UInt8], into name: String) -> String {
        let until = UInt32(clamping: untilSecond)
        var front = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: until >> $0) } + [role.rawValue]
        if let person, (1...Self.mostKeyBytes).contains(person.key.utf8.count) {
            let name = Self.shortened(person.name)
            front += [UInt8(person.key.utf8.count)] + Array(person.key.utf8)
            front += [UInt8(name.utf8.count)] + Array(name.utf8)
        }
        return Base64URL.text(front + Self.code(front, name, key))
    }

    /// What a pass says, when it was signed with this key for this meeting, expired or not; nil otherwise. Takes the same
    /// time wherever a false one differs.
    public static func read(_ text: String, key: [UInt8], into name: String) -> RoomPass? {
        guard text.utf8.count <= 400, let all = Base64URL.bytes(text), all.count >= 5 + codeBytes else { return nil }
        let front = Array(all.dropLast(codeBytes))
        guard HMAC.isEqual(code(front, name, key), Array(all.suffix(codeBytes))) else { return nil }
        guard let role = Role(rawValue: front[4]) else { return nil }
        let until = front.prefix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        var pass = RoomPass(role: role, untilSecond: until)
        var rest = front.dropFirst(5)
        guard !rest.isEmpty else { return pass }
        guard let key = take(&rest), let name = take(&rest), rest.isEmpty, !key.isEmpty else { return nil }
        pass.person = Person(key: key, name: name)
        return pass
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let count = rest.popFirst(), rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
    }

    private static func shortened(_ name: String) -> String {
        var name = name
        while name.utf8.count > mostNameBytes { name.removeLast() }
        return name
    }

    /// The first words keep it apart from tickets, should both ever have one key.
    private static func code(_ front: [UInt8], _ name: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC.sha256(Array("room-pass\0\(name)\0".utf8) + front, key: key).prefix(codeBytes))
    }
}
