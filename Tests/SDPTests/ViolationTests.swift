// SPDX-License-Identifier: Apache-2.0
import SDP
import Testing

@Suite("Offers that are refused")
struct ViolationTests {
    @Test("what is no offer is refused, with the line", arguments: ["", "x", "hello\r\n", "v=1\r\n", "a=mid:0\r\n"])
    func malformed(text: String) {
        #expect(throws: Violation.malformed(line: 1)) { try Offer(text) }
    }
}
