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
        /// What it is to be has changed.
        case plan(Plan)
        /// A publisher wants in. The wire has compared its key; `program` is how it names itself.
        case knock(PublisherNumber, isKeyGood: Bool, program: String)
        /// What a publisher says of its tracks, whatever protocol it speaks.
        case signal(PublisherNumber, Signal)
        /// A publisher is gone; `broke` says what was wrong with what it sent, if that is why.
        case left(PublisherNumber, broke: String?)
        /// What the officer wants; `put`, `trim`, `erase` and `report` are the wire's own.
        case order(Order)
        /// A slate that can be shown from now on.
        case clip(Slate, Clip)
        /// A viewer wrote something.
        case remark(viewer: UInt64, from: String, text: String, isQuestion: Bool)
        /// How loud the publisher is.
        case loudness(State.Loudness)
        /// How the line to the publisher does.
        case line(State.Line)
        /// So many packets or frames were missing before they came here.
        case missing(Int)
        /// How something that works beside the stream is.
        case helper(State.Companion)
        /// What lies on the disk, and how much room is left.
        case recordings([State.Recording], freeBytes: Int64?)
        /// These tokens fetched parts or segments, each at its instant.
        case seen([UInt64: Instant])
        /// Something outside went wrong with this broadcast; it is told for half a minute.
        case fault(Fault)
        /// The instant of the last `.wake` has come.
        case time
    }

    /// Who shall have it.
    public enum Side: Hashable, Sendable {
        /// The audience.
        case program
        /// The console alone.
        case preview
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case accept(PublisherNumber)
        case refuse(PublisherNumber, Rejection)
        /// It was let in and must go.
        case dismiss(PublisherNumber, Rejection)
        case tell(Side, Presentation.News)
        /// What the audience sees, on one clock that never jumps, for those who send it on. Configurations come again
        /// whenever the source changes, and a key frame after them.
        case program(Signal)
        /// Whether something comes in for a side, or may at any moment.
        case receiving(Side, Bool)
        /// What the audience is told from here on is the publisher's, or else a slate's.
        case shows(publisher: Bool)
        /// Where it stands has changed.
        case phase(State.Phase)
        /// The first picture is on air.
        case opened(WallTime)
        /// Nothing more comes.
        case ended(WallTime)
        /// A remark for everybody, or for its author alone.
        case remark(State.Remark, viewer: UInt64?)
        /// A line of captions, for those who listen.
        case caption(at: WallTime, text: String)
        case marker(at: WallTime, text: String)
        /// Something went wrong that was not wrong before.
        case fault(Fault)
        /// Nothing more now. Come back when something happens, or at this instant.
        case wake(at: Instant?)
    }

    /// How long a publisher may be away before a broadcast that airs at once counts as ended.
    public static let graceMilliseconds: Int64 = 30_000

    var plan: Plan
    var program: Presentation
    var preview: Presentation?
    var audience = Audience()
    var curve = Curve()
    var meters = Meters()
    var faults = FaultBook()
    var formats = Formats()
    /// What the publisher has said of its tracks, to be said again when it goes on air later.
    var known: [(source: Source, format: FMP4.Track.Format)] = []
    var conversation: Conversation
    var state: State
    var publisher: PublisherNumber?
    var awaySince: (now: Instant, wall: WallTime)?
    /// What its default tracks are configured with, to be said again likewise.
    var said: [TrackID: Signal] = [:]
    /// When the publisher last sent a frame, and a picture.
    var lastSample: Instant?
    var lastPicture: Instant?
    /// When the audience last had something of the publisher.
    var lastShown: Instant?
    /// The kinds of track that it had: a slate has no others.
    var kinds: Set<TrackID.Kind>?
    /// By how many milliseconds the audience is ahead, since a slate is shown a little before it is due.
    var ahead: Int64 = 0
    var showing = Showing.nothing
    var wantsOnAir: Bool
    var forced: Slate?
    var clips: [Slate: Clip] = [:]
    var reel: Reel?
    var splice = Splice()
    var publications = 0
    /// How many markers there ever were: their names are never used twice, not even after a trial.
    var marks = 0
    var isClosed = false
    var silentSince: Instant?
    var loudSince: Instant?
    var refused = 0
    var interruptions = 0
    var opened: WallTime?
    var ended: WallTime?
    var now = Instant(milliseconds: 0)
    var wall = WallTime(milliseconds: 0)
    private var toldPhase = State.Phase.awaited
    private var outputs: [Output] = []
    private var handedOut = 0
    /// How many more pictures of the publisher, none of them a key frame, can come before anything comes of them that
    /// somebody waits for. They may be told together afterwards, each with its own instant.
    public private(set) var patience = 0
    private var tallied: Instant?

    /// What the audience has at the moment.
    enum Showing: Equatable { case nothing, publisher, slate(Slate) }

    /// A broadcast that nobody has published to.
    public init(_ plan: Plan) {
        self.plan = plan
        var configuration = plan.profile.configuration
        configuration.listsSoundAlone = plan.rungs.contains(.sound)
        program = Presentation(configuration: configuration)
        preview = plan.airsAtOnce ? nil : Presentation(configuration: .campus)
        conversation = Conversation(plan.talk)
        state = State(name: plan.name)
        wantsOnAir = plan.airsAtOnce
        isClosed = plan.isOver
    }

    /// One thing happened, at `now` of the clock that never runs backwards and `wall` of the world's.
    public mutating func take(_ input: Input, at now: Instant, wall: WallTime) {
        defer { patience = foreseen }
        (self.now, self.wall) = (now, wall)
        switch input {
        case .plan(let plan): change(to: plan)
        case .knock(let caller, let isKeyGood, let program): knock(caller, isKeyGood, program)
        case .signal(let publisher, let signal) where publisher == self.publisher: hear(signal)
        case .left(let publisher, let broke) where publisher == self.publisher: leave(broke)
        case .signal, .left: break  // Of somebody who was refused, or whose end is known already.
        case .order(let order): obey(order)
        case .clip(let slate, let clip): clips[slate] = clip
        case .remark(let viewer, let from, let text, let isQuestion):
            tell(
                conversation.write(viewer: viewer, from: from, text: text, isQuestion: isQuestion, at: now, wall: wall))
        case .loudness(let loudness): listen(to: loudness)
        case .line(let line): if publisher != nil { state.line = line }
        case .missing(let count): state.drops += count
        case .helper(let helper): note(helper)
        case .recordings(let recordings, let freeBytes): (state.recordings, state.freeBytes) = (recordings, freeBytes)
        case .seen(let tokens): if !plan.isTest { for (token, at) in tokens { audience.note(token, at: at) } }
        case .fault(let fault): note(fault)
        case .time: break
        }
        pass()
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output {
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        return .wake(at: due)
    }

    private var foreseen: Int {
        guard showing == .publisher else { return 0 }
        return min(program.patience, preview?.patience ?? .max)
    }

    mutating func give(_ output: Output) { outputs.append(output) }

    /// When it must be woken: for a slate often, for counting once a second, and when a silence becomes too long.
    private var due: Instant? {
        guard !isClosed else { return nil }
        if case .slate = showing { return now.later(by: Reel.stepMilliseconds) }
        guard publisher != nil || opened != nil else { return nil }
        if showing == .nothing, let lastShown, clips[.backSoon] != nil {
            return min(now.later(by: 1_000), max(now.later(by: 50), lastShown.later(by: Broadcast.slateMilliseconds)))
        }
        if showing == .publisher, let lastSample {
            return min(
                now.later(by: 1_000), max(now.later(by: 50), lastSample.later(by: Broadcast.patienceMilliseconds)))
        }
        return now.later(by: 1_000)
    }

    /// What follows from time alone.
    private mutating func pass() {
        steer()
        if tallied.map({ now.milliseconds - $0.milliseconds >= 1_000 }) ?? true {
            tallied = now
            audience.tally(at: now)
            curve.note(audience.count, at: wall)
            faults.forget(at: now)
            watchTheEncoder()
            endWhenAwayTooLong()
        }
        let phase = phase
        if phase != toldPhase {
            toldPhase = phase
            give(.phase(phase))
        }
    }

    private mutating func endWhenAwayTooLong() {
        guard plan.airsAtOnce, let awaySince, ended == nil, opened != nil,
            now.milliseconds - awaySince.now.milliseconds >= Broadcast.graceMilliseconds
        else { return }
        ended = awaySince.wall
        curve.stop()
        if !plan.isTest { give(.ended(awaySince.wall)) }
    }

    mutating func note(_ fault: Fault) { if faults.note(fault, at: now) { give(.fault(fault)) } }
}

extension Plan.Profile {
    /// How finely the stream is cut.
    public var configuration: Configuration {
        switch self {
        case .campus: .campus
        case .usual: Configuration()
        case .everywhere: .everywhere
        }
    }
}
