// SPDX-License-Identifier: Apache-2.0

/// A line of the meeting's event log: one JSON object each, for the recording and for the minutes. A secret vote is in it
/// with its result alone; what was written to one person alone is not in it.
public struct RoomNote: Hashable, Sendable, Codable {
    /// What happened.
    public var kind: String
    /// In milliseconds since 1970.
    public var at: Int64
    public var person: PersonNumber?
    public var name: String?
    /// Who they are, as the desk signed it.
    public var key: String?
    public var role: RoomRole?
    public var by: PersonNumber?
    public var text: String?
    public var why: String?
    public var number: Int?
    public var group: Int?
    public var deck: String?
    public var page: Int?
    public var surface: String?
    public var stroke: Stroke?
    public var source: UInt32?
    public var track: TrackKind?
    public var isOn: Bool?
    public var choice: Int?
    public var vote: VoteCount?
    public var file: ChatMessage.File?

    /// Something of this kind, at this time.
    public init(_ kind: String, at: Int64) { (self.kind, self.at) = (kind, at) }
}
