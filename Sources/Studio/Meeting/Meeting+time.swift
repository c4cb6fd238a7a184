// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP
import SDP

extension Meeting {
    /// What people want.
    public func take(_ order: MeetingOrder, at now: Tick) {
        advance(now)
        forwardRun()
        switch order {
        case .watch(let id, let wishes):
            guard let seat = find(id) else { return }
            seat.wishes = Array(wishes.prefix(256))
            seat.isDirty = true
            hasDirty = true
        case .mute(let id, let isMuted):
            guard let source = find(id), source.isMuted != isMuted else { return }
            source.isMuted = isMuted
            if isMuted {
                for layer in source.layers { layer.missing.forget() }
            } else {
                for layer in source.layers where layer.format.isVideo { layer.throttle.want() }
                isBusy = true
                source.comeBack()
            }
            for slot in source.slots { slot.seat.isDirty = true }
            hasDirty = true
        case .screen(let id, let isScreen):
            find(id)?.isScreen = isScreen
            reconsider()
        case .keyFrame(let id):
            guard let source = find(id) else { return }
            for layer in source.layers where layer.format.isVideo { layer.throttle.want() }
            isBusy = true
        case .lastN(let count):
            lastN = count.map { max(0, $0) }
            reconsider()
        case .place(let id, let party, let group): place(id, party, group)
        case .tap(let id, let isOn):
            guard let source = find(id) else { return }
            source.tapCount = max(0, source.tapCount + (isOn ? 1 : -1))
            guard isOn else { return }
            source.layers.last?.throttle.want()
            isBusy = true
        }
    }

    // MARK: Voices

    func hear(_ level: AudioLevel, _ source: Feed) {
        guard source.isMuted else {
            let group = source.seat.group
            if group == 0 { return speaker.hear(level, from: source.id, at: now) }
            return groupSpeakers[group, default: SpeakerWatch()].hear(level, from: source.id, at: now)
        }
        // Once in half a minute: the page says that nobody hears it.
        let isSpeech = level.isVoice && level.decibelsBelow < 45
        guard isSpeech, source.mutedSpeechAt.map({ now - $0 > 30_000_000 }) ?? true else { return }
        source.mutedSpeechAt = now
        outputs.append(.tell(.speaksMuted(source.id)))
    }

    func watchSpeakers() {
        if speaker.judge(at: now) { tellSpeaker(of: 0) }
        for group in groupSpeakers.keys where groupSpeakers[group]?.judge(at: now) ?? false { tellSpeaker(of: group) }
    }

    private func tellSpeaker(of group: UInt32) {
        let current = speakers(of: group).current
        outputs.append(.tell(group == 0 ? .speaker(current) : .groupSpeaker(current, group: group)))
        for seat in present where seat.isOpen && seat.group == group { seat.isDirty = true }
        hasDirty = true
    }

    /// Who speaks where a seat of this group is.
    func speakers(of group: UInt32) -> SpeakerWatch { group == 0 ? speaker : groupSpeakers[group] ?? SpeakerWatch() }

    /// A source's voice is not heard any more where it was.
    func fallSilent(_ source: Feed) {
        let group = source.seat.group
        let hasSpoken = group == 0 ? speaker.leave(source.id) : groupSpeakers[group]?.leave(source.id) ?? false
        if hasSpoken { tellSpeaker(of: group) }
    }

    private func place(_ id: SeatID, _ party: UInt32, _ group: UInt32) {
        guard let seat = find(id), seat.party != party || seat.group != group else { return }
        if seat.group != group { for source in seat.sources { fallSilent(source) } }
        let former = seat.group
        (seat.party, seat.group) = (party, group)
        if former != 0, group == 0 { for source in seat.sources { source.comeBack() } }
        if former != 0, !present.contains(where: { $0.group == former }) { groupSpeakers[former] = nil }
        reconsider()
    }

    // MARK: Probes

    /// Asks whether the way to a viewer carries more, when more is wanted.
    func probe(_ seat: Seat) {
        guard seat.outgoingTransport != 0, !seat.slots.isEmpty else { return }
        if seat.estimator.probe == nil {
            guard seat.estimator.beginProbe(wanted: seat.wanted, at: now) != nil else { return }
            seat.pacer.rate = paceRate(seat)
        }
        guard let probe = seat.estimator.probe else { return }
        // What waits goes first, and counts; padding is what is still missing.
        let last = seat.probing.flatMap { $0.cluster == probe.cluster ? $0 : nil }
        let elapsed = last.map { min(now - $0.at, 15_000) } ?? 5_000
        guard elapsed > 0 else { return }
        let share = max(last == nil ? 600 : 0, probe.rate * elapsed / 8_000_000)
        let missing = share - (seat.sentBytes - (last?.sent ?? seat.sentBytes))
        if missing > 0, !seat.isWaiting, seat.pad(missing, to: outbox, at: now) == 0 { seat.estimator.giveUpProbe() }
        seat.probing = (probe.cluster, now, seat.sentBytes)
        if seat.estimator.probe == nil { seat.pacer.rate = paceRate(seat) }
    }

    // MARK: Once a second

    func everySecond() {
        for seat in present where seat.isOpen {
            report(to: seat)
            report(publisher: seat)
            if !seat.sources.isEmpty, seat.incomingTransport == 0 { sayEstimate(seat) }
        }
        for source in sources {
            source.sort(at: now)
            tellWanted(source)
        }
    }

    /// Sender reports for what a viewer gets: sound and picture of one publisher on our clock, so that they stay together.
    private func report(to seat: Seat) {
        for slot in seat.slots where slot.packetCount > 0 {
            guard let source = slot.source, let offset = source.clockOffset,
                let timestamp = slot.timestamp(atPublisher: now.microseconds - offset)
            else { continue }
            let report = SenderReport(
                ssrc: slot.ssrc, ntp: Meeting.ntp(now), timestamp: timestamp, packetCount: slot.packetCount,
                byteCount: slot.byteCount)
            control(seat) { $0.senderReport(report) && $0.description(of: slot.ssrc, cname: "sanyan") }
        }
    }

    private func report(publisher seat: Seat) {
        blocks.removeAll(keepingCapacity: true)
        for route in seat.routes where !route.isRepair && route.layer.numbers.highest != nil {
            let layer = route.layer
            blocks.append(layer.reception.block(ssrc: layer.ssrc, highest: layer.newest, at: now))
        }
        guard !blocks.isEmpty else { return }
        control(seat) { $0.receiverReport(from: seat.reporter, blocks.prefix(31)) }
    }

    /// A publisher without transport-wide feedback is told what may come: all that we would take, less what is lost.
    private func sayEstimate(_ seat: Seat) {
        let streams = seat.routes.filter { !$0.isRepair }.map(\.ssrc)
        guard !streams.isEmpty else { return }
        let rate = UInt64(max(1_000_000, min(6_000_000, seat.incomingRate.bitsPerSecond(at: now) * 2)))
        control(seat) { $0.estimate(from: seat.reporter, bitsPerSecond: rate, of: streams[...]) }
    }

    /// Encodings that some tile could show; the publisher's page switches the others off, and saves its line.
    private func tellWanted(_ source: Feed) {
        guard source.isVideo, source.section.rids.count > 1, source.isTold else { return }
        var most = -1
        for slot in source.slots {
            let heights = source.layers.enumerated().map { index, layer in
                layer.height ?? (720 >> (source.layers.count - 1 - index))
            }
            let enough = heights.firstIndex { $0 >= slot.heightLimit } ?? heights.count - 1
            most = max(most, enough)
        }
        if source.tapCount > 0 { most = source.layers.count - 1 }
        let wanted = most < 0 ? [] : source.layers.prefix(most + 1).map(\.rid).sorted()
        guard wanted != source.wanted, source.layers.count > 1 || source.wanted != nil else { return }
        source.wanted = wanted
        outputs.append(.tell(.wanted(source.id, wanted)))
    }
}
