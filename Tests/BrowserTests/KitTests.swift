// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// The browser's kit tried on pages of its own: what it must find it finds, and what is well it leaves alone.
@Suite(.serialized) struct KitTests {
    @Test func theKitSeesWhatIsWrong() async throws {
        try await Harness.play("kit_check", in: .closed)
        let shots = try FileManager.default.contentsOfDirectory(atPath: Harness.root.path + "/.build/shots/kit_check")
        #expect(Set(shots).isSuperset(of: ["good-desktop.png", "good-phone.png", "good-plain.png"]))
    }

    @Test func aScriptThatFailsIsNoticed() async throws {
        let (code, said) = try await Harness.run("kit_fails", in: .closed)
        #expect(code == 3)
        #expect(said == "so sad\n")
    }

    @Test func aPortIsFree() throws {
        #expect(try freePort() > 1023)
    }
}
