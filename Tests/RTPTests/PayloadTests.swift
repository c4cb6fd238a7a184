// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@Suite("Payloads")
struct PayloadTests {
    @Test("a VP8 descriptor with everything, and its numbers written anew")
    func vp8() throws {
        var payload = hex("90 f0 9234 56 a3 00 00 00 9d012a 8002 6801")
        let descriptor = try #require(payload.withUnsafeBytes { VP8Descriptor($0) })
        #expect(descriptor.pictureID == 0x1234 && descriptor.isLongID)
        #expect(descriptor.baseIndex == 0x56)
        #expect(descriptor.temporal == 2 && descriptor.isLayerSync)
        #expect(descriptor.isStart && descriptor.isKey)
        #expect(descriptor.count == 6)
        #expect(payload.withUnsafeBytes { descriptor.size(in: $0)?.width } == 640)
        #expect(payload.withUnsafeBytes { descriptor.size(in: $0)?.height } == 360)
        payload.withUnsafeMutableBytes { descriptor.rewrite($0, pictureID: 0x7FFF, baseIndex: 1) }
        #expect(Array(payload[..<6]) == hex("90 f0 ffff 01 a3"))
        let short = hex("80 80 05 01")
        let small = try #require(short.withUnsafeBytes { VP8Descriptor($0) })
        #expect(small.pictureID == 5 && !small.isStart && !small.isKey)
        for count in 0..<5 { #expect(payload[..<count].withUnsafeBytes { VP8Descriptor($0) } == nil) }
    }

    @Test(
        "where an H.264 picture begins that decoding can begin with",
        arguments: [
            ("65 88", true), ("67 42e01f", true), ("41 9a", false), ("78 0002 67ff 0002 68ff", true),
            ("78 0001 09 0001 41", false), ("7c 85 00", true), ("7c 05 00", false), ("7c 81 00", false), ("", false),
            ("7c", false), ("78 ff", false),
        ])
    func h264(text: String, isKey: Bool) {
        #expect(hex(text).withUnsafeBytes { H264Payload.isKey($0) } == isKey)
    }

    @Test("a VP9 descriptor of a key picture with its structure, and of a layer above")
    func vp9() throws {
        // I, L, B, V not flexible; picture 0x1234; layer T1 U S0; base 7; two spatial layers with sizes, one picture.
        let key = hex("aa 9234 30 07 38 0140 00b4 0280 0168 01 00 99")
        let first = try #require(key.withUnsafeBytes { VP9Descriptor($0) })
        #expect(first.isKey && first.isStart && !first.isEnd)
        #expect(first.pictureID == 0x1234 && first.temporal == 1 && first.isSwitchingUp && first.baseIndex == 7)
        #expect(first.spatialCount == 2 && first.size?.height == 360)
        #expect(first.count == key.count - 1)
        // P, L, F, E flexible: S1 of the same picture, one reference.
        let upper = hex("f4 92 34 03 02 99")
        let second = try #require(upper.withUnsafeBytes { VP9Descriptor($0) })
        #expect(second.spatial == 1 && second.isInterLayer && second.isEnd && !second.isKey)
        #expect(second.count == 5)
        for count in 0..<(key.count - 1) { #expect(key[..<count].withUnsafeBytes { VP9Descriptor($0) } == nil) }
    }

    /// L1T2 written by hand: two templates, two targets, one chain.
    static let structure =
        "1" + "1" + "000000" + "0000000000000001" + "10000" + "000000" + "00001" + "01" + "11" + "10" + "10" + "00"
        + "01"
        + "0" + "1" + "0000" + "0" + "10" + "0000" + "0001" + "1" + "0000001001111111" + "0000000101100111"

    static func bytes(_ bits: String) -> [UInt8] {
        let padded = bits + String(repeating: "0", count: (8 - bits.count % 8) % 8)
        let digits = Array(padded)
        return stride(from: 0, to: digits.count, by: 8).map { UInt8(String(digits[$0..<($0 + 8)]), radix: 2) ?? 0 }
    }

    @Test("a dependency descriptor brings its structure, and the next ones refer to it")
    func dependency() throws {
        let whole = Self.bytes(Self.structure)
        let key = try #require(whole.withUnsafeBytes { DependencyDescriptor($0, known: nil) })
        let structure = try #require(key.structure)
        #expect(key.isKey && key.frame == 1 && key.spatial == 0 && key.temporal == 0)
        #expect(structure.templates.map(\.temporal) == [0, 1])
        #expect(structure.templates.map(\.indications) == [[2, 2], [0, 1]])
        #expect(structure.templates.map(\.references) == [[], [1]])
        #expect(structure.chainCount == 1 && structure.temporalCount == 2 && structure.spatialCount == 1)
        #expect(structure.sizes == [.init(width: 640, height: 360)])
        #expect(key.activeTargets == 3)
        let next = try #require(hex("c1 0002").withUnsafeBytes { DependencyDescriptor($0, known: structure) })
        #expect(next.temporal == 1 && next.references == [1] && !next.isKey)
        #expect(hex("c1 0002").withUnsafeBytes { DependencyDescriptor($0, known: nil) } == nil)
        #expect(hex("c9 0002").withUnsafeBytes { DependencyDescriptor($0, known: structure) } == nil)
        for count in 0..<whole.count {
            #expect(whole[..<count].withUnsafeBytes { DependencyDescriptor($0, known: nil) } == nil)
        }
    }

    @Test("hostile descriptors trap nothing")
    func hostile() {
        var chance = Chance(3)
        let whole = Self.bytes(Self.structure)
        let known = whole.withUnsafeBytes { DependencyDescriptor($0, known: nil)?.structure }
        for _ in 0..<20_000 {
            var bytes = chance.below(2) == 0 ? whole : chance.bytes(chance.below(40))
            for _ in 0..<chance.below(4) where !bytes.isEmpty {
                bytes[chance.below(bytes.count)] = UInt8(truncatingIfNeeded: chance.next())
            }
            bytes.withUnsafeBytes { _ = DependencyDescriptor($0, known: known) }
            readAll(bytes)
        }
    }
}
