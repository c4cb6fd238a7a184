// SPDX-License-Identifier: Apache-2.0

/// Cuts messages into chunks (specification 5.3). Every message begins with a full header, so a reader never depends
/// on what came before; a continuation repeats the extended timestamp, as the specification of 2012 has it.
public struct ChunkWriter: Hashable, Sendable {
    /// How long our chunks are at most, in bytes. Writing a Set Chunk Size message changes it from the next chunk on.
    public private(set) var chunkSize = 128

    /// A writer whose peer awaits chunks of 128 bytes, as every connection begins.
    public init() {}

    /// Appends `message` to `bytes`, cut into chunks.
    public mutating func write(_ message: Message, to bytes: inout [UInt8]) {
        let isExtended = message.time >= 0xFF_FFFF
        ChunkWriter.basicHeader(format: 0, id: message.chunkStream, to: &bytes)
        bytes.append(number: isExtended ? 0xFF_FFFF : UInt64(message.time), bytes: 3)
        bytes.append(number: UInt64(message.body.count), bytes: 3)
        bytes.append(message.type)
        bytes.append(number: UInt64(message.stream.byteSwapped), bytes: 4)
        if isExtended { bytes.append(number: UInt64(message.time), bytes: 4) }
        var rest = message.body[...]
        bytes += rest.prefix(chunkSize)
        rest = rest.dropFirst(chunkSize)
        while !rest.isEmpty {
            ChunkWriter.basicHeader(format: 3, id: message.chunkStream, to: &bytes)
            if isExtended { bytes.append(number: UInt64(message.time), bytes: 4) }
            bytes += rest.prefix(chunkSize)
            rest = rest.dropFirst(chunkSize)
        }
        if message.type == Message.Kind.setChunkSize, let size = message.body[...].leadingNumber, size > 0 {
            chunkSize = Int(size)
        }
    }

    static func basicHeader(format: UInt8, id: Int, to bytes: inout [UInt8]) {
        switch id {
        case ..<64: bytes.append(format << 6 | UInt8(truncatingIfNeeded: id))
        case ..<320: bytes += [format << 6, UInt8(truncatingIfNeeded: id - 64)]
        default:
            let number = id - 64
            bytes += [format << 6 | 1, UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
        }
    }
}
