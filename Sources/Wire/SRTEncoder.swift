// SPDX-License-Identifier: Apache-2.0
import MPEGTS
import Media
import SRT
import Studio

/// One encoder's connection that speaks SRT and sends MPEG-TS. Lives on the pump's loop.
final class SRTEncoder: Encoder {
    let number: PublisherNumber
    var booth: Booth?
    private let line: SRTLine
    private unowned let pump: Pump
    private var demultiplexer = Demultiplexer()
    private var dropped: Int64 = 0
    private var isOver = false

    init(_ number: PublisherNumber, _ line: SRTLine, _ pump: Pump) {
        (self.number, self.line, self.pump) = (number, line, pump)
        line.onBytes = { [unowned self] in take($0) }
        line.onFigures = { [unowned self] in hear($0) }
        line.onClosed = { [unowned self] in end(broke: nil) }
    }

    func knock() { pump.knock(self, key: line.id.key, program: "SRT \(line.version)") }

    func accept() {}
    // The key was refused at the door already; what is refused here is told by closing, which is all that SRT has left.
    func refuse(_ sentence: String) { dismiss(sentence) }

    func dismiss(_ sentence: String) {
        guard !isOver else { return }
        isOver = true
        line.close()
        pump.left(self)
    }

    func hangUp() { end(broke: nil) }

    // Nothing is held back of what libsrt hands over.
    func look() {}

    private func end(broke: String?) {
        guard !isOver else { return }
        isOver = true
        demultiplexer.finish()
        drain()
        booth?.left(number, broke: broke)
        pump.deliver()
        line.close()
        pump.left(self)
    }

    private func take(_ bytes: [UInt8]) {
        guard !isOver else { return }
        do {
            try demultiplexer.take(bytes[...])
        } catch {
            return end(broke: error.reason)
        }
        drain()
        pump.deliver()
    }

    private func drain() {
        while let news = demultiplexer.next() {
            if case .signal(let signal) = news { booth?.hear(signal, from: number) }
        }
    }

    private func hear(_ figures: SRTFigures) {
        let lost = figures.dropped + figures.undecipherable
        defer { dropped = max(dropped, lost) }
        guard let booth else { return }
        pump.take(booth, .line(State.Line(figures)))
        guard lost > dropped else { return }
        pump.take(booth, .missing(Int(clamping: lost - dropped)))
        pump.take(booth, .fault(.packetsLost(Int(clamping: lost - dropped))))
        pump.deliver()
    }
}

extension State.Line {
    init(_ figures: SRTFigures) {
        self.init(
            roundTripMilliseconds: Int((figures.roundTripMicroseconds + 500) / 1_000),
            latencyMilliseconds: figures.latencyMilliseconds, packets: figures.packets, lost: figures.lost,
            missing: figures.dropped + figures.undecipherable)
    }
}
