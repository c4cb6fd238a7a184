// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Logging
import NIOCore
import Pages
import Rehearsal
import Secure
import Studio
import Synchronization
import Testing

@testable import sanyan

/// A desk with one broadcast, a link, and a clock that stands where a test puts it.
final class PlayedDesk: Sendable {
    /// A clock on the wall that stands where a test puts it.
    final class Wall: Sendable {
        private let moment: Mutex<Moment>
        init(_ now: Moment) { moment = Mutex(now) }
        var now: Moment { moment.withLock { $0 } }
        func set(_ now: Moment) { moment.withLock { $0 = now } }
    }

    /// Lets the cabinet stir a link that is made after it.
    private final class Later: Sendable {
        let link = Mutex<StudioLink?>(nil)
    }

    let cabinet: SQLiteCabinet
    let link: StudioLink
    let wall: Wall
    let id: Matter.ID
    let name: String
    let start: Moment
    private let rounds: Task<Void, Never>
    private let lines = Mutex(0)

    init(at stage: Stage = .toPrepare, letter: Letter = PlacementTests.letter) async throws {
        let later = Later()
        cabinet = try SQLiteCabinet.inMemory(errandsChanged: { later.link.withLock { $0 }?.stir() })
        let (desk, wall) = (cabinet, Wall(Samples.now))
        self.wall = wall
        try await cabinet.save(Samples.office, by: nil, at: Samples.now)
        for room in Samples.rooms { _ = try await cabinet.save(room.new, by: nil, at: Samples.now) }
        for person in Samples.people {
            _ = try await cabinet.save(person.new, passwordHash: nil, by: nil, at: Samples.now)
        }
        var matter = try await cabinet.receive(
            letter, contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester,
            at: Samples.now, once: nil)
        for stride in Samples.strides(to: stage, letter: letter, received: Samples.now) {
            wall.set(Samples.now + stride.after)
            matter = try await cabinet.perform(
                stride.act, on: matter.id, by: stride.hand, at: wall.now, seen: nil, contact: nil, lateReason: "",
                once: nil)
        }
        id = matter.id
        start = letter.span.start
        let air = try await cabinet.airPlan(of: id)?.name
        let meeting = try await cabinet.meetPlan(of: id)?.name
        name = try #require(air ?? meeting)
        let link = StudioLink(
            cabinet: desk, seal: PlacementTests.seal, titleOfSecrets: "ถ่ายทอดสด",
            settings: StudioLink.Settings(folder: "/nowhere"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), now: { wall.now })
        self.link = link
        later.link.withLock { $0 = link }
        rounds = Task { await link.keepTelling() }
    }

    func act(_ act: Act, _ role: Role, at now: Moment) async throws {
        wall.set(now)
        _ = try await cabinet.perform(
            act, on: id, by: Samples.hand(role), at: now, seen: nil, contact: nil, lateReason: "", once: nil)
    }

    /// A studio comes to the socket and says hello.
    func studioComes() async throws -> PlayedStudio {
        let number = lines.withLock { count in
            count += 1
            return count
        }
        let (words, pen) = AsyncStream.makeStream(of: ByteBuffer.self)
        let studio = PlayedStudio(link: link, number: number, heard: words)
        await link.hear(.came(StudioLine(number: number, process: nil, words: pen)))
        await studio.say(.hello(Bulletin.Doors(http: 8081, rtmp: 1935)))
        return studio
    }

    /// How things are after so many minutes on air, from the letter's own hour on.
    func aired(minutes: Int, isOver: Bool = true) -> State {
        var state = State(name: name)
        state.phase = isOver ? .ended : .onAir
        state.isOnAir = !isOver
        state.openedAt = start.milliseconds
        state.endedAt = isOver ? (start + .minutes(minutes)).milliseconds : nil
        (state.viewers, state.peak, state.average) = (40, 40, 30)
        state.viewerMinutes = Int64(30 * minutes)
        state.curve = [Int](repeating: 30, count: minutes)
        return state
    }

    /// Until what the link does by itself is done; gives up after two seconds.
    func waitUntil(_ isSo: (SQLiteCabinet) async throws -> Bool) async throws {
        for _ in 0..<200 {
            if try await isSo(cabinet) { return }
            await Task.yield()
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never came")
    }

    func end() async { rounds.cancel() }
}

/// The other end of the line.
final class PlayedStudio: Sendable {
    private let link: StudioLink
    let number: Int
    private let orders = Box<[Order]>([])
    private let isDone = Box(false)

    init(link: StudioLink, number: Int, heard words: AsyncStream<ByteBuffer>) {
        self.link = link
        self.number = number
        let (heard, closed) = (orders, isDone)
        Task {
            var lines = LineReader()
            for await word in words {
                for line in (try? lines.take(Array(word.readableBytesView))) ?? [] {
                    if let order = try? JSONDecoder().decode(Order.self, from: Data(line)) {
                        heard.change { $0.append(order) }
                    }
                }
            }
            closed.change { $0 = true }
        }
    }

    /// A value that a task and a test share.
    final class Box<Value: Sendable>: Sendable {
        private let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
        func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
            value.withLock { value in body(&value) }
        }
    }

    func say(_ bulletin: Bulletin) async { await link.hear(.said(bulletin, line: number)) }
    func leave() async { await link.hear(.left(line: number)) }

    func isClosed() async -> Bool {
        for _ in 0..<200 where !isDone.change({ $0 }) { await pause() }
        return isDone.change { $0 }
    }

    /// The next order; one of them is passed over.
    func next(but skipped: Order? = nil) async throws -> Order {
        for _ in 0..<300 {
            let order = orders.change { $0.isEmpty ? nil : $0.removeFirst() }
            if let order, order != skipped { return order }
            if order == nil { await pause() }
        }
        throw Mishap(doing: "hear an order")
    }

    /// The next plan of a meeting; reports are passed over.
    func nextMeeting() async throws -> MeetingPlan {
        guard case .meeting(let plan) = try await next(but: .report) else { throw Mishap(doing: "hear of a meeting") }
        return plan
    }

    /// The next plan; reports are passed over.
    func nextPlan() async throws -> Plan {
        guard case .put(let plan) = try await next(but: .report) else { throw Mishap(doing: "hear a plan") }
        return plan
    }

    // What is awaited is another task's turn, so the wait is as short as the machine is quick.
    private func pause() async { try? await Task.sleep(for: .milliseconds(10)) }
}

extension Room {
    fileprivate var new: Room {
        var new = self
        new.id = Room.ID(0)
        return new
    }
}

extension Person {
    fileprivate var new: Person {
        var new = self
        new.id = Person.ID(0)
        return new
    }
}
