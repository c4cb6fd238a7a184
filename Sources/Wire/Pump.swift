// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import NIOCore
import RTMP
import Studio

/// One encoder's connection with its machine.
final class Publisher {
    let number: PublisherNumber
    let channel: any NIOCore.Channel
    let alarm = Alarm()
    var machine: PublisherMachine
    /// Where it was let in.
    var booth: Booth?
    var isOver = false

    init(_ number: PublisherNumber, _ channel: any NIOCore.Channel, at now: Instant) {
        (self.number, self.channel) = (number, channel)
        var random = SystemRandomNumberGenerator()
        machine = PublisherMachine(seed: random.next(), at: now)
    }
}

/// The only loop that tells the studio's machines what happened, and carries out what they answer.
// Everything in it but `loop` is touched on `loop` alone; the functions that others call from elsewhere hop there.
final class Pump: @unchecked Sendable {
    let loop: any EventLoop
    private let outlets: [Outlet]
    private let booths: [Booth]
    private let limit: Int
    private let log: @Sendable (String) -> Void
    private var publishers: [PublisherNumber: Publisher] = [:]
    private var lastNumber = 0
    private var updates: [(String, Update)] = []

    init(_ plan: Station.Plan, loop: any EventLoop, outlets: [Outlet]) throws {
        (self.loop, self.outlets, limit, log) = (loop, outlets, plan.encoderConnections, plan.log)
        booths = try plan.broadcasts.map { entry in
            let recorder = try plan.folder.map { try Recorder(folder: $0 + "/recordings", name: entry.name) }
            return Booth(entry, plan.configuration, recorder)
        }
        for booth in booths {
            booth.recorder?.tell { [weak self] reason in
                guard let self else { return }
                self.loop.execute { self.take(booth, .fault(.recordingFailed(reason))) }
            }
        }
    }

    /// Nobody publishes any more, and what was recorded is written.
    func stop() {
        loop.preconditionInEventLoop()
        for publisher in publishers.values {
            publisher.machine.take(.closed, at: Clock.now())
            drain(publisher)
        }
        for booth in booths {
            booth.alarm.cancel()
            booth.recorder?.finish()
        }
    }

    // MARK: Encoders

    /// Nil when there are too many.
    func open(_ channel: any NIOCore.Channel) -> Publisher? {
        guard publishers.count < limit else { return nil }
        lastNumber += 1
        let publisher = Publisher(PublisherNumber(lastNumber), channel, at: Clock.now())
        publishers[publisher.number] = publisher
        drain(publisher)
        return publisher
    }

    func received(_ bytes: ByteBuffer, from publisher: Publisher) {
        publisher.machine.take(.bytes(Array(bytes.readableBytesView)[...]), at: Clock.now())
        drain(publisher)
    }

    func closed(_ publisher: Publisher) {
        publisher.machine.take(.closed, at: Clock.now())
        drain(publisher)
        publisher.alarm.cancel()
        publishers[publisher.number] = nil
    }

    private func rang(_ number: PublisherNumber) {
        guard let publisher = publishers[number] else { return }
        publisher.alarm.rang()
        publisher.machine.take(.time, at: Clock.now())
        drain(publisher)
    }

    private func drain(_ publisher: Publisher) {
        var hasSent = false
        while true {
            switch publisher.machine.next() {
            case .send(let bytes):
                publisher.channel.write(ByteBuffer(bytes: bytes), promise: nil)
                hasSent = true
            case .tell(let news): hear(news, from: publisher)
            case .wake(let at):
                if hasSent { publisher.channel.flush() }
                if publisher.isOver { publisher.channel.close(promise: nil) }
                let number = publisher.number
                publisher.alarm.set(at, on: loop) { [weak self] in self?.rang(number) }
                return deliver()
            }
        }
    }

    private func hear(_ news: PublisherMachine.News, from publisher: Publisher) {
        if case .publish(let key, _) = news { return knock(publisher, key: key) }
        if case .ended(let end) = news {
            publisher.isOver = true
            if case .violation(let violation) = end, publisher.booth == nil {
                log("encoder \(publisher.number.number): \(violation.reason)")
            }
        }
        guard let booth = publisher.booth else { return }
        if let signal = news.signal { return take(booth, .signal(publisher.number, signal)) }
        guard case .ended(let end) = news else { return }
        if case .violation(let violation) = end {
            take(booth, .left(publisher.number, broke: violation.reason))
        } else {
            take(booth, .left(publisher.number, broke: nil))
        }
    }

    /// Every key is compared, and each in constant time, so that the answer's time tells nothing.
    private func knock(_ publisher: Publisher, key: String) {
        var match: Booth?
        for booth in booths where booth.opens(to: key) { match = booth }
        if let match { return take(match, .knock(publisher.number, isKeyGood: true)) }
        // Every officer learns that somebody tried: one of them mistyped the key.
        for booth in booths { take(booth, .knock(publisher.number, isKeyGood: false)) }
    }

    // MARK: Broadcasts

    /// Who fetched what since the last time; called by the delivery loops.
    func seen(_ tokens: [UInt64: Instant], in name: String) {
        loop.execute {
            guard let booth = self.booths.first(where: { $0.name == name }) else { return }
            self.take(booth, .seen(tokens))
        }
    }

    /// Every broadcast's figures; called by the delivery loops.
    func metrics() -> EventLoopFuture<String> {
        loop.submit {
            let now = Clock.now()
            return Metrics.text(self.booths.map { ($0.name, $0.broadcast.figures(at: now)) })
        }
    }

    private func take(_ booth: Booth, _ input: Broadcast.Input) {
        booth.broadcast.take(input, at: Clock.now(), wall: Clock.wall())
        while true {
            switch booth.broadcast.next() {
            case .accept(let number):
                guard let publisher = publishers[number] else { continue }
                publisher.booth = booth
                publisher.machine.take(.accept, at: Clock.now())
                log("\(booth.name): encoder \(number.number) publishes")
            case .refuse(let number, let rejection):
                publishers[number]?.machine.take(.refuse(rejection.sentence), at: Clock.now())
            case .tell(let news): updates += booth.updates(news).map { (booth.name, $0) }
            case .receiving(let isReceiving): updates.append((booth.name, .receiving(isReceiving)))
            case .fault(let fault): log("\(booth.name): \(fault.thai) · \(fault.english)")
            case .wake(let at):
                booth.alarm.set(at, on: loop) { [weak self] in
                    booth.alarm.rang()
                    self?.take(booth, .time)
                    self?.deliver()
                }
                return
            }
        }
    }

    /// Hands what is new to every delivery loop, in one go each.
    private func deliver() {
        guard !updates.isEmpty else { return }
        let news = updates
        updates.removeAll(keepingCapacity: true)
        for outlet in outlets { outlet.loop.execute { outlet.take(news) } }
    }
}
