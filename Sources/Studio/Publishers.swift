// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS
public import Media

// Who publishes, and what they send.

extension Broadcast {
    mutating func knock(_ caller: PublisherNumber, _ isKeyGood: Bool, _ program: String) {
        guard isKeyGood, !isClosed else {
            refused += 1
            give(.refuse(caller, isKeyGood ? .closed : .wrongKey))
            return isKeyGood ? () : note(.wrongKey)
        }
        if let old = publisher {
            guard plan.second == .takeOver else {
                refused += 1
                give(.refuse(caller, .taken))
                return note(.secondPublisher)
            }
            publisher = nil
            give(.dismiss(old, .replaced))
            beginAnew()
        }
        if opened != nil, awaySince != nil { interruptions += 1 }
        publisher = caller
        state.line = nil
        (state.publisher, state.receivingSince) = (program, wall.milliseconds)
        (awaySince, ended) = (nil, nil)
        faults.clear(Fault.publisherAway.code)
        beginAnew()
        give(.accept(caller))
        if preview != nil {
            give(.receiving(.preview, true))
            present(.begin(publication: word()), on: .preview)
        }
        if wantsOnAir { give(.receiving(.program, true)) }
    }

    private mutating func beginAnew() {
        formats = Formats()
        (known, said) = ([], [:])
        meters.clear()
        (lastSample, lastPicture, silentSince, loudSince) = (nil, nil, nil, nil)
        if showing == .publisher {
            showing = .nothing
            present(.leave, on: .program)
        }
    }

    /// Lets the publisher go, for a reason of ours.
    mutating func dismiss(_ rejection: Rejection) {
        guard let publisher else { return }
        give(.dismiss(publisher, rejection))
        leave(nil)
    }

    mutating func leave(_ broke: String?) {
        publisher = nil
        awaySince = (now, wall)
        (state.publisher, state.receivingSince, state.line) = ("", nil, nil)
        if let broke { note(.publisherBroke(broke)) }
        if !isClosed { note(.publisherAway) }
        beginAnew()
        present(.leave, on: .preview)
        give(.receiving(.preview, false))
        if !wantsOnAir || clips.isEmpty { give(.receiving(.program, false)) }
    }

    // MARK: What a publisher sends

    mutating func hear(_ signal: Signal) {
        switch signal {
        case .trackEnded(let track):
            let source = Formats.source(track)
            known.removeAll { $0.source == source }
            if showing == .publisher { present(.lost(source), on: .program) }
        case .configuration(let track, let codec, let bytes):
            learn(formats.configuration(track, codec, bytes))
            guard !track.isMade, said[track] != signal else { return }
            said[track] = signal
            guard showing == .publisher else { return }
            kinds?.insert(track.kind)
            guard isMain(track) else { return }
            for signal in splice.configure(signal) { give(.program(signal)) }
        case .sample(let sample): take(sample)
        case .jump(let milliseconds):
            meters.jump()
            if showing == .publisher { splice.jump() }
            note(.clockJumped(milliseconds: milliseconds))
            present(.jump, on: .preview)
            if showing == .publisher { present(.jump, on: .program) }
        case .unknown(_, let name):
            state.drops += 1
            note(.unknownCodec(name))
        }
    }

    private mutating func take(_ sample: Media.Sample) {
        let isMade = sample.track.isMade
        if !isMade {
            meters.sample(sample, at: now)
            lastSample = now
            if sample.track.kind == .video { lastPicture = now }
        }
        learn(formats.keyFrame(sample))
        let input = Presentation.Input.sample(Formats.source(sample.track), Formats.converted(sample))
        let isMain = !isMade && isMain(sample.track)
        if isMain { present(input, on: .preview) }
        if showing != .publisher, isEntrance(sample) { enter() }
        guard showing == .publisher else { return }
        present(input, on: .program)
        guard isMain else { return }
        lastShown = now
        for signal in splice.place(sample) { give(.program(signal)) }
    }

    /// Whether a track is the picture or the sound that the publisher means when it says nothing: its first.
    private func isMain(_ track: TrackID) -> Bool {
        !known.contains { $0.source.isPicture == (track.kind == .video) && $0.source.number < track.number }
    }

    private mutating func learn(_ learnt: Formats.Learnt?) {
        switch learnt {
        case .format(let source, let format)?:
            known.removeAll { $0.source == source }
            known.append((source, format))
            let input = self.format(source, format)
            let track = TrackID(source.isPicture ? .video : .audio, source.number)
            if !track.isMade, isMain(track) { present(input, on: .preview) }
            if showing == .publisher { present(input, on: .program) }
        case .unusable(let violation)?:
            state.drops += 1
            note(.unusable(violation.reason))
        case nil: break
        }
    }

    /// A track's format, with what the plan calls it.
    private func format(_ source: Source, _ format: FMP4.Track.Format) -> Presentation.Input {
        let sound = source.isPicture ? nil : plan.sounds.first { $0.number == source.number }
        return .format(source, format, language: sound?.listedLanguage ?? "", name: sound?.listedName ?? "")
    }

    /// Whether the audience's picture can change to the publisher's at this sample.
    private func isEntrance(_ sample: Media.Sample) -> Bool {
        guard wantsOnAir, forced == nil, !isClosed, sample.isKey else { return false }
        let first = known.map(\.source).min()
        return first == Formats.source(sample.track)
    }

    /// The publisher is what the audience has from now on.
    private mutating func enter() {
        if case .slate = showing {
            showMore()
            ahead = reel?.ahead(of: now) ?? 0
        }
        showing = .publisher
        // A connection that had stalled is away no more.
        faults.clear(Fault.publisherAway.code)
        reel = nil
        kinds = Set(said.keys.map(\.kind))
        splice.change(to: said.sorted { $0.key < $1.key }.filter { isMain($0.key) }.map(\.value))
        give(.shows(publisher: true))
        present(.begin(publication: word()), on: .program)
        let rungs = awaitedRungs
        if !rungs.isEmpty { present(.expect(rungs, milliseconds: 5_000), on: .program) }
        for one in known { present(format(one.source, one.format), on: .program) }
        curve.start(at: wall)
        guard opened == nil else { return }
        opened = wall
        if !plan.isTest { give(.opened(wall)) }
        for text in state.markers { tellMark(text) }
    }

    /// What a ladder makes of this publisher's picture: nothing that is as large.
    private var awaitedRungs: [Source] {
        let pictures = known.filter { $0.source.isPicture && $0.source.number < TrackID.firstMade }
        guard case .video(let picture)? = pictures.min(by: { $0.source < $1.source })?.format else { return [] }
        return plan.rungs.filter { $0.shortSide.map { $0 < min(picture.width, picture.height) } ?? false }
            .compactMap(\.track).map(Formats.source)
    }

    /// Names are never used twice, not even after the program was started anew: the world's clock is in them.
    mutating func word() -> String {
        publications += 1
        return String(wall.milliseconds, radix: 36) + "n" + String(publications, radix: 36)
    }

    // MARK: Presentations

    /// At `wall`, if that is not now.
    mutating func present(_ input: Presentation.Input, on side: Side, at wall: WallTime? = nil) {
        let wall = wall ?? self.wall
        switch side {
        case .program:
            program.take(input, at: wall)
            while case .tell(let news) = program.next() { hear(news, side) }
        case .preview:
            guard preview != nil else { return }
            preview?.take(input, at: wall)
            while case .tell(let news)? = preview?.next() { hear(news, side) }
        }
    }

    private mutating func hear(_ news: Presentation.News, _ side: Side) {
        switch news {
        case .trouble(_, let trouble) where side == .program || preview == nil || showing != .publisher: note(trouble)
        case .trouble: break
        case .unlisted: if side == .program { note(.tooManyTracks) }
        case .playlist(_, let playlist):
            if side == .program { audience.patienceMilliseconds = playlist.edge.targetSeconds * 3_000 }
            give(.tell(side, news))
        default: give(.tell(side, news))
        }
    }

    private mutating func note(_ trouble: Packager.Trouble) {
        switch trouble {
        case .soundGap, .soundAhead, .unusable: state.drops += 1
        case .keyFramesTooFar, .pictureTooLong: break
        }
        // What was measured of the encoder says more than where a segment had to be cut.
        if case .keyFramesTooFar(let milliseconds) = trouble {
            note(Fault(.keyFramesTooFar(milliseconds: max(milliseconds, meters.keyFrameMilliseconds ?? 0))))
        } else {
            note(Fault(trouble))
        }
    }
}

extension TrackID {
    /// Tracks from this number on are made here, not sent by the publisher.
    static let firstMade: UInt8 = 101

    /// Whether it is made here.
    var isMade: Bool { number >= TrackID.firstMade }
}

extension Plan.Rung {
    /// The picture's shorter side in pixels; nil for sound alone, which needs no encoder.
    public var shortSide: Int? {
        switch self {
        case .p1080: 1_080
        case .p720: 720
        case .p480: 480
        case .p240: 240
        case .sound: nil
        }
    }

    /// The track that a rung made here comes back as; nil for the sound alone, which is listed without being made.
    public var track: TrackID? {
        switch self {
        case .p1080: TrackID(.video, 101)
        case .p720: TrackID(.video, 102)
        case .p480: TrackID(.video, 103)
        case .p240: TrackID(.video, 104)
        case .sound: nil
        }
    }
}

extension Fault {
    /// What the packager calls trouble.
    init(_ trouble: Packager.Trouble) {
        switch trouble {
        case .keyFramesTooFar(let milliseconds): self = .keyFramesTooFar(seconds: (milliseconds + 999) / 1_000)
        case .pictureTooLong: self = .pictureTooLong
        case .soundGap(let milliseconds): self = .soundGap(milliseconds: milliseconds)
        case .soundAhead: self = .soundAhead
        case .unusable(let violation): self = .unusable(violation.reason)
        }
    }
}
