// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Studio

/// One broadcast with what the wire keeps for it. Lives on the pump's loop.
final class Booth {
    private(set) var plan: Plan
    var broadcast: Broadcast
    /// What the desk was told last.
    var told: State?
    private unowned let pump: Pump
    private let recorder: Recorder?
    private var restreamer: Restreamer?
    private var ladder: Ladder?
    /// For whoever watches by a call what came by none.
    private var caster: Caster?
    private var loudness: LoudnessPort?
    private var publisher = PublisherNumber(0)
    private var alarm: (alarm: Alarm, due: Instant)?
    private var kept: [(signal: Signal, at: Instant, wall: WallTime)] = []
    /// How many more pictures may be kept.
    private var patience = 0
    /// The open segments' parts, to be shared with the segments' files.
    private var parts: [String: Slab] = [:]
    private var isSlated = false
    private var announced: Announcement?
    private var announcedAt = Instant(milliseconds: 0)

    init(_ plan: Plan, _ pump: Pump) {
        (self.plan, self.pump) = (plan, pump)
        broadcast = Broadcast(plan)
        recorder = pump.vault.map { Recorder($0, name: plan.name) }
        record()
    }

    func start() {
        let restreamer = Restreamer(on: pump.loop) { [unowned self] line in
            pump.log("\(plan.name): restream \(line)")
        } changed: { [unowned self] helpers in
            for helper in helpers { pump.take(self, .helper(helper)) }
        }
        restreamer.put(plan.targets)
        self.restreamer = restreamer
        if let door = pump.door {
            caster = Caster(on: pump.loop) { [name = plan.name] packets, microseconds in
                if !packets.isEmpty { door.cast(name, packets, at: microseconds) }
            }
        }
        for slate in Slate.allCases { pump.take(self, .clip(slate, Slates.clip(slate))) }
        raiseLadder()
        // Alone, nobody looks at the meter.
        guard !plan.airsAtOnce else { return }
        loudness = LoudnessPort(on: pump.loop) { [unowned self] in pump.take(self, .helper($0)) }
    }

    func put(_ plan: Plan) {
        let before = self.plan
        self.plan = plan
        restreamer?.put(plan.targets)
        if plan.rungs != before.rungs { raiseLadder() }
        record()
    }

    private func raiseLadder() {
        ladder?.leave()
        ladder = nil
        guard plan.rungs.contains(where: { $0.track != nil }) else { return }
        ladder = Ladder(plan.rungs, on: pump.loop) { [unowned self] news in
            switch news {
            case .signal(let signal): pump.take(self, .signal(publisher, signal))
            case .helper(let helper): pump.take(self, .helper(helper))
            }
            pump.deliver()
        }
    }

    // MARK: What a publisher sends

    /// The publisher that was let in says something of its tracks.
    func hear(_ signal: Signal, from number: PublisherNumber) {
        if number != publisher {
            pump.catchUp(self)
            // Another took over: its clock is another, though its configuration may be the same.
            ladder?.leave()
            loudness?.leave()
        }
        publisher = number
        ladder?.take(signal)
        loudness?.take(signal)
        guard !keeps(signal) else { return kept.append((signal, Clock.now(), Clock.wall())) }
        pump.take(self, .signal(number, signal))
    }

    /// Whether the machine can as well be told of it later: nothing comes of it that anybody waits for. What is told
    /// together costs a third of what it costs frame by frame.
    private func keeps(_ signal: Signal) -> Bool {
        guard case .sample(let sample) = signal else { return false }
        if kept.isEmpty { patience = broadcast.patience }
        guard sample.track.kind == .video else { return patience > 0 }
        patience -= 1
        return patience >= 0 && !sample.isKey
    }

    /// What came and the machine was not told of; it is, with the instants at which it came, before anything else.
    func takeKept() -> [(input: Broadcast.Input, at: Instant, wall: WallTime)] {
        guard !kept.isEmpty else { return [] }
        defer { kept = [] }
        return kept.map { (.signal(publisher, $0.signal), $0.at, $0.wall) }
    }

    /// It is gone.
    func left(_ number: PublisherNumber, broke: String?) {
        if number == publisher {
            ladder?.leave()
            loudness?.leave()
        }
        pump.take(self, .left(number, broke: broke))
    }

    /// Somebody watches by a call, or nobody any more.
    func cast(_ isWanted: Bool) { caster?.want(isWanted) }

    /// It is on air: what was loud before does not count.
    func opened() { loudness?.restart() }

    /// Once a second.
    func tick() {
        if let loudness, loudness.helper.condition == .working { pump.take(self, .loudness(loudness.loudness)) }
    }

    /// Slates are not recorded, nor anything where the plan says so.
    private func record() {
        recorder?.rest(!plan.records || isSlated)
        pump.vault?.open(plan.name, mayForget: plan.mayForget)
    }

    /// The broadcast is over: what is recorded from now on is another recording.
    func end() { recorder?.end() }

    func stop() {
        alarm?.alarm.cancel()
        recorder?.finish()
        restreamer?.stop()
        ladder?.leave()
        loudness?.leave()
        caster?.want(false)
    }

    /// It may ring early, never late: the machine says when next.
    func wake(_ at: Instant?) {
        guard let at else {
            alarm?.alarm.cancel()
            return alarm = nil
        }
        if let alarm, alarm.due <= at { return }
        alarm?.alarm.cancel()
        let ring = pump.loop.after(at.milliseconds - Clock.now().milliseconds) { [weak self] in
            guard let self else { return }
            alarm = nil
            pump.take(self, .time)
            pump.deliver()
        }
        alarm = (ring, at)
    }

    /// What the machine says that is not the pump's own.
    func carry(_ output: Broadcast.Output) {
        switch output {
        case .tell(let side, let news): for update in updates(news, side) { post(update, side) }
        case .receiving(let side, let isReceiving): post(.receiving(isReceiving), side)
        case .program(let signal):
            restreamer?.take(signal)
            caster?.take(signal)
        case .shows(let isPublisher):
            isSlated = !isPublisher
            record()
            show()
        case .phase(let phase):
            remember(phase)
            announce()
            show()
        case .remark(let remark, let viewer): tell(remark, viewer)
        case .caption(let at, let text): tell(Spoken(at: at.milliseconds, text: text), "caption", key: "caption")
        case .marker(let at, let text): tell(Spoken(at: at.milliseconds, text: text), "marker", key: "marker")
        case .accept, .refuse, .dismiss, .opened, .ended, .fault, .wake: break
        }
    }

    /// Who watches by WebRTC sees the publisher itself, so only while the audience does.
    private func show() {
        pump.door?.show(plan.name, !isSlated && broadcast.state(at: Clock.now()).phase == .onAir)
    }

    /// Tells the delivery loops since when there is a past, and whether it still grows.
    private func remember(_ phase: State.Phase) {
        let state = broadcast.state(at: Clock.now())
        guard let opened = state.openedAt else { return }
        let since = pump.vault?.interrupted(plan.name, at: opened) ?? opened
        post(.past(since: since, isEnded: phase == .ended))
    }

    private func post(_ update: Update, _ side: Broadcast.Side = .program) {
        pump.post(Delivery(broadcast: plan.name, isPreview: side == .preview, update: update))
    }

    // MARK: What listeners are told

    /// How it is, for the audience: nothing that is the office's business.
    private struct Announcement: Encodable, Equatable {
        var phase: String
        var viewers: Int
        var title: String
        var talk: String
        var startsAt: Int64?
        var openedAt: Int64?
        var evaluation: String?
        var films: [Film]
    }

    private struct Film: Encodable, Equatable {
        var file: String
        var startedAt: Int64
        var milliseconds: Int64
        var bytes: Int64
    }

    private struct Spoken: Encodable {
        var at: Int64
        var text: String
    }

    /// Tells the audience how it is: at once when it is otherwise, and every few seconds when only the count is.
    func announce(_ state: State? = nil) {
        let now = Clock.now()
        let state = state ?? broadcast.state(at: now)
        var fresh = Announcement(
            phase: state.phase.rawValue, viewers: state.viewers, title: plan.title, talk: plan.talk.rawValue,
            startsAt: plan.startsAt, openedAt: state.openedAt, evaluation: plan.evaluation, films: [])
        if plan.offersFilms, state.phase == .ended {
            fresh.films = state.recordings.filter { !$0.isOpen }.map {
                Film(file: $0.file, startedAt: $0.startedAt, milliseconds: $0.milliseconds, bytes: $0.bytes)
            }
        }
        guard fresh != announced else { return }
        var counted = fresh
        counted.viewers = announced?.viewers ?? -1
        if counted == announced, now.milliseconds - announcedAt.milliseconds < 5_000 { return }
        (announced, announcedAt) = (fresh, now)
        tell(fresh, "state", key: "state", isOnly: true)
    }

    private func tell(_ remark: State.Remark, _ viewer: UInt64?) {
        let line = Booth.event("remark", remark)
        if let viewer { return post(.whisper(line, viewer: viewer)) }
        let key = "remark \(remark.number)"
        post(.clear(kind: key))
        // What was taken away is told to those who saw it, and kept for nobody.
        post(.event(line, kind: key, isKept: remark.standing != .hidden))
    }

    private func tell(_ value: some Encodable, _ event: String, key: String, isOnly: Bool = false) {
        if isOnly { post(.clear(kind: key)) }
        post(.event(Booth.event(event, value), kind: key, isKept: true))
    }

    private static func event(_ name: String, _ value: some Encodable) -> Slab {
        .of(Array("event: \(name)\ndata: ".utf8) + JSON.encode(value) + Array("\n\n".utf8))
    }

    // MARK: What the audience gets

    /// What the delivery loops are to know of it.
    private func updates(_ news: Presentation.News, _ side: Broadcast.Side) -> [Update] {
        switch news {
        case .file(let name, let bytes):
            // While nobody watches, a copy for whoever comes first costs less than pages for everybody.
            let isWatched = (announced?.viewers ?? 0) > 0
            let body = Body.media([.of(bytes)], type: Booth.type(of: name), isForMany: isWatched)
            let slab = body.pieces[0]
            if side == .program { recorder?.take(name, slab, at: Clock.wall().milliseconds) }
            if name.hasSuffix(".m4s") { parts[name] = slab }
            return [.file(Name(name), body)]
        case .segment(let rendition, let segment):
            if side == .program { recorder?.settle(rendition, segment) }
            let pieces = segment.parts.map { parts.removeValue(forKey: $0.name) ?? .of($0.bytes) }
            return [.file(Name(segment.name), .media(pieces, type: Booth.type(of: segment.name)))]
        case .playlist(let name, let playlist): return [.leaflet(Name(name), leaflet(playlist))]
        case .multivariant(let text):
            let words = String(decoding: text, as: UTF8.self)
            let plain = words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("#EXT-X-MEDIA:") || !line.hasPrefix("#") ? Booth.plainAddress(line) : String(line)
            }.joined(separator: "\n")
            return [.multivariant(Sheet(text, targetSeconds: 2), plain: Sheet(Array(plain.utf8), targetSeconds: 2))]
        case .captions(let text):
            return [.captions(Body([.of(text)], type: "text/vtt; charset=utf-8", cache: "no-cache"))]
        case .forget(let names): return [.forget(names.map { Name($0) })]
        case .trouble, .unlisted: return []
        }
    }

    private static func type(of name: String) -> String {
        name.hasSuffix(".vtt") ? "text/vtt; charset=utf-8" : "video/mp4"
    }

    /// `v0.m3u8` is `v0.plain.m3u8` for players that know no parts.
    private static func plainAddress(_ line: Substring) -> String {
        var text = String(line)
        for ending in [".m3u8\"", ".m3u8"] {
            guard let place = text.firstRange(of: ending) else { continue }
            text.replaceSubrange(place, with: ".plain" + ending)
            break
        }
        return text
    }

    private func leaflet(_ playlist: Playlist) -> Leaflet {
        let edge = playlist.edge
        func sheet(_ form: @escaping @Sendable (Playlist) -> [UInt8]) -> Sheet {
            Sheet(targetSeconds: edge.targetSeconds) { form(playlist) }
        }
        let text = sheet { $0.text }
        return Leaflet(
            text: text, delta: playlist.skipsAny ? sheet { $0.delta } : text, plain: sheet { $0.plain }, edge: edge,
            promised: playlist.promised.map { Name($0) })
    }
}
