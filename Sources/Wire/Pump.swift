// SPDX-License-Identifier: Apache-2.0
import CLinux
import HLS
import Media
import RTMP
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The only loop that tells the studio's machines what happened, and carries out what they answer.
// Everything in it but `loop` and what never changes is touched on `loop` alone; what others call hops there.
final class Pump: @unchecked Sendable {
    let loop: Loop
    let log: @Sendable (String) -> Void
    private let settings: Station.Settings
    private let outlets: [Outlet]
    private let identity: IdentityShelf
    private var booths: [String: Booth] = [:]
    private var encoders: [PublisherNumber: any Encoder] = [:]
    private var lastNumber = 0
    private var news: [Delivery] = []
    private var listeners: [Watch] = []

    init(_ settings: Station.Settings, loop: Loop, outlets: [Outlet], identity: IdentityShelf) {
        (self.settings, self.loop, self.outlets, self.identity) = (settings, loop, outlets, identity)
        log = settings.log
    }

    /// Nobody publishes any more, and what was recorded is written.
    func stop() {
        for listener in listeners {
            let file = listener.file
            listener.cancel()
            close(file)
        }
        listeners = []
        for encoder in encoders.values { (encoder as? EncoderPort)?.hangUp() }
        for booth in booths.values { booth.stop() }
    }

    // MARK: Encoders

    /// Takes encoders that speak RTMP from a listening socket.
    func listen(_ file: Int32, isSecure: Bool) {
        listeners.append(loop.watch(file, reads: true, writes: false) { [weak self] _ in self?.accept(file, isSecure) })
    }

    private func accept(_ listener: Int32, _ isSecure: Bool) {
        for _ in 0..<16 {
            var peer = [CChar](repeating: 0, count: 64)
            let file = cs_accept(listener, &peer, 64)
            guard file >= 0 else { return }
            let secure = isSecure ? identity.line(serving: file) : nil
            guard encoders.count < settings.encoderConnections, !isSecure || secure != nil else {
                close(file)
                continue
            }
            _ = cs_set(file, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            let address = String(decoding: peer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let number = nextNumber()
            encoders[number] = EncoderPort(number, Line(file, peer: address, on: loop, secure: secure), self)
        }
    }

    /// A number for an encoder, never twice.
    func nextNumber() -> PublisherNumber {
        lastNumber += 1
        return PublisherNumber(lastNumber)
    }

    /// An encoder's connection is over.
    func left(_ encoder: any Encoder) {
        // The port may be calling this: it lives until the loop's next turn.
        guard let port = encoders.removeValue(forKey: encoder.number) else { return }
        parting.append(port)
        if parting.count == 1 { loop.execute { [weak self] in self?.parting = [] } }
    }
    private var parting: [any Encoder] = []

    /// Every key is compared, and each in constant time, so that the answer's time tells nothing.
    func knock(_ encoder: any Encoder, key: String, program: String) {
        var match: Booth?
        for booth in booths.values where KeyRing.opens(booth.plan.keyHashes, to: key) { match = booth }
        if let match { return take(match, .knock(encoder.number, isKeyGood: true)) }
        // Every officer learns that somebody tried: one of them mistyped the key.
        for booth in booths.values { take(booth, .knock(encoder.number, isKeyGood: false)) }
        if booths.isEmpty { encoder.refuse(Rejection.wrongKey.sentence) }
    }

    // MARK: Broadcasts

    /// Opens a broadcast, or changes it.
    func put(_ plan: Plan) {
        for outlet in outlets { outlet.loop.execute { outlet.put(plan) } }
        if let booth = booths[plan.name] {
            booth.plan = plan
        } else {
            booths[plan.name] = Booth(plan, settings, pump: self)
        }
    }

    /// Who fetched what since the last time; called by the delivery loops.
    func seen(_ tokens: [UInt64: Instant], in name: String) {
        loop.execute {
            guard let booth = self.booths[name] else { return }
            self.take(booth, .seen(tokens))
            self.deliver()
        }
    }

    /// Something outside went wrong with a broadcast; called from anywhere.
    func trouble(in name: String, _ fault: Fault) {
        loop.execute {
            guard let booth = self.booths[name] else { return }
            self.take(booth, .fault(fault))
            self.deliver()
        }
    }

    /// Every broadcast's figures, as Prometheus reads them.
    func metrics() -> String {
        let now = Clock.now()
        return Metrics.text(
            booths.values.sorted { $0.plan.name < $1.plan.name }.map { ($0.plan.name, $0.broadcast.figures(at: now)) })
    }

    func take(_ booth: Booth, _ input: Broadcast.Input) {
        booth.broadcast.take(input, at: Clock.now(), wall: Clock.wall())
        while true {
            switch booth.broadcast.next() {
            case .accept(let number):
                guard let encoder = encoders[number] else { continue }
                encoder.booth = booth
                encoder.accept()
                log("\(booth.plan.name): encoder \(number.number) publishes")
            case .refuse(let number, let rejection): encoders[number]?.refuse(rejection.sentence)
            case .tell(let told): for update in booth.updates(told) { post(booth, update) }
            case .receiving(let isReceiving): post(booth, .receiving(isReceiving))
            case .fault(let fault): log("\(booth.plan.name): \(fault.thai) · \(fault.english)")
            case .wake(let at): return booth.wake(at, self)
            }
        }
    }

    private func post(_ booth: Booth, _ update: Update) {
        news.append(Delivery(broadcast: booth.plan.name, update: update))
    }

    /// Hands what is new to every delivery loop, in one go each.
    func deliver() {
        guard !news.isEmpty else { return }
        let news = news
        self.news.removeAll(keepingCapacity: true)
        for outlet in outlets { outlet.loop.execute { outlet.take(news) } }
    }
}
