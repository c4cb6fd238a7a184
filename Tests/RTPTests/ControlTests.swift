// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import Testing

@Suite("RTCP")
struct ControlTests {
    private func read(_ bytes: [UInt8]) -> [String] {
        bytes.withUnsafeBytes { raw in
            var reader = ControlReader(raw)
            var told: [String] = []
            while let control = reader.next() {
                switch control {
                case .senderReport(let report, let blocks):
                    told.append("SR \(report.ssrc) \(report.timestamp) blocks \(blocks.count)")
                case .receiverReport(let blocks):
                    told.append(
                        "RR "
                            + (0..<blocks.count).map { "\(blocks[$0].ssrc)/\(blocks[$0].cumulativeLost)" }.joined(
                                separator: " "))
                case .goodbye(let ssrc): told.append("BYE \(ssrc)")
                case .nack(let items):
                    var list: [UInt16] = []
                    items.forEach { list.append($0) }
                    told.append("NACK \(items.ssrc) \(list)")
                case .pictureLoss(let ssrc): told.append("PLI \(ssrc)")
                case .fullIntra(let ssrc, let number): told.append("FIR \(ssrc) \(number)")
                case .estimate(let rate): told.append("REMB \(rate)")
                case .transportFeedback(let feedback):
                    var list: [String] = []
                    feedback.forEach { list.append("\($0):\($1.map(String.init) ?? "-")") }
                    told.append("TWCC \(feedback.reference) " + list.joined(separator: " "))
                case .other(let kind): told.append("other \(kind)")
                }
            }
            if reader.isMalformed { told.append("malformed") }
            return told
        }
    }

    @Test("a compound is read packet by packet")
    func compound() {
        let bytes = written { writer in
            writer.senderReport(SenderReport(ssrc: 1, ntp: 2, timestamp: 3, packetCount: 4, byteCount: 5))
            writer.description(of: 1, cname: "sanyan")
            writer.receiverReport(
                from: 9,
                [
                    ReportBlock(
                        ssrc: 7, fractionLost: 8, cumulativeLost: -2, highestSequence: 1, jitter: 2, lastReport: 3,
                        delaySinceLastReport: 4)
                ])
            writer.nack(from: 9, of: 7, [65_535, 0, 15, 17, 40])
            writer.pictureLoss(from: 9, of: 7)
            writer.fullIntra(from: 9, of: 7, number: 3)
            writer.estimate(from: 9, bitsPerSecond: 2_500_000, of: [7])
            writer.goodbye(7)
        }
        #expect(
            read(bytes) == [
                "SR 1 3 blocks 0", "other 202", "RR 7/-2", "NACK 7 [65535, 0, 15, 17, 40]", "PLI 7", "FIR 7 3",
                "REMB 2500000", "BYE 7",
            ])
    }

    @Test("a NACK's bit mask is the RFC's: sixteen numbers behind the first")
    func nack() {
        let bytes = written { $0.nack(from: 1, of: 2, [100, 101, 116, 117]) }
        #expect(bytes == hex("81cd0004 00000001 00000002 0064 8001 0075 0000"))
    }

    /// draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1: two of two bits, run lengths, one bit each, by hand.
    @Test(
        "feedback's statuses are read in each of their forms",
        arguments: [
            // A run of three that came, 1 quarter each.
            ("8fcd0006 00000001 00000002 000a 0003 000001 05 2003 010203", "10:250 11:750 12:1500"),
            // Seven of two bits: came, missing, late (negative), and then nobody's.
            ("8fcd0006 00000001 00000002 fffe 0003 000001 05 d200 08 fffc", "65534:2000 65535:- 0:1000"),
            // Fourteen of one bit: 1010…
            ("8fcd0005 00000001 00000002 0001 0004 000001 05 a800 04 08", "1:1000 2:- 3:3000 4:-"),
        ])
    func feedback(text: String, told: String) {
        #expect(read(hex(text).padded) == ["TWCC 1 " + told])
    }

    @Test("feedback that names more than it brings is malformed")
    func short() {
        #expect(read(hex("8fcd0004 00000001 00000002 000a 0009 000001 05")) == ["malformed"])
        #expect(read(hex("8fcd0005 00000001 00000002 000a 0005 000001 05 2005 0102")) == ["malformed"])
    }

    @Test("what came is told again as it came, whatever it was", arguments: 0..<40)
    func arrivals(seed: UInt64) {
        var chance = Chance(seed)
        var arrivals = TransportArrivals()
        var expected: [UInt16: Int64] = [:]
        var now: Int64 = 5_000_000
        var number: UInt16 = 65_500
        for _ in 0..<(50 + chance.below(200)) {
            now += Int64(chance.below(chance.below(10) == 0 ? 200_000 : 3_000))
            if chance.below(10) > 0 {
                // Sometimes one comes before the one in front of it.
                arrivals.note(number, at: Tick(microseconds: now))
                expected[number] = now
            }
            number &+= 1
        }
        var told: [UInt16: Int64] = [:]
        while arrivals.isWaiting {
            let bytes = written { $0.transportFeedback(from: 1, of: 2, &arrivals) }
            if bytes.isEmpty { break }
            bytes.withUnsafeBytes { raw in
                var reader = ControlReader(raw)
                while let control = reader.next() {
                    guard case .transportFeedback(let feedback) = control else { continue }
                    feedback.forEach { number, at in
                        if let at { told[number] = Int64(feedback.reference) * 64_000 + at }
                    }
                }
                #expect(!reader.isMalformed)
            }
        }
        #expect(told.keys.sorted() == expected.keys.sorted())
        for (number, at) in expected { #expect(abs((told[number] ?? 0) - at) < 250) }
    }

    @Test("RTCP cut at any index, and hostile bytes, trap nothing")
    func hostile() {
        var arrivals = TransportArrivals()
        for number in 0..<60 where number % 7 != 0 {
            arrivals.note(UInt16(number), at: Tick(milliseconds: Int64(number * 9)))
        }
        let bytes = written { writer in
            writer.senderReport(SenderReport(ssrc: 1, ntp: 2, timestamp: 3, packetCount: 4, byteCount: 5))
            writer.nack(from: 9, of: 7, [1, 2, 3])
            writer.estimate(from: 9, bitsPerSecond: .max, of: [7, 8])
            writer.transportFeedback(from: 1, of: 2, &arrivals)
        }
        for count in 0...bytes.count { readAll(Array(bytes[..<count])) }
        var chance = Chance(12)
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<(1 + chance.below(5)) {
                changed[chance.below(changed.count)] = UInt8(truncatingIfNeeded: chance.next())
            }
            readAll(changed)
        }
    }
}

extension [UInt8] {
    /// With zeros to whole words.
    var padded: [UInt8] { self + [UInt8](repeating: 0, count: (4 - count % 4) % 4) }
}
