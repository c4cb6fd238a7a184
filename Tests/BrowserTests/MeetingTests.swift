// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The office's side of a meeting: its settings, links, console and papers, with real browsers in the room.
@Suite(.serialized) struct MeetingTests {
    @Test(
        "a council meets: it is led from the console, survives that everything is killed, and is in the minutes and the month"
    )
    func council() async throws { try await Harness.play("meeting", in: .closed, limitSeconds: 300) }
}
