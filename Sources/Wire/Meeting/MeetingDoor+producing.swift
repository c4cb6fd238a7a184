// SPDX-License-Identifier: Apache-2.0
import Studio

// What is made of meetings beside the calls: recordings and their films, the way on air; and the way back, broadcasts that
// calls watch.

extension MeetingDoor {
    /// Packets of what a broadcast's audience is shown, at an instant of its clock.
    func cast(_ name: String, _ packets: [[UInt8]], at microseconds: Int64) {
        loop.execute { [house] in house.casts[name]?.take(packets, at: microseconds) }
    }

    /// Begins or ends the recording of a meeting; `done` is told on the loop whether it is being recorded.
    func record(_ name: String, _ isOn: Bool, done: @escaping @Sendable (Bool) -> Void = { _ in }) {
        loop.execute { [house] in done(house.rooms[name]?.record(isOn) ?? false) }
    }

    /// Meetings go on air in the pump's broadcasts, and those are watched by calls.
    func connect(_ pump: Pump) {
        let (theirs, holder) = (pump.loop, Holder(pump))
        loop.execute { [self] in
            house.wants = { name, isWanted in theirs.execute { holder.pump?.booths[name]?.cast(isWanted) } }
            house.seen = { name, ids in theirs.execute { holder.pump?.seen(ids, in: name) } }
            house.port.putOnAir = { [weak self] plan, layout, preferred in
                guard let self else { return }
                theirs.execute {
                    holder.pump?.air(plan, layout, preferring: preferred, through: self) { condition in
                        self.loop.execute { self.house.rooms[plan.name]?.note(condition) }
                    }
                }
            }
        }
    }

    /// Carries the pump to its own loop.
    // Looked at on that loop alone.
    private struct Holder: @unchecked Sendable {
        weak var pump: Pump?
        init(_ pump: Pump) { self.pump = pump }
    }

    /// Makes the film of a recording; `done` is told on the loop what is in the way, and nil when it is on its way.
    func film(
        _ recording: String, of name: String, _ layout: FilmLayout,
        done: @escaping @Sendable (Obstacle?) -> Void = { _ in }
    ) {
        loop.execute { [house] in
            done(house.films.map { $0.make(recording, of: name, layout) } ?? .unknown)
        }
    }

    /// Deletes a recording for good, with its film.
    func erase(_ recording: String, of name: String, done: @escaping @Sendable (Obstacle?) -> Void = { _ in }) {
        loop.execute { [house] in
            guard let shelf = house.port.shelf else { return done(.unknown) }
            let isBusy = shelf.recording(recording, of: name).map { $0.isOpen || $0.film.stage == .making }
            guard isBusy != true else { return done(.stillOpen) }
            shelf.erase(recording, of: name, done: done)
        }
    }

    /// Recordings of a meeting are no longer what they were; called from anywhere.
    func recordings(in name: String) {
        loop.execute { [house] in house.onRecordings(name, house.port.shelf?.recordings(of: name) ?? []) }
    }

    /// Something is wrong with a meeting's recording; called from anywhere.
    func trouble(in name: String, _ fault: Fault) { loop.execute { [house] in house.onTrouble(name, fault) } }
}
