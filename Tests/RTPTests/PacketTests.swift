// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@Suite("Packets")
struct PacketTests {
    /// One source that contributed, one-byte extensions of numbers 1 and 3 with padding between, four bytes of padding.
    static let whole = hex(
        """
        b1 e0 1234 00010203 deadbeef 00000007 bede 0002 10 aa 00 31 bbcc 00 00 010203 00000004
        """)

    @Test("numbers are followed over their wraps, in both directions")
    func unrolling() {
        var unroller = Unroller()
        let numbers: [UInt16] = [65_534, 65_535, 0, 65_533, 1, 40_000]
        let values = numbers.map { number in unroller.unroll(number) }
        #expect(values == [65_534, 65_535, 65_536, 65_533, 65_537, 40_000])
        #expect(unroller.highest == 65_537)
    }

    @Test("every part of a packet is where it is")
    func parts() throws {
        let packet = try #require(Self.whole.withUnsafeBytes { Packet($0) })
        #expect(packet.marker)
        #expect(packet.payloadType == 96)
        #expect(packet.sequence == 0x1234)
        #expect(packet.timestamp == 0x0001_0203)
        #expect(packet.ssrc == 0xDEAD_BEEF)
        #expect(packet.paddingCount == 4)
        #expect(Array(Self.whole[packet.payload]) == [1, 2, 3])
        var elements: [String] = []
        Self.whole.withUnsafeBytes { raw in
            packet.forEachExtension(in: raw) { elements.append("\($0):\(Array(raw[$1]))") }
        }
        #expect(elements == ["1:[170]", "3:[187, 204]"])
    }

    @Test("extensions with heads of two bytes, and of length zero, are read")
    func twoBytes() throws {
        let bytes = hex("90 60 0001 00000000 00000001 1000 0002 01 00 05 03 aabbcc 00 99")
        let packet = try #require(bytes.withUnsafeBytes { Packet($0) })
        var elements: [String] = []
        bytes.withUnsafeBytes { raw in packet.forEachExtension(in: raw) { elements.append("\($0):\(Array(raw[$1]))") } }
        #expect(elements == ["1:[]", "5:[170, 187, 204]"])
    }

    @Test("what is written is read again, in either form", arguments: [2, 16, 17, 120])
    func writing(count: Int) throws {
        var room = [UInt8](repeating: 0xEE, count: 400)
        let value = (0..<count).map { UInt8($0) }
        let length = room.withUnsafeMutableBytes { raw in
            var writer = HeaderWriter(raw, marker: true, payloadType: 100, sequence: 7, timestamp: 8, ssrc: 9)
            if count > 16 { writer.useTwoBytes() }
            if let at = writer.element(3, count: 2) { raw.put16(0xABCD, at: at) }
            if let at = writer.element(12, count: count) { for index in 0..<count { raw[at + index] = value[index] } }
            return writer.finish()
        }
        let bytes = Array(room[..<length]) + [1, 2, 3]
        let packet = try #require(bytes.withUnsafeBytes { Packet($0) })
        let element = try #require(bytes.withUnsafeBytes { packet.element(12, in: $0) })
        #expect(Array(bytes[element]) == value)
        #expect(Array(bytes[packet.payload]) == [1, 2, 3])
        #expect(length % 4 == 0)
    }

    @Test("a retransmission becomes the lost packet again, byte for byte; padding becomes nothing")
    func repair() throws {
        let original = hex("90 e0 1234 00010203 deadbeef bede 0001 10 aa 00 00 0102030405")
        var again = hex("90 e1 0001 00010203 0000cafe bede 0001 10 aa 00 00 1234 0102030405")
        let packet = try #require(again.withUnsafeBytes { Packet($0) })
        let count = again.withUnsafeMutableBytes {
            Repair.unwrap(packet, in: $0, ssrc: 0xDEAD_BEEF, payloadType: 96)
        }
        #expect(Array(again[..<(count ?? 0)]) == original)
        var padding = hex("a0 61 0001 00010203 0000cafe 00000004")
        let empty = try #require(padding.withUnsafeBytes { Packet($0) })
        #expect(padding.withUnsafeMutableBytes { Repair.unwrap(empty, in: $0, ssrc: 1, payloadType: 96) } == nil)
    }

    @Test("redundant sound is written and read, and what is cut is refused")
    func redundant() {
        var room = [UInt8](repeating: 0, count: 64)
        let count = room.withUnsafeMutableBytes { raw in
            [UInt8]([1, 2, 3]).withUnsafeBytes { older in
                [UInt8]([9, 8]).withUnsafeBytes { primary in
                    Redundant.write(into: raw, type: 111, older: older, ticksBefore: 960, primary: primary)
                }
            }
        }
        // RFC 2198, 3: F and 111, 14 bits of 960, 10 bits of 3; then 111; then the blocks.
        #expect(Array(room[..<(count ?? 0)]) == hex("ef 0f0003 6f 010203 0908"))
        var blocks: [String] = []
        room[..<(count ?? 0)].withUnsafeBytes { raw in
            Redundant.forEachBlock(in: raw) { blocks.append("\($0) \($1) \(Array(raw[$2]))") }
        }
        #expect(blocks == ["111 960 [1, 2, 3]", "111 0 [9, 8]"])
        for cut in 0..<7 { #expect(room[..<cut].withUnsafeBytes { Redundant.primary(in: $0) } == nil) }
    }

    @Test("numbers of extensions are kept apart")
    func map() {
        var map = ExtensionMap()
        for (index, kind) in HeaderExtension.allCases.enumerated() { map[kind] = UInt8(index + 1) }
        #expect(map.pairs.map(\.number) == (1...UInt8(HeaderExtension.allCases.count)).map { $0 })
        #expect(HeaderExtension.allCases.allSatisfy { map.kind(of: map[$0]) == $0 })
        #expect(map.kind(of: 0) == nil)
    }

    @Test("a packet cut at any index, and hostile bytes, trap nothing")
    func hostile() {
        for count in 0...Self.whole.count { readAll(Array(Self.whole[..<count])) }
        var chance = Chance(4_711)
        for _ in 0..<20_000 {
            var bytes = chance.below(3) == 0 ? chance.bytes(chance.below(80)) : Self.whole
            for _ in 0..<chance.below(6) where !bytes.isEmpty {
                bytes[chance.below(bytes.count)] = UInt8(truncatingIfNeeded: chance.next())
            }
            readAll(bytes)
        }
    }
}
