// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Rehearsal
import Testing

@testable import Archive

@Suite struct DeviceTests {
    let now = Samples.now

    private func subscription(_ name: String) -> Device.Subscription {
        .init(endpoint: "https://push.example.com/\(name)", point: "point-\(name)", secret: "secret-\(name)")
    }

    private func cabinet() async throws -> SQLiteCabinet {
        let cabinet = try SQLiteCabinet.inMemory()
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            _ = try await cabinet.save(new, passwordHash: nil, by: nil, at: now)
        }
        return cabinet
    }

    private func device(_ name: String, of person: Person = Samples.anan, since: Moment? = nil) -> Device {
        Device(
            person: person.id, subscription: subscription(name), name: name, language: "th", since: since ?? now)
    }

    @Test func comesOutAsItWentInAndReachesItsPerson() async throws {
        let cabinet = try await cabinet()
        let kept = try await cabinet.keep(device("phone"))
        var expected = device("phone")
        expected.id = kept.id
        #expect(kept == expected)
        #expect(try await cabinet.devices(of: Samples.anan.id) == [kept])
        #expect(try await cabinet.device(kept.id) == kept)
        #expect(try await cabinet.reach(of: Samples.anan.id, by: .push) != nil)
        #expect(try await cabinet.remove(kept.id, of: Samples.malee.id) == false)
        #expect(try await cabinet.remove(kept.id, of: Samples.anan.id))
        #expect(try await cabinet.devices(of: Samples.anan.id) == [])
        #expect(try await cabinet.reach(of: Samples.anan.id, by: .push) == nil)
    }

    @Test func nothingOfAnEndpointLiesInTheOpen() async throws {
        let cabinet = try await cabinet()
        _ = try await cabinet.keep(device("phone"))
        let row = try await cabinet.writer.read { db in "\(try GRDB.Row.fetchAll(db, sql: "SELECT * FROM device"))" }
        #expect(row.contains("phone"))
        for word in ["push.example", "point-phone", "secret-phone"] { #expect(!row.contains(word)) }
    }

    @Test func aBrowserThatChangesHandsIsOneDevice() async throws {
        let cabinet = try await cabinet()
        let first = try await cabinet.keep(device("shared"))
        let second = try await cabinet.keep(device("shared", of: Samples.malee))
        #expect(first.id == second.id)
        #expect(try await cabinet.devices(of: Samples.anan.id) == [])
        #expect(try await cabinet.devices(of: Samples.malee.id) == [second])
        #expect(try await cabinet.reach(of: Samples.anan.id, by: .push) == nil)
        #expect(try await cabinet.reach(of: Samples.malee.id, by: .push) != nil)
    }

    @Test func anotherSubscriptionTakesThePlaceOfTheOld() async throws {
        let cabinet = try await cabinet()
        let kept = try await cabinet.keep(device("old"))
        let endpoint = subscription("old").endpoint
        #expect(try await cabinet.renew(endpoint: endpoint, to: subscription("new"), expires: nil, at: now))
        #expect(try await cabinet.device(kept.id)?.subscription == subscription("new"))
        #expect(try await cabinet.renew(endpoint: endpoint, to: subscription("x"), expires: nil, at: now) == false)
        // The page was faster: the old line goes.
        let other = try await cabinet.keep(device("newer"))
        let newer = subscription("newer")
        #expect(try await cabinet.renew(endpoint: subscription("new").endpoint, to: newer, expires: nil, at: now))
        #expect(try await cabinet.devices(of: Samples.anan.id) == [other])
    }

    @Test func whatIsGoneKeepsALineUntilTheSameNameComesAgain() async throws {
        let cabinet = try await cabinet()
        let kept = try await cabinet.keep(device("phone"))
        try await cabinet.note(gone: kept.id, at: now + .days(1))
        try await cabinet.note(gone: kept.id, at: now + .days(2))
        let gone = try #require(try await cabinet.device(kept.id))
        #expect(gone.goneAt == now + .days(1))
        #expect(gone.subscription == nil)
        #expect(try await cabinet.devicesToCheck(before: now + .days(30)) == [])
        let again = try await cabinet.keep(device("phone", since: now + .days(3)))
        #expect(try await cabinet.devices(of: Samples.anan.id) == [again])
    }

    @Test func theOneThatWasSilentLongestMakesRoom() async throws {
        let cabinet = try await cabinet()
        var ids: [Device.ID] = []
        for number in 0..<Device.mostPerPerson {
            ids.append(try await cabinet.keep(device("n\(number)", since: now + .minutes(number))).id)
        }
        try await cabinet.note(answered: ids[0], at: now + .days(1))
        let last = try await cabinet.keep(device("last", since: now + .days(2)))
        let left = try await cabinet.devices(of: Samples.anan.id).map(\.id)
        #expect(Set(left) == Set(ids + [last.id]).subtracting([ids[1]]))
    }

    @Test func aCheckIsDueAWeekAfterTheLast() async throws {
        let cabinet = try await cabinet()
        let kept = try await cabinet.keep(device("phone"))
        #expect(try await cabinet.devicesToCheck(before: now) == [])
        #expect(try await cabinet.devicesToCheck(before: now + .seconds(1)).map(\.id) == [kept.id])
        try await cabinet.note(checked: kept.id, at: now + .days(7))
        #expect(try await cabinet.devicesToCheck(before: now + .days(7)) == [])
        #expect(try await cabinet.devicesToCheck(before: now + .days(8)).map(\.unanswered) == [1])
        var left = Samples.anan
        left.isActive = false
        _ = try await cabinet.save(left, passwordHash: nil, by: nil, at: now)
        #expect(try await cabinet.devicesToCheck(before: now + .days(8)) == [])
    }

    @Test func aSubscriptionPastItsEndHasStopped() async throws {
        let cabinet = try await cabinet()
        var ending = device("ending")
        ending.expires = now + .days(2)
        let kept = try await cabinet.keep(ending)
        #expect(kept.expires == now + .days(2))
        #expect(try await cabinet.stoppedDevices(at: now + .days(2) - .seconds(1)) == [:])
        #expect(try await cabinet.stoppedDevices(at: now + .days(2)) == [Samples.anan.id: 1])
        #expect(kept.hasStopped(at: now + .days(2)) && !kept.hasStopped(at: now + .days(1)))
    }
}
