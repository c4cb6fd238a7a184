// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import NIOCore
import NIOHTTP1
import RTMP

/// One broadcast as one delivery loop serves it: the shared bytes by name, and who waits for what comes next.
final class Hall {
    /// What to do with a request.
    enum Verdict {
        case send(Body)
        case wait
    }

    private struct Waiting {
        let port: ViewerPort
        let turn: UInt64
        let ask: Ask
        let since: Instant
    }

    /// Before there is a playlist, this is how long somebody may wait for it.
    private static let longestWaitMilliseconds: Int64 = 20_000

    private var files: [String: Body] = [:]
    private var leaflets: [String: Leaflet] = [:]
    private var index: (Sheet, plain: Sheet)?
    private var isReceiving = false
    private var waiting: [Waiting] = []
    private var first = 0
    /// Who fetched a part or a segment since the pump was last told, and when.
    var seen: [UInt64: Instant] = [:]

    func take(_ update: Update) {
        switch update {
        case .file(let name, let body): files[name] = body
        case .leaflet(let name, let leaflet): leaflets[name] = leaflet
        case .multivariant(let sheet, let plain): index = (sheet, plain)
        case .forget(let names): for name in names { files[name] = nil }
        case .receiving(let isReceiving): self.isReceiving = isReceiving
        }
    }

    /// How to answer, after `waited` milliseconds.
    func answer(_ ask: Ask, waitedMilliseconds waited: Int64 = 0) -> Verdict {
        switch ask.thing {
        case .index(let isPlain):
            guard let index else { return unknown(waited) }
            let sheet = isPlain ? index.plain : index.0
            let body = sheet.body(zips: ask.zips, isHeld: false)
            guard let doorway = ask.doorway else { return .send(body) }
            return .send(Hall.showIn(doorway, isPlain: isPlain, body))
        case .playlist(let name, let isPlain):
            guard let leaflet = leaflets[name] else { return unknown(waited) }
            if isPlain { return .send(leaflet.plain.body(zips: ask.zips, isHeld: false)) }
            return answer(ask, leaflet, waited)
        case .file(let name):
            if let body = files[name] { return .send(body) }
            guard let leaflet = leaflets.values.first(where: { $0.promised == name }) else { return .send(.notFound) }
            return waited > leaflet.edge.targetSeconds * 3_000 ? .send(.notNow) : .wait
        }
    }

    /// The draft's 6.2.5.2, which `Reload` decides.
    private func answer(_ ask: Ask, _ leaflet: Leaflet, _ waited: Int64) -> Verdict {
        switch ask.reload.answer(at: leaflet.edge, waitedMilliseconds: waited) {
        case .now:
            let sheet = ask.reload.skips ? leaflet.delta : leaflet.text
            return .send(sheet.body(zips: ask.zips, isHeld: ask.reload.msn != nil))
        case .wait: return .wait
        case .bad(let sentence): return .send(.sentence(.badRequest, sentence))
        case .tooLong: return .send(.notNow)
        }
    }

    /// There is no playlist: it may come while somebody publishes.
    private func unknown(_ waited: Int64) -> Verdict {
        // Which renditions there will be is not known before; when they are, another name is not found.
        guard isReceiving, index == nil else { return .send(.notFound) }
        return waited > Hall.longestWaitMilliseconds ? .send(.notNow) : .wait
    }

    /// Sends a viewer on to addresses with a token of its own. Who does not follow finds the playlist here as well.
    private static func showIn(_ doorway: String, isPlain: Bool, _ body: Body) -> Body {
        var random = SystemRandomNumberGenerator()
        let token = String(random.next(), radix: 36) + String(random.next(), radix: 36)
        let place = "\(doorway)v/\(token)/\(isPlain ? "plain" : "index").m3u8"
        let type = body.headers.first(name: "content-type") ?? ""
        let encoding = body.headers["content-encoding"].map { ("content-encoding", $0) }
        return Body(
            body.pieces, type: type, cache: "no-store", status: .found, more: [("location", place)] + encoding)
    }

    func wait(_ port: ViewerPort, turn: UInt64, _ ask: Ask, since: Instant) {
        waiting.append(Waiting(port: port, turn: turn, ask: ask, since: since))
    }

    /// Something came, or time passed: answers everybody who can be. A different viewer is first each time.
    func wake(at now: Instant) {
        guard !waiting.isEmpty else { return }
        let all = waiting
        waiting = []
        first = (first &+ 61) % all.count
        for index in all.indices {
            let place = index + first
            let one = all[place < all.count ? place : place - all.count]
            guard one.port.isAwaiting(one.turn) else { continue }
            switch answer(one.ask, waitedMilliseconds: now.milliseconds - one.since.milliseconds) {
            case .send(let body): one.port.send(body)
            case .wait: waiting.append(one)
            }
        }
    }
}
