// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation
import Logging
import Pages
import Secure
import Studio

/// The desk's link to the studio: tells it what the desk has decided, and writes in the folder what it tells.
///
/// The studio is a process of its own. It comes to the desk's socket, says hello, is told every plan, and comes again
/// when either of the two was away. A studio that dies takes nothing of the office with it: what was on air is kept by
/// the minute, and written down as ended when another studio knows nothing of it.
actor StudioLink: StudioRoom {
    /// How the link is run.
    struct Settings: Sendable {
        /// The office's folder; the socket lies in it, the studio keeps its recordings there.
        var folder: String
        var http = HostPort(host: "127.0.0.1", port: 8081)
        var rtmp = HostPort(host: "127.0.0.1", port: 1935)
        var srt: HostPort?
        /// Said to the studio as its own options of these names.
        var passphraseFile: String?
        var recordingGigabytes: Int?
        var udp: HostPort?
        var announced: [String] = []
        var relays: [String] = []
        var relaySecret: String?
        /// Where people reach the studio from outside, when the command line says so.
        var address: String?
        /// The studio is started here; otherwise somebody else does.
        var startsStudio = true
        /// Ends the studio with the desk, whatever is on air: the demo's.
        var endsStudio = false

        var socket: String { folder + "/studio.sock" }
    }

    /// Broadcasts are told to the studio for so long after their occasion: somebody may want to see them again.
    static let remembered = Length.days(180)
    /// What is on air is written down this often.
    static let keepEvery = Length.seconds(30)
    static let refusalsLast = Length.minutes(1)
    /// The studio knows a meeting so long after its end.
    static let farewell = Length.days(1)
    /// How long an order waits for its answer.
    private static let patience = Duration.milliseconds(400)

    let cabinet: any Cabinet
    let seal: Seal
    let titleOfSecrets: String
    let settings: Settings
    let logger: Logger
    let now: @Sendable () -> Moment
    private let stirs = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    var line: StudioLine?
    var open: Bulletin.Doors?
    private var placed: [String: Placement] = [:]
    /// Told to end since the studio came.
    var closed: Set<String> = []
    var states: [String: State] = [:]
    /// Ended while the desk was away, and told before the plans were.
    private var untold: [State] = []
    var refusals: [String: (refusal: StudioRefusal, at: Moment)] = [:]
    var kept: [String: Moment] = [:]
    var lookers: [String: [Int: AsyncStream<StudioSight>.Continuation]] = [:]
    /// What meetings are, and who looks at them.
    var meetings = MeetingDesk()
    private var askers: [Int: (order: Order, answer: AsyncStream<StudioRefusal?>.Continuation)] = [:]
    var lastNumber = 0

    init(
        cabinet: any Cabinet, seal: Seal, titleOfSecrets: String, settings: Settings, logger: Logger,
        now: @escaping @Sendable () -> Moment
    ) {
        self.cabinet = cabinet
        self.seal = seal
        self.titleOfSecrets = titleOfSecrets
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    /// Something was written: the studio may have to be told.
    nonisolated func stir() { stirs.continuation.yield() }

    /// Listens, keeps a studio running, and tells it what changes, until the task is cancelled.
    func run() async {
        guard settings.socket.utf8.count <= StudioPorch.longestPath else {
            return logger.error("the folder's path is too long for the studio's socket; there is no studio")
        }
        do {
            let porch = try await StudioPorch(at: settings.socket, logger: logger)
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen(at: porch) }
                group.addTask { await self.keepTelling() }
                group.addTask { await self.keepTime() }
                if settings.startsStudio { group.addTask { await self.keepStudio() } }
            }
        } catch {
            logger.error("the studio's socket could not be opened", metadata: ["error": "\(error)"])
        }
    }

    private func listen(at porch: StudioPorch) async {
        do {
            try await porch.run { await self.hear($0) }
        } catch is CancellationError {
        } catch {
            logger.error("the studio's socket broke", metadata: ["error": "\(error)"])
        }
    }

    /// Tells the studio what changes, each time something is stirred.
    func keepTelling() async {
        for await _ in stirs.stream {
            do {
                try await tellAll()
            } catch is CancellationError {
            } catch {
                logger.error("the studio could not be told what changed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// The day comes near, keys run out: looked at twice a minute.
    private func keepTime() async {
        while !Task.isCancelled {
            stir()
            await forgetMeetings()
            // Cancelled is not asleep: the loop ends.
            try? await Task.sleep(for: .seconds(30))
        }
    }

    // MARK: What the studio says

    var hasLine: Bool { line != nil }
    var hasAir: Bool { states.values.contains { $0.phase == .onAir || $0.phase == .slated } || meetings.isOn }
    /// The process at the other end.
    var process: pid_t? { line?.process }

    /// What came in at the socket, in its order.
    func hear(_ news: StudioNews) async {
        switch news {
        case .came(let newcomer):
            guard line == nil else {
                logger.warning("a second studio came and was sent away")
                return newcomer.close()
            }
            line = newcomer
        case .left(let number) where number == line?.number:
            line = nil
            open = nil
            placed = [:]
            states = [:]
            meetings.leave()
            logger.notice("the studio is away")
            for name in lookers.keys { show(name) }
            for name in meetings.lookers.keys { showMeeting(name) }
        case .said(let bulletin, let number) where number == line?.number: await hear(bulletin)
        case .left, .said: break
        }
    }

    private func hear(_ bulletin: Bulletin) async {
        switch bulletin {
        case .hello(let doors):
            open = doors
            placed = [:]
            closed = []
            meetings.leave()
            logger.notice(
                "the studio is here", metadata: ["http": "\(doors.http)", "rtmp": "\(doors.rtmp)"])
            stir()
        case .state(let state):
            // A studio that has just come: what was on air before may be over.
            if states.updateValue(state, forKey: state.name) == nil { stir() }
            answer(nil, about: state.name)
            show(state.name)
            await keep(state)
        case .opened(let name, _):
            logger.notice("on air", metadata: ["broadcast": "\(name)"])
        case .ended(let state):
            states[state.name] = state
            show(state.name)
            if placed[state.name] == nil { untold.append(state) } else { await file(state) }
        case .refused(let order, let thai, let english):
            let refusal = StudioRefusal(thai: thai, english: english)
            logger.notice("the studio refused an order", metadata: ["why": "\(english)"])
            guard let name = order.name else { return }
            refusals[name] = (refusal, now())
            answer(refusal, about: name, for: order)
            show(name)
            showMeeting(name)
        case .meeting, .meetingOpened, .meetingEnded, .meetingChecked: await hearMeeting(bulletin)
        }
    }

    // MARK: What the folder is told

    /// Remembers what an airing has come to so far.
    private func keep(_ state: State) async {
        let now = now()
        guard let placement = placed[state.name], !placement.plan.isTest, state.endedAt == nil,
            state.phase != .ended,
            let figures = AirFigures(state, at: now), kept[state.name].map({ $0 + Self.keepEvery <= now }) ?? true
        else { return }
        kept[state.name] = now
        guard await keep(figures, of: placement.matter) else {
            // Another airing waits for the folder; it goes first.
            kept[state.name] = nil
            return stir()
        }
    }

    private func keep(_ figures: AirFigures, of id: Matter.ID) async -> Bool {
        do { return try await cabinet.keep(running: figures, of: id) } catch {
            logger.error("an airing's figures could not be kept", metadata: ["error": "\(error)"])
            return true
        }
    }

    private func file(_ state: State) async {
        guard let placement = placed[state.name], !placement.plan.isTest, let figures = AirFigures(state, at: now())
        else { return }
        kept[state.name] = nil
        do {
            let folder = try await cabinet.matter(placement.matter)
            if folder?.airings.contains(where: { $0.opened == figures.opened }) == true { return }
        } catch {
            logger.error("a folder could not be read", metadata: ["error": "\(error)"])
        }
        // Kept first: the folder may not take it before somebody has opened the occasion.
        _ = await keep(figures, of: placement.matter)
        await file(figures, of: placement.matter)
    }

    /// Writes an airing in the folder, once however often it is told.
    private func file(_ figures: AirFigures, of id: Matter.ID) async {
        do {
            _ = try await cabinet.perform(
                .air(figures), on: id, by: .sanyan, at: now(), seen: nil, contact: nil, lateReason: "",
                once: "air/\(id)/\(figures.opened.milliseconds)")
        } catch let refusal as Refusal {
            // Told before; or nobody has opened the occasion yet, and what is kept is tried again.
            logger.debug("an airing was not written down", metadata: ["why": "\(refusal.code)"])
        } catch {
            logger.error("an airing could not be written down", metadata: ["error": "\(error)"])
        }
    }

    /// What was on air when it was last heard of, and of which the studio that is here knows nothing, is over.
    private func settleAirings() async throws {
        for (id, figures) in try await cabinet.runningAirings() {
            if let name = placed.values.first(where: { $0.matter == id })?.plan.name {
                guard let state = states[name] else { continue }
                let isOn =
                    state.openedAt == figures.opened.milliseconds && state.endedAt == nil && state.phase != .ended
                if isOn { continue }
            }
            await file(figures, of: id)
        }
    }

    // MARK: What the studio is told

    private func tellAll() async throws {
        guard open != nil else { return }
        let now = now()
        let office = try await cabinet.office()
        let plans = try await cabinet.airPlans(endingAfter: now - Self.remembered)
        var filter = MatterFilter()
        filter.ids = plans.map(\.matter)
        filter.limit = 0
        let matters = try await plans.isEmpty ? [] : cabinet.matters(filter)
        let folders = Dictionary(matters.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let placements = plans.compactMap { plan in
            folders[plan.matter].flatMap {
                Placement(plan, of: $0, office: office, seal: seal, titleOfSecrets: titleOfSecrets, at: now)
            }
        }
        // Nothing is awaited from here on, so what is sent belongs to one studio.
        guard let line, open != nil else { return }
        for placement in placements { place(placement, on: line) }
        for name in Set(placed.keys).subtracting(placements.map(\.plan.name)) { callOff(name, on: line) }
        if states.isEmpty, !placed.isEmpty { line.send(.report) }
        let ended = untold
        untold = []
        for state in ended { await file(state) }
        try await settleAirings()
        try await tellMeetings(to: line.number)
    }

    private func place(_ placement: Placement, on line: StudioLine) {
        let name = placement.plan.name
        let before = placed.updateValue(placement, forKey: name)?.plan
        if placement.plan != before { line.send(.put(placement.plan)) }
        if placement.isOver, closed.insert(name).inserted { line.send(.close(name: name)) }
    }

    /// Withdrawn, or approved no longer: nobody may send, and nothing more comes.
    private func callOff(_ name: String, on line: StudioLine) {
        guard var plan = placed.removeValue(forKey: name)?.plan else { return }
        plan.keyHashes = []
        line.send(.put(plan))
        line.send(.close(name: name))
    }

    func tell(_ order: Order) async throws {
        guard let line, open != nil else { throw Sentence.studioIsAway }
        let (answers, answer) = AsyncStream.makeStream(of: StudioRefusal?.self)
        lastNumber += 1
        let number = lastNumber
        askers[number] = (order, answer)
        line.send(order)
        line.send(.report)
        let patience = Task {
            try await Task.sleep(for: Self.patience)
            answer.finish()
        }
        defer {
            patience.cancel()
            askers[number] = nil
        }
        for await refusal in answers {
            if let refusal { throw refusal }
            return
        }
    }

    func answer(_ refusal: StudioRefusal?, about name: String, for order: Order? = nil) {
        for (_, asker) in askers where asker.order.name == name && (order == nil || order == asker.order) {
            asker.answer.yield(refusal)
        }
    }
}
