// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

/// Plays a script on paper, the clock's own acts in between; a refusal fails the test and ends the play.
func playedOnPaper(_ deeds: [Deed]) -> PaperArchive {
    var archive = PaperArchive(office: DemoOffice.office())
    var ids: [String: Matter.ID] = [:]
    for deed in deeds {
        for errand in archive.carry(at: deed.at) where errand.kind == .lapse {
            // Refused when the requester answered first.
            if let id = errand.matter { _ = try? archive.perform(.lapse, on: id, by: .sanyan, at: errand.due) }
        }
        do {
            switch deed.what {
            case .letter(let letter, _, let intake, let keyingSeconds):
                ids[deed.matter] = try archive.receive(
                    letter, via: intake, by: deed.hand, at: deed.at, keyingSeconds: keyingSeconds
                ).id
            case .act(let act):
                guard let id = ids[deed.matter] else { throw Refusal.noSuchMatter }
                try archive.perform(act, on: id, by: deed.hand, at: deed.at, lateReason: deed.lateReason)
            case .settle(let settings):
                guard let id = ids[deed.matter] else { throw Refusal.noSuchMatter }
                try archive.settle(settings, of: id, by: deed.hand)
            case .invite(let list):
                guard let id = ids[deed.matter], let matter = archive.matters[id], let plan = archive.meetPlans[id]
                else { throw Refusal.noSuchMatter }
                try mayInvite(list, to: plan, of: matter, already: 0, by: deed.hand, at: deed.at)
            case .sitting(let sitting):
                guard sitting == sitting.bounded else { throw Refusal.figuresOutOfRange }
            }
        } catch {
            Issue.record("\(deed.matter): \(error) at \(ThaiDate.long(Day(of: deed.at))) \(TimeOfDay(of: deed.at))")
            return archive
        }
    }
    return archive
}

@Suite("สำนักงานสาธิต")
struct DemoOfficeTests {
    /// Awkward moments, and one every 233 hours over more than a year.
    static let moments =
        [
            Samples.moment(2569, 11, 1, "00:00"), Samples.moment(2569, 12, 31, "23:59"),
            Samples.moment(2570, 1, 1, "00:01"), Samples.moment(2569, 4, 14, "03:00"),
            Samples.moment(2569, 3, 1, "16:29"), Samples.moment(2571, 2, 29, "12:00"), Samples.now,
        ] + stride(from: 0, to: 9600, by: 233).map { Samples.moment(2569, 2, 3, "07:11") + .hours($0) }

    @Test("เปิดสาธิตวันใดเวลาใดก็ได้ มีเรื่องรออยู่ทุกขั้น และเดือนก่อนเต็ม")
    func anyDayWillDo() {
        for now in Self.moments {
            let archive = playedOnPaper(DemoOffice.script(now: now))
            let matters = Array(archive.matters.values)
            let reached = Set(matters.map(\.stage))
            #expect(Set(Stage.allCases).subtracting(reached) == [.letterAwaited])
            let last = Month(of: now).previous
            let closed = matters.filter { $0.stage == .closed && last.span.contains($0.letter.span.start) }
            #expect(closed.count >= 25, "\(ThaiDate.long(Day(of: now)))")
            #expect(matters.allSatisfy { $0.folder.allSatisfy { $0.at <= now } })
        }
    }

    @Test("เดือนก่อนมีเหตุขัดข้อง ความเห็น เรื่องช้าพร้อมเหตุผล และเรื่องที่ไม่มีใครประเมิน")
    func lastMonthIsWorthReading() throws {
        let archive = playedOnPaper(DemoOffice.script(now: Samples.now))
        let month = Month(of: Samples.now).previous
        let drawn = MonthlyReport(
            month, of: Array(archive.matters.values), reckoner: Samples.reckoner, at: Samples.now)
        #expect(drawn.matters.count >= 30)
        #expect(drawn.withIncidents.count == 6)
        #expect(drawn.overridden.count == 1)
        #expect(drawn.compliance.map(\.step).count == 8)
        let late = drawn.compliance.flatMap(\.late)
        #expect(late.count >= 8)
        for compliance in drawn.compliance {
            #expect(compliance.late.filter(\.reason.isEmpty).map(\.matter) == [], "\(compliance.step)")
        }
        // Thirteen of broadcasts and four of both.
        #expect(
            drawn.air.matters.count
                == drawn.byService.filter { $0.label != .service(.meeting) }.map(\.count).reduce(0, +))
        #expect(drawn.air.peak > 500)
        #expect(drawn.air.interrupted.count == 2)
        #expect(
            drawn.meetings.matters.count
                == drawn.byService.filter { $0.label != .service(.broadcast) }.map(\.count).reduce(0, +))
        #expect(drawn.meetings.votes == 1)
        #expect(drawn.meetings.voted.count == 1)
        #expect(drawn.meetings.peak <= drawn.meetings.people)
        let satisfaction = try #require(drawn.satisfaction)
        #expect(satisfaction.matters.count == 27)
        #expect(drawn.byRoom.count == 7)
        #expect(drawn.loads.count == 4)
    }

    @Test("วันนี้และพรุ่งนี้มีงานให้เฝ้าดู")
    func todayAndTomorrow() {
        let archive = playedOnPaper(DemoOffice.script(now: Samples.now))
        let today = Day(of: Samples.now)
        let coming = archive.matters.values.filter {
            [.toPrepare, .ready, .inService].contains($0.stage)
                && [today, today.adding(days: 1)].contains(Day(of: $0.letter.span.start))
        }
        #expect(coming.count >= 4)
        #expect(coming.filter { $0.stage == .inService && $0.hasMeeting }.count == 1)
    }

    @Test("มีคนครบทุกบทบาท ชื่อผู้ใช้เป็นตัวอักษรล้วน ติดต่อไปไม่ถึงใครจริง")
    func people() {
        #expect(Set(DemoOffice.people.flatMap(\.roles)) == Set(Role.held))
        for person in DemoOffice.people {
            #expect(person.username.allSatisfy { $0.isASCII && $0.isLowercase })
            #expect(person.mail.hasSuffix("@example.ac.th"))
        }
        #expect(Set(DemoOffice.people.map(\.username)).count == DemoOffice.people.count)
    }
}
