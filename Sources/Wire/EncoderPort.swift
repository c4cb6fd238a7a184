// SPDX-License-Identifier: Apache-2.0
import Media
import RTMP
import Studio

/// One encoder that sends us a stream, whatever protocol it speaks. Lives on the pump's loop.
protocol Encoder: AnyObject {
    var number: PublisherNumber { get }
    /// Where it was let in.
    var booth: Booth? { get set }
    func accept()
    func refuse(_ sentence: String)
    /// It was let in and must go now.
    func dismiss(_ sentence: String)
    /// The house closes.
    func hangUp()
    /// Once a second: what was not worth looking at by itself is looked at all the same.
    func look()
}

/// One encoder's connection that speaks RTMP.
final class EncoderPort: Encoder {
    let number: PublisherNumber
    private let line: Line
    private unowned let pump: Pump
    private var machine: PublisherMachine
    private var alarm: (alarm: Alarm, due: Instant)?
    private var isOver = false
    private var program = ""
    /// What came and is not worth looking at before more has come. It was read, so the encoder need not wait for us.
    private var held: [UInt8] = []
    var booth: Booth?

    init(_ number: PublisherNumber, _ line: Line, _ pump: Pump) {
        (self.number, self.line, self.pump) = (number, line, pump)
        var random = SystemRandomNumberGenerator()
        machine = PublisherMachine(seed: random.next(), at: Clock.now())
        line.onBytes = { [unowned self] bytes in
            held.append(contentsOf: bytes)
            if held.count >= machine.wantedBytes { look() }
        }
        line.onClosed = { [unowned self] in
            look()
            take(.closed)
            gone()
        }
        drain()
    }

    func accept() { take(.accept) }
    func refuse(_ sentence: String) { take(.refuse(sentence)) }
    func dismiss(_ sentence: String) { take(.stop(sentence)) }

    /// The house closes.
    func hangUp() {
        take(.closed)
        line.close()
        gone()
    }

    func look() {
        guard !held.isEmpty else { return }
        // Nothing is held while the machine looks; afterwards the same memory holds what comes next.
        var bytes: [UInt8] = []
        swap(&bytes, &held)
        machine.take(.bytes(bytes[...]), at: Clock.now())
        bytes.removeAll(keepingCapacity: bytes.capacity <= EncoderPort.mostKept)
        swap(&bytes, &held)
        drain()
    }

    /// More memory than this is not kept for what comes next.
    private static let mostKept = 256 << 10

    private func gone() {
        alarm?.alarm.cancel()
        pump.left(self)
    }

    private func take(_ input: PublisherMachine.Input) {
        machine.take(input, at: Clock.now())
        drain()
    }

    private func drain() {
        while true {
            switch machine.next() {
            case .send(let bytes): line.send(.of(bytes))
            case .tell(let news): hear(news)
            case .wake(let at):
                pump.deliver()
                if isOver {
                    line.closeWhenSent()
                    if !line.isOpen { gone() }
                }
                return wake(at)
            }
        }
    }

    private func wake(_ at: Instant?) {
        guard let at else {
            alarm?.alarm.cancel()
            alarm = nil
            return
        }
        // It may ring early, never late: the machine says when next.
        if let alarm, alarm.due <= at { return }
        alarm?.alarm.cancel()
        let ring = line.loop.after(at.milliseconds - Clock.now().milliseconds) { [weak self] in
            guard let self else { return }
            alarm = nil
            take(.time)
        }
        alarm = (ring, at)
    }

    private func hear(_ news: PublisherMachine.News) {
        switch news {
        case .connect(let caller): program = String(caller.program.prefix(60))
        case .publish(let key, _):
            pump.knock(self, key: key, program: program.isEmpty ? "RTMP" : "\(program) · RTMP")
        case .ended(let end):
            isOver = true
            var broke: String?
            if case .violation(let violation) = end { broke = violation.reason }
            if booth == nil, let broke { pump.log("encoder \(number.number): \(broke)") }
            booth?.left(number, broke: broke)
        default:
            if let signal = news.signal { booth?.hear(signal, from: number) }
        }
    }
}
