// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The meeting room's page in real browsers that meet each other.
@Suite(.serialized) struct RoomPageTests {
    @Test("the rules of the room's pure modules hold") func rules() async throws {
        try await Harness.play("room_rules", in: .closed, limitSeconds: 60)
    }

    @Test("two browsers meet: they see and hear, write, raise hands, wait outside, and return to their seats")
    func meet() async throws {
        try await Harness.play("room", in: .closed, limitSeconds: 480)
    }

    @Test("a host leads: groups, roles, a webinar's questions, recording and air, the door and its links")
    func leads() async throws {
        try await Harness.play("room_leads", in: .closed, limitSeconds: 300)
    }

    @Test("from Wi-Fi to mobile and through ten seconds of silence: the same seat by the same calls")
    func returns() async throws {
        try await Harness.play("room_returns", in: .closed, limitSeconds: 120)
    }

    @Test("Chromium and Firefox meet in one room") func both() async throws {
        try await Harness.play("room_firefox", in: .closed, limitSeconds: 120)
    }
}
