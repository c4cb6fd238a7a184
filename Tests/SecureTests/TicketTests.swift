// SPDX-License-Identifier: Apache-2.0
import Secure
import Testing

@Suite("A ticket") struct TicketTests {
    private let key = [UInt8](repeating: 7, count: 32)

    @Test("lets in until it expires, and into nothing else")
    func good() {
        let ticket = Ticket.sign(key: key, name: "hall", kind: .viewer, untilSecond: 2_000)
        func isGood(
            _ text: String, name: String = "hall", kind: Ticket.Kind = .viewer, at second: Int64 = 1_999,
            key: [UInt8]? = nil
        ) -> Bool {
            Ticket.isGood(text, key: key ?? self.key, name: name, kind: kind, atSecond: second)
        }
        #expect(isGood(ticket))
        #expect(!isGood(ticket, at: 2_000))
        #expect(!isGood(ticket, name: "annex"))
        #expect(!isGood(ticket, kind: .preview))
        #expect(!isGood(ticket, key: [UInt8](repeating: 8, count: 32)))
    }

    @Test("cannot be changed anywhere, nor shortened, nor made up")
    func forged() {
        let ticket = Array(Ticket.sign(key: key, name: "hall", kind: .viewer, untilSecond: 2_000))
        for place in ticket.indices {
            var changed = ticket
            changed[place] = changed[place] == "A" ? "B" : "A"
            #expect(!Ticket.isGood(String(changed), key: key, name: "hall", kind: .viewer, atSecond: 0))
            #expect(!Ticket.isGood(String(ticket[..<place]), key: key, name: "hall", kind: .viewer, atSecond: 0))
        }
        #expect(!Ticket.isGood("", key: [], name: "", kind: .viewer, atSecond: 0))
    }
}
