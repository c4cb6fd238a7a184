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

    @Test("Chromium and Firefox meet in one room") func both() async throws {
        try await Harness.play("room_firefox", in: .closed, limitSeconds: 120)
    }
}
