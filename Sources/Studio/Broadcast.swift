// SPDX-License-Identifier: Apache-2.0
import FMP4
public import HLS
public import Media

/// One broadcast: who publishes, what the audience has of it, who is watching, and how it went.
///
/// After every `take`, ask `next` until it answers `.wake`.
public struct Broadcast: Sendable {
    /// One thing that happened.
    public enum Input: Sendable {
        /// A publisher wants in. The wire has compared its key.
        case knock(PublisherNumber, isKeyGood: Bool)
        /// What a publisher says of its tracks, whatever protocol it speaks.
        case signal(PublisherNumber, Signal)
        /// A publisher is gone; `broke` says what was wrong with what it sent, if that is why.
        case left(PublisherNumber, broke: String?)
        /// These tokens fetched parts or segments, each at its instant.
        case seen([UInt64: Instant])
        /// Something outside went wrong with this broadcast.
        case fault(Fault)
        /// The instant of the last `.wake` has come.
        case time
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case accept(PublisherNumber)
        case refuse(PublisherNumber, Rejection)
        /// For the audience.
        case tell(Presentation.News)
        /// A publisher is there, or no longer.
        case receiving(Bool)
        /// Something went wrong that was not wrong before.
        case fault(Fault)
        /// Nothing more now. Come back when something happens, or at this instant.
        case wake(at: Instant?)
    }

    /// How long a publisher may be away before the broadcast counts as ended.
    public static let graceMilliseconds: Int64 = 30_000
    private static let tallyMilliseconds: Int64 = 1_000

    private var presentation: Presentation
    private var audience = Audience()
    private var meters = Meters()
    private var faults = FaultBook()
    private var formats = Formats()
    private var publisher: PublisherNumber?
    private var awaySince: (now: Instant, wall: WallTime)?
    private var known = Figures()
    private var outputs: [Output] = []
    private var handedOut = 0
    private var wake: Instant?

    /// A broadcast that nobody has published to.
    public init(configuration: Configuration = Configuration()) {
        presentation = Presentation(configuration: configuration)
    }

    /// One thing happened, at `now` of the clock that never runs backwards and `wall` of the world's.
    public mutating func take(_ input: Input, at now: Instant, wall: WallTime) {
        switch input {
        case .knock(let publisher, let isKeyGood): knock(publisher, isKeyGood, now, wall)
        case .signal(let publisher, let signal) where publisher == self.publisher: hear(signal, now, wall)
        case .left(let publisher, let broke) where publisher == self.publisher: leave(broke, now, wall)
        case .signal, .left: break  // Of somebody who was refused, or whose end is known already.
        case .seen(let tokens): for (token, at) in tokens { audience.note(token, at: at) }
        case .fault(let fault): note(fault, now)
        case .time: break
        }
        if let due = wake, now < due { return }
        audience.tally(at: now)
        faults.forget(at: now)
        endWhenAwayTooLong(now)
        let next = Instant(milliseconds: now.milliseconds + Broadcast.tallyMilliseconds)
        wake = known.opened == nil ? nil : next
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output {
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        return .wake(at: wake)
    }

    /// What is known at `now`.
    public mutating func figures(at now: Instant) -> Figures {
        audience.tally(at: now)
        faults.forget(at: now)
        var figures = known
        figures.isReceiving = publisher != nil
        (figures.viewers, figures.peak) = (audience.count, audience.peak)
        figures.viewerMinutes = audience.viewerMinutes
        (figures.bitsPerSecond, figures.milliPictures) = meters.rates(at: now)
        figures.keyFrameMilliseconds = meters.keyFrameMilliseconds
        figures.bytes = meters.bytes
        figures.faults = faults.faults
        return figures
    }

    // MARK: Publishers

    private mutating func knock(_ caller: PublisherNumber, _ isKeyGood: Bool, _ now: Instant, _ wall: WallTime) {
        guard isKeyGood, publisher == nil else {
            known.refused += 1
            outputs.append(.refuse(caller, isKeyGood ? .taken : .wrongKey))
            return note(isKeyGood ? .secondPublisher : .wrongKey, now)
        }
        publisher = caller
        if known.opened == nil { known.opened = wall } else { known.interruptions += 1 }
        known.ended = nil
        awaySince = nil
        faults.clear(Fault.publisherAway.code)
        formats = Formats()
        outputs.append(.accept(caller))
        outputs.append(.receiving(true))
        // Names are never used twice, not even after the program was started anew: the world's clock is in them.
        let word = String(wall.milliseconds, radix: 36) + "n" + String(caller.number, radix: 36)
        present(.begin(publication: word), now, wall)
    }

    private mutating func leave(_ broke: String?, _ now: Instant, _ wall: WallTime) {
        publisher = nil
        awaySince = (now, wall)
        meters.clear()
        if let broke { note(.publisherBroke(broke), now) }
        note(.publisherAway, now)
        present(.leave, now, wall)
        outputs.append(.receiving(false))
    }

    private mutating func endWhenAwayTooLong(_ now: Instant) {
        guard let awaySince, known.ended == nil else { return }
        if now.milliseconds - awaySince.now.milliseconds >= Broadcast.graceMilliseconds {
            known.ended = awaySince.wall
        }
    }

    // MARK: What a publisher sends

    private mutating func hear(_ signal: Signal, _ now: Instant, _ wall: WallTime) {
        switch signal {
        case .trackEnded: break
        case .configuration(let track, let codec, let bytes):
            take(formats.configuration(track, codec, bytes), now, wall)
        case .sample(let sample):
            meters.sample(sample, at: now)
            take(formats.keyFrame(sample), now, wall)
            present(.sample(Formats.source(sample.track), Formats.converted(sample)), now, wall)
        case .jump(let milliseconds):
            meters.jump()
            note(.clockJumped(milliseconds: milliseconds), now)
            present(.jump, now, wall)
        case .unknown(_, let name): note(.unknownCodec(name), now)
        }
    }

    private mutating func take(_ learnt: Formats.Learnt?, _ now: Instant, _ wall: WallTime) {
        switch learnt {
        case .format(let source, let format)?: present(.format(source, format, language: ""), now, wall)
        case .unusable(let violation)?: note(.unusable(violation.reason), now)
        case nil: break
        }
    }

    private mutating func present(_ input: Presentation.Input, _ now: Instant, _ wall: WallTime) {
        presentation.take(input, at: wall)
        while case .tell(let news) = presentation.next() {
            switch news {
            case .trouble(_, let trouble): note(Fault(trouble), now)
            case .unlisted: note(.trackTooLate, now)
            case .playlist(_, let playlist):
                audience.patienceMilliseconds = playlist.edge.targetSeconds * 3_000
                outputs.append(.tell(news))
            default: outputs.append(.tell(news))
            }
        }
    }

    private mutating func note(_ fault: Fault, _ now: Instant) {
        if faults.note(fault, at: now) { outputs.append(.fault(fault)) }
    }
}

extension Fault {
    /// What the packager calls trouble.
    init(_ trouble: Packager.Trouble) {
        switch trouble {
        case .keyFramesTooFar(let milliseconds): self = .keyFramesTooFar(seconds: (milliseconds + 500) / 1000)
        case .pictureTooLong: self = .pictureTooLong
        case .soundGap(let milliseconds): self = .soundGap(milliseconds: milliseconds)
        case .soundAhead: self = .soundAhead
        case .unusable(let violation): self = .unusable(violation.reason)
        }
    }
}
