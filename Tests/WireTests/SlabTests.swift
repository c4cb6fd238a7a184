// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Wire

@Suite("A slab") struct SlabTests {
    @Test("is the array's own memory, and stays as it was when somebody changes the array") func shared() {
        var bytes = [UInt8](repeating: 7, count: 100_000)
        let slab = Slab.of(bytes)
        let isShared = bytes.withUnsafeBytes { $0.baseAddress == slab.base }
        #expect(isShared)
        bytes[0] = 8
        bytes.append(9)
        #expect(slab.count == 100_000)
        #expect(slab.bytes.allSatisfy { $0 == 7 })
    }

    @Test("of nothing has no bytes") func empty() {
        #expect(Slab.of([]).bytes.isEmpty)
        #expect(Slab.of("").count == 0)
        #expect(Array(Slab.of("ก").bytes) == [0xE0, 0xB8, 0x81])
    }
}
