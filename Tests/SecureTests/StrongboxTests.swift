// SPDX-License-Identifier: Apache-2.0
import Secure
import Testing

@Suite struct StrongboxTests {
    let box = Strongbox(key: Array(0..<32))

    @Test(arguments: [
        "", "k", "rtmps://live.example.com/rtmp/FB-1?s=1", "ภาษาไทย", String(repeating: "x", count: 9000),
    ])
    func comesOutAsItWentIn(_ text: String) {
        let put = box.put(text, for: "stream key 7")
        #expect(box.take(put, for: "stream key 7") == text)
        #expect(text.count < 9 || !put.contains(text))
        #expect(box.put(text, for: "stream key 7") != put, "the nonce is drawn anew")
    }

    @Test func onlyForWhatItWasPutAway() {
        let put = box.put("secret", for: "stream key 7")
        for purpose in ["stream key 8", "stream key 77", "", "ticket key 7"] {
            #expect(box.take(put, for: purpose) == nil)
        }
        #expect(Strongbox(key: Array(1...32)).take(put, for: "stream key 7") == nil)
    }

    @Test func nothingCanBeChangedInIt() {
        let put = box.put("secret", for: "a")
        for index in put.indices {
            var forged = put
            forged.replaceSubrange(index...index, with: put[index] == "A" ? "B" : "A")
            #expect(box.take(forged, for: "a") == nil)
        }
        for odd in ["", "AAAA", String(put.dropLast(4)), put + "AAAA", "no base64!"] {
            #expect(box.take(odd, for: "a") == nil)
        }
    }

    /// Whatever lies in an archive today has to be read by tomorrow's program.
    @Test func keepsItsFormat() {
        let old = "dL05U18beNoA1RhLH60X3Sk1ViiZ2AUfrS7dp_a3v-aDadjOSgzvCjurxA"
        #expect(box.take(old, for: "stream key 7") == "abc")
    }

    @Test func wordsCanBeTypedAndDiffer() {
        let words = (0..<400).map { _ in Token.word(letters: 10) }
        #expect(Set(words).count == 400)
        for word in words {
            #expect(word.count == 10)
            #expect(word.allSatisfy { "23456789abcdefghjkmnpqrstuvwxyz".contains($0) })
            #expect(word.first?.isLetter == true)
        }
        // Every letter comes: 4,000 draws leave none of 31 out.
        #expect(Set(words.joined()).count == 31)
    }

    @Test func neverSaysItsKey() { #expect("\(box)" == "Strongbox") }
}
