// SPDX-License-Identifier: Apache-2.0
import CLinux
import Media
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What of a file is ready.
struct Readiness: Sendable {
    var reads: Bool
    var writes: Bool
    /// The other end is gone, or something broke.
    var isOver: Bool
}

/// One file that a loop watches. Lives on its loop.
final class Watch {
    let file: Int32
    fileprivate let place: Int
    fileprivate let act: (Readiness) -> Void
    fileprivate weak var loop: Loop?
    private(set) var reads: Bool
    private(set) var writes: Bool

    fileprivate init(
        _ file: Int32, _ place: Int, _ reads: Bool, _ writes: Bool, _ loop: Loop, _ act: @escaping (Readiness) -> Void
    ) {
        (self.file, self.place, self.reads, self.writes, self.loop, self.act) = (file, place, reads, writes, loop, act)
    }

    /// Watches for something else.
    func change(reads: Bool, writes: Bool) {
        guard reads != self.reads || writes != self.writes else { return }
        (self.reads, self.writes) = (reads, writes)
        loop?.change(self)
    }

    /// Stops watching; nothing is called any more, not even for what is ready already. Must come before the file is closed.
    func cancel() {
        loop?.remove(self)
        loop = nil
    }
}

/// One thing that a loop does later. Lives on its loop.
final class Alarm {
    fileprivate let due: Int64
    fileprivate var act: (() -> Void)?

    fileprivate init(_ due: Int64, _ act: @escaping () -> Void) { (self.due, self.act) = (due, act) }

    /// It will not ring.
    func cancel() { act = nil }
}

/// One thread that waits for many things (epoll) and does what is asked of it, one after the other. Everything that is
/// touched on it needs no lock.
// `mail` and `isStopping` are behind a mutex; all the rest is touched on the loop's own thread alone.
final class Loop: @unchecked Sendable {
    private struct Mail {
        var letters: [@Sendable () -> Void] = []
        var isStopping = false
    }

    private let epoll: Int32
    private let bell: Int32
    private let mail = Mutex(Mail())
    private var hasRung = false
    private var watches: [(watch: Watch?, generation: UInt32)] = []
    private var vacant: [Int] = []
    private var alarms = Heap()
    private var thread = pthread_t()
    private(set) var now = Clock.now()
    /// Where all connections of this loop read into, one after the other.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    /// What all connections of this loop send pages through, one after the other.
    let chute = UnsafeMutablePointer<cs_chute>.allocate(capacity: 1)

    /// A loop with a thread of that name, which asks to be preferred over other threads when `isUrgent`.
    /// - Throws: what the system says when it has no more threads or files.
    init(_ name: String, isUrgent: Bool = false) throws {
        epoll = cs_epoll()
        bell = cs_bell()
        guard epoll >= 0, bell >= 0 else { throw WireFault(doing: "make a loop", errno) }
        guard cs_epoll_change(epoll, 1, bell, CS_READS, UInt64.max) == 0 else {
            throw WireFault(doing: "make a loop", errno)
        }
        cs_open_chute(chute)
        let box = Unmanaged.passRetained(Start(loop: self, name: name, isUrgent: isUrgent))
        let code = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                cs_name_thread(start.name)
                // Granted to root and where LimitNICE allows; without it nothing but the order of waking is lost.
                if start.isUrgent { cs_prefer_thread() }
                start.loop.run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw WireFault(doing: "start a thread", code)
        }
    }

    private final class Start {
        let loop: Loop
        let name: String
        let isUrgent: Bool
        init(loop: Loop, name: String, isUrgent: Bool) {
            (self.loop, self.name, self.isUrgent) = (loop, name, isUrgent)
        }
    }

    /// Does something on the loop soon, in the order of asking; called from anywhere.
    func execute(_ work: @escaping @Sendable () -> Void) {
        let wasEmpty = mail.withLock { mail in
            mail.letters.append(work)
            return mail.letters.count == 1
        }
        if wasEmpty { ring() }
    }

    /// Does something on the loop and waits for what it answers. Never called on the loop.
    func ask<Answer: Sendable>(_ work: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in execute { continuation.resume(returning: work()) } }
    }

    /// Ends the thread when everything asked so far is done, and waits for that. Never called on the loop.
    func stop() {
        mail.withLock { $0.isStopping = true }
        ring()
        pthread_join(thread, nil)
        close(epoll)
        close(bell)
        scratch.deallocate()
        cs_close_chute(chute)
        chute.deallocate()
    }

    private func ring() {
        var one: UInt64 = 1
        // It can only fail when the bell is ringing already.
        _ = write(bell, &one, 8)
    }

    // MARK: On the loop

    /// Calls `act` whenever the file is ready.
    func watch(_ file: Int32, reads: Bool, writes: Bool, _ act: @escaping (Readiness) -> Void) -> Watch {
        let place = vacant.popLast() ?? watches.count
        if place == watches.count { watches.append((nil, 0)) }
        let watch = Watch(file, place, reads, writes, self, act)
        watches[place].watch = watch
        _ = cs_epoll_change(epoll, 1, file, Loop.interest(watch), tag(place))
        return watch
    }

    /// Calls `act` once, so many milliseconds from now or a little later.
    @discardableResult
    func after(_ milliseconds: Int64, _ act: @escaping () -> Void) -> Alarm {
        let alarm = Alarm(Clock.now().milliseconds &+ max(0, milliseconds), act)
        alarms.push(alarm)
        return alarm
    }

    /// Calls `act` every so many milliseconds, until the loop ends.
    func every(_ milliseconds: Int64, _ act: @escaping () -> Void) {
        after(milliseconds) { [weak self] in
            act()
            self?.every(milliseconds, act)
        }
    }

    fileprivate func change(_ watch: Watch) {
        _ = cs_epoll_change(epoll, 3, watch.file, Loop.interest(watch), tag(watch.place))
    }

    fileprivate func remove(_ watch: Watch) {
        _ = cs_epoll_change(epoll, 2, watch.file, 0, 0)
        watches[watch.place] = (nil, watches[watch.place].generation &+ 1)
        vacant.append(watch.place)
    }

    private func tag(_ place: Int) -> UInt64 { UInt64(watches[place].generation) << 32 | UInt64(place) }

    private static func interest(_ watch: Watch) -> UInt32 {
        (watch.reads ? CS_READS : 0) | (watch.writes ? CS_WRITES : 0)
    }

    private func run() {
        let events = UnsafeMutablePointer<cs_event>.allocate(capacity: 512)
        defer { events.deallocate() }
        while true {
            now = Clock.now()
            let wait = alarms.first.map { max(0, min($0 - now.milliseconds, 60_000)) } ?? -1
            let count = cs_epoll_wait(epoll, events, 512, Int32(wait))
            now = Clock.now()
            for place in 0..<max(0, Int(count)) { handle(events[place]) }
            if hasRung, readMail() { return }
            ringAlarms()
        }
    }

    private func handle(_ event: cs_event) {
        guard event.tag != UInt64.max else {
            hasRung = true
            var count: UInt64 = 0
            // Empty already when two rings came together.
            _ = read(bell, &count, 8)
            return
        }
        let place = Int(event.tag & 0xFFFF_FFFF)
        guard case (let watch?, let generation) = watches[place], generation == UInt32(event.tag >> 32) else { return }
        let isOver = event.ready & (CS_FAULT | CS_HANGUP) != 0
        watch.act(
            Readiness(reads: event.ready & CS_READS != 0, writes: event.ready & CS_WRITES != 0, isOver: isOver))
    }

    /// Answers whether the loop shall end.
    private func readMail() -> Bool {
        hasRung = false
        let (letters, isStopping) = mail.withLock { mail in
            defer { mail.letters = [] }
            return (mail.letters, mail.isStopping)
        }
        for letter in letters { letter() }
        return isStopping && letters.isEmpty ? true : isStopping && mail.withLock { $0.letters.isEmpty }
    }

    private func ringAlarms() {
        guard let first = alarms.first, first <= now.milliseconds else { return }
        let until = Clock.now().milliseconds
        while let due = alarms.first, due <= until, let alarm = alarms.pop() {
            let act = alarm.act
            alarm.act = nil
            act?()
        }
    }
}

/// Alarms, the earliest first (a binary heap).
private struct Heap {
    private var alarms: [Alarm] = []

    var first: Int64? { alarms.first?.due }

    mutating func push(_ alarm: Alarm) {
        alarms.append(alarm)
        var place = alarms.count - 1
        while place > 0, alarms[(place - 1) / 2].due > alarms[place].due {
            alarms.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func pop() -> Alarm? {
        guard !alarms.isEmpty else { return nil }
        alarms.swapAt(0, alarms.count - 1)
        let alarm = alarms.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < alarms.count && alarms[child].due < alarms[least].due { least = child }
            guard least != place else { return alarm }
            alarms.swapAt(place, least)
            place = least
        }
    }
}

/// What the system would not do, for the log.
struct WireFault: Error, CustomStringConvertible {
    let doing: String
    let code: Int32

    init(doing: String, _ code: Int32) { (self.doing, self.code) = (doing, code) }

    var description: String { "\(doing): \(String(cString: strerror(code)))" }
}
