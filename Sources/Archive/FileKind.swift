// SPDX-License-Identifier: Apache-2.0
import Desk

extension Document.Kind {
    /// What a file is by its bytes, whatever its name says; nil for a kind that is not taken.
    ///
    /// PDF: ISO 32000-1 annex H.3.4.1 (header within the first 1024 bytes). JPEG: ITU-T T.81 B.1.1.3 (SOI and the next
    /// marker). PNG: W3C PNG section 5.2. DOCX: ECMA-376 part 2 (a ZIP with `[Content_Types].xml` and its main part).
    init?(ofFile file: Int32, bytes: Int) throws {
        let head = try Disk.read(file, from: 0, count: 1024)
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let names = try ZipDirectory.names(ofFile: file, bytes: bytes)
            guard names.contains("[Content_Types].xml"), names.contains("word/document.xml") else { return nil }
            self = .docx
        } else if head.contains(Array("%PDF-".utf8)) {
            self = .pdf
        } else {
            return nil
        }
    }
}

/// The list of names at the end of a ZIP file (PKWARE APPNOTE 6.3.10, sections 4.3.12 and 4.3.16). Nothing is unpacked.
enum ZipDirectory {
    /// The names of the parts; empty when the list is not whole. ZIP64 is not read: no file of ours is that large.
    static func names(ofFile file: Int32, bytes: Int) throws -> Set<String> {
        let tailLength = min(bytes, 22 + 65_535)
        let tail = try Disk.read(file, from: bytes - tailLength, count: tailLength)
        guard let end = endRecord(in: tail) else { return [] }
        let size = number(tail, end + 12, 4)
        let start = number(tail, end + 16, 4)
        guard size <= 4_194_304, start + size <= bytes - tailLength + end else { return [] }
        return names(in: try Disk.read(file, from: start, count: size), count: number(tail, end + 10, 2))
    }

    /// Where the end record begins: the last signature whose comment reaches just to the end.
    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return (0...(tail.count - 22)).reversed().first { index in
            tail[index...].starts(with: [0x50, 0x4B, 0x05, 0x06])
                && index + 22 + number(tail, index + 20, 2) == tail.count
        }
    }

    private static func names(in directory: [UInt8], count: Int) -> Set<String> {
        var names: Set<String> = []
        var place = 0
        for _ in 0..<count {
            guard place + 46 <= directory.count, directory[place...].starts(with: [0x50, 0x4B, 0x01, 0x02]) else {
                return []
            }
            let length = number(directory, place + 28, 2)
            guard place + 46 + length <= directory.count else { return [] }
            names.insert(String(decoding: directory[(place + 46)..<(place + 46 + length)], as: UTF8.self))
            place += 46 + length + number(directory, place + 30, 2) + number(directory, place + 32, 2)
        }
        return names
    }

    /// A little-endian number.
    private static func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int {
        (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
}
