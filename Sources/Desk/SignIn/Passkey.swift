// SPDX-License-Identifier: Apache-2.0

/// A key that a person's telephone or computer keeps for this office (พาสคีย์, Web Authentication).
public struct Passkey: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Passkey>

    /// How it signs: what COSE calls -7 and -257 (RFC 8152 section 8, RFC 8812 section 2).
    public enum Algorithm: Int, Codable, Hashable, Sendable, CaseIterable {
        case es256 = -7
        case rs256 = -257
    }

    /// A person keeps at most so many.
    public static let mostOfPerson = 20
    public static let longestName = 60

    public var id: ID
    public var person: Person.ID
    /// What the person calls it.
    public var name: String
    /// The credential's id, as the device gave it.
    public var credential: [UInt8]
    /// ES256: the point's two halves, 64 bytes. RS256: the modulus of 256 bytes and the exponent of 3.
    public var publicKey: [UInt8]
    public var algorithm: Algorithm
    /// How often it has signed, as it says itself; 0 when it does not count.
    public var count: Int
    public var madeAt: Moment
    public var usedAt: Moment?

    public init(
        id: ID, person: Person.ID, name: String, credential: [UInt8], publicKey: [UInt8], algorithm: Algorithm,
        count: Int, madeAt: Moment, usedAt: Moment? = nil
    ) {
        self.id = id
        self.person = person
        self.name = name
        self.credential = credential
        self.publicKey = publicKey
        self.algorithm = algorithm
        self.count = count
        self.madeAt = madeAt
        self.usedAt = usedAt
    }

    /// Whether a signature's number follows the one before (Web Authentication section 6.1.1): a copy would count
    /// beside the first, and one of them falls behind.
    public func isFollowed(by next: Int) -> Bool { (count == 0 && next == 0) || next > count }
}
