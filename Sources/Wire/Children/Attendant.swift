// SPDX-License-Identifier: Apache-2.0
import Media
import Studio

/// An ffmpeg that works beside a broadcast for as long as there is work: started, watched over, and started again.
/// Lives on its loop.
final class Attendant {
    private let ffmpeg: FFmpeg
    private let loop: Loop
    private let begins: () -> [String]
    private let reads: (UnsafeRawBufferPointer) -> Void
    private let tells: (State.Companion) -> Void
    private var supervision: Supervision
    private var child: ChildProcess?
    private var alarm: (alarm: Alarm, due: Instant)?
    private var told: State.Companion

    /// Known to people by `name`. `begins` answers the arguments each time one is started, `reads` gets what it gives,
    /// `tells` how it is whenever that changes.
    init(
        _ name: String, _ ffmpeg: FFmpeg, on loop: Loop, begins: @escaping () -> [String],
        reads: @escaping (UnsafeRawBufferPointer) -> Void, tells: @escaping (State.Companion) -> Void
    ) {
        (self.ffmpeg, self.loop) = (ffmpeg, loop)
        (self.begins, self.reads, self.tells) = (begins, reads, tells)
        supervision = Supervision(name: name)
        told = supervision.helper
    }

    deinit { alarm?.alarm.cancel() }

    /// How it is.
    var helper: State.Companion { supervision.helper }

    /// Whether one is there to be fed.
    var isRunning: Bool { child != nil }

    /// There is work, or no longer: then it is ended at once.
    func want(_ isWanted: Bool) { take(.want(isWanted)) }

    /// What it is given changed so much that another has to begin; that is no death.
    func renew() {
        guard supervision.helper.condition != .resting else { return }
        take(.want(false))
        take(.want(true))
    }

    /// Gives it something to work on; answers no when too much waits for it already. What is given to one that is about
    /// to end, or to none, is lost.
    func send(_ bytes: [UInt8]) -> Bool {
        guard let child, child.isReading else { return true }
        guard child.send(bytes) else { return false }
        take(.fed)
        return true
    }

    /// Ends one that is of no use, which counts as a death for this reason.
    func giveUp(because reason: String) {
        drop()
        take(.died(reason: reason))
    }

    private func take(_ input: Supervision.Input) {
        supervision.take(input, at: Clock.now())
        while true {
            switch supervision.next() {
            case .start: start()
            case .stop: drop()
            case .wake(let at):
                wake(at)
                let helper = supervision.helper
                guard helper != told else { return }
                told = helper
                return tells(helper)
            }
        }
    }

    /// It may ring early, never late: the supervision says when next.
    private func wake(_ at: Instant?) {
        guard let at else { return }
        if let alarm, alarm.due <= at { return }
        alarm?.alarm.cancel()
        let ring = loop.after(at.milliseconds - Clock.now().milliseconds) { [weak self] in
            self?.alarm = nil
            self?.take(.time)
        }
        alarm = (ring, at)
    }

    private func start() {
        guard let path = ffmpeg.path else {
            return supervision.take(.died(reason: FFmpeg.missing), at: Clock.now())
        }
        let arguments = begins()
        do {
            child = try ChildProcess(
                path, arguments, on: loop,
                reads: { [weak self] bytes in
                    self?.take(.gave)
                    self?.reads(bytes)
                },
                ends: { [weak self] ending in self?.ended(ending.reason) })
        } catch {
            supervision.take(.died(reason: Attendant.sentence("\(error)")), at: Clock.now())
        }
    }

    private func drop() {
        child?.stop()
        child = nil
    }

    private func ended(_ reason: String) {
        child = nil
        take(.died(reason: Attendant.sentence(reason)))
    }

    private static func sentence(_ reason: String) -> String { "ffmpeg หยุดทำงาน · ffmpeg ended: \(reason)" }
}
