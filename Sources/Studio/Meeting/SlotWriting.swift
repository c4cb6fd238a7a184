// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

extension Slot {
    /// Writes a packet for this viewer: a header of its own, the extensions that were agreed on with it, and the payload
    /// with the picture's numbers put right. How long it is; 0 when it cannot be sent.
    ///
    /// A repair goes on its own stream where there is one (RFC 4588), else it is the same packet again.
    func write(
        _ parcel: Parcel, _ placement: Rewriter.Placement, of layer: Layer, isRepair: Bool,
        into room: UnsafeMutableRawBufferPointer, for seat: Seat, at now: Tick
    ) -> Int {
        guard let coding = coding(layer.format) else { return 0 }
        let payload = parcel.payload
        let repairStream = isRepair ? repair.flatMap { ssrc in coding.repairType.map { (ssrc, $0) } } : nil
        // Header, extensions, the repaired number and the payload must fit.
        guard payload.count + 140 <= room.count else { return 0 }
        let isRed = !isVideo && sendsRedundant && repairStream == nil && coding.redundantType != nil
        var writer = HeaderWriter(
            room, marker: isVideo ? isPictureEnd(parcel) : parcel.packet.marker,
            payloadType: repairStream?.1 ?? (isRed ? coding.redundantType ?? 0 : coding.payloadType),
            sequence: repairStream == nil ? UInt16(truncatingIfNeeded: placement.out) : repairSequence,
            timestamp: placement.timestamp, ssrc: repairStream?.0 ?? ssrc)
        if repairStream != nil { repairSequence &+= 1 }
        let sequenceOffset = writeExtensions(
            &writer, parcel, room, seat.outgoingTransport, named: !isKnown || repairStream != nil)
        var length = writer.finish()
        // A publisher's extensions may be longer than anybody expects.
        guard length + 2 + payload.count <= room.count else { return 0 }
        if repairStream != nil {
            room.put16(UInt16(truncatingIfNeeded: placement.out), at: length)
            length += 2
        }
        if isRed, let redundant = writeRedundant(layer, parcel, coding, room, at: length) {
            length += redundant
        } else {
            // Without the older sound it is plain.
            if isRed { room[1] = room[1] & 0x80 | coding.payloadType }
            room.put(payload, at: length)
            parcel.rewrite(
                UnsafeMutableRawBufferPointer(rebasing: room[length..<(length + payload.count)]),
                pictureDelta: placement.pictureDelta, baseDelta: placement.baseDelta)
            length += payload.count
        }
        if sequenceOffset > 0 { room.put16(seat.number(length, at: now), at: sequenceOffset) }
        if repairStream == nil {
            packetCount &+= 1
            byteCount &+= UInt32(truncatingIfNeeded: payload.count)
        }
        return length
    }

    /// Where the transport's number goes; 0 when it has none.
    private func writeExtensions(
        _ writer: inout HeaderWriter, _ parcel: Parcel, _ room: UnsafeMutableRawBufferPointer, _ transport: UInt8,
        named: Bool
    ) -> Int {
        var sequenceOffset = 0
        // A long dependency descriptor needs the form of two bytes for all of them (RFC 8285, 4.3).
        if parcel.dependency.count > 16, extensions[.dependencyDescriptor] != 0 { writer.useTwoBytes() }
        if transport != 0, let at = writer.element(transport, count: 2) { sequenceOffset = at }
        // Most packets of a picture.
        guard named || parcel.hasElements else { return sequenceOffset }
        if named, !mid.isEmpty, let at = writer.element(extensions[.mid], count: mid.count) {
            for (index, byte) in mid.enumerated() { room[at + index] = byte }
        }
        copy(parcel.level, extensions[.audioLevel], &writer, parcel, room)
        copy(parcel.orientation, extensions[.videoOrientation], &writer, parcel, room)
        copy(parcel.playoutDelay, extensions[.playoutDelay], &writer, parcel, room)
        copy(parcel.dependency, extensions[.dependencyDescriptor], &writer, parcel, room)
        return sequenceOffset
    }

    private func copy(
        _ range: Range<Int>, _ number: UInt8, _ writer: inout HeaderWriter, _ parcel: Parcel,
        _ room: UnsafeMutableRawBufferPointer
    ) {
        guard !range.isEmpty, let at = writer.element(number, count: range.count) else { return }
        room.put(parcel.bytes.part(range), at: at)
    }

    /// The sound before this one goes with it, when the viewer loses packets (RFC 2198).
    private func writeRedundant(
        _ layer: Layer, _ parcel: Parcel, _ coding: Coding, _ room: UnsafeMutableRawBufferPointer, at offset: Int
    ) -> Int? {
        guard let older = layer.parcel(parcel.sequence - 1) else { return nil }
        let ticks = parcel.packet.timestamp &- older.packet.timestamp
        return Redundant.write(
            into: UnsafeMutableRawBufferPointer(rebasing: room[offset...]), type: coding.payloadType,
            older: older.payload, ticksBefore: ticks, primary: parcel.payload)
    }

    /// Writes padding on the stream of repairs: nothing but bytes, to ask whether the way carries more. How long it is, 0
    /// when there is no such stream.
    func writePadding(_ count: Int, into room: UnsafeMutableRawBufferPointer, for seat: Seat, at now: Tick) -> Int {
        guard let repair, let format, let type = coding(format)?.repairType else { return 0 }
        var writer = HeaderWriter(
            room, marker: false, payloadType: type, sequence: repairSequence, timestamp: rewriter.lastTimestamp,
            ssrc: repair)
        repairSequence &+= 1
        var sequenceOffset = 0
        if seat.outgoingTransport != 0, let at = writer.element(seat.outgoingTransport, count: 2) {
            sequenceOffset = at
        }
        if !mid.isEmpty, let at = writer.element(extensions[.mid], count: mid.count) {
            for (index, byte) in mid.enumerated() { room[at + index] = byte }
        }
        let start = writer.finish()
        let padding = min(max(count, 1), 255)
        for index in start..<(start + padding) { room[index] = 0 }
        room[start + padding - 1] = UInt8(padding)
        room[0] |= 0x20
        if sequenceOffset > 0 { room.put16(seat.number(start + padding, at: now), at: sequenceOffset) }
        return start + padding
    }
}
