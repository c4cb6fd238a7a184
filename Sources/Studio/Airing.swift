// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS
import Media

// What the audience has: the publisher, a slate, or nothing; and what the officer wants.

extension Broadcast {
    /// A publisher that sends nothing for so long is away, whatever its connection says.
    static let patienceMilliseconds: Int64 = 1_500
    /// One that sends sound without its picture for so long is away, too.
    static let picturePatienceMilliseconds: Int64 = 5_000
    /// So long nothing is shown before the slate is.
    static let slateMilliseconds: Int64 = 1_000

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
        case .meeting, .closeMeeting, .admitAll, .lockMeeting, .recordMeeting, .airMeeting, .composeMeeting,
            .eraseMeeting, .withdrawMeeting, .forgetMeeting:
            break
        }
    }

    mutating func change(to plan: Plan) {
        // A key that is no longer good drops whoever came in by it; which key that was is not known here.
        let isRevoked =
            Set(plan.keyHashes) != Set(self.plan.keyHashes)
            && !plan.keyHashes.contains { self.plan.keyHashes.contains($0) }
        let endsTrial = self.plan.isTest && !plan.isTest
        if plan.airsAtOnce != self.plan.airsAtOnce {
            if plan.airsAtOnce { wantsOnAir = true } else if opened == nil { wantsOnAir = false }
            if !plan.airsAtOnce, preview == nil { preview = Presentation(configuration: .campus) }
        }
        self.plan = plan
        conversation.mode = plan.talk
        if isRevoked { dismiss(.revoked) }
        if endsTrial { forgetTrial() }
    }

    /// The occasion begins as if there had been no trial: off air, nothing counted, nothing written.
    private mutating func forgetTrial() {
        wantsOnAir = plan.airsAtOnce
        forced = nil
        (reel, lastShown, ahead, kinds) = (nil, nil, 0, nil)
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
        if showing == .publisher, isSilent, clips[.backSoon] != nil {
            note(.publisherAway)
            leaveAir()
        }
        guard let slate = wantedSlate else {
            if case .slate = showing { leaveAir() }
            return
        }
        guard showing != .slate(slate) else { return showMore() }
        guard showing != .publisher || forced != nil, let clip = clips[slate] else { return }
        if case .slate = showing { leaveAir() }
        begin(slate, clip)
    }

    /// Whether a publisher that is connected sends nothing, or sound without its picture.
    private var isSilent: Bool {
        func isOld(_ instant: Instant?, _ milliseconds: Int64) -> Bool {
            instant.map { now.milliseconds - $0.milliseconds >= milliseconds } ?? false
        }
        return isOld(lastSample, Broadcast.patienceMilliseconds)
            || isOld(lastPicture, Broadcast.picturePatienceMilliseconds)
    }

    /// The slate that ought to be shown, if the publisher's picture is not.
    private var wantedSlate: Slate? {
        guard !isClosed else { return nil }
        if let forced { return wantsOnAir || opened != nil ? forced : nil }
        // Before the first picture there is the poster; after it the audience never looks at nothing. Alone, and away
        // for so long that it counts as over, the audience need not wait.
        guard opened != nil, ended == nil, showing != .publisher else { return nil }
        // What is shown stays until the publisher's key frame, which is near if it sends.
        if case .slate(let slate) = showing, publisher != nil, wantsOnAir, !isSilent { return slate }
        if case .slate = showing { return .backSoon }
        let quiet = now.milliseconds - (lastShown ?? now).milliseconds
        return quiet >= Broadcast.slateMilliseconds ? .backSoon : nil
    }

    private mutating func begin(_ slate: Slate, _ clip: Clip) {
        showing = .slate(slate)
        // It goes on where the publisher left off, so that the audience's clock loses nothing.
        let gone = lastShown.map { now.milliseconds - $0.milliseconds } ?? 0
        let start = gone < Broadcast.picturePatienceMilliseconds + 1_000 ? lastShown?.later(by: ahead) ?? now : now
        reel = Reel(clip, kinds: kinds, at: start)
        give(.receiving(.program, true))
        give(.shows(publisher: false))
        present(.begin(publication: word(), fills: opened != nil), on: .program)
        var formats = Formats()
        var said: [Signal] = []
        for case .configuration(let track, let codec, let bytes) in clip.signals
        where kinds?.contains(track.kind) ?? true {
            said.append(.configuration(track, codec, bytes))
            guard case .format(let source, let format)? = formats.configuration(track, codec, bytes) else { continue }
            present(.format(source, format, language: ""), on: .program)
        }
        splice.change(to: said)
        showMore()
    }

    /// What of the slate is due by now.
    mutating func showMore() {
        guard let due = reel?.due(at: now) else { return }
        for (sample, instant) in due {
            let wall = WallTime(milliseconds: wall.milliseconds + instant.milliseconds - now.milliseconds)
            present(.sample(Formats.source(sample.track), Formats.converted(sample)), on: .program, at: wall)
            for signal in splice.place(sample) { give(.program(signal)) }
        }
    }

    /// A marker that comes before the audience has had a picture is kept for the first one.
    private mutating func mark(_ text: String) {
        let text = String(text.prefix(200))
        guard !text.isEmpty, !isClosed, state.markers.count < 500 else { return }
        state.markers.append(text)
        if opened != nil { tellMark(text) }
    }

    mutating func tellMark(_ text: String) {
        marks += 1
        let id = "m\(marks)"
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
        reel = nil
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
