// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Studio

/// Takes from a meeting what goes on air: pictures of its sources as they came, and its loudest voices. Nobody in the
/// meeting waits for it. Lives on the room's loop.
final class MeetingAir: Tapper {
    /// What came, for whoever carries it to the broadcast.
    enum Heard: Sendable {
        /// A picture of a source.
        case picture(SourceID, CodedFrame)
        /// A voice, in one of the bus's channels.
        case voice(Int, CodedFrame)
        /// Which sources are shown, the most important first, each with the name under it.
        case shown([Shown])
    }

    /// A source that is shown.
    struct Shown: Hashable, Sendable {
        var source: SourceID
        var format: PayloadFormat
        var isScreen: Bool
        var name: String
    }

    /// An audience begins at a key frame, and browsers send none unasked.
    private static let keyFrameMicroseconds: Int64 = 1_500_000
    /// Who speaks is shown for so long at least.
    private static let dwellMicroseconds: Int64 = 4_000_000
    /// The engine's own clock, as its sender reports have it, begins here (`Meeting.ntp`).
    private static let reportEpoch: Int64 = 3_900_000_000_000_000
    /// Pictures at once, at most.
    static let mostShown = 9

    /// How it is laid out.
    let layout: FilmLayout
    private let preferred: SourceID?
    private let hear: @Sendable ([Heard]) -> Void
    private unowned let room: MeetingRoom
    private unowned let port: MeetingPort
    private var line: UInt32?
    private var voices = (0..<SoundBus.channelCount).map { _ in TrackEar() }
    private var pictures: [SourceID: TrackEar] = [:]
    private var shown: [Shown] = []
    private var speaker: SourceID?
    private var heard: [Heard] = []
    private var askedAt: Tick
    private var turnedAt: Tick

    /// What goes on air from now on; `preferred` is shown alone, or largest, for as long as it is there.
    init(
        _ layout: FilmLayout, preferring preferred: SourceID?, of room: MeetingRoom, _ port: MeetingPort,
        at now: Tick, hear: @escaping @Sendable ([Heard]) -> Void
    ) {
        (self.layout, self.preferred, self.room, self.port, self.hear) = (layout, preferred, room, port, hear)
        (askedAt, turnedAt) = (now, Tick(microseconds: now.microseconds - MeetingAir.dwellMicroseconds))
        let line = port.lend { [unowned self] in listen($0, $1) }
        self.line = line
        let listener = Negotiated(
            fragment: "", password: "", fingerprint: [],
            sections: (0..<SoundBus.channelCount).map { MeetingAir.section($0) })
        if let seat = room.seat(listener, line: line, at: now) { room.meeting.opened(seat, at: now) }
        choose(at: now)
    }

    /// It is over.
    func end(at now: Tick) {
        if let line {
            room.unseat(line: line, at: now)
            port.takeBack(line)
        }
        line = nil
        for source in pictures.keys { room.meeting.take(.tap(source, false), at: now) }
        pictures = [:]
    }

    // MARK: Voices

    /// A channel of the bus: the plainest agreement there is.
    private static func section(_ channel: Int) -> NegotiatedSection {
        var section = NegotiatedSection(mid: "\(channel)", isVideo: false)
        section.direction = .sendonly
        section.isRefused = false
        section.codings = [Coding(format: .opus, payloadType: 111)]
        section.ours = NegotiatedSection.Stream(ssrc: UInt32(channel + 1))
        return section
    }

    private var reports = [TappedPacket.Report?](repeating: nil, count: SoundBus.channelCount)

    private func listen(_ bytes: UnsafeRawBufferPointer, _ isControl: Bool) {
        guard !isControl else { return takeReports(bytes) }
        guard let packet = Packet(bytes), 1...SoundBus.channelCount ~= Int(packet.ssrc) else { return }
        let channel = Int(packet.ssrc) - 1
        let now = Clock.tick()
        let tapped = TappedPacket(
            source: SourceID(packet.ssrc), stream: packet.ssrc, format: .opus, report: reports[channel],
            clockOffset: -MeetingAir.reportEpoch)
        voices[channel].take(tapped, bytes, at: now)
        while let output = voices[channel].next() {
            if case .frame(let frame) = output { heard.append(.voice(channel, frame)) }
        }
    }

    private func takeReports(_ bytes: UnsafeRawBufferPointer) {
        var reader = ControlReader(bytes)
        while let control = reader.next() {
            guard case .senderReport(let report, _) = control, 1...SoundBus.channelCount ~= Int(report.ssrc) else {
                continue
            }
            let micros = Int64(report.ntp >> 32) * 1_000_000 + Int64((report.ntp & 0xFFFF_FFFF) * 1_000_000 >> 32)
            reports[Int(report.ssrc) - 1] = .init(microseconds: micros, timestamp: report.timestamp)
        }
    }

    // MARK: Pictures

    func take(_ tapped: TappedPacket, _ bytes: UnsafeRawBufferPointer, at now: Tick) {
        guard pictures[tapped.source] != nil else { return }
        pictures[tapped.source]?.take(tapped, bytes, at: now)
        drain(tapped.source, at: now)
    }

    private func drain(_ source: SourceID, at now: Tick) {
        while let output = pictures[source]?.next() {
            switch output {
            case .frame(let frame): heard.append(.picture(source, frame))
            case .wantsKeyFrame: room.meeting.take(.keyFrame(source), at: now)
            case .missing: break
            }
        }
    }

    func learn(_ news: MeetingNews) {
        let now = Clock.tick()
        switch news {
        case .began, .ended: choose(at: now)
        case .speaker(let source):
            if let source { speaker = source }
            choose(at: now)
        case .slots, .wanted, .speaksMuted, .groupSpeaker: break
        }
    }

    func settle(at now: Tick) {
        for source in pictures.keys {
            pictures[source]?.time(at: now)
            drain(source, at: now)
        }
        for channel in voices.indices { voices[channel].time(at: now) }
        if now - askedAt >= MeetingAir.keyFrameMicroseconds {
            askedAt = now
            for source in pictures.keys { room.meeting.take(.keyFrame(source), at: now) }
            choose(at: now)
        }
        guard !heard.isEmpty else { return }
        hear(heard)
        heard.removeAll(keepingCapacity: true)
    }

    /// Whose something is became known.
    func renew(at now: Tick) { choose(at: now) }

    /// Screens first, then who was chosen, who speaks, and who came first.
    private func choose(at now: Tick) {
        // What is said and shown in a group is nobody else's, and what is off stands still nowhere.
        let publishing = room.meeting.publishing.filter { $0.group == 0 && !$0.isMuted }
        let speaking = publishing.first { $0.source == speaker }?.seat
        let ranked = publishing.filter(\.format.isVideo).map { facts in
            let owner = room.whose(facts)
            let isScreen = owner?.kind == .screen
            let rank = facts.source == preferred ? 0 : isScreen ? 1 : facts.seat == speaking ? 2 : 3
            return (
                rank,
                Shown(
                    source: facts.source, format: facts.format, isScreen: isScreen,
                    name: owner?.name ?? "")
            )
        }
        let wanted = ranked.sorted { ($0.0, $0.1.source) < ($1.0, $1.1.source) }.map(\.1)
        let most = layout == .one ? 1 : MeetingAir.mostShown
        var fresh = Array(wanted.prefix(most))
        // Who is there stays for a while, though somebody else speaks.
        if let first = shown.first, wanted.contains(first), fresh.first != first,
            now - turnedAt < MeetingAir.dwellMicroseconds
        {
            fresh.removeAll { $0 == first }
            fresh = Array(([first] + fresh).prefix(most))
        }
        guard fresh != shown else { return }
        if fresh.first != shown.first { turnedAt = now }
        shown = fresh
        tap(Set(fresh.map(\.source)), at: now)
        heard.append(.shown(fresh))
    }

    private func tap(_ wanted: Set<SourceID>, at now: Tick) {
        for source in pictures.keys where !wanted.contains(source) {
            room.meeting.take(.tap(source, false), at: now)
            pictures[source] = nil
        }
        for source in wanted where pictures[source] == nil {
            pictures[source] = TrackEar()
            room.meeting.take(.tap(source, true), at: now)
        }
    }
}
