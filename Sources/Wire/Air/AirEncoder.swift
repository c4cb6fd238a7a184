// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import Studio

/// A meeting as the encoder of a broadcast. Where one picture is enough and everybody's player decodes it (H.264), it goes
/// through as it came; else a `Stage` puts pictures into one. The voices are mixed either way. Lives on the pump's loop.
final class AirEncoder: Encoder {
    /// How it is on air, for the room.
    struct Condition: Hashable, Sendable {
        /// How it is laid out; nil when it is not on air.
        var layout: FilmLayout?
        /// Why it is not, or what is missing, for people.
        var reason = ""
    }

    /// Pictures wait for the sound of the same moment, which is mixed, so long at most.
    private static let mostHeldMicroseconds: Int64 = 1_500_000
    /// Sound is mixed in pieces of this length: pictures wait for it anyway, and each piece wakes a program.
    private static let tickMilliseconds: Int64 = 60

    let number: PublisherNumber
    let meeting: String
    let layout: FilmLayout
    private let preferred: SourceID?
    var booth: Booth?
    private unowned let pump: Pump
    private let door: MeetingDoor
    private let tells: @Sendable (Condition) -> Void
    private var mixer: SoundMixer?
    private var stage: Stage?
    /// What comes of an earlier stage comes too late.
    private var stageNumber = 0
    /// Since when nobody is to be seen.
    private var emptySince: Tick? = Clock.tick()
    /// So long nobody is to be seen before the slate is.
    private static let emptyMicroseconds: Int64 = 3_000_000
    private var lastPictureMicroseconds: Int64 = .min
    private var alarm: Alarm?
    private var isOver = false
    private var shown: [MeetingAir.Shown] = []
    private var configuration: [UInt8]?
    /// Pictures that wait for their sound.
    private var held: [(signal: Signal, since: Tick)] = []
    private var soundMicroseconds: Int64 = .min
    /// So long the sound waits for the first picture: a program that began without one would have to begin anew with it.
    private static let mostAwaitedMicroseconds: Int64 = 10_000_000
    private let beganAt = Clock.tick()
    private var hasPicture = false
    /// What the sound is, until the broadcast was told.
    private var soundConfiguration: Signal?

    init(
        _ number: PublisherNumber, _ pump: Pump, _ door: MeetingDoor, meeting: String, layout: FilmLayout,
        preferring preferred: SourceID?, tells: @escaping @Sendable (Condition) -> Void
    ) {
        (self.number, self.pump, self.door, self.meeting) = (number, pump, door, meeting)
        (self.layout, self.preferred, self.tells) = (layout, preferred, tells)
    }

    // MARK: Encoder

    func accept() {
        mixer = SoundMixer(on: pump.loop) { [unowned self] helper in
            if !helper.reason.isEmpty { pump.log("\(meeting): \(helper.reason)") }
        } tell: { [unowned self] signal in
            take(sound: signal)
        }
        tick()
        let (loop, me, name, layout, preferred) = (pump.loop, Me(self), meeting, layout, preferred)
        door.loop.execute { [house = door.house] in
            house.rooms[name]?.beginAir(layout, preferring: preferred) { heard in
                loop.execute { me.encoder?.hear(heard) }
            }
        }
        tells(Condition(layout: layout))
    }

    func refuse(_ sentence: String) {
        tells(Condition(reason: sentence))
        leave()
    }

    func dismiss(_ sentence: String) {
        booth = nil
        tells(Condition(reason: sentence))
        leave()
    }

    func hangUp() { end() }
    func look() {}

    /// The meeting, or its host, takes it off.
    func end() {
        guard !isOver else { return }
        booth?.left(number, broke: nil)
        pump.deliver()
        tells(Condition())
        leave()
    }

    private func leave() {
        guard !isOver else { return }
        isOver = true
        alarm?.cancel()
        mixer?.leave()
        stage?.leave()
        let name = meeting
        door.loop.execute { [house = door.house] in house.rooms[name]?.endAir() }
        pump.left(self)
    }

    private func tick() {
        alarm = pump.loop.after(AirEncoder.tickMilliseconds) { [weak self] in
            guard let self, !isOver else { return }
            let now = Clock.tick()
            mixer?.time(at: now)
            if stage == nil, let since = emptySince, now - since > AirEncoder.emptyMicroseconds {
                raise()
                stage?.show([])
            }
            release(at: now)
            tick()
        }
    }

    // MARK: What comes

    private func hear(_ heard: [MeetingAir.Heard]) {
        guard !isOver else { return }
        for one in heard {
            switch one {
            case .voice(let channel, let frame): mixer?.take(frame, channel: channel)
            case .picture(let source, let frame): take(source, frame)
            case .shown(let shown): show(shown)
            }
        }
        release(at: Clock.tick())
    }

    private func show(_ shown: [MeetingAir.Shown]) {
        self.shown = shown
        emptySince = shown.isEmpty ? emptySince ?? Clock.tick() : nil
        if layout == .one, !shown.isEmpty, shown.allSatisfy({ $0.format == .h264 }) {
            stage?.leave()
            stage = nil
            stageNumber += 1
        } else if stage == nil, !shown.isEmpty {
            raise()
        }
        stage?.show(shown)
    }

    /// Several pictures, one of another format, or none: from now on what is on air is put together here.
    private func raise() {
        configuration = nil
        stageNumber += 1
        let (loop, me, number) = (pump.loop, Me(self), stageNumber)
        stage = Stage(layout) { signal in
            loop.execute { if me.encoder?.stageNumber == number { me.encoder?.take(picture: signal) } }
        }
    }

    private func take(_ source: SourceID, _ frame: CodedFrame) {
        if let stage { return stage.take(source, frame) }
        guard frame.format == .h264, shown.first?.source == source else { return }
        if let fresh = frame.configuration, frame.isKey, fresh != configuration {
            configuration = fresh
            take(picture: .configuration(TrackID(.video), .avc, fresh[...]))
        }
        guard configuration != nil else { return }
        take(
            picture: .sample(
                Sample(
                    track: TrackID(.video), microseconds: frame.microseconds, isKey: frame.isKey,
                    bytes: frame.bytes[...])))
    }

    private func take(picture signal: Signal) {
        guard !isOver else { return }
        var signal = signal
        if case .sample(var sample) = signal {
            // Between a stage and what comes as it is, clocks may differ by a little; time never runs backwards.
            sample.microseconds = max(sample.microseconds, lastPictureMicroseconds + 1_000)
            lastPictureMicroseconds = sample.microseconds
            signal = .sample(sample)
        }
        held.append((signal, Clock.tick()))
    }

    private func take(sound signal: Signal) {
        guard !isOver, let booth else { return }
        let now = Clock.tick()
        switch signal {
        case .sample(let sample): soundMicroseconds = sample.microseconds
        default: return soundConfiguration = signal
        }
        release(at: now)
        guard hasPicture || now - beganAt > AirEncoder.mostAwaitedMicroseconds else { return }
        tellSound(booth)
        booth.hear(signal, from: number)
        pump.deliver()
    }

    private func tellSound(_ booth: Booth) {
        guard let signal = soundConfiguration else { return }
        soundConfiguration = nil
        booth.hear(signal, from: number)
    }

    /// Pictures whose sound is there, or that have waited long enough.
    private func release(at now: Tick) {
        guard let booth else { return }
        var count = 0
        for (signal, since) in held {
            if case .sample(let sample) = signal, sample.microseconds > soundMicroseconds,
                now - since < AirEncoder.mostHeldMicroseconds
            {
                break
            }
            if case .sample = signal {
                hasPicture = true
                tellSound(booth)
            }
            booth.hear(signal, from: number)
            count += 1
        }
        guard count > 0 else { return }
        held.removeFirst(count)
        pump.deliver()
    }

    /// Carries the encoder to its own loop.
    // Looked at on that loop alone.
    private struct Me: @unchecked Sendable {
        weak var encoder: AirEncoder?
        init(_ encoder: AirEncoder) { self.encoder = encoder }
    }
}

extension Pump {
    /// A meeting goes on air in its broadcast, laid out like this; nil takes it off. Called on the pump's loop.
    func air(
        _ plan: MeetingPlan, _ layout: FilmLayout?, preferring preferred: SourceID?, through door: MeetingDoor,
        tells: @escaping @Sendable (AirEncoder.Condition) -> Void
    ) {
        if let airing = airing(plan.name) {
            guard airing.layout != layout || preferred != nil else { return }
            airing.end()
        }
        guard let layout else { return }
        guard hasRoomForEncoder, let name = plan.broadcast, let booth = booths[name] else {
            return tells(
                .init(
                    reason:
                        "การประชุมนี้ไม่มีการถ่ายทอดให้ออกอากาศ · This meeting has no broadcast that it could go on air in."))
        }
        let encoder = AirEncoder(
            nextNumber(), self, door, meeting: plan.name, layout: layout, preferring: preferred, tells: tells)
        add(encoder)
        take(booth, .knock(encoder.number, isKeyGood: true, program: "การประชุม \(plan.name)"))
        deliver()
    }
}
