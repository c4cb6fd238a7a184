// SPDX-License-Identifier: Apache-2.0
import RTP

/// Bytes as they are written in a specification.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0.isHexDigit }.compactMap { UInt8(String($0), radix: 16) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Dice that fall the same way for the same seed (SplitMix64).
struct Chance {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// What a writer of RTCP wrote.
func written(_ write: (inout ControlWriter) -> Void) -> [UInt8] {
    var room = [UInt8](repeating: 0xEE, count: 1_400)
    let count = room.withUnsafeMutableBytes { raw in
        var writer = ControlWriter(raw)
        write(&writer)
        return writer.count
    }
    return Array(room[..<count])
}

/// Reads everything that there is to read in a packet, so that whatever can trap does.
func readAll(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
        if let packet = Packet(raw) {
            packet.forEachExtension(in: raw) { _, range in
                _ = DependencyDescriptor(raw.part(range), known: nil)
                if let first = raw.part(range).first { _ = AudioLevel(first) }
            }
            readPayload(raw.part(packet.payload))
            _ = Repair.original(of: packet, in: raw)
        }
        readPayload(raw)
        var reader = ControlReader(raw)
        while let control = reader.next() { look(control) }
    }
    var copy = bytes
    copy.withUnsafeMutableBytes { raw in
        if let packet = Packet(UnsafeRawBufferPointer(raw)) {
            _ = Repair.unwrap(packet, in: raw, ssrc: 1, payloadType: 2)
        }
    }
}

private func readPayload(_ payload: UnsafeRawBufferPointer) {
    if let descriptor = VP8Descriptor(payload) { _ = descriptor.size(in: payload) }
    _ = VP9Descriptor(payload)
    _ = H264Payload.isKey(payload)
    _ = Redundant.primary(in: payload)
    _ = DependencyDescriptor(payload, known: nil)
}

private func look(_ control: Control) {
    switch control {
    case .senderReport(_, let blocks), .receiverReport(let blocks): for index in 0..<blocks.count { _ = blocks[index] }
    case .nack(let items): items.forEach { _ in }
    case .transportFeedback(let feedback): feedback.forEach { _, _ in }
    default: break
    }
}
