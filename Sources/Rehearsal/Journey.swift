// SPDX-License-Identifier: Apache-2.0
public import Desk

/// One act of a walk: who does it, and how long after the letter came.
public struct Stride: Sendable {
    public var act: Act
    public var hand: Hand
    public var after: Length

    public init(_ act: Act, _ hand: Hand, after: Length) {
        self.act = act
        self.hand = hand
        self.after = after
    }
}

extension Samples {
    /// A matter that real acts have brought to a stage.
    ///
    /// - Parameters:
    ///   - stage: where it shall be; `.letterAwaited` gives one whose folder is still empty.
    ///   - id: its number; also its register number's.
    ///   - letter: what is asked for; without one, a meeting a week after `now`.
    ///   - now: when the letter came. Later acts follow within two days, the occasion's at its own time.
    ///   - assignment: who and what is booked.
    public static func matter(
        at stage: Stage, id: Matter.ID = Matter.ID(1), letter: Letter? = nil, now: Moment = now,
        assignment: Assignment = assignment
    ) -> Matter {
        let letter = letter ?? Samples.letter(at: now)
        var archive = PaperArchive()
        guard stage != .letterAwaited else { return Matter(id: id, letter: letter) }
        do {
            var matter = try archive.receive(letter, at: now, id: id)
            for stride in strides(to: stage, letter: letter, received: now, assignment: assignment) {
                matter = try archive.perform(stride.act, on: id, by: stride.hand, at: now + stride.after)
            }
            precondition(matter.stage == stage, "the walk to \(stage) ended at \(matter.stage)")
            return matter
        } catch {
            preconditionFailure("the walk to \(stage) was refused: \(error)")
        }
    }

    /// The acts that lead from a received letter to a stage, in order.
    public static func strides(
        to stage: Stage, letter: Letter, received: Moment, assignment: Assignment = assignment
    ) -> [Stride] {
        let secretariat = hand(.secretariat)
        let classified = Classification(origin: letter.origin, service: letter.service)
        var strides: [Stride] = []
        func then(_ act: Act, _ hand: Hand, _ after: Length) { strides.append(Stride(act, hand, after: after)) }
        switch stage {
        case .letterAwaited, .toRegister: return []
        case .toComplete:
            then(.returnForCompletion(missing: [.signature], note: "ยังไม่มีลายมือชื่อผู้มีอำนาจ"), secretariat, .minutes(4))
            return strides
        case .withdrawn:
            then(.withdraw(reason: "เลื่อนการประชุมออกไปไม่มีกำหนด"), .requester, .minutes(30))
            return strides
        default: break
        }
        then(.register(classified, papers: allPapers), secretariat, .minutes(4))
        if stage == .toSubmit { return strides }
        if stage == .voided {
            then(.void(reason: "ลงรับซ้ำกับเรื่องเดิม"), secretariat, .minutes(10))
            return strides
        }
        then(.submit, secretariat, .hours(2))
        if stage == .toDecide { return strides }
        if stage == .toReturn || stage == .returned {
            then(.decline(.noOfficers, note: "เจ้าหน้าที่ติดภารกิจทุกคนในวันดังกล่าว"), hand(.executive), .hours(5))
            if stage == .returned { then(.sendBack, secretariat, .hours(6)) }
            return strides
        }
        then(.approve(note: "อนุมัติ"), hand(.executive), .hours(26))
        if stage == .toAssign { return strides }
        then(.assign(assignment), secretariat, .hours(27))
        if stage == .toPrepare { return strides }
        for check in office.checklist(for: letter.service) {
            let evidence = Evidence(value: check.needsEvidence ? "ปกติ" : "")
            then(.tick(check.id, evidence, note: ""), hand(.officer), .hours(30))
        }
        then(.notifyNetwork(NetworkNotice(megabitsPerSecond: 20), note: ""), hand(.officer), .hours(30))
        return strides + occasion(to: stage, letter: letter, received: received)
    }

    private static func occasion(to stage: Stage, letter: Letter, received: Moment) -> [Stride] {
        let officer = hand(.officer)
        let start = letter.span.start - received
        let end = letter.span.end - received
        var strides = [
            Stride(.acknowledgeNetwork, hand(.network), after: .hours(31)),
            Stride(.link("https://meet.example.ac.th/room/1"), officer, after: .hours(32)),
        ]
        if stage == .ready { return strides }
        strides.append(Stride(.open, officer, after: start - .minutes(10)))
        strides.append(
            Stride(
                .logIncident(.disturbed, note: "ภาพค้าง 20 วินาที สลับสายสัญญาณแล้วปกติ"), officer, after: start + .minutes(40)
            ))
        if stage == .inService { return strides }
        strides.append(Stride(.end(Summary(audience: 52), note: "เรียบร้อยดี"), officer, after: end))
        if stage == .toEvaluate { return strides }
        let answers = Evaluation(overall: 5, signal: 4, staff: 5)
        strides.append(Stride(.evaluate(answers, note: "ขอบคุณเจ้าหน้าที่ทุกท่าน"), .requester, after: end + .hours(3)))
        return strides
    }
}
