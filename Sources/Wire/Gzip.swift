// SPDX-License-Identifier: Apache-2.0
import CZlib

/// RFC 1952, through zlib.
enum Gzip {
    /// Nil when zlib has no memory: then it is sent as it is.
    static func zip(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        // Window bits 15, and 16 for gzip's own header.
        guard deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
            return nil
        }
        defer { deflateEnd(&stream) }
        let most = Int(deflateBound(&stream, UInt(bytes.count))) + 32
        // zlib reads what it is given and never writes to it.
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(bytes.count)
        var code = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: most) { to, count in
            stream.next_out = to.baseAddress
            stream.avail_out = UInt32(to.count)
            code = deflate(&stream, Z_FINISH)
            count = to.count - Int(stream.avail_out)
        }
        return code == Z_STREAM_END ? output : nil
    }
}
