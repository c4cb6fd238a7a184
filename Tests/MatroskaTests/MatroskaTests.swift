// SPDX-License-Identifier: Apache-2.0
import Matroska
import Media
import Testing

/// Bytes of two hexadecimal digits each; spaces do not count.
private func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " && $0 != "\n" }.map { UInt8($0.hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

@Suite("Matroska") struct MatroskaTests {
    private static let ebml =
        """
        1A45DFA3 10000038 4286 10000001 01 42F7 10000001 01 42F2 10000001 04 42F3 10000001 08
        4282 10000008 6D6174726F736B61 4287 10000001 04 4285 10000001 02
        18538067 FF
        1549A966 10000021 2AD7B1 10000002 03E8 4D80 10000006 53616E79616E 5741 10000006 53616E79616E
        """

    @Test("a picture's head, byte by byte") func picture() {
        let head = MatroskaWriter.head(.avc, [1, 2, 3], .picture(width: 1_920, height: 1_080))
        let tracks =
            """
            1654AE6B 1000004E AE 10000049 D7 10000001 01 73C5 10000001 01 83 10000001 01 9C 10000001 00
            86 1000000F 565F4D504547342F49534F2F415643 63A2 10000003 010203
            E0 1000000E B0 10000002 0780 BA 10000002 0438
            """
        #expect(head == hex(Self.ebml + tracks))
    }

    @Test("a sound's head, byte by byte") func sound() {
        let head = MatroskaWriter.head(.opus, [9], .sound(rate: 48_000, channels: 2))
        let tracks =
            """
            1654AE6B 10000048 AE 10000043 D7 10000001 01 73C5 10000001 01 83 10000001 02 9C 10000001 00
            86 10000006 415F4F505553 63A2 10000001 09
            E1 10000013 B5 10000008 40E7700000000000 9F 10000001 02
            """
        #expect(head == hex(Self.ebml + tracks))
    }

    @Test("VP9 has no private part, for vpcC has another form there") func vp9() {
        let with = MatroskaWriter.head(.av1, [1, 2, 3], .picture(width: 16, height: 16))
        let without = MatroskaWriter.head(.vp9, [1, 2, 3], .picture(width: 16, height: 16))
        #expect(with.count - without.count == 2 + 4 + 3)
    }

    @Test("a frame is a cluster of its own, with its time in microseconds") func frame() {
        let key = MatroskaWriter.frame(presentedAt: 1_000_000, isKey: true, [0xAA, 0xBB])
        #expect(key == hex("1F43B675 10000013 E7 10000003 0F4240 A3 10000006 81000080 AABB"))
        let other = MatroskaWriter.frame(presentedAt: -5, isKey: false, [])
        #expect(other == hex("1F43B675 1000000F E7 10000001 00 A3 10000004 81000000"))
        let late = MatroskaWriter.frame(presentedAt: 1 << 40, isKey: false, [])
        #expect(late == hex("1F43B675 10000014 E7 10000006 010000000000 A3 10000004 81000000"))
    }
}
