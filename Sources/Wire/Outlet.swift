import Media
// SPDX-License-Identifier: Apache-2.0
import NIOCore
import RTMP

/// One delivery loop: every broadcast's hall, and the viewers' connections that live on it.
// Everything in it but `loop` is touched on `loop` alone: `take` and `start` hop there, ports live there.
final class Outlet: @unchecked Sendable {
    let loop: any EventLoop
    private let halls: [String: Hall]
    private let limit: Int
    private(set) var pump: Pump?
    private(set) var connections = 0

    init(loop: any EventLoop, names: [String], limit: Int) {
        self.loop = loop
        self.limit = limit
        halls = Dictionary(uniqueKeysWithValues: names.map { ($0, Hall()) })
    }

    func start(_ pump: Pump) {
        loop.execute {
            self.pump = pump
            self.loop.scheduleRepeatedTask(initialDelay: .milliseconds(500), delay: .milliseconds(500)) { _ in
                self.tick()
            }
        }
    }

    func hall(_ name: String) -> Hall? { halls[name] }

    /// What is new, all of it at once, and then everybody who waited for it.
    func take(_ updates: [(String, Update)]) {
        loop.preconditionInEventLoop()
        for (name, update) in updates { halls[name]?.take(update) }
        let now = Clock.now()
        for name in Set(updates.map(\.0)) { halls[name]?.wake(at: now) }
    }

    /// Whether one more viewer may come.
    func admit() -> Bool {
        connections += 1
        return connections <= limit
    }

    func left() { connections -= 1 }

    private func tick() {
        let now = Clock.now()
        for (name, hall) in halls {
            hall.wake(at: now)
            guard !hall.seen.isEmpty else { continue }
            pump?.seen(hall.seen, in: name)
            hall.seen.removeAll(keepingCapacity: true)
        }
    }
}
