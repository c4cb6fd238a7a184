// SPDX-License-Identifier: Apache-2.0

/// Reads boxes (ISO/IEC 14496-12, 4.2) strictly: a length is believed only when what holds the box has room for it, and
/// what our own writer does not write is refused.
struct BoxReader {
    /// Four letters, for the sentence that says what is wrong.
    let type: String
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>, type: String) {
        (self.bytes, self.type, place) = (bytes, type, bytes.startIndex)
    }

    var isAtEnd: Bool { place == bytes.endIndex }
    var left: Int { bytes.endIndex - place }

    /// A whole number of so many bytes, at most seven.
    mutating func number(_ count: Int) throws(Violation) -> Int {
        guard count <= left else { throw .boxBroken(type) }
        var value = 0
        for index in place..<(place + count) { value = value << 8 | Int(bytes[index]) }
        place += count
        return value
    }

    /// A time of eight bytes, or a reason when no clock of ours has come so far.
    mutating func time() throws(Violation) -> Int64 {
        let high = try number(4)
        let low = try number(4)
        guard high < 1 << 10 else { throw .timeAbsurd }
        return Int64(high << 32 | low)
    }

    mutating func skip(_ count: Int) throws(Violation) {
        guard count <= left else { throw .boxBroken(type) }
        place += count
    }

    mutating func slice(_ count: Int) throws(Violation) -> ArraySlice<UInt8> {
        guard count <= left else { throw .boxBroken(type) }
        defer { place += count }
        return bytes[place..<(place + count)]
    }

    /// The rest.
    mutating func all() -> ArraySlice<UInt8> {
        defer { place = bytes.endIndex }
        return bytes[place...]
    }

    /// The next box, whatever it is. Sizes of 0 (to the end) and 1 (of eight bytes) are not written here.
    mutating func next() throws(Violation) -> BoxReader {
        let size = try number(4)
        let type = String(decoding: try slice(4), as: UTF8.self)
        guard size >= 8 else { throw .boxBroken(type) }
        guard size - 8 <= left else { throw .boxBroken(type) }
        return BoxReader(try slice(size - 8), type: type)
    }

    /// The next box, which must be of this type.
    mutating func box(_ type: String) throws(Violation) -> BoxReader {
        let box = try next()
        guard box.type == type else { throw .boxUnexpected(box.type, awaited: type) }
        return box
    }

    /// A box's version and flags (4.2.2).
    mutating func head() throws(Violation) -> (version: Int, flags: Int) { (try number(1), try number(3)) }

    /// The version and flags must be these.
    mutating func form(version: Int = 0, flags: Int = 0) throws(Violation) {
        guard try head() == (version, flags) else { throw .boxFormUnknown(type) }
    }

    /// Nothing more may come.
    func end() throws(Violation) { if !isAtEnd { throw .boxBroken(type) } }
}
