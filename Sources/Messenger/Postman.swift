// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Logging

/// Carries deliveries out of the house when they are due (บุรุษไปรษณีย์), many at once, each by its way's carrier.
///
/// What is with a carrier is marked on the disk first, and what became of it is written before anything else is made of
/// it. After a crash whatever was out is carried once more, and the other end knows it by its mark of sameness.
public actor Postman {
    private let cabinet: any Cabinet
    private let carriers: [Way: any Carrier]
    private let now: @Sendable () -> Moment
    private let logger: Logger
    private var out: [Way: Int] = [:]
    private var results: [DeliveryResult] = []
    private var isWriting = false
    private var isStirred = false
    private var sleeper: Task<Void, Never>?
    /// Those who wait until nothing is out.
    private var idlers: [CheckedContinuation<Void, Never>] = []

    /// The clock is looked at this often even when nothing is due.
    private static let longestSleep = Length.seconds(30)

    public init(
        cabinet: any Cabinet, carriers: [any Carrier], logger: Logger, now: @escaping @Sendable () -> Moment
    ) {
        self.cabinet = cabinet
        self.carriers = Dictionary(carriers.map { ($0.way, $0) }, uniquingKeysWith: { first, _ in first })
        self.logger = logger
        self.now = now
    }

    /// Carries until its task is cancelled; what is with a carrier then is waited for, as long as carriers take at most.
    public func run() async {
        await withDiscardingTaskGroup { group in
            var hasTakenBack = false
            while !Task.isCancelled {
                isStirred = false
                var pause = Self.longestSleep
                do {
                    if !hasTakenBack { try await cabinet.takeBackDeliveries(at: now()) }
                    hasTakenBack = true
                    for delivery in try await handOver() { group.addTask { await self.carry(delivery) } }
                    if let next = try await nextDue() { pause = min(pause, max(.zero, next - now())) }
                } catch is CancellationError {
                    break
                } catch {
                    logger.error(
                        "deliveries could not be read; trying again in five seconds", metadata: ["error": "\(error)"])
                    pause = .seconds(5)
                }
                if !isStirred { await sleep(pause) }
            }
        }
        await write()
    }

    /// Something was written, or somebody came back: look again now.
    public func stir() {
        isStirred = true
        sleeper?.cancel()
    }

    /// Carries what is due at this moment and waits for it: for tests and rehearsals, which own their clock.
    ///
    /// - Returns: how many were carried.
    @discardableResult
    public func carryDue() async throws -> Int {
        var count = 0
        while true {
            let handed = try await handOver()
            if handed.isEmpty { break }
            count += handed.count
            await withDiscardingTaskGroup { group in
                for delivery in handed { group.addTask { await self.carry(delivery) } }
            }
            await write()
        }
        return count
    }

    // MARK: Out and back

    /// How many may be on their way at once.
    private static func limit(_ way: Way) -> Int {
        switch way {
        case .push: 128
        case .line, .ntfy: 32
        case .mail, .invitation: 4
        case .google, .caldav, .webhook: 8
        case .second, .callList: 64
        }
    }

    private func handOver() async throws -> [Delivery] {
        let free = Dictionary(
            uniqueKeysWithValues: carriers.keys.map { ($0, Self.limit($0) - out[$0, default: 0]) })
        let due = try await cabinet.waitingDeliveries(at: now(), limits: free)
        if due.isEmpty { return [] }
        let handed = try await cabinet.handOver(due.map(\.id), at: now())
        for delivery in handed { out[delivery.way, default: 0] += 1 }
        // Those that found their fate instead made room for others.
        if handed.count < due.count { isStirred = true }
        return handed
    }

    /// The next moment at which something may leave; ways that are full are left out, they stir when they have room.
    private func nextDue() async throws -> Moment? {
        let ways = carriers.keys.filter { out[$0, default: 0] < Self.limit($0) }
        return try await cabinet.nextDeliveryDue(on: Set(ways))
    }

    private func carry(_ delivery: Delivery) async {
        guard let carrier = carriers[delivery.way] else { return }
        let carriage = await carrier.carry(delivery, at: now())
        let at = now()
        var again: Moment?
        if case .later(let trouble, let after) = carriage {
            logger.info(
                "a delivery did not get through",
                metadata: ["way": "\(delivery.way.rawValue)", "trouble": "\(trouble.kind.rawValue)"])
            again = delivery.way.pause(afterTries: delivery.tries).map { at + max($0, after ?? .zero) }
        }
        results.append(DeliveryResult(id: delivery.id, carriage: carriage, at: at, again: again))
        await write()
        let wasFull = out[delivery.way, default: 0] >= Self.limit(delivery.way)
        out[delivery.way, default: 1] -= 1
        // Who sleeps knows of everything but a new try, and of a way that had no room.
        if wasFull || again != nil { stir() }
    }

    /// Writes what came back since the last time, in one transaction: hundreds that come back together are one flush.
    private func write() async {
        guard !isWriting else {
            return await withCheckedContinuation { idlers.append($0) }
        }
        isWriting = true
        while !results.isEmpty {
            let batch = results
            results = []
            do {
                try await cabinet.note(batch)
            } catch {
                logger.error(
                    "what became of deliveries could not be written; trying again in a second",
                    metadata: ["error": "\(error)", "count": "\(batch.count)"])
                results = batch + results
                if Task.isCancelled { break }
                // Cancelled means that the program ends: what is not written is carried once more at the next start.
                try? await Task.sleep(for: .seconds(1))
            }
        }
        isWriting = false
        let waiting = idlers
        idlers = []
        for idler in waiting { idler.resume() }
    }

    private func sleep(_ pause: Length) async {
        let task = Task { () -> Void in
            // Cancelled means stirred: waking early is what was asked for.
            try? await Task.sleep(for: .milliseconds(pause.milliseconds))
        }
        sleeper = task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        sleeper = nil
    }
}
