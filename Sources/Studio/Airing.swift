// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS
import Media

// What the audience has: the publisher, a slate, or nothing; and what the officer wants.

extension Broadcast {
    /// A publisher that sends nothing for so long is away, whatever its connection says.
    static let patienceMilliseconds: Int64 = 1_500

    mutating func obey(_ order: Order) {
        switch order {
        case .air(_, let isOn):
            wantsOnAir = isOn
            if isOn, publisher != nil { give(.receiving(.program, true)) }
            if !isOn, showing == .publisher { leaveAir() }
        case .slate(_, let slate):
            forced = slate
            if slate != nil, showing == .publisher { leaveAir() }
        case .mark(_, let text): mark(text)
        case .caption(_, let text): caption(text)
        case .drop: dismiss(.dropped)
        case .judge(_, let remark, let verdict): tell(conversation.judge(remark, verdict))
        case .say(_, let text): tell(conversation.say(text, wall: wall))
        case .close: close()
        case .put, .trim, .erase, .report: break
        }
    }

    mutating func change(to plan: Plan) {
        // A key that is no longer good drops whoever came in by it; which key that was is not known here.
        let isRevoked =
            Set(plan.keyHashes) != Set(self.plan.keyHashes)
            && !plan.keyHashes.contains { self.plan.keyHashes.contains($0) }
        let endsTrial = self.plan.isTest && !plan.isTest
        self.plan = plan
        conversation.mode = plan.talk
        if isRevoked { dismiss(.revoked) }
        if endsTrial { forgetTrial() }
    }

    /// The occasion begins as if there had been no trial: off air, nothing counted, nothing written.
    private mutating func forgetTrial() {
        wantsOnAir = plan.airsAtOnce
        forced = nil
        loop = nil
        if showing != .nothing { leaveAir() }
        (opened, ended, interruptions) = (nil, nil, 0)
        (curve, audience, conversation) = (Curve(), Audience(), Conversation(plan.talk))
        (state.markers, state.drops) = ([], 0)
    }

    private mutating func leaveAir() {
        showing = .nothing
        present(.leave, on: .program)
    }

    /// Sees to it that the audience has something.
    mutating func steer() {
        if showing == .publisher, let lastSample,
            now.milliseconds - lastSample.milliseconds >= Broadcast.patienceMilliseconds
        {
            note(.publisherAway)
            leaveAir()
        }
        guard let slate = wantedSlate else {
            if case .slate = showing { leaveAir() }
            return
        }
        guard showing != .slate(slate) else { return loopOn() }
        guard showing != .publisher || forced != nil, let clip = clips[slate] else { return }
        if case .slate = showing { leaveAir() }
        begin(slate, clip)
    }

    /// The slate that ought to be shown, if the publisher's picture is not.
    private var wantedSlate: Slate? {
        guard !isClosed else { return nil }
        if let forced { return wantsOnAir || opened != nil ? forced : nil }
        // Before the first picture there is the poster; after it the audience never looks at nothing.
        guard opened != nil, showing != .publisher else { return nil }
        if let awaySince, now.milliseconds - awaySince.now.milliseconds < 1_000 {
            return showing == .slate(.backSoon) ? .backSoon : nil
        }
        // Alone, and away for so long that it counts as over: the audience need not wait.
        return ended == nil ? .backSoon : nil
    }

    private mutating func begin(_ slate: Slate, _ clip: Clip) {
        showing = .slate(slate)
        loop = Loop(clip, at: now)
        splice.change()
        give(.receiving(.program, true))
        present(.begin(publication: word(), fills: opened != nil), on: .program)
        var formats = Formats()
        for case .configuration(let track, let codec, let bytes) in clip.signals {
            splice.configuration(track, codec, bytes)
            guard case .format(let source, let format)? = formats.configuration(track, codec, bytes) else { continue }
            present(.format(source, format, language: ""), on: .program)
        }
        loopOn()
    }

    private mutating func loopOn() {
        guard let samples = loop?.due(at: now) else { return }
        for sample in samples {
            present(.sample(Formats.source(sample.track), Formats.converted(sample)), on: .program)
            guard let placed = splice.place(sample) else { continue }
            for configuration in placed.configurations { give(.program(configuration)) }
            give(.program(.sample(placed.sample)))
        }
    }

    private mutating func mark(_ text: String) {
        let text = String(text.prefix(200))
        guard !text.isEmpty, opened != nil, !isClosed, state.markers.count < 500 else { return }
        state.markers.append(text)
        let id = "m\(state.markers.count)"
        present(
            .mark(DateRange(id: id, kind: "th.sanyan.marker", start: wall, attributes: [("X-TITLE", text)])),
            on: .program)
        give(.marker(at: wall, text: text))
    }

    private mutating func caption(_ text: String) {
        let text = String(text.prefix(500))
        guard !text.isEmpty, !isClosed else { return }
        present(.caption(text), on: .program)
        give(.caption(at: wall, text: text))
    }

    private mutating func close() {
        guard !isClosed else { return }
        isClosed = true
        if let publisher { give(.dismiss(publisher, .closed)) }
        if publisher != nil { leave(nil) }
        showing = .nothing
        loop = nil
        present(.end, on: .program)
        present(.end, on: .preview)
        faults.clear(Fault.publisherAway.code)
        curve.stop()
        audience.tally(at: now)
        if opened != nil, ended == nil {
            ended = wall
            if !plan.isTest { give(.ended(wall)) }
        }
    }
}

/// A clip that is being shown, over and over, in real time.
struct Loop: Sendable {
    static let stepMilliseconds: Int64 = 100
    /// It is given a little before it is due, so that no part comes late.
    private static let leadMicroseconds: Int64 = 150_000

    private let clip: Clip
    private let start: Instant
    private let samples: [Media.Sample]
    private var place = 0
    private var turn: Int64 = 0

    init(_ clip: Clip, at now: Instant) {
        (self.clip, start) = (clip, now)
        samples = clip.signals.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
    }

    /// What must be shown until now, its time counted from the first turn's beginning.
    mutating func due(at now: Instant) -> [Media.Sample] {
        guard !samples.isEmpty, clip.microseconds > 0 else { return [] }
        let until = (now.milliseconds - start.milliseconds) * 1_000 + Loop.leadMicroseconds
        var due: [Media.Sample] = []
        // After a long sleep the clock goes on from here; a second is enough to catch up with.
        while due.count < 1_000 {
            var sample = samples[place]
            sample.microseconds += turn * clip.microseconds
            guard sample.microseconds <= until else { break }
            due.append(sample)
            place += 1
            if place == samples.count { (place, turn) = (0, turn + 1) }
        }
        return due
    }
}

/// Puts one source after another on one clock that never jumps, for those who send the broadcast on.
struct Splice: Sendable {
    private var configurations: [TrackID: Signal] = [:]
    private var offset: Int64?
    private var end: Int64 = 0
    private var isNew = true

    mutating func configuration(_ track: TrackID, _ codec: Codec, _ bytes: ArraySlice<UInt8>) {
        configurations[track] = .configuration(track, codec, bytes)
    }

    /// Another source follows: its configurations come first, then a key frame.
    mutating func change() { (offset, isNew) = (nil, true) }

    /// The same source goes on at another time.
    mutating func jump() { offset = nil }

    /// Where a sample comes; nil for what cannot begin a source.
    mutating func place(_ sample: Media.Sample) -> (configurations: [Signal], sample: Media.Sample)? {
        let hasPicture = configurations.keys.contains { $0.kind == .video }
        if isNew {
            guard sample.isKey, sample.track.kind == .video || !hasPicture else { return nil }
        }
        let shift = offset ?? end - sample.microseconds
        offset = shift
        var sample = sample
        sample.microseconds += shift
        // A track that lags behind the picture that began may reach back before it.
        guard sample.microseconds >= 0 else { return nil }
        end = max(end, sample.microseconds + 33_000)
        defer { isNew = false }
        return (isNew ? configurations.sorted { $0.key < $1.key }.map(\.value) : [], sample)
    }
}
