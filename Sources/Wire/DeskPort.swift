// SPDX-License-Identifier: Apache-2.0
import CLinux
import Media
import Studio

/// The studio's line to the desk: a Unix socket that the desk listens at, orders in, bulletins out, one line of JSON each.
///
/// The studio calls, and calls again when the desk was away: a desk that is started anew finds the broadcasts as they
/// are. Lives on the pump's loop.
final class DeskPort {
    private static let longestLine = 1 << 20
    /// Bulletins are dropped for a desk that does not read: the next state says it all.
    private static let mostUnsent = 4 << 20

    private let path: String
    private unowned let pump: Pump
    private var line: Line?
    private var pending: [UInt8] = []
    private var isStopped = false
    /// What must reach the desk even if it is away just now: openings and endings.
    private var kept: [Bulletin] = []

    init(_ path: String, _ pump: Pump) {
        (self.path, self.pump) = (path, pump)
        call()
    }

    var isOpen: Bool { line != nil }
    /// Since when the desk has been away; nil while it is there.
    private(set) var awaySince: Int64?

    func stop() {
        isStopped = true
        line?.closeWhenSent()
        line = nil
    }

    /// Tells the desk, at once or when it is back.
    func tell(_ bulletin: Bulletin) {
        guard let line else {
            switch bulletin {
            case .opened, .ended, .meetingOpened, .meetingEnded, .meetingChecked:
                if kept.count < 1_000 { kept.append(bulletin) }
            case .hello, .state, .meeting, .refused: break
            }
            return
        }
        guard line.unsent < DeskPort.mostUnsent else { return }
        line.send(.of(JSON.encode(bulletin) + [0x0A]))
    }

    private func call() {
        guard !isStopped else { return }
        let file = cs_unix(path, 0)
        guard file >= 0 else { return callLater() }
        awaySince = nil
        let line = Line(file, peer: "", on: pump.loop)
        line.onBytes = { [unowned self] in take($0) }
        line.onClosed = { [unowned self] in
            self.line = nil
            pending = []
            callLater()
        }
        self.line = line
        tell(.hello(pump.hello))
        for bulletin in kept { tell(bulletin) }
        kept = []
        for booth in pump.booths.values { booth.told = nil }
        pump.rooms?.report(isNew: true)
    }

    private func callLater() {
        if awaySince == nil { awaySince = pump.loop.now.milliseconds }
        pump.loop.after(1_000) { [weak self] in self?.call() }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        pending.append(contentsOf: bytes)
        while let end = pending.firstIndex(of: 0x0A) {
            let text = Array(pending[..<end])
            pending.removeSubrange(...end)
            guard let order = JSON.decode(Order.self, text) else {
                pump.log("desk: an order that cannot be read")
                continue
            }
            if let why = pump.obey(order) { tell(.refused(order, thai: why.thai, english: why.english)) }
        }
        guard pending.count <= DeskPort.longestLine else {
            pump.log("desk: an order without an end")
            line?.close()
            line = nil
            pending = []
            return callLater()
        }
    }
}
