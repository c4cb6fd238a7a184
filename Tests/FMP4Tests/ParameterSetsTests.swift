// SPDX-License-Identifier: Apache-2.0
import FMP4
import Testing

/// Parameter sets come in whatever order an encoder, or somebody who pretends to be one, sends them.
@Suite("Parameter sets") struct ParameterSetsTests {
    private static let sps: [UInt8] = [
        0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x47, 0xFE, 0x88, 0x00, 0x00, 0x03, 0x00, 0x08, 0x00, 0x00, 0x03,
        0x01,
        0xE4, 0x78, 0xB1, 0x75,
    ]
    private static let pps: [UInt8] = [0x68, 0xCB, 0x83, 0xCB, 0x20]

    @Test("a new SPS makes an end of a PPS that came before it") func pictureSetFirst() throws {
        var sets = ParameterSets.avc
        let is1 = sets.take(Self.pps[...])
        #expect(is1)
        let is2 = sets.take(Self.sps[...])
        #expect(is2)
        #expect(try sets.record() != nil)
        var other = Self.sps
        other[3] = 0x1F
        let is3 = sets.take(other[...])
        #expect(is3)
        #expect(try sets.record() == nil)
        let is4 = sets.take(Self.pps[...])
        #expect(is4)
        #expect(try sets.record()?[3] == 0x1F)
    }
}
