// SPDX-License-Identifier: Apache-2.0
public import Desk

/// Sign-in from outside, as the pages need it: providers, directories and passkeys. Only `sanyan` knows who does it.
public protocol FrontDoor: Sendable {
    /// Sends a browser to the provider, which sends it back to `home`.
    func depart(
        _ settings: OpenIDSettings, home: String
    ) async throws(EntranceFault) -> (address: String, journey: OpenIDJourney)
    /// Takes a browser that comes back: who it is, and the token for signing out there.
    func arrive(
        _ settings: OpenIDSettings, _ back: OpenIDReturn, of journey: OpenIDJourney, home: String
    ) async throws(EntranceFault) -> (outsider: Outsider, token: String)
    /// Where a browser signs out at the provider too; nil when there is no such place.
    func farewell(_ settings: OpenIDSettings, hint: String?, home: String) async throws(EntranceFault) -> String?
    func probe(_ settings: OpenIDSettings, home: String) async -> [EntranceFinding]

    /// Who signs in at the directory.
    func signIn(
        _ settings: DirectorySettings, username: String, password: String
    ) async throws(EntranceFault) -> Outsider
    /// Those of the names that the directory knows.
    func lookUp(_ settings: DirectorySettings, usernames: [String]) async throws(EntranceFault) -> [Outsider]
    func probe(_ settings: DirectorySettings, username: String) async -> [EntranceFinding]
    /// The people that a pasted text speaks of; nothing of it is believed.
    func read(_ pasted: String, by settings: SignInSettings) throws(EntranceFault) -> [Outsider]

    func register(_ answer: PasskeyAnswer, to question: PasskeyQuestion) throws(EntranceFault) -> NewPasskey
    /// Checks a passkey's signature: how often it has signed.
    func verify(
        _ answer: PasskeyAnswer, of passkey: Passkey, to question: PasskeyQuestion
    ) throws(EntranceFault) -> Int
}
