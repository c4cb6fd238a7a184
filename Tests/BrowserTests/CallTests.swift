// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// Calls by WebRTC with real clients.
@Suite(.serialized) struct CallTests {
    @Test("Chromium publishes and plays: pictures arrive soon, survive a restart, and become a broadcast")
    func chromium() async throws {
        try await Harness.play("calls", in: .closed, limitSeconds: 180)
    }

    @Test("a room's people see and hear whom they should, through groups, mutes and a broken stream")
    func rooms() async throws { try await Harness.play("rooms", in: .closed, limitSeconds: 180) }

    @Test("aiortc and GStreamer publish and play") func others() async throws {
        try await Harness.play("call_peers", in: .closed, limitSeconds: 120)
    }

    @Test("a meeting is recorded: whole after kill -9, finished by the next start, and one film when asked for")
    func recorded() async throws {
        try await Harness.play("call_record", in: .closed, limitSeconds: 180)
    }

    @Test("a meeting goes on air: H.264 as it came, and the voices mixed; a broadcast is watched by calls")
    func onAir() async throws {
        try await Harness.play("call_air", in: .closed, limitSeconds: 120)
    }

    @Test("people of known colours on air: layouts, names, groups left out, everything killed and back")
    func onAirRoom() async throws {
        try await Harness.play("call_air_room", in: .closed, limitSeconds: 240)
    }

    @Test("what real encoders send is recorded without a fault: AV1, VP9 in layers, VP8 and H.264 in encodings")
    func encoders() async throws {
        try await Harness.play("call_encoders", in: .closed, limitSeconds: 180)
    }

    @Test("Firefox publishes and plays") func firefox() async throws {
        try await Harness.play("call_firefox", in: .closed, limitSeconds: 120)
    }
}
