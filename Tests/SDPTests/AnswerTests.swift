// SPDX-License-Identifier: Apache-2.0
import Foundation
import RTP
import SDP
import Testing

/// Numbers in order, so that an answer is the same every time.
struct Counting: RandomNumberGenerator {
    private var value: UInt64 = 0x1234
    mutating func next() -> UInt64 {
        value += 1
        return value << 16
    }
}

enum Offers {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let names = [
        "chromium-publish", "chromium-simulcast", "chromium-watch", "chromium-room", "firefox-publish",
        "firefox-simulcast",
        "firefox-watch", "firefox-room", "safari-publish", "safari-simulcast", "safari-watch", "safari-room",
        "safari-12",
    ]

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name + ".sdp"), encoding: .utf8)
    }

    static let side = OurSide(
        fragment: "sanyanUF", password: "sanyanPasswordOf24Letter",
        fingerprint: (0..<32).map { UInt8($0 * 7) },
        candidates: [
            Candidate(address: "192.0.2.10", port: 8_443), Candidate(address: "192.0.2.10", port: 8_443, isTCP: true),
        ],
        session: 4_711)

    static func answer(_ text: String, _ policy: Policy) throws -> Answer {
        var dice = Counting()
        return try Answer(to: Offer(text), as: policy, from: side, dice: &dice)
    }

    static func policy(_ name: String) -> Policy {
        name.hasSuffix("watch") ? .whep : name.hasSuffix("room") ? .room : .whip
    }
}

@Suite("Offers of real browsers, and their answers")
struct AnswerTests {
    @Test("the answer is the golden one, line by line", arguments: Offers.names)
    func golden(name: String) throws {
        let answer = try Offers.answer(Offers.text(name), Offers.policy(name)).text
        if ProcessInfo.processInfo.environment["SANYAN_GOLDEN"] == "write" {
            try answer.write(
                to: Offers.folder.appendingPathComponent(name + ".answer.sdp"), atomically: true, encoding: .utf8)
        }
        #expect(try answer == Offers.text(name + ".answer"))
    }

    @Test("an answer has the offer's sections, in its order, and only its own payload types", arguments: Offers.names)
    func sections(name: String) throws {
        let offer = try Offer(Offers.text(name))
        let answer = try Offers.answer(Offers.text(name), Offers.policy(name))
        let read = try Offer(answer.text)
        #expect(read.sections.map(\.mid) == offer.sections.map(\.mid))
        #expect(read.isLite)
        for (ours, theirs) in zip(read.sections, offer.sections) {
            #expect(Set(ours.formats).isSubset(of: Set(theirs.formats)))
            #expect(Set(ours.maps.keys).isSubset(of: Set(ours.formats.compactMap { UInt8($0) })))
            #expect(ours.isMuxed || ours.port == 0)
        }
        #expect(read.bundle == read.sections.filter { $0.port != 0 }.map(\.mid))
    }

    @Test("a publisher's camera: VP8 with its repair, the transport's numbers, no stream of ours")
    func publisher() throws {
        for name in ["chromium-publish", "firefox-publish", "safari-publish"] {
            let agreed = try Offers.answer(Offers.text(name), .whip).negotiated
            let picture = try #require(agreed.sections.first { $0.isVideo })
            #expect(picture.codings.map(\.format) == [.vp8])
            #expect(picture.codings[0].repairType != nil)
            #expect(picture.direction == .recvonly)
            #expect(picture.hasTransportFeedback && picture.hasNACK)
            #expect(picture.theirs.count == 1)
            #expect(picture.theirs.first?.repair != nil)
            #expect(picture.ours == .init(ssrc: 0))
            let sound = try #require(agreed.sections.first { !$0.isVideo })
            #expect(sound.extensions[.audioLevel] == 1)
            #expect(agreed.fingerprint.count == 32)
        }
    }

    @Test("on air wants H.264 that everything plays: constrained baseline, in mode 1")
    func onAir() throws {
        var policy = Policy.whip
        policy.videoFormats = [.h264, .vp8]
        let agreed = try Offers.answer(Offers.text("safari-publish"), policy).negotiated
        #expect(agreed.sections[1].codings == [Coding(format: .h264, payloadType: 98, repairType: 99)])
    }

    @Test("simulcast is taken with its identifiers, whatever their order")
    func simulcast() throws {
        for name in ["chromium-simulcast", "firefox-simulcast", "safari-simulcast"] {
            let answer = try Offers.answer(Offers.text(name), .whip)
            let picture = try #require(answer.negotiated.sections.first { $0.isVideo })
            #expect(Set(picture.rids) == ["q", "h", "f"])
            #expect(
                picture.extensions[.rid] != 0 && picture.extensions[.repairedRid] != 0 && picture.extensions[.mid] != 0)
            #expect(answer.text.contains("a=simulcast:recv q;h;f\r\n"))
        }
    }

    @Test("a viewer gets every format in our order, and the stream's own line before its repair's")
    func viewer() throws {
        let answer = try Offers.answer(Offers.text("chromium-watch"), .whep)
        let picture = try #require(answer.negotiated.sections.first { $0.isVideo })
        #expect(picture.codings.map(\.format) == [.vp8, .h264, .vp9, .av1])
        #expect(picture.direction == .sendonly)
        let repair = try #require(picture.ours.repair)
        let lines = answer.text.split(separator: "\r\n").filter { $0.hasPrefix("a=ssrc:") }
        #expect(lines.suffix(2) == ["a=ssrc:\(picture.ours.ssrc) cname:sanyan", "a=ssrc:\(repair) cname:sanyan"])
    }

    @Test("a room page's slots are negotiated once; its data channel is refused")
    func room() throws {
        let agreed = try Offers.answer(Offers.text("chromium-room"), .room).negotiated
        #expect(agreed.sections.map(\.isRefused) == [false, false, false, false, false, true])
        let streams = agreed.sections.filter { !$0.isRefused }.flatMap {
            [$0.ours.ssrc, $0.ours.repair].compactMap { $0 }
        }
        #expect(Set(streams).count == streams.count)
        #expect(!streams.contains(0))
    }

    @Test("a viewer's door takes nothing that is sent, a publisher's door sends nothing")
    func doors() throws {
        let watching = try Offers.answer(Offers.text("chromium-publish"), .whep).negotiated
        #expect(watching.sections.allSatisfy { $0.direction == .inactive })
        let publishing = try Offers.answer(Offers.text("chromium-watch"), .whip).negotiated
        #expect(publishing.sections.allSatisfy { $0.direction == .inactive })
    }

    @Test("Safari plays H.264 in baseline and mode 1 among four kinds of it, and the first of two kinds of VP9")
    func safariWatches() throws {
        let answer = try Offers.answer(Offers.text("safari-watch"), .whep)
        let picture = try #require(answer.negotiated.sections.first { $0.isVideo })
        #expect(
            picture.codings == [
                Coding(format: .vp8, payloadType: 106, repairType: 107),
                Coding(format: .h264, payloadType: 98, repairType: 99),
                Coding(format: .vp9, payloadType: 108, repairType: 109),
            ])
        #expect(answer.text.contains("m=video 9 UDP/TLS/RTP/SAVPF 106 107 98 99 108 109\r\n"))
        let sound = try #require(answer.negotiated.sections.first { !$0.isVideo })
        #expect(sound.codings == [Coding(format: .opus, payloadType: 111, redundantType: 63)])
        #expect(picture.direction == .sendonly && sound.direction == .sendonly)
    }

    @Test("Safari opens its data channel first: it is refused, and what is left is bundled")
    func safariRoom() throws {
        let answer = try Offers.answer(Offers.text("safari-room"), .room)
        let sections = answer.negotiated.sections
        #expect(sections.map(\.isRefused) == [true, false, false, false, false])
        #expect(sections.map(\.direction) == [.inactive, .recvonly, .recvonly, .sendonly, .sendonly])
        #expect(answer.text.contains("a=group:BUNDLE 1 2 3 4\r\n"))
        #expect(answer.text.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"))
        #expect(answer.negotiated.fragment == "o7Zq")
        #expect(sections[1].theirs == [.init(ssrc: 1_883_429_187, repair: 2_710_044_611)])
        #expect(sections[1].codings == [Coding(format: .vp8, payloadType: 106, repairType: 107)])
    }

    @Test("an old iPhone, whose sections have names and whose packets do not say them, publishes and plays")
    func oldTelephone() throws {
        let agreed = try Offers.answer(Offers.text("safari-12"), .room).negotiated
        #expect(agreed.sections.map(\.mid) == ["audio", "video", "data"])
        #expect(agreed.sections.map(\.direction) == [.sendrecv, .sendrecv, .inactive])
        let picture = agreed.sections[1]
        #expect(picture.extensions[.mid] == 0)
        #expect(picture.theirs == [.init(ssrc: 2_231_627_014, repair: 632_943_048)])
        #expect(picture.hasTransportFeedback && picture.extensions[.transportSequence] == 5)
        #expect(picture.codings.map(\.payloadType) == [100, 98])
        #expect(agreed.sections[0].theirs == [.init(ssrc: 1_557_912_193)])
    }

    @Test("a trickled restart is known by its new credentials")
    func trickle() throws {
        let body =
            "a=ice-ufrag:EsAw\r\na=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 3 typ host\r\na=end-of-candidates\r\n"
        let fragment = try TrickleFragment(body)
        #expect(fragment.isRestart(from: "Old4") && !fragment.isRestart(from: "EsAw"))
        #expect(fragment.candidateCount == 1 && fragment.isEnd)
        let answer = TrickleFragment.text(for: Offers.side, mid: "0")
        #expect(try TrickleFragment(answer).fragment == "sanyanUF")
    }
}
