// SPDX-License-Identifier: Apache-2.0

import Desk
import Entrance
import Envelope
import Pages

/// The entrance as the pages know it.
struct HouseDoor: FrontDoor {
    private let openID: OpenIDDoor
    private let directory = DirectoryDoor()

    init(courier: any Courier) { openID = OpenIDDoor(courier: courier, now: House.wallClock) }

    func depart(
        _ settings: OpenIDSettings, home: String
    ) async throws(EntranceFault) -> (address: String, journey: OpenIDJourney) {
        try await openID.depart(settings, home: home)
    }

    func arrive(
        _ settings: OpenIDSettings, _ back: OpenIDReturn, of journey: OpenIDJourney, home: String
    ) async throws(EntranceFault) -> (outsider: Outsider, token: String) {
        try await openID.arrive(settings, back, of: journey, home: home)
    }

    func farewell(
        _ settings: OpenIDSettings, hint: String?, home: String
    ) async throws(EntranceFault) -> String? {
        try await openID.farewell(settings, hint: hint, home: home)
    }

    func probe(_ settings: OpenIDSettings, home: String) async -> [EntranceFinding] {
        await openID.probe(settings, home: home)
    }

    func signIn(
        _ settings: DirectorySettings, username: String, password: String
    ) async throws(EntranceFault) -> Outsider {
        try await directory.signIn(settings, username: username, password: password)
    }

    func lookUp(_ settings: DirectorySettings, usernames: [String]) async throws(EntranceFault) -> [Outsider] {
        try await directory.lookUp(settings, usernames: usernames)
    }

    func probe(_ settings: DirectorySettings, username: String) async -> [EntranceFinding] {
        await directory.probe(settings, username: username)
    }

    func read(_ pasted: String, by settings: SignInSettings) throws(EntranceFault) -> [Outsider] {
        try Pasted.read(pasted, by: settings)
    }

    func register(_ answer: PasskeyAnswer, to question: PasskeyQuestion) throws(EntranceFault) -> NewPasskey {
        try PasskeyDoor.register(answer, to: question)
    }

    func verify(
        _ answer: PasskeyAnswer, of passkey: Passkey, to question: PasskeyQuestion
    ) throws(EntranceFault) -> Int {
        try PasskeyDoor.verify(answer, of: passkey, to: question)
    }
}
