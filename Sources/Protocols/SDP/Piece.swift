// SPDX-License-Identifier: Apache-2.0

/// Some bytes of a text that is being read, where they stand in it. A room's offer has six hundred lines of some four words:
/// bytes are told apart sooner than the letters that they might be, and nothing is copied that nobody keeps.
///
/// It must not outlive the text that it was given with (`reading`).
struct Piece {
    private var bytes: Slice<UnsafeBufferPointer<UInt8>>

    /// Hands a text's bytes to somebody who reads them.
    static func reading<Found, Failure>(
        _ text: String, _ read: (Piece) throws(Failure) -> Found
    ) throws(Failure) -> Found {
        var text = text
        return try text.withUTF8 { bytes in
            Result { () throws(Failure) in try read(Piece(bytes: bytes[...])) }
        }.get()
    }

    var isEmpty: Bool { bytes.isEmpty }
    var count: Int { bytes.count }
    /// A text of its own.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// A text of at most so many bytes.
    func text(most: Int) -> String { String(decoding: bytes.prefix(most), as: UTF8.self) }
    /// A text of its own, Latin letters small.
    var lowercased: String { String(decoding: bytes.map(Piece.small), as: UTF8.self) }
    /// The bytes, one after the other.
    var each: some Collection<UInt8> { bytes }

    private static func small(_ letter: UInt8) -> UInt8 { (0x41...0x5A).contains(letter) ? letter | 0x20 : letter }

    /// The number that it is, when it is digits alone and below 2^32.
    var number: UInt32? {
        guard !bytes.isEmpty, bytes.count <= 10 else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + UInt64(byte & 15)
        }
        return UInt32(exactly: number)
    }

    /// A payload type: 7 bits.
    var payloadType: UInt8? { number.flatMap { $0 < 128 ? UInt8($0) : nil } }

    static func ~= (word: StaticString, piece: Piece) -> Bool {
        word.utf8CodeUnitCount == piece.count
            && piece.bytes.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    static func == (piece: Piece, word: StaticString) -> Bool { word ~= piece }

    /// Whether it is this word, which is in small letters, its own letters large or small.
    func isLike(_ word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount
            && zip(bytes, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)).allSatisfy {
                Piece.small($0) == $1
            }
    }

    func contains(_ mark: Unicode.Scalar) -> Bool { bytes.contains(UInt8(ascii: mark)) }

    /// Takes what stands before the next mark, and the mark; all when there is none. What is empty is passed over, and nil
    /// when nothing is left.
    mutating func cut(_ mark: Unicode.Scalar) -> Piece? {
        let mark = UInt8(ascii: mark)
        return cut { $0 == mark }
    }

    /// Takes the next line, as `cut`.
    mutating func cutLine() -> Piece? { cut { $0 == 13 || $0 == 10 } }

    @inline(__always)
    private mutating func cut(_ isMark: (UInt8) -> Bool) -> Piece? {
        var start = bytes.startIndex
        while start < bytes.endIndex, isMark(bytes[start]) { start += 1 }
        guard start < bytes.endIndex else {
            bytes = bytes[bytes.endIndex...]
            return nil
        }
        var end = start
        while end < bytes.endIndex, !isMark(bytes[end]) { end += 1 }
        defer { bytes = bytes[min(end + 1, bytes.endIndex)...] }
        return Piece(bytes: bytes[start..<end])
    }

    /// Passes over these marks.
    mutating func skip(_ mark: Unicode.Scalar) {
        let mark = UInt8(ascii: mark)
        bytes = bytes.drop { $0 == mark }
    }

    /// What a line of SDP says: its letter and what stands behind the `=`; nil when it is none.
    var said: (letter: UInt8, value: Piece)? {
        guard bytes.count >= 2, bytes[bytes.startIndex + 1] == UInt8(ascii: "=") else { return nil }
        return (bytes[bytes.startIndex], Piece(bytes: bytes.dropFirst(2)))
    }
}
