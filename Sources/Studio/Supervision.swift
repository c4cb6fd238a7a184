// SPDX-License-Identifier: Apache-2.0
public import Media

/// When a program that works beside us is started, given up and started again.
///
/// It begins at once when it is wanted; each time it dies it waits a little longer; a minute of good work makes up for
/// everything. One that is fed, and fed, and gives nothing back is ended, and counts as dead.
///
/// After every `take`, ask `next` until it answers `.wake`.
public struct Supervision: Sendable {
    /// One thing that happened.
    public enum Input: Hashable, Sendable {
        /// There is work for it, or no longer.
        case want(Bool)
        /// It was given something to work on.
        case fed
        /// It gave something back.
        case gave
        /// It is over, or could not begin; the reason is for people, Thai first.
        case died(reason: String)
        /// The instant of the last `.wake` has come.
        case time
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        /// Start it; if that fails, it has died.
        case start
        /// End it; nothing more is to be heard of it.
        case stop
        /// Nothing more now. Come back when something happens, or at this instant.
        case wake(at: Instant?)
    }

    private enum Stage: Hashable, Sendable {
        case resting
        case running(worksSince: Instant?)
        case waiting(until: Instant, reason: String)
    }

    /// How long it waits after its first death, its second, and so on; the last one stands for all that follow.
    public static let pausesMilliseconds: [Int64] = [1_000, 2_000, 5_000, 10_000, 30_000]
    /// So long a good work makes up for earlier deaths.
    public static let goodMilliseconds: Int64 = 60_000

    private let name: String
    private let patienceMilliseconds: Int64
    private var stage = Stage.resting
    private var deaths = 0
    /// When it was first and last given something for which nothing came back.
    private var owes: (first: Instant, last: Instant)?
    private var outputs: [Output] = []

    /// Of the program that people know by this name; fed, it must give something back within so many milliseconds.
    public init(name: String, patienceMilliseconds: Int64 = 20_000) {
        (self.name, self.patienceMilliseconds) = (name, patienceMilliseconds)
    }

    /// How it is, for the console.
    public var helper: State.Companion {
        switch stage {
        case .resting: State.Companion(name: name, condition: .resting)
        case .running(nil): State.Companion(name: name, condition: .starting)
        case .running: State.Companion(name: name, condition: .working)
        case .waiting(_, let reason): State.Companion(name: name, condition: .waiting, reason: reason)
        }
    }

    /// One thing happened.
    public mutating func take(_ input: Input, at now: Instant) {
        switch (input, stage) {
        case (.want(true), .resting): start()
        case (.want(false), .running):
            outputs.append(.stop)
            rest()
        case (.want(false), .waiting): rest()
        case (.fed, .running): owes = (owes?.first ?? now, now)
        case (.gave, .running(let since)):
            owes = nil
            stage = .running(worksSince: since ?? now)
        case (.died(let reason), .running(let since)): wait(because: reason, since, now)
        case (.time, .running(let since)):
            guard let due, now >= due else { return }
            // It keeps back the last that it was given, for ever if nothing follows.
            guard let owes, owes.last >= owes.first.later(by: patienceMilliseconds / 2) else { return self.owes = nil }
            outputs.append(.stop)
            wait(because: Supervision.silent(patienceMilliseconds), since, now)
        case (.time, .waiting(let until, _)): if now >= until { start() }
        default: break  // Nothing new, or of one that was ended already.
        }
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output { outputs.isEmpty ? .wake(at: due) : outputs.removeFirst() }

    private var due: Instant? {
        switch stage {
        case .resting: nil
        case .running: owes?.first.later(by: patienceMilliseconds)
        case .waiting(let until, _): until
        }
    }

    private mutating func start() {
        stage = .running(worksSince: nil)
        owes = nil
        outputs.append(.start)
    }

    private mutating func rest() { (stage, deaths, owes) = (.resting, 0, nil) }

    private mutating func wait(because reason: String, _ worksSince: Instant?, _ now: Instant) {
        if let worksSince, now >= worksSince.later(by: Supervision.goodMilliseconds) { deaths = 0 }
        let pauses = Supervision.pausesMilliseconds
        stage = .waiting(until: now.later(by: pauses[min(deaths, pauses.count - 1)]), reason: reason)
        deaths += 1
        owes = nil
    }

    private static func silent(_ milliseconds: Int64) -> String {
        "ไม่ทำงานต่อภายใน \(milliseconds / 1_000) วินาที · It gave nothing for \(milliseconds / 1_000) s"
    }
}
