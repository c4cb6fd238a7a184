// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP
import SDP

extension Meeting {
    /// Streams that one seat may have; a browser has nine at the most for a camera, a screen and a microphone.
    static let routeLimit = 48
    /// Packets of one stream that are collected before they are sent on: a large picture's.
    static let runLimit = 32

    /// An RTP packet came from a seat, unsealed. The memory may be changed.
    public func receive(_ bytes: UnsafeMutableRawBufferPointer, from id: SeatID, at now: Tick) {
        advance(now)
        guard let seat = find(id) else { return }
        guard let packet = Packet(UnsafeRawBufferPointer(bytes)), bytes.count <= Outbox.packetLimit else {
            seat.refused += 1
            return
        }
        seat.incomingRate.note(bytes.count, at: now)
        if seat.incomingTransport != 0, seat.incomingTransport < 15,
            let element = packet.element(seat.incomingTransport, in: UnsafeRawBufferPointer(bytes)), element.count >= 2
        {
            seat.arrivals.note(UnsafeRawBufferPointer(bytes).word16(element.lowerBound), at: now)
        }
        guard let route = route(packet, UnsafeRawBufferPointer(bytes), seat) else {
            seat.refused += 1
            return
        }
        guard !route.isRepair else { return repair(packet, bytes, route.layer) }
        take(packet, UnsafeRawBufferPointer(bytes), route.layer)
    }

    /// A retransmission becomes the packet that was lost.
    private func repair(_ packet: Packet, _ bytes: UnsafeMutableRawBufferPointer, _ layer: Layer) {
        guard
            let length = Repair.unwrap(packet, in: bytes, ssrc: layer.ssrc, payloadType: layer.payloadType),
            let original = Packet(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        else { return }
        take(original, UnsafeRawBufferPointer(rebasing: bytes[..<length]), layer, isRepair: true)
    }

    private func take(_ packet: Packet, _ bytes: UnsafeRawBufferPointer, _ layer: Layer, isRepair: Bool = false) {
        let source = layer.source
        let before = layer.numbers.highest
        let sequence = layer.numbers.peek(packet.sequence)
        // A repair of what nobody misses, or older than the ring reaches, is of no use; a number far ahead is a new start.
        var isNewest = true
        if let before {
            if sequence <= before {
                isNewest = false
                let wasMissing = layer.missing.came(sequence, at: now)
                guard wasMissing || !isRepair, before - sequence < 1_000, !layer.ring.has(sequence) else { return }
            } else {
                guard !isRepair else { return }
                if sequence > before + 1 { miss(before + 1, sequence - 1, layer) }
            }
        }
        _ = layer.numbers.unroll(packet.sequence)
        layer.reception.note(sequence, timestamp: packet.timestamp, clockRate: layer.format.clockRate, at: now)
        var parcel = Parcel(
            bytes, packet, as: sequence, format: layer.format, extensions: layer.extensions,
            structure: &layer.structure)
        parcel.isNewest = isNewest
        if !parcel.level.isEmpty {
            hear(AudioLevel(bytes[parcel.level.lowerBound]), source)
        }
        // A host's mute holds here, whatever the publisher's page says.
        guard !source.isMuted else { return }
        layer.heardAt = now
        layer.rate.note(bytes.count, at: now)
        guard let kept = layer.ring.keep(bytes, as: sequence, at: now) else { return }
        parcel.bytes = kept
        layer.note(parcel, at: now)
        tell(source)
        if isNewest, layer.toldFrom == .max { layer.toldFrom = sequence }
        if source.isTapped, sequence >= layer.toldFrom, let onTap { tell(tapper: onTap, of: parcel, layer) }
        if runLayer !== layer || run.count == Meeting.runLimit { forwardRun() }
        runLayer = layer
        run.append(parcel)
    }

    /// What came together of one stream goes to everybody who watches it, viewer by viewer: what is to be known of a viewer
    /// is fetched from memory once for all of a picture's packets, and these lie behind each other in the outbox.
    func forwardRun() {
        guard let layer = runLayer else { return }
        runLayer = nil
        forward(run, layer)
        run.removeAll(keepingCapacity: true)
    }

    private func forward(_ run: ContiguousArray<Parcel>, _ layer: Layer) {
        // A slot that begins with one of these leaves the list of the stream that it had, never this one's.
        let slots = layer.slots
        run.withUnsafeBufferPointer { run in
            slots.forEach { slot in
                let seat = slot.seat
                guard seat.isOpen else { return }
                for place in run.indices {
                    guard let placement = slot.take(run[place], of: layer, at: now) else { continue }
                    seat.send(run[place], placement, in: slot, of: layer, isRepair: false, to: outbox, at: now)
                }
                if seat.isWaiting { isBusy = true }
            }
        }
    }

    private func miss(_ first: Int64, _ last: Int64, _ layer: Layer) {
        isBusy = true
        if !layer.missing.note(from: first, to: last, at: now), layer.format.isVideo { layer.throttle.want() }
    }

    private func tell(_ source: Feed) {
        guard !source.isTold, let facts = facts(source) else { return }
        source.isTold = true
        outputs.append(.tell(.began(facts)))
        reconsider()
    }

    // MARK: Where a stream belongs

    /// By what was seen before, by its section and encoding (RFC 9143, 9.2; RFC 8852), by what was announced, and at last
    /// by its payload type.
    private func route(_ packet: Packet, _ bytes: UnsafeRawBufferPointer, _ seat: Seat) -> Seat.Route? {
        for index in seat.routes.indices where seat.routes[index].ssrc == packet.ssrc { return seat.routes[index] }
        guard seat.routes.count < Meeting.routeLimit else { return nil }
        guard let route = place(packet, bytes, seat) else { return nil }
        seat.routes.append(route)
        return route
    }

    private func text(
        _ kind: HeaderExtension, _ section: NegotiatedSection, _ packet: Packet, _ bytes: UnsafeRawBufferPointer
    )
        -> String?
    {
        packet.element(section.extensions[kind], in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private func place(_ packet: Packet, _ bytes: UnsafeRawBufferPointer, _ seat: Seat) -> Seat.Route? {
        for source in seat.sources {
            let section = source.section
            let announced = section.theirs.contains { $0.ssrc == packet.ssrc || $0.repair == packet.ssrc }
            let isNamed = text(.mid, section, packet, bytes).map { $0 == section.mid }
            guard isNamed ?? announced || (isNamed == nil && !announced && isOnly(packet, source, seat)) else {
                continue
            }
            if let coding = section.codings.first(where: { $0.payloadType == packet.payloadType }) {
                let rid = text(.rid, section, packet, bytes) ?? ""
                guard section.rids.isEmpty || section.rids.contains(rid) else { return nil }
                return .init(ssrc: packet.ssrc, layer: layer(packet.ssrc, rid, coding, source), isRepair: false)
            }
            if section.codings.contains(where: { $0.repairType == packet.payloadType }) {
                return repaired(by: packet, bytes, source).map { .init(ssrc: packet.ssrc, layer: $0, isRepair: true) }
            }
        }
        return nil
    }

    /// Whether only this source has such payloads, so that nothing else must be said.
    private func isOnly(_ packet: Packet, _ source: Feed, _ seat: Seat) -> Bool {
        let type = packet.payloadType
        let fits = { (source: Feed) in
            source.section.codings.contains { $0.payloadType == type || $0.repairType == type }
        }
        return fits(source) && !seat.sources.contains { $0 !== source && fits($0) } && source.section.rids.isEmpty
    }

    private func repaired(by packet: Packet, _ bytes: UnsafeRawBufferPointer, _ source: Feed) -> Layer? {
        let section = source.section
        if let rid = text(.repairedRid, section, packet, bytes) { return source.layers.first { $0.rid == rid } }
        if let stream = section.theirs.first(where: { $0.repair == packet.ssrc }) {
            return source.layers.first { $0.ssrc == stream.ssrc }
        }
        return source.layers.count == 1 ? source.layers.first : nil
    }

    private func layer(_ ssrc: UInt32, _ rid: String, _ coding: Coding, _ source: Feed) -> Layer {
        // A publisher that begins anew takes another stream for the same encoding: the old one goes.
        if let old = source.layers.first(where: { $0.rid == rid }) {
            for slot in old.slots.all { slot.lose(old) }
            source.layers.removeAll { $0 === old }
            source.seat.routes.removeAll { $0.layer === old }
        }
        let layer = Layer(
            ssrc: ssrc, rid: rid, coding: coding.format, payloadType: coding.payloadType,
            extensions: source.section.extensions, of: source, at: now)
        source.layers.append(layer)
        source.sort(at: now)
        reconsider()
        return layer
    }
}
