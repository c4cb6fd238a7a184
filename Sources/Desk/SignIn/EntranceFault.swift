// SPDX-License-Identifier: Apache-2.0

/// Why nobody comes in by a way that is not a password here, said so that a person knows what to do.
public struct EntranceFault: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case notSetUp
        // The line.
        case unreachable, timedOut, unsafeAddress, notPrivate, crowded
        // The provider.
        case noDiscovery, wrongIssuer, noKeys, missingFeature, nonsense
        // The way to the provider and back.
        case notStartedHere, tookTooLong, alreadyUsed, refusedThere, codeRefused, clientRefused
        // The token.
        case malformedToken, unknownKey, wrongSignature, wrongAudience, wrongNonce, expiredToken, futureToken
        case noSubject, wrongPerson
        // The directory.
        case wrongPassword, noSuchPerson, severalPeople, searcherRefused, noBase, badFilter, badPattern, noTLS
        case refusedByDirectory
        // The passkey.
        case wrongOrigin, unknownPasskey, wrongPasskey, notVerified, copiedPasskey, unusablePasskey
        // What was pasted.
        case unreadable
    }

    public var kind: Kind
    /// For the administrator: an error's code, a claim's name, an address. Never a secret or a person's.
    public var detail: String

    public init(_ kind: Kind, _ detail: String = "") {
        self.kind = kind
        self.detail = detail
    }
}

/// One line of what a test of the settings found.
public struct EntranceFinding: Hashable, Sendable {
    public enum Step: String, Hashable, Sendable, CaseIterable {
        case discovery, issuer, keys, pkce, scopes, logout, redirect
        case line, searcher, base, person, groups, pattern
    }

    public var step: Step
    /// Nil when all is well.
    public var fault: EntranceFault?
    /// A number or a name that tells more; empty for nothing.
    public var detail: String
    /// It works, and yet somebody should look.
    public var isRemark: Bool

    public init(_ step: Step, fault: EntranceFault? = nil, detail: String = "", isRemark: Bool = false) {
        self.step = step
        self.fault = fault
        self.detail = detail
        self.isRemark = isRemark
    }
}
