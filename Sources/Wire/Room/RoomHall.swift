// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Secure
import Studio

/// One meeting's room: its people, their streams and their calls. Lives on the rooms' loop.
final class RoomHall {
    /// An event that may be told again to who was away for a moment.
    private struct Kept {
        let number: UInt64
        let slab: Slab
        let to: [PersonNumber]
    }

    private static let mostKept = 4_000
    private static let mostKeptBytes = 8 << 20

    let name: String
    private(set) var assembly: Assembly
    private(set) var plan: MeetingPlan
    private unowned let house: RoomHouse
    private var streams: [PersonNumber: RoomStream] = [:]
    private var calls: [PersonNumber: [CallWay: (session: String, seat: SeatID)]] = [:]
    private var kept: [Kept] = []
    private var keptBytes = 0
    private var lastEvent: UInt64 = 0
    private var letters: [Int: [RoomLetter]] = [:]
    private var orders: [MeetingOrder] = []
    private var isPumping = false
    private var log: RoomLog?
    /// The log of a run of the program that was killed, which goes on.
    private var formerLog: String?
    private var ended: MeetingReport?
    /// The state that the desk was last told.
    private var told: MeetingState?
    /// What the recorder tells the desk.
    var recordings: [MeetingRecording] = []
    var complaints: [State.Complaint] = []
    var freeBytes: Int64?
    let shelf: RoomShelf

    init(_ plan: MeetingPlan, _ house: RoomHouse) {
        (name, self.plan, self.house) = (plan.name, plan, house)
        assembly = Assembly(plan)
        shelf = RoomShelf(folder: house.folder(of: plan.name))
        shelf.empty()
        // What was tried is counted nowhere.
        if !plan.isTest, let folder = house.folder(of: plan.name), let found = RoomLog.newest(in: folder, at: wall) {
            formerLog = found.name
            assembly.recall(found.notes)
            house.log("\(plan.name): goes on where the event log ends")
            if assembly.state.phase == .over { ended = assembly.report }
        }
    }

    var now: Instant { Clock.now() }
    var wall: WallTime { Clock.wall() }

    // MARK: The plan

    func put(_ plan: MeetingPlan) {
        if plan.isTest != self.plan.isTest { beginAnew() }
        self.plan = plan
        assembly.put(plan, at: now, wall: wall)
        pump()
        tellDesk()
    }

    /// A trial and its meeting are two: no seat, no figure and no line of the log goes over from one into the other.
    private func beginAnew() {
        if !plan.isTest, assembly.state.phase == .open { close() }
        assembly.dismissAll(at: now, wall: wall)
        pump()
        log?.settle()
        shelf.empty()
        assembly = assembly.emptied
        (log, formerLog, ended) = (nil, nil, nil)
        forgetEvents()
    }

    /// Nobody is told again what was told.
    private func forgetEvents() { (kept, keptBytes) = ([], 0) }

    /// The office does what a host could.
    func obey(_ order: Order) throws(RoomRefusal) {
        defer { pump() }
        try assembly.obey(order, at: now, wall: wall)
    }

    func close() {
        assembly.close(byDesk: true, at: now, wall: wall)
        pump()
        log?.settle()
    }

    /// Nothing is told any more; what was noted is written.
    func stop() { log?.finish() }

    /// The desk is done with it: whoever asks for it is told that there is none, and what people brought goes.
    func withdraw() {
        log?.settle()
        shelf.empty()
        house.keys.forget(name)
    }

    // MARK: People

    func enter(_ newcomer: Newcomer) throws(RoomRefusal) -> (person: PersonNumber, token: String) {
        defer { pump() }
        let person = try assembly.enter(newcomer, at: now, wall: wall)
        return (person, house.keys.draw(for: person, in: name))
    }

    func take(_ ask: RoomAsk, from person: PersonNumber) throws(RoomRefusal) {
        defer { pump() }
        try assembly.take(ask, from: person, at: now, wall: wall)
    }

    // MARK: Streams

    /// Somebody opens a stream of events; who had one has it no more. `last` is the last event that they have.
    func listen(_ person: PersonNumber, _ stream: RoomStream, last: UInt64?) {
        if let former = streams.updateValue(stream, forKey: person), former != stream {
            let event = RoomEvent.ended(why: "elsewhere", .takenOver, evaluation: nil)
            post(RoomHall.slab(event, number: nil), to: [former])
            post(nil, to: [former])
        }
        house.open(stream)
        var past: [Slab]?
        if let last { past = missed(by: person, since: last) }
        for slab in past ?? [] { post(slab, to: [stream]) }
        assembly.listens(person, isResumed: past != nil, at: now, wall: wall)
        pump()
    }

    /// What somebody was not told; nil when that is not known any more.
    private func missed(by person: PersonNumber, since last: UInt64) -> [Slab]? {
        if last == lastEvent { return [] }
        guard last < lastEvent, let first = kept.first, first.number <= last + 1 else { return nil }
        return kept.filter { $0.number > last && $0.to.contains(person) }.map(\.slab)
    }

    /// A stream is gone.
    func lost(_ stream: RoomStream) {
        guard let person = streams.first(where: { $0.value == stream })?.key else { return }
        streams[person] = nil
        assembly.lost(person, at: now, wall: wall)
        pump()
    }

    // MARK: Calls

    /// A call was agreed on. One that was there before, the same way, ends.
    func called(_ person: PersonNumber, _ way: CallWay, _ seated: MeetingDoor.Seated) {
        let former = calls[person, default: [:]].updateValue((seated.welcome.session, seated.seat), forKey: way)
        assembly.called(person, way, seat: seated.seat, seated.sections, at: now, wall: wall)
        pump()
        if let former { house.door.hangUp(former.session) { _ in } }
    }

    /// Whether a session is one of somebody's.
    func has(_ session: String, _ person: PersonNumber) -> Bool {
        calls[person]?.values.contains { $0.session == session } ?? false
    }

    func left(_ seat: SeatID) {
        for (person, ways) in calls { for (way, call) in ways where call.seat == seat { calls[person]?[way] = nil } }
        assembly.callEnded(seat, at: now, wall: wall)
        pump()
    }

    func take(_ news: MeetingNews) {
        assembly.take(news, at: now, wall: wall)
        pump()
    }

    func checkCall(_ way: CallWay, by person: PersonNumber) throws(RoomRefusal) {
        try assembly.checkCall(way, by: person)
    }

    func isInside(_ person: PersonNumber) -> Bool { assembly.role(of: person)?.isInside ?? false }

    // MARK: Slides and files

    func checkDeck(by person: PersonNumber) throws(RoomRefusal) { try assembly.checkDeck(by: person) }
    func checkFile(by person: PersonNumber) throws(RoomRefusal) { try assembly.checkFile(by: person) }

    /// Draws the pages of a PDF, when it is its turn.
    func drawPages(_ pdf: String, into folder: String, then: @escaping (DeckPages.Pages?) -> Void) {
        house.pages.draw(pdf, into: folder, then: then)
    }

    /// Somebody tried their devices out: the desk is told when it knows them. False when nobody knows who it is.
    func checked(_ written: RoomCheck.Written, by person: PersonNumber?, agent: String) -> Bool {
        var key = person.flatMap { assembly.key(of: $0) }
        var name = person.flatMap { assembly.name(of: $0) } ?? ""
        if let pass = written.pass, let found = try? RoomEntry.read(pass, of: plan, at: wall) {
            key = found.person?.key
            name = found.person?.name ?? ""
        } else if person == nil {
            return false
        }
        guard key != nil else { return true }
        house.tellDesk(.meetingChecked(name: self.name, written.check(key: key, name: name, agent: agent, at: wall)))
        return true
    }

    func add(_ deck: DeckCard) throws(RoomRefusal) {
        defer { pump() }
        try assembly.add(deck, at: now, wall: wall)
    }

    func add(_ file: ChatMessage.File, by person: PersonNumber) throws(RoomRefusal) {
        defer { pump() }
        try assembly.add(file, by: person, at: now, wall: wall)
    }

    // MARK: What is done beside the room

    func recording(isOn: Bool) {
        assembly.recording(isOn: isOn, at: now, wall: wall)
        pump()
    }

    func air(_ card: AirCard) {
        assembly.air(card, at: now, wall: wall)
        pump()
    }

    func tellLeaders(_ telling: Telling) {
        assembly.tellLeaders(telling, at: now, wall: wall)
        pump()
    }

    // MARK: Time

    /// Once a second.
    func tick() {
        assembly.time(at: now, wall: wall)
        pump()
    }

    /// Every two seconds: how the lines are.
    func measure() {
        tellDesk()
        let seats = assembly.seats
        guard !seats.isEmpty else { return }
        house.measure(seats, in: name)
    }

    func measured(_ figures: [SeatID: SeatFigures]) {
        assembly.measured(figures, at: now, wall: wall)
        pump()
    }

    /// How it is, when that has changed.
    func tellDesk(again: Bool = false) {
        var state = assembly.state
        (state.recordings, state.complaints, state.freeBytes) = (recordings, complaints, freeBytes)
        guard again || state != told else { return }
        told = state
        house.tellDesk(.meeting(state))
    }

    // MARK: Output

    private func pump() {
        guard !isPumping else { return }
        isPumping = true
        while let output = assembly.next() { carry(output) }
        isPumping = false
        if !orders.isEmpty {
            house.door.take(orders, in: name)
            orders = []
        }
        house.deliver(letters)
        letters = [:]
    }

    private func carry(_ output: Assembly.Output) {
        switch output {
        case .tell(let event, let people): tell(event, people)
        case .engine(let order): orders.append(order)
        case .hangUp(let person, let way):
            if let call = calls[person]?.removeValue(forKey: way) { house.door.hangUp(call.session) { _ in } }
        case .dismiss(let person):
            house.keys.forget(person, in: name)
            calls[person] = nil
            if let stream = streams.removeValue(forKey: person) { post(nil, to: [stream]) }
        case .note(let note): write(note)
        case .record(let isOn): house.record(self, isOn)
        case .air(let isOn, let layout, let person): house.air(self, isOn, layout: layout, person: person)
        case .opened(let at):
            house.log("\(name): the first person came in")
            if !plan.isTest { house.tellDesk(.meetingOpened(name: name, at: at.milliseconds)) }
        case .ended(var report):
            report.log = log.map { "meetings/\(name)/\($0.name)" } ?? ""
            house.log("\(name): the meeting is over")
            log?.settle()
            ended = report
            forgetEvents()
            tellEnd()
            tellDesk()
            house.emptyLater(self, hours: plan.keepsFilesHours)
        }
    }

    /// Once it is over, and again to a desk that was away.
    func tellEnd() {
        if let ended, !plan.isTest { house.tellDesk(.meetingEnded(ended)) }
    }

    private func write(_ note: RoomNote) {
        if log == nil, let folder = house.folder(of: name) {
            do {
                try makeFolder(folder)
                log = RoomLog(in: folder, at: wall, isTest: plan.isTest, named: formerLog, log: house.log)
            } catch {
                house.log("\(error)")
            }
        }
        log?.write(note)
        house.noted(note, in: self)
    }

    /// An event is encoded once, whoever gets it.
    private func tell(_ event: RoomEvent, _ people: [PersonNumber]) {
        if event.isFleeting {
            let there = people.compactMap { streams[$0] }
            // What is told of everything is good as of the last event.
            var number: UInt64?
            if case .state = event { number = lastEvent }
            if !there.isEmpty { post(RoomHall.slab(event, number: number), to: there) }
            return
        }
        lastEvent += 1
        let slab = RoomHall.slab(event, number: lastEvent)
        kept.append(Kept(number: lastEvent, slab: slab, to: people))
        keptBytes += slab.count
        if kept.count > RoomHall.mostKept || keptBytes > RoomHall.mostKeptBytes { thin() }
        post(slab, to: people.compactMap { streams[$0] })
    }

    /// The older half goes, so that this is not done each time.
    private func thin() {
        let count = max(1, kept.count / 2)
        keptBytes -= kept.prefix(count).reduce(0) { $0 + $1.slab.count }
        kept.removeFirst(count)
    }

    private func post(_ slab: Slab?, to streams: [RoomStream]) {
        var byOutlet: [Int: [UInt32]] = [:]
        for stream in streams { byOutlet[stream.outlet, default: []].append(stream.id) }
        for (outlet, ids) in byOutlet { letters[outlet, default: []].append(RoomLetter(slab: slab, to: ids)) }
    }

    /// As it stands in the stream (HTML standard, 9.2).
    private static func slab(_ event: RoomEvent, number: UInt64?) -> Slab {
        var bytes: [UInt8] = []
        if let number { bytes += Array("id: \(number)\n".utf8) }
        bytes += Array("data: ".utf8) + JSON.encode(event) + [0x0A, 0x0A]
        return .of(bytes)
    }
}
