// SPDX-License-Identifier: Apache-2.0
import SDP
import Testing

@Suite("Offers that are refused")
struct ViolationTests {
    @Test("what is no offer is refused, with the line", arguments: ["", "x", "hello\r\n", "v=1\r\n", "a=mid:0\r\n"])
    func malformed(text: String) {
        #expect(throws: Violation.malformed(line: 1)) { try Offer(text) }
    }

    private func changed(_ from: String, _ to: String) throws -> String {
        try Offers.text("chromium-publish").split(separator: "\r\n").map { line in
            line.hasPrefix(from) ? to : String(line)
        }.filter { !$0.isEmpty }.joined(separator: "\r\n") + "\r\n"
    }

    @Test("without credentials, a fingerprint, or our role there is no answer")
    func needed() throws {
        let cases: [(String, String, Violation)] = [
            ("a=ice-ufrag", "", .noCredentials), ("a=ice-pwd", "", .noCredentials),
            ("a=fingerprint", "", .noFingerprint), ("a=fingerprint", "a=fingerprint:sha-1 AA:BB", .noFingerprint),
            ("a=setup", "a=setup:passive", .wrongSetup), ("a=rtcp-mux", "", .nothingToTake),
            ("m=", "m=video 0 UDP/TLS/RTP/SAVPF 96", .nothingToTake),
        ]
        for (from, to, violation) in cases {
            let text = try changed(from, to)
            #expect(throws: violation) { try Offers.answer(text, .whip) }
        }
    }

    @Test("an offer that is too long, or has too many sections, is not read")
    func limits() {
        #expect(throws: Violation.tooLong) { try Offer(String(repeating: "a", count: Offer.sizeLimit + 1)) }
        let many = "v=0\r\n" + String(repeating: "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", count: Offer.sectionLimit + 1)
        #expect(throws: Violation.tooLong) { try Offer(many) }
    }

    @Test("an offer cut at any index is answered or refused, and never traps")
    func cut() throws {
        for name in ["chromium-simulcast", "firefox-watch", "safari-publish"] {
            let bytes = Array(try Offers.text(name).utf8)
            for count in stride(from: 0, to: bytes.count, by: name.hasPrefix("firefox") ? 1 : 23) {
                _ = try? Offers.answer(String(decoding: bytes[..<count], as: UTF8.self), .room)
            }
        }
    }

    @Test("hostile bytes in an offer never trap, and a seed names the offer that does")
    func hostile() throws {
        let bytes = Array(try Offers.text("firefox-simulcast").utf8)
        var state: UInt64 = 99
        func roll() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<150 {
            var changed = bytes
            for _ in 0..<(1 + roll() % 8) {
                let at = roll() % changed.count
                switch roll() % 4 {
                case 0: changed[at] = UInt8(roll() & 255)
                case 1: changed.remove(at: at)
                case 2:
                    changed.insert(contentsOf: Array("999999999999999999999 :;=,~".utf8.prefix(roll() % 27)), at: at)
                default: changed.replaceSubrange(at..<min(changed.count, at + roll() % 40), with: [])
                }
            }
            _ = try? Offers.answer(String(decoding: changed, as: UTF8.self), .room)
            _ = try? TrickleFragment(String(decoding: changed, as: UTF8.self))
        }
        #expect(Violation.malformed(line: 3).sentence == "Line 3 of the offer is no SDP.")
    }

    @Test("a bundle has no more names than there may be sections")
    func bundle() throws {
        let names = (0..<Offer.sectionLimit).map { String($0) }.joined(separator: " ")
        #expect(try Offer("v=0\na=group:BUNDLE \(names)").bundle.count == Offer.sectionLimit)
        #expect(throws: Violation.malformed(line: 2)) { try Offer("v=0\na=group:BUNDLE \(names) x") }
    }
}
