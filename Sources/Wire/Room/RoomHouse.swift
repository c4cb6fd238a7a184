// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import Media
import Secure
import Studio
import Synchronization

/// Who records meetings and puts them on air, when there is somebody. Called on the rooms' loop; answers there by
/// `RoomHall.recording` and `RoomHall.air`.
protocol RoomProducer: AnyObject {
    /// A host wants it recorded, or not any more.
    func record(_ isOn: Bool, _ hall: RoomHall)
    /// A host wants it on air, or not any more.
    func air(_ isOn: Bool, layout: String, person: PersonNumber?, _ hall: RoomHall)
    /// What the office asks about recordings.
    func obey(_ order: Order, _ hall: RoomHall)
    /// A line of the event log was written.
    func noted(_ note: RoomNote, _ hall: RoomHall)
    /// The engine told something.
    func heard(_ news: MeetingNews, _ hall: RoomHall)
}

/// All rooms of a studio, on a loop of their own: what people do is worked off here, and neither media nor viewers wait for
/// it.
// What changes is touched on `loop` alone, which every function that others call hops to; `keys` has its own locks.
final class RoomHouse: @unchecked Sendable {
    let loop: Loop
    let door: MeetingDoor
    let keys = RoomKeys()
    let log: @Sendable (String) -> Void
    private let root: String?
    private let outlets: [Outlet]
    private weak var pump: Pump?
    private var halls: [String: RoomHall] = [:]
    /// Who records and puts on air; set before anything is opened.
    var producer: (any RoomProducer)?
    /// Makes pages of slides, one deck after the other.
    private(set) lazy var pages = DeckPages(on: loop)
    /// Wrong passes lately, by the address that they came from.
    private var wrong: [String: (since: Int64, count: Int)] = [:]
    /// So many wrong passes in a minute, from one address.
    private static let mostWrong = 30

    /// Rooms of the meetings behind this door; what people bring, and event logs, lie below `root`.
    init(_ door: MeetingDoor, loop: Loop, root: String?, outlets: [Outlet], log: @escaping @Sendable (String) -> Void) {
        (self.door, self.loop, self.outlets, self.log) = (door, loop, outlets, log)
        self.root = root.map { $0 + "/meetings" }
        let weak = Weak(self)
        let ears = MeetingDoor.Ears { name, news in
            loop.execute {
                guard let hall = weak.house?.halls[name] else { return }
                hall.take(news)
                weak.house?.producer?.heard(news, hall)
            }
        } left: { name, seat in
            loop.execute { weak.house?.halls[name]?.left(seat) }
        }
        door.ears.withLock { $0 = ears }
    }

    /// Lets the loops that it listens to outlive it.
    private final class Weak: @unchecked Sendable {
        // Written once before anybody has it; a weak reference is read in one piece.
        weak var house: RoomHouse?
        init(_ house: RoomHouse) { self.house = house }
    }

    func start(_ pump: Pump) {
        loop.execute { [self] in
            self.pump = pump
            loop.every(1_000) { [weak self] in
                guard let self else { return }
                for hall in halls.values { hall.tick() }
            }
            loop.every(2_000) { [weak self] in
                guard let self else { return }
                for hall in halls.values { hall.measure() }
                if wrong.count > 1_000 { wrong = [:] }
            }
        }
    }

    /// Nobody is told anything any more; what was noted is written.
    func stop() { for hall in halls.values { hall.stop() } }

    // MARK: Plans

    /// Opens a meeting, or changes it. Called from anywhere.
    func put(_ plan: MeetingPlan) {
        door.put(plan)
        loop.execute { [self] in
            if let hall = halls[plan.name] { hall.put(plan) } else { halls[plan.name] = RoomHall(plan, self) }
        }
    }

    /// A meeting is over. Called from anywhere.
    func close(_ name: String) {
        loop.execute { [self] in
            guard let hall = halls[name] else { return }
            hall.close()
            // Encoders and players without a seat go with the others; the page says that it is over.
            var plan = hall.plan
            plan.isOver = true
            door.put(plan)
        }
    }

    /// A meeting that is over is no longer known here; its recordings stay where they are. Called from anywhere.
    func withdraw(_ name: String) {
        loop.execute { [self] in
            guard let hall = halls[name], hall.assembly.state.phase == .over else { return }
            hall.withdraw()
            halls[name] = nil
            door.withdraw(name)
        }
    }

    /// What was written down of who was in a meeting that is over goes. Called from anywhere.
    func forget(_ name: String) {
        guard Route.isName(name) else { return }
        loop.execute { [self] in
            guard halls[name]?.assembly.state.phase ?? .over == .over, let folder = folder(of: name) else { return }
            RoomLog.erase(in: folder)
        }
    }

    /// The desk wants to know how every meeting is; one that has just come, also what has ended.
    func report(isNew: Bool = false) {
        loop.execute { [self] in
            for hall in halls.values {
                hall.tellDesk(again: true)
                if isNew { hall.tellEnd() }
            }
        }
    }

    /// What the office asks of a meeting; what is in the way is told later. Called from anywhere.
    func obey(_ order: Order) {
        loop.execute { [self] in
            guard let name = order.name, let hall = halls[name] else {
                return tellDesk(
                    .refused(
                        order, thai: "ไม่มีการประชุมชื่อนี้ในห้องส่ง", english: "There is no meeting of that name here."))
            }
            switch order {
            case .composeMeeting, .eraseMeeting: producer?.obey(order, hall)
            default:
                do throws(RoomRefusal) {
                    try hall.obey(order)
                } catch {
                    tellDesk(.refused(order, thai: error.thai, english: error.english))
                }
            }
            hall.tellDesk(again: true)
        }
    }

    func tellDesk(_ bulletin: Bulletin) {
        guard let pump else { return }
        pump.loop.execute { pump.tellDesk(bulletin) }
    }

    /// Where what belongs to a meeting lies; nil where nothing is kept.
    func folder(of name: String) -> String? { root.map { "\($0)/\(name)" } }

    // MARK: What people ask

    /// Does something in a room, and answers with what comes of it. Called from anywhere.
    func ask(
        _ name: String, reply: @escaping @Sendable (Body) -> Void, _ work: @escaping @Sendable (RoomHall) -> Body
    ) {
        loop.execute { [self] in reply(halls[name].map(work) ?? .notFound) }
    }

    /// The same for somebody who proved who they are.
    func ask(
        _ name: String, token: String, reply: @escaping @Sendable (Body) -> Void,
        _ work: @escaping @Sendable (RoomHall, PersonNumber) -> Body
    ) {
        guard let person = keys.person(token, in: name) else { return reply(RoomBodies.noToken) }
        ask(name, reply: reply) { work($0, person) }
    }

    /// A room for who goes on by themselves; on the loop.
    func hall(_ name: String) -> RoomHall? { halls[name] }

    /// Whether somebody at this address may try another pass. On the loop.
    func mayTry(_ peer: String) -> Bool {
        guard let found = wrong[peer], loop.now.milliseconds - found.since < 60_000 else { return true }
        return found.count < RoomHouse.mostWrong
    }

    /// Somebody tried a wrong one.
    func tried(_ peer: String) {
        let now = loop.now.milliseconds
        if let found = wrong[peer], now - found.since < 60_000 {
            wrong[peer] = (found.since, found.count + 1)
        } else {
            wrong[peer] = (now, 1)
        }
    }

    // MARK: Streams

    /// Somebody wants a stream of events. Called from anywhere.
    func listen(_ name: String, token: String, _ stream: RoomStream, last: UInt64?) {
        let person = keys.person(token, in: name)
        loop.execute { [self] in
            guard let person, let hall = halls[name] else {
                return refuse(stream, halls[name] == nil ? .notFound : RoomBodies.noToken)
            }
            hall.listen(person, stream, last: last)
        }
    }

    /// Streams of an outlet are gone.
    func lost(_ ids: [UInt32], at outlet: Int) {
        loop.execute { [self] in
            for id in ids { for hall in halls.values { hall.lost(RoomStream(outlet: outlet, id: id)) } }
        }
    }

    func open(_ stream: RoomStream) {
        let outlet = outlets[stream.outlet]
        outlet.loop.execute { outlet.floor.open(stream.id) }
    }

    private func refuse(_ stream: RoomStream, _ body: Body) {
        let outlet = outlets[stream.outlet]
        outlet.loop.execute { outlet.floor.refuse(stream.id, body) }
    }

    /// Hands what is new to the outlets that have somebody for it.
    func deliver(_ letters: [Int: [RoomLetter]]) {
        for (place, letters) in letters {
            let outlet = outlets[place]
            outlet.loop.execute { outlet.floor.take(letters) }
        }
    }

    // MARK: Beside the rooms

    func measure(_ seats: [SeatID], in name: String) {
        door.figures(of: seats, in: name) { [self] figures in
            loop.execute { [self] in halls[name]?.measured(figures) }
        }
    }

    func record(_ hall: RoomHall, _ isOn: Bool) {
        guard let producer else { return later { if isOn { $0.hall(hall.name)?.tellLeaders(.recordingFailed) } } }
        producer.record(isOn, hall)
    }

    func air(_ hall: RoomHall, _ isOn: Bool, layout: String, person: PersonNumber?) {
        guard let producer else { return later { if isOn { $0.hall(hall.name)?.tellLeaders(.airFailed) } } }
        producer.air(isOn, layout: layout, person: person, hall)
    }

    func noted(_ note: RoomNote, in hall: RoomHall) { producer?.noted(note, hall) }

    /// In the loop's next turn.
    private func later(_ work: @escaping (RoomHouse) -> Void) {
        loop.after(0) { [weak self] in if let self { work(self) } }
    }

    /// What people brought goes when the plan says so, unless the meeting goes on by then.
    func emptyLater(_ hall: RoomHall, hours: Int) {
        loop.after(Int64(max(0, min(hours, 24 * 365))) * 3_600_000) { [weak hall] in
            if let hall, hall.assembly.state.phase == .over { hall.shelf.empty() }
        }
    }
}
