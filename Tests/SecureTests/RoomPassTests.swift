// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Secure

@Suite("A pass into a room") struct RoomPassTests {
    private let key = [UInt8](repeating: 7, count: 32)
    private let somebody = RoomPass.Person(key: "somsri@example.ac.th", name: "สมศรี ใจดี")

    @Test("says what it was signed to say", arguments: RoomPass.Role.allCases)
    func says(role: RoomPass.Role) {
        let guest = RoomPass(role: role, untilSecond: 1_800_000_000)
        #expect(RoomPass.read(guest.signed(key: key, into: "hall"), key: key, into: "hall") == guest)
        let known = RoomPass(role: role, untilSecond: 1_800_000_000, person: somebody)
        #expect(RoomPass.read(known.signed(key: key, into: "hall"), key: key, into: "hall") == known)
    }

    @Test("of a guest is short enough to be read aloud") func short() {
        #expect(RoomPass(role: .speaker, untilSecond: 1_800_000_000).signed(key: key, into: "hall").utf8.count == 23)
    }

    @Test("opens no other room, with no other key") func elsewhere() {
        let text = RoomPass(role: .host, untilSecond: 1_800_000_000).signed(key: key, into: "hall")
        #expect(RoomPass.read(text, key: key, into: "annex") == nil)
        #expect(RoomPass.read(text, key: [UInt8](repeating: 8, count: 32), into: "hall") == nil)
    }

    @Test("is worth nothing when a bit of it was changed") func changed() throws {
        let text = RoomPass(role: .listener, untilSecond: 1_800_000_000, person: somebody).signed(
            key: key, into: "hall")
        let bytes = try #require(Base64URL.bytes(text))
        for place in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[place] ^= 1 << bit
                #expect(RoomPass.read(Base64URL.text(other), key: key, into: "hall") == nil)
            }
        }
        for count in bytes.indices {
            #expect(RoomPass.read(Base64URL.text(Array(bytes.prefix(count))), key: key, into: "hall") == nil)
        }
    }

    @Test("is no ticket, and a ticket is no pass") func kinds() {
        let pass = RoomPass(role: .listener, untilSecond: 1_800_000_000).signed(key: key, into: "hall")
        #expect(!Ticket.isGood(pass, key: key, name: "hall", kind: .viewer, atSecond: 0))
        let ticket = Ticket.sign(key: key, name: "hall", kind: .viewer, untilSecond: 1_800_000_000)
        #expect(RoomPass.read(ticket, key: key, into: "hall") == nil)
    }

    @Test("cuts a long name off, and is nobody's by a long key") func long() {
        let long = RoomPass.Person(key: "a", name: String(repeating: "ก", count: 100))
        let read = RoomPass.read(
            RoomPass(role: .speaker, untilSecond: 9, person: long).signed(key: key, into: "hall"), key: key,
            into: "hall")
        #expect(read?.person == RoomPass.Person(key: "a", name: String(repeating: "ก", count: 60)))
        let tooLong = RoomPass.Person(key: String(repeating: "k", count: 81), name: "x")
        let other = RoomPass.read(
            RoomPass(role: .speaker, untilSecond: 9, person: tooLong).signed(key: key, into: "hall"), key: key,
            into: "hall")
        #expect(other == RoomPass(role: .speaker, untilSecond: 9))
    }
}
