// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

@testable import Studio

/// Hundreds of people's asks by dice: whatever is asked, what a room promises holds.
@Suite("Any history of a room") struct RandomTests {
    /// SplitMix64, so that a failing seed can be played again.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// What has been seen so far, to judge what comes.
    private struct Witness {
        var everybody: [PersonNumber] = []
        var sources: [SourceID: (person: PersonNumber, kind: TrackKind)] = [:]
        var muted: [SourceID: Bool] = [:]
        var barred: Set<String> = []
        var ballots: [Int: [String: Int]] = [:]
        var secretVoters: [Int: Set<String>] = [:]
        var ended = 0
    }

    @Test("keeps its promises", arguments: 0..<60) func history(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        var hall = Hall {
            $0.lobby = [.off, .guests, .everybody].randomElement(using: &dice) ?? .off
            $0.isWebinar = Bool.random(using: &dice)
            $0.mayUnmute = Bool.random(using: &dice)
            $0.personLimit = 30
            $0.passKey = "00"
        }
        var witness = Witness()
        witness.everybody.append(try hall.come("ประธาน", as: .host, key: "p0"))
        for _ in 0..<400 { step(&hall, &witness, &dice, seed) }
    }

    private func step(_ hall: inout Hall, _ witness: inout Witness, _ dice: inout Dice, _ seed: Int) {
        hall.forget()
        switch Int.random(in: 0..<10, using: &dice) {
        case 0: enter(&hall, &witness, &dice, seed)
        case 1: call(&hall, &witness, &dice)
        case 2:
            let id = witness.everybody.randomElement(using: &dice) ?? PersonNumber(1)
            if Bool.random(using: &dice) {
                hall.assembly.lost(id, at: hall.now, wall: hall.wall)
            } else {
                hall.assembly.listens(id, isResumed: Bool.random(using: &dice), at: hall.now, wall: hall.wall)
            }
            hall.drain()
            hall.pass(seconds: Int64.random(in: 0..<40, using: &dice))
        default:
            let id = witness.everybody.randomElement(using: &dice) ?? PersonNumber(1)
            let ask = ask(&hall, &witness, &dice)
            let before = hall.assembly.people[id]
            let refusal = hall.refusal(id, ask)
            if refusal == nil { remember(ask, of: id, before, &witness, hall) }
        }
        check(hall, &witness, seed)
    }

    private func enter(_ hall: inout Hall, _ witness: inout Witness, _ dice: inout Dice, _ seed: Int) {
        let number = Int.random(in: 1..<40, using: &dice)
        let role = RoomRole.allCases.randomElement(using: &dice) ?? .speaker
        do throws(RoomRefusal) {
            let id = try hall.come("คน \(number)", as: role, key: "i\(number)")
            #expect(!witness.barred.contains("i\(number)"), "seed \(seed): a barred person came back")
            witness.everybody.append(id)
        } catch {
            #expect(error != .unreadable)
        }
    }

    private func call(_ hall: inout Hall, _ witness: inout Witness, _ dice: inout Dice) {
        let id = witness.everybody.randomElement(using: &dice) ?? PersonNumber(1)
        if Bool.random(using: &dice) {
            for (kind, source) in hall.callUp(id) { witness.sources[source] = (id, kind) }
        } else {
            _ = hall.callDown(id)
        }
    }

    private func ask(_ hall: inout Hall, _ witness: inout Witness, _ dice: inout Dice) -> RoomAsk {
        let other = witness.everybody.randomElement(using: &dice) ?? PersonNumber(1)
        let flag = Bool.random(using: &dice)
        let kind = TrackKind.allCases.randomElement(using: &dice) ?? .camera
        let polls = max(1, hall.assembly.polls.count)
        switch Int.random(in: 0..<26, using: &dice) {
        case 0, 1: return .media(microphone: flag, camera: Bool.random(using: &dice), screen: flag)
        case 2: return .watch([.init(person: other, kind: kind)])
        case 3, 4: return .hand(isUp: flag)
        case 5: return .say(text: "ก", to: flag ? other : nil, everywhere: flag)
        case 6, 7, 8:
            return .vote(poll: Int.random(in: 1...polls, using: &dice), choice: Int.random(in: 0..<4, using: &dice))
        case 9:
            return .openPoll(
                .init(question: "?", choices: ["a", "b", "c"], isSecret: flag, isFormal: Bool.random(using: &dice)))
        case 10: return .closePoll(Int.random(in: 1...polls, using: &dice))
        case 11: return .mute(other, kind, isHard: flag)
        case 12: return .allow(other, kind, flag)
        case 13: return .role(other, RoomRole.allCases.randomElement(using: &dice) ?? .speaker)
        case 14: return .floor(flag ? other : nil, seconds: 5)
        case 15: return .toLobby(other)
        case 16: return .remove(other, bars: flag)
        case 17: return .admit(other)
        case 18: return .admitAll(domain: nil)
        case 19: return .openGroups([.init(name: "ก", people: [other]), .init(name: "ข", people: [])], isFree: flag)
        case 20: return .moveGroup(other, flag ? 1 : nil)
        case 21: return .closeGroups
        case 22: return .draw(surface: "board", Stroke(id: "s", points: [0, 0]))
        case 23: return .undo(surface: "board")
        case 24: return .spotlight(flag ? other : nil)
        default: return flag ? .lower(other) : .leave
        }
    }

    private func remember(
        _ ask: RoomAsk, of id: PersonNumber, _ before: Attendee?, _ witness: inout Witness, _ hall: Hall
    ) {
        switch ask {
        case .vote(let number, let choice):
            guard let voter = before?.key, let poll = hall.assembly.polls.first(where: { $0.number == number }) else {
                return
            }
            if poll.isSecret {
                #expect(witness.secretVoters[number, default: []].insert(voter).inserted, "voted twice")
            }
            witness.ballots[number, default: [:]][voter] = choice
        case .remove(_, bars: true): witness.barred.formUnion(hall.assembly.barredKeys)
        default: break
        }
    }

    private func check(_ hall: Hall, _ witness: inout Witness, _ seed: Int) {
        let room = hall.assembly
        for case .mute(let source, let isMuted) in hall.orders { witness.muted[source] = isMuted }
        for (source, owner) in witness.sources where witness.muted[source] == false {
            guard let person = room.people[owner.person], person.up?.source(owner.kind) == source else { continue }
            #expect(person.isInside, "seed \(seed): somebody outside publishes")
            #expect(person.role.publishes, "seed \(seed): a listener publishes")
            let kind: TrackKind = owner.kind == .screenSound ? .screen : owner.kind
            #expect(!person.hardMuted.contains(kind), "seed \(seed): a hard mute does not hold")
            #expect(person.on.contains(kind), "seed \(seed): what is off is sent on")
        }
        #expect(room.queue.allSatisfy { room.people[$0]?.hand != nil }, "seed \(seed): a hand of nobody")
        #expect(
            room.queue.compactMap { room.people[$0]?.hand } == room.queue.compactMap { room.people[$0]?.hand }.sorted(),
            "seed \(seed): the hands are out of order")
        #expect(Set(room.queue).count == room.queue.count)
        for poll in room.polls {
            var counts = [0, 0, 0]
            for choice in (witness.ballots[poll.number] ?? [:]).values { counts[choice] += 1 }
            #expect(poll.counts == counts, "seed \(seed): votes are counted wrong")
        }
        #expect(room.inside.allSatisfy { !room.barredKeys.contains(room.people[$0]?.key ?? "") }, "seed \(seed)")
        #expect(room.inside.count <= 40 && Set(room.inside).count == room.inside.count)
        for case .watch(let seat, let wishes) in hall.orders {
            guard let viewer = room.people.values.first(where: { $0.down?.seat == seat }) else { continue }
            for wish in wishes {
                let owner = room.owners[wish.source].flatMap { room.people[$0] }
                #expect(owner?.group == viewer.group, "seed \(seed): somebody of another group is watched")
            }
        }
        for (id, events) in hall.heard {
            for case .chat(let message) in events where message.to != nil {
                #expect(id == message.to || id == message.from, "seed \(seed): a whisper is heard")
            }
        }
    }
}
