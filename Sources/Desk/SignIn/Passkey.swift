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

/// What a browser answers when it was asked for a passkey (Web Authentication section 5.2): a new one, or a signature.
public struct PasskeyAnswer: Hashable, Sendable {
    /// The credential's id.
    public var credential: [UInt8]
    /// `clientDataJSON`: what the browser saw.
    public var clientData: [UInt8]
    /// What the device says and signs; of a new one with its public key in it.
    public var authenticatorData: [UInt8]
    /// Empty for a new one.
    public var signature: [UInt8]
    /// Whose it is, as the device was told when it was made; empty when it does not say.
    public var user: [UInt8]

    public init(
        credential: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8] = [],
        user: [UInt8] = []
    ) {
        self.credential = credential
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.user = user
    }
}

/// What a passkey's answer is checked against.
public struct PasskeyQuestion: Hashable, Sendable {
    /// What was asked, as base64url: drawn anew each time, good once and for a short while.
    public var challenge: String
    /// Where the office's pages are: scheme, host, and port when it is not the usual one.
    public var origin: String

    public init(challenge: String, origin: String) {
        self.challenge = challenge
        self.origin = origin
    }

    /// The name that the passkey is bound to (`rpId`): the origin's host.
    public var host: String {
        guard let start = origin.firstRange(of: "://")?.upperBound else { return "" }
        return origin[start...].prefix { $0 != ":" && $0 != "/" }.lowercased()
    }
}

/// A passkey as its device described it, before anybody has kept it.
public struct NewPasskey: Hashable, Sendable {
    public var credential: [UInt8]
    public var publicKey: [UInt8]
    public var algorithm: Passkey.Algorithm
    public var count: Int

    public init(credential: [UInt8], publicKey: [UInt8], algorithm: Passkey.Algorithm, count: Int) {
        self.credential = credential
        self.publicKey = publicKey
        self.algorithm = algorithm
        self.count = count
    }
}
