// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SDP

@Suite("words of an offer")
struct PieceTests {
    private func words(_ text: String, _ mark: Unicode.Scalar) -> [String] {
        Piece.reading(text) { piece in
            var (rest, words): (Piece, [String]) = (piece, [])
            while let word = rest.cut(mark) { words.append(word.text) }
            return words
        }
    }

    @Test(
        "what is between marks is cut out, and nothing empty", arguments: ["", " ", "a", " a", "a  b ", "a b c", "ก ข"])
    func cuts(text: String) {
        #expect(words(text, " ") == text.split(separator: " ").map(String.init))
    }

    @Test("lines end with CR, LF or both, whatever is in them")
    func lines() {
        let lines = Piece.reading("v=0\r\n\r\na=\u{301}x\rb=ก\n") { piece in
            var (rest, lines): (Piece, [String]) = (piece, [])
            while let line = rest.cutLine() { lines.append(line.text) }
            return lines
        }
        #expect(lines.map { Array($0.utf8) } == ["v=0", "a=\u{301}x", "b=ก"].map { Array($0.utf8) })
    }

    @Test(
        "a number is digits alone, below 2^32",
        arguments: [
            ("0", 0), ("007", 7), ("4294967295", 4_294_967_295), ("4294967296", nil), ("42949672950", nil), ("", nil),
            ("-1", nil), ("+1", nil), ("1a", nil), ("๑", nil),
        ] as [(String, UInt32?)])
    func numbers(text: String, number: UInt32?) {
        #expect(Piece.reading(text) { $0.number } == number)
    }

    @Test("payload types have seven bits")
    func types() {
        #expect(["127", "128", "x"].map { text in Piece.reading(text) { $0.payloadType } } == [127, nil, nil])
    }

    @Test("words are told apart by each letter, and where it is said so by small and large ones alike")
    func likeness() {
        #expect(Piece.reading("Sha-256") { $0.isLike("sha-256") && !($0 == "sha-256") && $0.lowercased == "sha-256" })
        #expect(Piece.reading("sha-25") { !$0.isLike("sha-256") && !($0 == "sha-256") })
        #expect(Piece.reading("") { $0 == "" })
    }

    @Test("a line says something with a letter and =")
    func said() {
        #expect(Piece.reading("a=b=c") { $0.said?.value.text } == "b=c")
        #expect(Piece.reading("a=") { $0.said?.value.text } == "")
        for text in ["", "a", "ab", "ก="] { #expect(Piece.reading(text) { $0.said == nil }) }
    }

    @Test("a parameter is found by its name, with spaces before it, and only with a value")
    func parameters() {
        var map = Offer.Map(name: "h264", clockRate: 90_000)
        map.parameters = "level-asymmetry-allowed=1;  Packetization-Mode=1;apt=;x=a=b"
        #expect(map.parameter("packetization-mode") == "1")
        #expect(map.parameter("x") == "a=b")
        #expect(map.parameter("apt") == nil)
        #expect(map.parameter("profile-id") == nil)
    }
}
