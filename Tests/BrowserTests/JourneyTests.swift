// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The office walked through in a real browser, against the demo.
@Suite(.serialized) struct JourneyTests {
    /// One letter through every row of the procedure, at a desk and on a small phone.
    @Test func aLetterGoesAllTheWay() async throws { try await Harness.play("journey") }

    /// Declined, returned for completion, withdrawn.
    @Test func aLetterTurnsBack() async throws { try await Harness.play("declined") }

    @Test func theOfficeWorksWithoutScripts() async throws { try await Harness.play("scripts_off") }

    @Test func nothingTypedIsLost() async throws { try await Harness.play("bad_input") }

    @Test func peopleSignInFromOutside() async throws { try await Harness.play("sign_in") }

    @Test func everyPageIsWell() async throws { try await Harness.play("every_page", limitSeconds: 600) }
}
