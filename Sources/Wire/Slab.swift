// SPDX-License-Identifier: Apache-2.0
import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that never change and never move, shared by everybody who sends them.
// A slab holds the array that its bytes are in and hands out nothing that could change it. The elements of an array lie
// in one heap object, which stays where it is for as long as somebody holds the array and nobody writes to it; whoever
// else holds the same array and changes it gets a copy.
final class Slab: @unchecked Sendable {
    private let kept: [UInt8]
    let base: UnsafeRawPointer
    let count: Int

    private init(_ bytes: [UInt8]) {
        kept = bytes.isEmpty ? [0] : bytes
        count = bytes.count
        guard let address = kept.withUnsafeBytes({ $0.baseAddress }) else {
            preconditionFailure("an array with elements has an address")
        }
        base = address
    }

    /// The bytes themselves, not a copy of them: a part that is listed and a part that is sent are one memory.
    static func of(_ bytes: [UInt8]) -> Slab { Slab(bytes) }
    static func of(_ text: String) -> Slab { Slab(Array(text.utf8)) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

/// Bytes that never change, in a file that lies in memory alone: what is sent of it is not copied into every socket.
final class MemoryFile: Sendable {
    let number: Int32
    let count: Int

    private init(_ number: Int32, _ count: Int) { (self.number, self.count) = (number, count) }

    /// Nil when the system has no more files or memory.
    static func of(_ pieces: [Slab]) -> MemoryFile? {
        let number = cs_memory("segment")
        guard number >= 0 else { return nil }
        let file = MemoryFile(number, pieces.reduce(0) { $0 + $1.count })
        return pieces.allSatisfy { RecordingFile.write($0.bytes, number) == 0 } ? file : nil
    }

    deinit { close(number) }
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
