// SPDX-License-Identifier: Apache-2.0

/// What a meeting is to be: what is decided about it before it opens. Alone, the studio makes one of each `--meeting`.
/// Travels as JSON.
public struct MeetingPlan: Codable, Hashable, Sendable {
    /// The word in addresses: letters, digits, `.`, `_` and `-`, at most 64.
    public var name: String
    /// What it is about, for people.
    public var title: String
    /// SHA-256 of the keys that encoders may publish with (WHIP), as lower-case hexadecimal. None: whoever comes may.
    public var keyHashes: [String] = []
    /// Who may play it without a seat (WHEP).
    public var door = Plan.Door.open
    /// 32 random bytes as hexadecimal, which tickets are signed with; empty when none are wanted.
    public var ticketKey = ""

    /// A meeting of this name that everything else is usual in.
    public init(name: String, title: String) { (self.name, self.title) = (name, title) }

    /// Reads what a desk of another version wrote: what it does not say is as usual.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        name = try box.decode(String.self, forKey: .name)
        title = try box.decode(String.self, forKey: .title)
        keyHashes = try box.decodeIfPresent([String].self, forKey: .keyHashes) ?? []
        door = try box.decodeIfPresent(Plan.Door.self, forKey: .door) ?? .open
        ticketKey = try box.decodeIfPresent(String.self, forKey: .ticketKey) ?? ""
    }
}
