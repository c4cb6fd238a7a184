// SPDX-License-Identifier: Apache-2.0
import CGMime

/// GMime is set up once for the whole program, before its first use.
enum Mime {
    static let isReady: Bool = {
        g_mime_init()
        return true
    }()

    /// How mails are read: words in eight bits of which nobody says what they are, are UTF-8, or else what Thai programs
    /// wrote before it.
    // Never changed once it is made, and GMime only reads it.
    nonisolated(unsafe) static let options = cgmime_options()
}

/// One reference to an object of GMime, given back when nobody holds it any more.
final class MimeObject {
    let raw: UnsafeMutableRawPointer

    /// Takes over the reference that a function of GMime gave; nil when it gave none.
    init?<T>(taking pointer: UnsafeMutablePointer<T>?) {
        guard let pointer else { return nil }
        raw = UnsafeMutableRawPointer(pointer)
    }

    deinit { g_object_unref(raw) }

    /// The object as one of its own kinds: in C these are one and the same address.
    func of<T>(_ kind: T.Type) -> UnsafeMutablePointer<T> { raw.assumingMemoryBound(to: T.self) }
    var object: UnsafeMutablePointer<GMimeObject> { of(GMimeObject.self) }

    /// A stream over a copy of bytes.
    static func stream(_ bytes: [UInt8]) -> MimeObject? {
        let copy = bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { g_mime_stream_mem_new_with_buffer($0.baseAddress, $0.count) }
        }
        return MimeObject(taking: copy ?? g_mime_stream_mem_new())
    }

    /// What was written into a stream in memory.
    static func bytes(of stream: MimeObject) -> [UInt8] {
        guard let array = g_mime_stream_mem_get_byte_array(stream.of(GMimeStreamMem.self)),
            let start = array.pointee.data
        else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(array.pointee.len)))
    }
}
