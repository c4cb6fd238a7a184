// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The watch page in a real browser, with a real encoder.
@Suite(.serialized) struct WatchTests {
    @Test("the rules of the page's pure modules hold") func rules() async throws {
        try await Harness.play("player_rules", in: .closed, limitSeconds: 60)
    }

    @Test("the picture comes by itself, goes on whenever the encoder returns, and can be rewound")
    func watch() async throws {
        try await Harness.play("watch", in: .closed, limitSeconds: 240)
    }
}
