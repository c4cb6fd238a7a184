// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Pages

/// The multipart reader, fed whole, byte by byte and cut at every index, and with what no browser would send.
@Suite struct MultipartTests {
    static let body = [
        "--xYz", "Content-Disposition: form-data; name=\"title\"", "", "พิธีไหว้ครู",
        "--xYz", "content-disposition: FORM-DATA; name=\"empty\"", "", "",
        "--xYz \t", "Content-Disposition: form-data; name=\"letter\"; filename=\"C:\\เอกสาร\\a%22b.pdf\"",
        "Content-Type: application/pdf", "", "%PDF\r\n--xY not yet\r\n-\r\n",
        "--xYz", "Content-Disposition: form-data; name=none; filename=\"\"", "", "",
        "--xYz--", "whatever follows",
    ].joined(separator: "\r\n")

    static let expected: [MultipartPiece] = [
        .field(name: "title", value: "พิธีไหว้ครู"), .field(name: "empty", value: ""),
        .file(name: "letter", fileName: "a\"b.pdf"), .bytes(Array("%PDF\r\n--xY not yet\r\n-\r\n".utf8)), .fileEnd,
        .file(name: "none", fileName: ""), .fileEnd,
    ]

    /// Feeds parts and joins runs of bytes, whose cuts depend on the feeding.
    static func read(
        _ parts: [ArraySlice<UInt8>], limits: MultipartLimits = .init()
    ) throws(MultipartFault) -> [MultipartPiece] {
        var reader = try Multipart(boundary: "xYz", limits: limits)
        var pieces: [MultipartPiece] = []
        for part in parts {
            for piece in try reader.take(part) {
                if case .bytes(let more) = piece, case .bytes(let before)? = pieces.last {
                    pieces[pieces.count - 1] = .bytes(before + more)
                } else {
                    pieces.append(piece)
                }
            }
        }
        try reader.finish()
        return pieces
    }

    static func fault(_ text: String, limits: MultipartLimits = .init()) -> MultipartFault? {
        do throws(MultipartFault) {
            _ = try read([Array(text.utf8)[...]], limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func wholeAndByteByByte() throws {
        let bytes = Array(Self.body.utf8)
        #expect(try Self.read([bytes[...]]) == Self.expected)
        #expect(try Self.read(bytes.indices.map { bytes[$0...$0] }) == Self.expected)
    }

    @Test func cutAtEveryIndex() throws {
        let bytes = Array(Self.body.utf8)
        for cut in bytes.indices {
            #expect(try Self.read([bytes[..<cut], bytes[cut...]]) == Self.expected, "cut at \(cut)")
        }
    }

    /// A body that ends early is told from a whole one, wherever it ends.
    @Test func endedAtEveryIndex() throws {
        let bytes = Array(Self.body.utf8)
        let end = Self.body.utf8.count - "\r\nwhatever follows".utf8.count
        for length in 0..<end {
            #expect(throws: MultipartFault.cutShort, "ended at \(length)") { try Self.read([bytes[..<length]]) }
        }
    }

    @Test func hostileBodies() {
        let part = "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
        #expect(Self.fault("") == .cutShort)
        #expect(Self.fault(String(repeating: "x", count: 20_000)) == .malformed)
        #expect(Self.fault("--xYzA\r\n\r\n") == .malformed)
        #expect(Self.fault("--xYz" + String(repeating: " ", count: 200)) == .malformed)
        #expect(Self.fault("--xYz\r\n\r\nno header\r\n--xYz--") == .malformed)
        #expect(Self.fault("--xYz\r\nno colon\r\n\r\n\r\n--xYz--") == .malformed)
        #expect(Self.fault("--xYz\r\nContent-Disposition: form-data\r\n\r\n\r\n--xYz--") == .malformed)
        #expect(Self.fault("--xYz\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--xYz--") == .malformed)
        #expect(Self.fault("--xYz\r\nX: " + String(repeating: "y", count: 9000)) == .headerTooLarge)
        #expect(Self.fault(part + String(repeating: "z", count: 262_145) + "\r\n--xYz--") == .fieldTooLarge("a"))
        #expect(Self.fault(part + String(repeating: "z", count: 262_144) + "\r\n--xYz--") == nil)
        var limits = MultipartLimits()
        limits.parts = 3
        #expect(Self.fault(String(repeating: part + "\r\n", count: 3) + "--xYz--", limits: limits) == nil)
        #expect(Self.fault(String(repeating: part + "\r\n", count: 4) + "--xYz--", limits: limits) == .tooManyParts)
    }

    @Test(arguments: ["", String(repeating: "b", count: 71), "กข", "a\nb"]) func badBoundaries(boundary: String) {
        #expect(throws: MultipartFault.noBoundary) { try Multipart(boundary: boundary) }
    }

    /// The fields after a file that is too large are still there.
    @Test func tooLargeFileIsSkipped() throws {
        var limits = MultipartLimits()
        limits.fileBytes = 10
        let text =
            "--xYz\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n" + String(repeating: "z", count: 11)
            + "\r\n--xYz\r\nContent-Disposition: form-data; name=after\r\n\r\nkept\r\n--xYz--"
        let expected: [MultipartPiece] = [
            .file(name: "f", fileName: "a"), .fileTooLarge, .field(name: "after", value: "kept"),
        ]
        #expect(try Self.read([Array(text.utf8)[...]], limits: limits) == expected)
    }

    @Test func boundaryOfAType() {
        #expect(Multipart.boundary(of: "Multipart/Form-Data; charset=x; boundary=\"a b\"") == "a b")
        #expect(Multipart.boundary(of: "multipart/form-data") == nil)
        #expect(Multipart.boundary(of: "text/plain; boundary=a") == nil)
    }
}
