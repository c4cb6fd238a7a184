// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("เหตุการณ์สุ่ม: ไม่ว่าใครกดอะไร กติกาไม่แตก")
struct RandomHistoryTests {
    /// One random history: letters come and people press, mostly what they are offered.
    private struct History {
        var dice: Dice
        var archive = PaperArchive()
        var now = Samples.now
        var reached: Set<Stage> = []
        var broken: [String] = []
        var accepted = 0

        init(seed: UInt64) { dice = Dice(seed: seed) }

        mutating func run(_ steps: Int) {
            for _ in 0..<steps {
                now = now + .minutes(dice.roll(0...120))
                if archive.matters.values.count(where: { !$0.stage.isFinal }) < 4 { receive() } else { press() }
            }
        }

        mutating func letter() -> Letter {
            let service = dice.pick(Service.allCases) ?? .meeting
            return Samples.letter(at: now, service: service, inDays: dice.roll(1...20))
        }

        mutating func receive() {
            let letter = letter()
            do { note(try archive.receive(letter, at: now), before: nil) } catch {}
        }

        mutating func press() {
            let living = archive.matters.values.filter { !$0.stage.isFinal || dice.chance(2) }.map(\.id).sorted()
            guard let id = dice.pick(living), let before = archive.matters[id] else { return }
            let offered = Role.allCases.flatMap { role in offers(before, to: [role]).map { (role, $0) } }
            let drawn =
                dice.chance(75)
                ? dice.pick(offered) : (dice.pick(Role.allCases) ?? .officer, dice.pick(Act.Name.allCases) ?? .submit)
            guard let (role, name) = drawn, name != .receive else { return }
            // What leads back or ends early is drawn more seldom than it is offered, or nothing would ever be served.
            let isBackward =
                [.withdraw, .void, .amend, .untick].contains(name) || name == .assign && before.assignment != nil
            if isBackward, dice.chance(85) { return }
            do {
                note(try archive.perform(choice(name, before), on: id, by: hand(role), at: now), before: before)
            } catch {
                if archive.matters[id] != before { broken.append("a refused act changed the folder: \(error)") }
            }
        }

        mutating func hand(_ role: Role) -> Hand {
            let people = Samples.people.filter { $0.roles == [role] }
            return dice.pick(people).map { Hand($0) } ?? Samples.hand(role)
        }

        mutating func choice(_ name: Act.Name, _ matter: Matter) -> Act {
            switch name {
            case .assign:
                let officers = Samples.officers.sorted().filter { _ in dice.chance(40) }
                let rooms = Samples.rooms.map(\.id).filter { _ in dice.chance(20) }
                return .assign(Assignment(officers: officers, rooms: rooms, setUpMinutes: 30, tearDownMinutes: 15))
            case .amend, .complete:
                let newer = dice.chance(50) ? letter() : matter.letter.with(remarks: "\(dice.roll(1...99))")
                return name == .amend ? .amend(newer, reason: "ผู้ขอแจ้ง") : .complete(newer, documents: [])
            case .register where dice.chance(30):
                return .register(Samples.classification, papers: [.date])
            default: return act(name, for: matter, at: now)
            }
        }

        mutating func note(_ matter: Matter, before: Matter?) {
            accepted += 1
            reached.insert(matter.stage)
            func must(_ holds: Bool, _ rule: String) { if !holds { broken.append("\(matter.id): \(rule)") } }
            let earlier = before?.folder ?? []
            must(Array(matter.folder.prefix(earlier.count)) == earlier, "a folder only grows")
            must(matter.folder.count == earlier.count + 1, "one act, one entry")
            must(matter.folder.map(\.number) == Array(1...matter.folder.count), "entries are numbered")
            let letters = archive.letters[matter.id] ?? []
            must(Matter(id: matter.id, letters: letters, folder: matter.folder) == matter, "reading gives the same")
            must(matter.revision == letters.count, "every revision is kept")
            if [.toAssign, .toPrepare, .ready, .inService, .toEvaluate].contains(matter.stage) {
                must(matter.decision?.isApproval == true, "nothing is served without approval")
                must(matter.incoming != nil, "nothing is approved unregistered")
            }
            if [.toPrepare, .ready, .inService].contains(matter.stage) {
                must(matter.assignment?.officers.isEmpty == false, "nothing is prepared unassigned")
            }
            if matter.stage == .ready, before?.stage == .toPrepare {
                let isWhole = matter.openChecks.isEmpty && matter.networkNotice != nil
                must(isWhole || matter.isOverridden, "nothing is ready with something open")
            }
            if let before, before.incoming != matter.incoming {
                must(before.stage == .toRegister && before.incoming == nil, "a number comes from the register, once")
            }
            must(matter.stage.isFinal ? matter.bookings.isEmpty : true, "an end books nothing")
        }

        mutating func finish() {
            if archive.incoming.map(\.number)
                != Array(1...max(1, archive.incoming.count)).prefix(archive.incoming.count).map({ $0 }),
                Set(archive.incoming.map(\.buddhistYear)).count == 1
            {
                broken.append("incoming numbers have a gap")
            }
            let numbers = archive.matters.values.compactMap(\.incoming)
            if Set(numbers).count != numbers.count { broken.append("two matters have one number") }
            if Set(numbers) != Set(archive.incoming) { broken.append("a number is nobody's") }
            let bookings = archive.bookings()
            for (index, one) in bookings.enumerated() {
                for other in bookings[(index + 1)...] where one.resource == other.resource && one.matter != other.matter
                {
                    if one.span.overlaps(other.span) { broken.append("\(one.resource) is booked twice") }
                }
            }
            let ids = archive.errands.map(\.errand.id)
            if Set(ids).count != ids.count { broken.append("two errands have one name") }
        }
    }

    @Test("หกสิบประวัติ สี่ร้อยก้าว: กติกาทุกข้อยังอยู่ และไปถึงทุกขั้น")
    func histories() {
        var reached: Set<Stage> = []
        var accepted = 0
        for seed in UInt64(1)...60 {
            var history = History(seed: seed)
            history.run(400)
            history.finish()
            #expect(history.broken == [], "seed \(seed)")
            reached.formUnion(history.reached)
            accepted += history.accepted
        }
        let unreached = Stage.allCases.filter { $0 != .letterAwaited && !reached.contains($0) }
        #expect(unreached == [])
        #expect(accepted > 8_000)
    }

    @Test("ลูกเต๋าเมล็ดเดียวกัน ออกเหมือนกัน")
    func diceAreFair() {
        var one = Dice(seed: 7)
        var other = Dice(seed: 7)
        #expect((0..<50).map { _ in one.next() } == (0..<50).map { _ in other.next() })
        var first = Dice(seed: 0)
        #expect(first.next() == 0xE220_A839_7B1D_CDAF)
    }
}
