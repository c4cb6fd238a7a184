// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@Suite("Packets")
struct PacketTests {
    @Test("numbers are followed over their wraps, in both directions")
    func unrolling() {
        var unroller = Unroller()
        #expect(
            [65_534, 65_535, 0, 65_533, 1, 40_000].map { unroller.unroll($0) } == [
                65_534, 65_535, 65_536, 65_533, 65_537, 40_000,
            ])
        #expect(unroller.highest == 65_537)
    }
}
