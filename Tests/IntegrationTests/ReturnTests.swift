// SPDX-License-Identifier: Apache-2.0
import Foundation
import HLS
import Testing

@testable import Stagehands

/// A publisher who breaks off and returns is the same broadcast to everybody who watches.
@Suite("a publisher returns", .serialized, .timeLimit(.minutes(3))) struct ReturnTests {
    @Test(
        "killed four times and back: one playlist goes on, with a discontinuity each time and the same viewer's address"
    )
    func again() async throws {
        let folder = try scratch("return")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        var encoder = try studio.publish(key: "secret-key-1", seconds: 60)
        let index = try await studio.wait(for: "/live/hall/index.m3u8")
        let base = try #require(index.url?.deletingLastPathComponent())
        var last = ""
        for drop in 1...4 {
            for state in try await studio.follow(base, times: 4) {
                #expect(PlaylistRules.breaches(in: state) == [])
                if !last.isEmpty { #expect(PlaylistRules.breaches(in: state, after: last) == []) }
                last = state
            }
            encoder.signal(SIGKILL)
            _ = await encoder.end(withinSeconds: 5)
            try await studio.wait(until: "sanyan_broadcast_receiving{broadcast=\"hall\"} 0\n")
            encoder = try studio.publish(key: "secret-key-1", seconds: 60)
            try await studio.wait(until: "sanyan_broadcast_interruptions_total{broadcast=\"hall\"} \(drop)\n")
        }
        let states = try await studio.follow(base, times: 4)
        let breaks = states.last?.components(separatedBy: "#EXT-X-DISCONTINUITY\n").count ?? 0
        #expect(breaks > 1, "\(states.last ?? "")")
        #expect(Set(states).count == states.count)
        encoder.signal(SIGTERM)
        _ = await encoder.end(withinSeconds: 10)
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }
}
