// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP
import SDP

extension Meeting {
    /// A compound of RTCP came from a seat, unsealed.
    public func receiveControl(_ bytes: UnsafeRawBufferPointer, from id: SeatID, at now: Tick) {
        advance(now)
        guard let seat = find(id) else { return }
        var reader = ControlReader(bytes)
        while let control = reader.next() { take(control, seat) }
        if reader.isMalformed { seat.refused += 1 }
    }

    private func take(_ control: Control, _ seat: Seat) {
        switch control {
        case .senderReport(let report, let blocks):
            note(report, seat)
            note(blocks, seat)
        case .receiverReport(let blocks): note(blocks, seat)
        case .goodbye(let ssrc): sayGoodbye(ssrc, seat)
        case .nack(let items): resend(items, seat)
        case .pictureLoss(let ssrc), .fullIntra(let ssrc, _):
            guard let slot = seat.slots.first(where: { $0.ssrc == ssrc }) else { return }
            (slot.target ?? slot.current)?.throttle.want()
            isBusy = true
        case .estimate(let rate):
            seat.estimator.take(remote: rate, at: now)
            seat.pacer.rate = paceRate(seat)
        case .transportFeedback(let feedback):
            let sending = seat.outgoingRate.bitsPerSecond(at: now)
            seat.estimator.take(feedback, book: &seat.book, sending: sending, wanted: seat.wanted, at: now)
            seat.pacer.rate = paceRate(seat)
            if seat.estimator.isFull {
                seat.isDirty = true
                hasDirty = true
            }
        case .other: break
        }
    }

    /// One and a half times the estimate: a key frame leaves in the time of a few frames and does not fill the way by
    /// itself. While a probe is sent, as fast as the probe. What was chosen to be sent leaves as fast as it comes, also
    /// while the estimate is still far below it; else it would wait longer and longer, and be lost in the end.
    func paceRate(_ seat: Seat) -> Int64 {
        let target = seat.estimator.target
        return max(300_000, target * 3 / 2, min(seat.chosen * 5 / 4, target * 4), seat.estimator.probe?.rate ?? 0)
    }

    // MARK: Reports

    private func note(_ report: SenderReport, _ seat: Seat) {
        guard let layer = seat.routes.first(where: { $0.ssrc == report.ssrc && !$0.isRepair })?.layer else { return }
        let seconds = Int64(report.ntp >> 32)
        let micros = seconds * 1_000_000 + Int64(((report.ntp & 0xFFFF_FFFF) * 1_000_000) >> 32)
        layer.clock = (micros, report.timestamp)
        layer.reception.lastReport = (SenderReport.middle(of: report.ntp), now)
        // The quickest report is the truest; the clocks drift, so it creeps.
        let offset = now.microseconds - micros
        let known = seat.clockOffset
        if let known, abs(offset - known) < 10_000_000 {
            seat.clockOffset = offset < known ? offset : known + min(50, offset - known)
        } else {
            seat.clockOffset = offset
        }
    }

    /// Our own clock as reports have it: any epoch will do, if it is always the same (RFC 3550, 4).
    static func ntp(_ now: Tick) -> UInt64 {
        let micros = UInt64(max(0, now.microseconds))
        return (3_900_000_000 + micros / 1_000_000) << 32 | (micros % 1_000_000) << 32 / 1_000_000
    }

    private func note(_ blocks: ReportBlocks, _ seat: Seat) {
        for index in 0..<blocks.count {
            let block = blocks[index]
            guard let slot = seat.slots.first(where: { $0.ssrc == block.ssrc }) else { continue }
            slot.isKnown = true
            if block.lastReport != 0 {
                let middle = SenderReport.middle(of: Meeting.ntp(now))
                let passed = middle &- block.lastReport &- block.delaySinceLastReport
                // Half of the range is the past's; a round trip of more than ten seconds is none.
                if passed < 10 << 16 { seat.estimator.note(roundTrip: (Int64(passed) * 1_000_000) >> 16) }
            }
            let expected = 50
            seat.estimator.take(expected: expected, lost: expected * Int(block.fractionLost) / 256, at: now)
            if !slot.isVideo {
                slot.sendsRedundant = block.fractionLost > 5 || (slot.sendsRedundant && block.fractionLost > 1)
            }
        }
    }

    private func sayGoodbye(_ ssrc: UInt32, _ seat: Seat) {
        guard let layer = seat.routes.first(where: { $0.ssrc == ssrc && !$0.isRepair })?.layer else { return }
        layer.missing.forget()
    }

    // MARK: Repair

    /// A viewer misses packets: they come again from the ring, each once in a round trip.
    private func resend(_ items: NackItems, _ seat: Seat) {
        guard let slot = seat.slots.first(where: { $0.ssrc == items.ssrc }) else { return }
        let roundTrip = seat.estimator.hasRoundTrip ? min(seat.estimator.roundTrip, 400_000) : 20_000
        // More than the way carries beside the pictures helps nobody.
        let most = max(200_000, seat.estimator.target)
        items.forEach { number in
            let out = slot.rewriter.unroll(number)
            guard let span = slot.rewriter.find(out: out), let layer = layer(of: span.ssrc, slot),
                let parcel = layer.parcel(out - span.delta)
            else {
                seat.unrepaired += 1
                return
            }
            guard seat.repairRate.bitsPerSecond(at: now) < most,
                slot.mayRepair(out, at: now, roundTrip: max(5_000, roundTrip))
            else { return }
            seat.repairs += 1
            seat.repairRate.note(parcel.bytes.count, at: now)
            let placement = span.place(parcel.sequence, parcel.packet.timestamp)
            seat.send(parcel, placement, in: slot, of: layer, isRepair: true, to: outbox, at: now)
        }
        if seat.isWaiting { isBusy = true }
    }

    private func layer(of ssrc: UInt32, _ slot: Slot) -> Layer? {
        if let layer = slot.current, layer.ssrc == ssrc { return layer }
        return slot.source?.layers.first { $0.ssrc == ssrc }
    }

    // MARK: What publishers are told

    /// Feedback, requests for what is missing, and key frames that somebody waits for.
    func tell(publisher seat: Seat) {
        guard !seat.sources.isEmpty else { return }
        if seat.feedbackAt.map({ now - $0 >= 50_000 }) ?? true, seat.arrivals.isWaiting, let media = seat.routes.first {
            seat.feedbackAt = now
            control(seat) { $0.transportFeedback(from: seat.reporter, of: media.ssrc, &seat.arrivals) }
        }
        for source in seat.sources {
            for layer in source.layers { ask(layer, seat) }
        }
    }

    private func ask(_ layer: Layer, _ seat: Seat) {
        if !layer.missing.isEmpty {
            isBusy = true
            askedList.removeAll(keepingCapacity: true)
            let age: Int64 = layer.format.isVideo ? 1_000_000 : 400_000
            let gaveUp = layer.missing.due(at: now, ageLimit: age, newest: layer.newest, into: &askedList)
            if gaveUp, layer.format.isVideo { layer.throttle.want() }
            if !askedList.isEmpty, layer.source.section.hasNACK {
                control(seat) { $0.nack(from: seat.reporter, of: layer.ssrc, askedList[...]) }
            }
        }
        if layer.throttle.isWanted {
            isBusy = true
            guard layer.isLive(at: now), layer.throttle.isDue(at: now, roundTrip: layer.missing.roundTrip) else {
                return
            }
            control(seat) { $0.pictureLoss(from: seat.reporter, of: layer.ssrc) }
        }
    }

    /// Writes one packet of RTCP to a seat.
    func control(_ seat: Seat, _ write: (inout ControlWriter) -> Bool) {
        guard seat.isOpen else { return }
        var writer = ControlWriter(UnsafeMutableRawBufferPointer(rebasing: outbox.room()[..<1_200]))
        guard write(&writer), writer.count > 0 else { return }
        outbox.post(writer.count, to: seat.line, isControl: true)
    }
}
