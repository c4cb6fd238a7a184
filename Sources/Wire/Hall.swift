// SPDX-License-Identifier: Apache-2.0
import HLS
import Media

/// Somebody whose requests are answered, at once or later: a connection, with a number for each of its requests.
protocol Asker: AnyObject {
    /// Whether the request of that number still wants an answer.
    func isAwaiting(_ number: UInt32) -> Bool
    func send(_ body: Body, to number: UInt32)
    /// Sends an answer's head and leaves it without an end.
    func open(_ body: Body, to number: UInt32)
    /// Sends more of an answer without an end. False when nobody is there, or more than `most` bytes wait already: then they
    /// are let go.
    func push(_ slab: Slab, to number: UInt32, most: Int) -> Bool
    /// Whether an answer without an end is still taken.
    func isTaking(_ number: UInt32) -> Bool
    /// An answer without an end ends.
    func end(_ number: UInt32)
}

extension Asker {
    func push(_ slab: Slab, to number: UInt32) -> Bool { push(slab, to: number, most: ViewerPort.mostPushed) }
}

/// One broadcast as one delivery loop serves it: the shared bytes by name, and who waits for what comes next.
final class Hall {
    /// What to do with a request.
    enum Verdict {
        case send(Body)
        case wait
    }

    private struct Waiting {
        let asker: any Asker
        let number: UInt32
        let ask: Ask
        let since: Instant
    }

    private struct Listening {
        let asker: any Asker
        let number: UInt32
        /// Which viewer; what is for one alone goes to all lines of that one.
        let viewer: UInt64
    }

    /// Before there is a playlist, this is how long somebody may wait for it.
    private static let longestWaitMilliseconds: Int64 = 20_000
    private static let mostKept = 400

    private var files: [Name: Body] = [:]
    private var leaflets: [Name: Leaflet] = [:]
    private var index: (Sheet, plain: Sheet)?
    private var isReceiving = false
    /// Since when there is a past, in milliseconds since 1970, and whether it is over.
    private(set) var past: (since: Int64, isEnded: Bool)?
    private var waiting: [Waiting] = []
    private var listening: [Listening] = []
    private var kept: [(kind: String, line: Slab)] = []
    private var first = 0
    /// All captions so far, as WebVTT.
    private(set) var captions = Body([.of("WEBVTT\n")], type: "text/vtt; charset=utf-8", cache: "no-cache")
    /// Who fetched a part or a segment since the pump was last told, and when.
    var seen: [UInt64: Instant] = [:]
    /// Passes that were found good, and until which minute.
    var members: [UInt64: Int64] = [:]

    func take(_ update: Update) {
        switch update {
        case .file(let name, let body): files[name] = body
        case .leaflet(let name, let leaflet): leaflets[name] = leaflet
        case .multivariant(let sheet, let plain): index = (sheet, plain)
        case .forget(let names): for name in names { files[name] = nil }
        case .receiving(let isReceiving): self.isReceiving = isReceiving
        case .past(let since, let isEnded): past = (since, isEnded)
        case .captions(let body): captions = body
        case .event(let line, let kind, let isKept): tell(line, kind, isKept)
        case .whisper(let line, let viewer):
            listening.removeAll { $0.viewer == viewer && !$0.asker.push(line, to: $0.number) }
        case .clear(let kind): kept.removeAll { $0.kind == kind }
        }
    }

    /// How to answer, after `waited` milliseconds.
    func answer(_ ask: Ask, waitedMilliseconds waited: Int64 = 0) -> Verdict {
        switch ask.thing {
        case .index(let isPlain):
            guard let index else { return unknown(waited) }
            return .send((isPlain ? index.plain : index.0).body(zips: ask.zips, isHeld: false))
        case .playlist(let name, let isPlain):
            guard let leaflet = leaflets[name] else { return unknown(waited) }
            if isPlain { return .send(leaflet.plain.body(zips: ask.zips, isHeld: false)) }
            return answer(ask, leaflet, waited)
        case .file(let name):
            if let body = files[name] { return .send(body) }
            guard let leaflet = leaflets.values.first(where: { $0.promised == name }) else { return .send(.notFound) }
            return waited > leaflet.edge.targetSeconds * 3_000 ? .send(.notNow) : .wait
        case .events, .remarks, .captions, .past, .film: return .send(.notFound)
        }
    }

    /// The draft's 6.2.5.2, which `Reload` decides.
    private func answer(_ ask: Ask, _ leaflet: Leaflet, _ waited: Int64) -> Verdict {
        switch ask.reload.answer(at: leaflet.edge, waitedMilliseconds: waited) {
        case .now:
            let sheet = ask.reload.skips ? leaflet.delta : leaflet.text
            return .send(sheet.body(zips: ask.zips, isHeld: ask.reload.msn != nil))
        case .wait: return .wait
        case .bad(let sentence): return .send(.sentence(400, sentence))
        case .tooLong: return .send(.notNow)
        }
    }

    /// There is no playlist: it may come while somebody publishes.
    private func unknown(_ waited: Int64) -> Verdict {
        // Which renditions there will be is not known before; when they are, another name is not found.
        guard isReceiving, index == nil else { return .send(.notFound) }
        return waited > Hall.longestWaitMilliseconds ? .send(.notNow) : .wait
    }

    func wait(_ asker: any Asker, number: UInt32, _ ask: Ask, since: Instant) {
        waiting.append(Waiting(asker: asker, number: number, ask: ask, since: since))
    }

    /// Something came, or time passed: answers everybody who can be. A different viewer is first each time.
    func wake(at now: Instant) {
        guard !waiting.isEmpty else { return }
        let all = waiting
        waiting = []
        waiting.reserveCapacity(all.count)
        first = (first &+ 61) % all.count
        for index in all.indices {
            let place = index + first
            let one = all[place < all.count ? place : place - all.count]
            guard one.asker.isAwaiting(one.number) else { continue }
            switch answer(one.ask, waitedMilliseconds: now.milliseconds - one.since.milliseconds) {
            case .send(let body): one.asker.send(body, to: one.number)
            case .wait: waiting.append(one)
            }
        }
    }

    // MARK: Events

    private static let eventStream = Body(
        [], type: "text/event-stream", cache: "no-store", more: [("x-accel-buffering", "no")], hasLength: false)

    /// Somebody listens: gets everything that is kept, then what comes.
    func listen(_ asker: any Asker, number: UInt32, viewer: UInt64) {
        asker.open(Hall.eventStream, to: number)
        let past = kept.flatMap { Array($0.line.bytes) }
        if !past.isEmpty { guard asker.push(.of(past), to: number) else { return } }
        listening.append(Listening(asker: asker, number: number, viewer: viewer))
    }

    private func tell(_ line: Slab, _ kind: String, _ isKept: Bool) {
        if isKept {
            kept.append((kind, line))
            if kept.count > Hall.mostKept { kept.removeFirst() }
        }
        push(line)
    }

    private static let beat = Slab.of(": \n\n")

    /// Proxies close what is silent for a minute.
    func keepAwake() { push(Hall.beat) }

    private func push(_ line: Slab) {
        listening.removeAll { !$0.asker.push(line, to: $0.number) }
    }
}
