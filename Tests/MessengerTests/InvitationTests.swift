// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Rehearsal
import Synchronization
import Testing

@testable import Messenger

@Suite("คำเชิญทางอีเมล: RFC 5546, 6047") struct InvitationTests {
    /// Takes mails, or does not.
    final class Box: InvitationPost {
        private let state = Mutex<(mails: [InvitationMail], hindrance: Carriage?)>(([], nil))
        var mails: [InvitationMail] { state.withLock { $0.mails } }
        func hinder(_ carriage: Carriage?) { state.withLock { $0.hindrance = carriage } }

        func send(_ mail: InvitationMail, at now: Moment) async -> Carriage {
            state.withLock { state in
                if let hindrance = state.hindrance { return hindrance }
                state.mails.append(mail)
                return .accepted(reference: mail.id)
            }
        }

        func probe(at now: Moment) async -> Trouble? { nil }
    }

    private struct Desk {
        let post: Post
        let box = Box()
        let carrier: InvitationCarrier

        init() async throws {
            post = try await Post()
            carrier = InvitationCarrier(cabinet: post.cabinet, post: box)
            let settings = InvitationSettings(organiser: "office@example.ac.th")
            let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
            try await post.cabinet.save(.invitation, settings: text, isOn: true, by: nil, at: post.clock.now)
            try await post.cabinet.setReach(
                of: Samples.anan.id, by: .invitation, to: Samples.anan.mail, at: post.clock.now)
        }

        func carry(_ matter: Matter) async throws -> [Carriage] {
            try await post.outbox.carryDue()
            var carriages: [Carriage] = []
            for delivery in try await post.cabinet.deliveries(of: matter.id)
            where delivery.way == .invitation && delivery.fate == nil {
                let carriage = await carrier.carry(delivery, at: post.clock.now)
                carriages.append(carriage)
                let again: Moment? = if case .later = carriage { post.clock.now } else { nil }
                try await post.cabinet.note([
                    DeliveryResult(id: delivery.id, carriage: carriage, at: post.clock.now, again: again)
                ])
            }
            return carriages
        }

        /// METHOD, STATUS and SEQUENCE of every mail.
        var told: [String] {
            box.mails.map { mail in
                func value(_ name: String) -> String {
                    mail.calendar.unfolded.components(separatedByCRLF: true).first { $0.hasPrefix(name + ":") }
                        .map { String($0.dropFirst(name.count + 1)) } ?? ""
                }
                return "\(mail.method)=\(value("METHOD")) \(value("STATUS")) \(value("SEQUENCE"))"
            }
        }
    }

    @Test("assigned, changed, called off: REQUEST, REQUEST, CANCEL, each with a higher SEQUENCE, under one UID")
    func life() async throws {
        let desk = try await Desk()
        var matter = try await desk.post.matter(at: .toPrepare)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        matter = try await desk.post.act(.link("https://meet.example.ac.th/1"), matter.id, by: Samples.hand(.officer))
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        matter = try await desk.post.act(.withdraw(reason: "งด"), matter.id, by: .requester)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(
            desk.told == ["REQUEST=REQUEST CONFIRMED 1", "REQUEST=REQUEST CONFIRMED 2", "CANCEL=CANCEL CANCELLED 3"])
        let texts = desk.box.mails.map(\.calendar.unfolded)
        #expect(texts.allSatisfy { $0.contains("UID:matter-1@127.0.0.1\r\n") })
        #expect(
            texts.allSatisfy {
                $0.contains("ORGANIZER;CN=\"\(Samples.office.thaiName)\":mailto:office@example.ac.th\r\n")
            })
        #expect(
            texts.allSatisfy {
                $0.contains(
                    "ATTENDEE;CN=\"นายอนันต์ เสียงใส\";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:anan@example.ac.th\r\n"
                )
            })
        #expect(texts.map { $0.contains("BEGIN:VALARM") } == [true, true, false])
        #expect(desk.box.mails.map(\.to) == Array(repeating: "anan@example.ac.th", count: 3))
        #expect(desk.box.mails.map(\.subject.first) == ["ข", "ป", "ย"])
    }

    @Test(
        "who is replaced is told that it is off, and called back with a higher number; who has not chosen gets nothing")
    func replaced() async throws {
        let desk = try await Desk()
        var matter = try await desk.post.matter(at: .toPrepare)
        _ = try await desk.carry(matter)
        var other = Samples.assignment
        other.officers = [Samples.kanya.id]
        matter = try await desk.post.act(.assign(other), matter.id, by: Samples.hand(.secretariat))
        _ = try await desk.carry(matter)
        matter = try await desk.post.act(.assign(Samples.assignment), matter.id, by: Samples.hand(.secretariat))
        _ = try await desk.carry(matter)
        #expect(
            desk.told == ["REQUEST=REQUEST CONFIRMED 1", "CANCEL=CANCEL CANCELLED 2", "REQUEST=REQUEST CONFIRMED 3"])
    }

    @Test("mail that does not go is tried again, and the number does not rise by that")
    func again() async throws {
        let desk = try await Desk()
        let matter = try await desk.post.matter(at: .toPrepare)
        desk.box.hinder(.later(Trouble(.unreachable)))
        #expect(try await desk.carry(matter) == [.later(Trouble(.unreachable))])
        desk.box.hinder(nil)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(desk.told == ["REQUEST=REQUEST CONFIRMED 1"])
    }

    @Test("the invitation and the cancellation, byte for byte; `make golden` rewrites them")
    func golden() async throws {
        let desk = try await Desk()
        var matter = try await desk.post.matter(at: .toPrepare)
        _ = try await desk.carry(matter)
        matter = try await desk.post.act(.withdraw(reason: "งด"), matter.id, by: .requester)
        _ = try await desk.carry(matter)
        for (mail, name) in zip(desk.box.mails, ["request", "cancel"]) {
            let file = CalendarFeedTests.golden.deletingLastPathComponent().appending(path: "\(name).ics")
            if ProcessInfo.processInfo.environment["SANYAN_GOLDEN"] == "write" {
                try mail.calendar.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(mail.calendar == (try String(contentsOf: file, encoding: .utf8)))
        }
    }
}
