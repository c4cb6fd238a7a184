// SPDX-License-Identifier: Apache-2.0
import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that never change and never move, shared by everybody who sends them.
// A slab holds the array or the pages that its bytes are in and hands out nothing that could change them. The elements of
// an array lie in one heap object, which stays where it is for as long as somebody holds the array and nobody writes to
// it; whoever else holds the same array and changes it gets a copy. Nobody but the slab ever knew of its pages.
final class Slab: @unchecked Sendable {
    private let kept: [UInt8]
    private let pages: Pages?
    let base: UnsafeRawPointer
    let count: Int

    private init(_ bytes: [UInt8]) {
        kept = bytes.isEmpty ? [0] : bytes
        count = bytes.count
        guard let address = kept.withUnsafeBytes({ $0.baseAddress }) else {
            preconditionFailure("an array with elements has an address")
        }
        base = address
        pages = nil
    }

    private init(_ pages: Pages, from start: Int, count: Int) {
        (kept, base, self.count) = ([], UnsafeRawPointer(pages.base + start), count)
        self.pages = pages
    }

    /// The bytes themselves, not a copy of them: a part that is listed and a part that is sent are one memory.
    static func of(_ bytes: [UInt8]) -> Slab { Slab(bytes) }
    static func of(_ text: String) -> Slab { Slab(Array(text.utf8)) }

    /// A copy of two slabs, one behind the other, in pages of their own, and the second of them by itself; nil when the
    /// system has no more memory.
    static func paged(_ first: Slab, _ second: Slab) -> (whole: Slab, second: Slab)? {
        let count = first.count + second.count
        guard let pages = Pages(count) else { return nil }
        pages.base.copyMemory(from: first.base, byteCount: first.count)
        (pages.base + first.count).copyMemory(from: second.base, byteCount: second.count)
        return (Slab(pages, from: 0, count: count), Slab(pages, from: first.count, count: second.count))
    }

    /// Whether a socket may send the pages as they are, without copying them.
    var isPaged: Bool { pages != nil }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

/// Memory that was mapped by itself. What sockets still hold of it when it is given back, the system keeps until they are
/// done: nobody else ever gets these pages before.
private final class Pages {
    let base: UnsafeMutableRawPointer
    private let count: Int

    init?(_ count: Int) {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE
        guard count > 0, let base = mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
            return nil
        }
        (self.base, self.count) = (base, count)
    }

    deinit { munmap(base, count) }
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
