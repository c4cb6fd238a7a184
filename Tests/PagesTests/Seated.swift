// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Studio
import Testing

@testable import Pages

/// An office with a studio and one meeting.
struct Seated {
    let office: OfficeFixture
    let room: PlayedRoom
    let id: Matter.ID
    let name: String
    var start: Moment { Self.letter.span.start }
    var path: String { "/matters/\(id)" }

    static let letter = {
        var letter = Samples.letter(service: .meeting)
        letter.title = "ประชุมสภาวิชาการ ครั้งที่ 9/2569"
        return letter
    }()

    init(at stage: Stage = .toPrepare, letter: Letter = letter) async throws {
        room = PlayedRoom()
        office = try await OfficeFixture(studio: room)
        id = try await office.matter(at: stage, letter: letter).id
        name = try #require(try await office.cabinet.meetPlan(of: id)).name
        office.clock.set(Samples.now + .hours(34))
    }

    func plan() async throws -> MeetPlan { try #require(try await office.cabinet.meetPlan(of: id)) }

    func settle(_ change: (inout MeetSettings) -> Void) async throws {
        var settings = MeetSettings()
        change(&settings)
        try await office.cabinet.save(settings, of: id, by: Samples.hand(.officer), at: office.clock.now)
    }

    func invite(_ name: String, mail: String = "", role: MeetRole = .speaker) async throws -> Invitee {
        let list = InviteeList(role: role, people: [.named(name: name, mail: mail)], until: start + .hours(9))
        return try await office.cabinet.invite(list, to: id, by: Samples.hand(.officer), at: office.clock.now)[0]
    }

    /// What the pass behind a link's mark says, when it is this meeting's.
    func pass(_ link: some StringProtocol) async throws -> RoomPass? {
        let start = "https://live.example.ac.th/room/\(name)#pass="
        guard link.hasPrefix(start), let key = Hex.bytes(try await plan().passKey) else { return nil }
        return RoomPass.read(String(link.dropFirst(start.count)), key: key, into: name)
    }

    func state(_ change: (inout MeetingState) -> Void = { _ in }) -> MeetingState {
        var state = MeetingState(name: name)
        (state.phase, state.people, state.speakers, state.peak, state.hasHost) = (.open, 17, 9, 18, true)
        state.openedAt = (office.clock.now - .minutes(12)).milliseconds
        change(&state)
        return state
    }

    /// The links that a page shows to be copied.
    func links(_ answer: Answer) -> [String] {
        answer.body.matches(of: /id="link-[^"]*"[^>]*value="([^"]*)"/).map { String($0.1) }
    }
}
