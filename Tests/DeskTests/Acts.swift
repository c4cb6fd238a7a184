// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal

/// An acceptable act of each name for a matter as it stands.
func act(_ name: Act.Name, for matter: Matter, at now: Moment) -> Act {
    switch name {
    case .receive: .receive(matter.letter, documents: [], via: .web, keyingSeconds: nil)
    case .register: .register(Samples.classification, papers: Samples.allPapers)
    case .returnForCompletion: .returnForCompletion(missing: [.signature], note: "ยังไม่ลงนาม")
    case .complete: .complete(matter.letter, documents: [])
    case .submit: .submit
    case .approve: .approve(note: "")
    case .decline: .decline(.noRoom, note: "ห้องเต็ม")
    case .sendBack: .sendBack
    case .assign: .assign(Samples.assignment)
    case .tick: .tick(matter.openChecks.first?.id ?? "", Evidence(value: "ปกติ"), note: "")
    case .untick: .untick(matter.ticks.keys.sorted().first ?? "")
    case .notifyNetwork: .notifyNetwork(NetworkNotice(megabitsPerSecond: 20), note: "")
    case .acknowledgeNetwork: .acknowledgeNetwork
    case .link: .link("https://meet.example.ac.th/1")
    case .override: .override(reason: "กล้องสำรองส่งซ่อม")
    case .open: .open
    case .logIncident: .logIncident(.minor, note: "ภาพกระตุก")
    case .end: .end(Summary(audience: 40), note: "")
    case .evaluate: .evaluate(Evaluation(overall: 5, signal: 4, staff: 5), note: "")
    case .lapse: .lapse
    case .air: .air(airing(until: now))
    case .meet: .meet(sitting(until: now))
    case .amend: .amend(matter.letter.with(remarks: matter.letter.remarks + "เพิ่มน้ำดื่ม"), reason: "ผู้ขอแจ้งเพิ่ม")
    case .withdraw: .withdraw(reason: "ยกเลิกงาน")
    case .void: .void(reason: "ลงรับซ้ำ")
    }
}

/// An hour and a half on air that ends now.
func airing(until now: Moment, peak: Int = 382, interruptions: Int = 1) -> AirFigures {
    AirFigures(
        opened: now - .minutes(90), ended: now, peak: peak, average: peak * 2 / 3, viewerMinutes: 90 * peak * 2 / 3,
        curve: (0..<90).map { min(peak, 20 + $0 * 6) }, interruptions: interruptions)
}

/// An hour and a half of a meeting that ends now.
func sitting(until now: Moment, peak: Int = 17, interruptions: Int = 1, votes: Int = 0) -> MeetFigures {
    MeetFigures(
        opened: now - .minutes(90), ended: now, peak: peak, people: peak + 3, identified: peak,
        personMinutes: 80 * peak,
        curve: (0..<90).map { min(peak, $0) }, interruptions: interruptions, lossBasisPoints: 40, votes: votes)
}

extension Letter {
    func with(remarks: String) -> Letter {
        var copy = self
        copy.remarks = remarks
        return copy
    }

    func with(_ change: (inout Letter) -> Void) -> Letter {
        var copy = self
        change(&copy)
        return copy
    }
}

/// Decides in the sample office, at an hour when every sample act is acceptable.
func decideSample(
    _ act: Act, in matter: Matter, by hand: Hand, at now: Moment = Samples.now + .hours(33)
) -> Result<[Entry], Refusal> {
    do {
        return .success(
            try decide(act, in: matter, by: hand, at: now, given: PaperArchive().circumstances(at: now)))
    } catch {
        return .failure(error)
    }
}

/// The refusal of a decision; nil when it was accepted.
func refusal(_ result: Result<[Entry], Refusal>) -> Refusal? {
    if case .failure(let refusal) = result { refusal } else { nil }
}

/// A matter as a stage needs it for an act: with one check ticked, and the network told unless it shall be told now.
func ground(_ stage: Stage, for name: Act.Name) -> Matter {
    var matter = Samples.matter(at: stage)
    func add(_ fact: Fact) {
        matter.append([
            Entry(
                number: matter.folder.count + 1, fact: fact, role: .officer, person: Samples.anan.id,
                at: Samples.now + .hours(28), stage: matter.stage)
        ])
    }
    if stage == .toPrepare, name == .untick || name == .acknowledgeNetwork {
        add(.ticked("computer", Evidence()))
        add(.networkNotified(NetworkNotice(megabitsPerSecond: 20)))
    } else if name == .acknowledgeNetwork {
        add(.networkNotified(NetworkNotice(megabitsPerSecond: 25)))
    }
    return matter
}
