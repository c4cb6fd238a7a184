// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that never change and never move, shared by everybody who sends them.
// The memory is written in `init` alone, before anybody else can know of it, and freed with the last who holds it.
final class Slab: @unchecked Sendable {
    let base: UnsafeRawPointer
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        if let from = bytes.baseAddress { copy.copyMemory(from: from, byteCount: bytes.count) }
        (base, count) = (UnsafeRawPointer(copy), bytes.count)
    }

    static func of(_ bytes: [UInt8]) -> Slab { bytes.withUnsafeBytes { Slab($0) } }
    static func of(_ text: String) -> Slab { of(Array(text.utf8)) }

    deinit { base.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

/// Something on the disk that stretches are sent of.
protocol Readable: AnyObject, Sendable {
    /// So many bytes from there; fewer when there are no more. May take its time: never called on a loop.
    func read(from offset: Int64, count: Int) -> [UInt8]
}

/// A file that is open for as long as somebody sends from it.
final class OpenFile: Readable {
    let number: Int32

    init?(_ path: String) {
        number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if number < 0 { return nil }
    }

    deinit { close(number) }

    func read(from offset: Int64, count: Int) -> [UInt8] { RecordingFile.read(number, offset, count) }
}
