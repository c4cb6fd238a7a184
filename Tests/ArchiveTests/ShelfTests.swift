// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Secure
import Testing

/// Files are what their bytes say.
@Suite struct ShelfTests {
    static let pdf = Array("%PDF-1.7\nหนังสือ".utf8)
    static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]

    /// A ZIP file with empty parts of these names (PKWARE APPNOTE 6.3.10, section 4.3).
    static func zip(_ names: [String], comment: [UInt8] = []) -> [UInt8] {
        func little(_ number: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(number >> (8 * $0) & 255) } }
        var locals: [UInt8] = []
        var directory: [UInt8] = []
        for name in names {
            let text = Array(name.utf8)
            let facts = little(20, 2) + [UInt8](repeating: 0, count: 20) + little(text.count, 2) + little(0, 2)
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + facts + [UInt8](repeating: 0, count: 10)
            directory += little(locals.count, 4) + text
            locals += [0x50, 0x4B, 3, 4] + facts + text
        }
        let end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(names.count, 2) + little(names.count, 2)
        return locals + directory + end + little(directory.count, 4) + little(locals.count, 4)
            + little(comment.count, 2) + comment
    }

    static let docxNames = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]

    private func take(_ bytes: [UInt8], _ shelf: FileShelf) async throws -> (
        hash: String, kind: Document.Kind, bytes: Int
    ) {
        let upload = try await shelf.begin()
        for start in stride(from: 0, to: bytes.count, by: 100_000) {
            try await upload.write(Array(bytes[start..<min(bytes.count, start + 100_000)]))
        }
        return try await upload.finish()
    }

    @Test(arguments: [
        (pdf, Document.Kind.pdf), (Array(repeating: 0x20, count: 1019) + pdf, .pdf), (jpeg, .jpeg), (png, .png),
        (zip(docxNames), .docx), (zip(docxNames, comment: Array("PK".utf8)), .docx),
    ])
    func `each kind is known by its bytes`(_ bytes: [UInt8], _ kind: Document.Kind) async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        let kept = try await take(bytes, shelf)
        #expect(kept.kind == kind)
        #expect(kept.bytes == bytes.count)
        #expect(kept.hash == Hex.text(Digest.sha256(bytes)))
        let path = try #require(shelf.path(of: kept.hash))
        #expect(path == "\(folder.path)/files/\(kept.hash.prefix(2))/\(kept.hash.dropFirst(2))")
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(arguments: [
        Array("<!doctype html><script>alert(1)</script>".utf8), Array("MZ letter.pdf".utf8),
        Array(repeating: 0x20, count: 1020) + pdf, [0xFF, 0xD8], Array(png.prefix(7)), zip(["evil.exe"]),
        zip(["[Content_Types].xml", "xl/workbook.xml"]), zip(["word/document.xml"]), Array(zip(docxNames).dropLast()),
        Array(zip(docxNames).dropFirst()), Array("PK\u{3}\u{4}[Content_Types].xml word/document.xml".utf8),
    ])
    func `anything else is refused and leaves nothing behind`(_ bytes: [UInt8]) async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        await #expect(throws: DocumentFault.wrongKind) { try await take(bytes, shelf) }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["files", "incoming"])
    }

    @Test func `a zip cut or changed anywhere never stops the program`() async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        let whole = Self.zip(Self.docxNames)
        for index in whole.indices {
            // Whatever becomes of each: a kind or a refusal, not a crash.
            _ = try? await take(Array(whole.prefix(index)), shelf)
            var changed = whole
            changed[index] = 0xFF
            _ = try? await take(changed, shelf)
        }
        #expect(try await take(whole, shelf).kind == .docx)
    }

    @Test func `fifty mebibytes are taken, one byte more is not, nothing is empty`() async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        let largest = Self.pdf + [UInt8](repeating: 0, count: Document.largest - Self.pdf.count)
        #expect(try await take(largest, shelf).bytes == 52_428_800)
        await #expect(throws: DocumentFault.tooLarge) { try await take(largest + [0], shelf) }
        await #expect(throws: DocumentFault.empty) { try await take([], shelf) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/incoming") == [])
    }

    @Test func `an abandoned or forgotten upload leaves nothing`() async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        let upload = try await shelf.begin()
        try await upload.write(Self.pdf)
        await upload.abandon()
        await #expect(throws: Mishap.self) { try await upload.finish() }
        for (name, age) in [("crash.tmp", 3700.0), ("another-process.tmp", 60.0)] {
            let draft = folder.path + "/incoming/" + name
            try "half".write(toFile: draft, atomically: false, encoding: .utf8)
            let then = Date(timeIntervalSinceNow: -age)
            try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: draft)
        }
        _ = try FileShelf(at: folder.path)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/incoming") == ["another-process.tmp"])
    }

    @Test func `the same bytes lie on the shelf once`() async throws {
        let folder = try Folder()
        let shelf = try FileShelf(at: folder.path)
        let first = try await take(Self.pdf, shelf)
        let again = try await take(Self.pdf, shelf)
        #expect(first == again)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/files/\(first.hash.prefix(2))").count
                == 1)
    }

    @Test(arguments: [
        "", "ab", "../../etc/passwd", String(repeating: "../", count: 22), String(repeating: "A", count: 64),
        String(repeating: "g", count: 64), String(repeating: "a", count: 65), String(repeating: "๑", count: 64),
    ])
    func `no name leads out of the shelf`(_ name: String) throws {
        let folder = try Folder()
        #expect(try FileShelf(at: folder.path).path(of: name) == nil)
    }
}
