// SPDX-License-Identifier: Apache-2.0
public import Desk

extension Samples {
    /// November 2569, with two dozen matters at every kind of end: for reports, papers and their tests.
    public static let november = Month(of: day(2569, 11, 1))

    /// The month's matters; always the same ones.
    public static let monthOfMatters: [Matter] = (1...24).map { number in
        let unit = units[(number * 3 + number / 4) % units.count]
        let service = Service.allCases[number % 3]
        // Occasions on weekdays of the whole month; letters come nine days before.
        var on = day(2569, 11, 1 + (number * 7) % 28)
        if on.isWeekend { on = on.adding(days: on.weekday == 0 ? 1 : 2) }
        let received = on.adding(days: -9).at(time(number % 2 == 0 ? "09:10" : "14:20"))
        let hour = 9 + number % 4
        let letter = Letter(
            origin: number % 5 == 0 ? .external : .internal, unit: unit,
            reference: "อว 0000.\(number % 9)/\(100 + number)",
            dated: Day(of: received), title: titles[number % titles.count], service: service,
            span: Span(start: on.at(time("\(hour):00")), end: on.at(time("\(hour + 1 + number % 3):30"))),
            place: "\(rooms[number % rooms.count].name)", expectedAudience: 20 + number * 9)
        let assignment = Assignment(
            officers: [officersInTurn[number % 4], officersInTurn[(number + 1) % 4]], rooms: [rooms[number % 3].id],
            setUpMinutes: 60, tearDownMinutes: 30)
        return walked(number, letter, received, assignment)
    }

    /// The walk of `matter(at:)`, but some desks are quicker, some late, and not everybody gives full marks.
    private static func walked(
        _ number: Int, _ letter: Letter, _ received: Moment, _ assignment: Assignment
    ) -> Matter {
        var archive = PaperArchive()
        let id = Matter.ID(Int64(number))
        let pace = [40, 65, 90, 120][number % 4]
        do {
            var matter = try archive.receive(letter, at: received, id: id)
            for stride in strides(to: stage(number), letter: letter, received: received, assignment: assignment) {
                var (act, after) = (stride.act, stride.after)
                if case .logIncident = act, number % 6 != 0 { continue }
                if case .evaluate(_, let note) = act {
                    let mark = [5, 5, 4, 5, 3, 4][number % 6]
                    act = .evaluate(Evaluation(overall: mark, signal: max(mark - 1, 1), staff: 5), note: note)
                }
                if after < .days(2) { after = Length(milliseconds: after.milliseconds * Int64(pace) / 100) }
                matter = try archive.perform(
                    act, on: id, by: stride.hand, at: received + after,
                    lateReason: pace > 100 && act.name == .approve ? "ผู้บริหารเดินทางไปราชการต่างจังหวัด" : "")
            }
            guard matter.endedAt != nil else { return matter }
            if letter.service != .broadcast {
                matter = try archive.perform(.meet(met(number, letter)), on: id, by: .sanyan, at: letter.span.end)
            }
            guard letter.service != .meeting else { return matter }
            return try archive.perform(.air(aired(number, letter)), on: id, by: .sanyan, at: letter.span.end)
        } catch {
            preconditionFailure("the sample month was refused: \(error)")
        }
    }

    private static func met(_ number: Int, _ letter: Letter) -> MeetFigures {
        let minutes = letter.span.length.wholeMinutes
        return MeetFigures(
            opened: letter.span.start, ended: letter.span.end, peak: 3 * number, people: 4 * number, identified: number,
            personMinutes: 3 * number * minutes, curve: [number, 3 * number, 2 * number], curveMinutes: minutes / 3,
            interruptions: number % 3, lossBasisPoints: number, votes: number % 5 == 0 ? 2 : 0)
    }

    private static func aired(_ number: Int, _ letter: Letter) -> AirFigures {
        let minutes = letter.span.length.wholeMinutes
        return AirFigures(
            opened: letter.span.start, ended: letter.span.end, peak: 11 * number, average: 8 * number,
            viewerMinutes: 8 * number * minutes, curve: [5 * number, 11 * number, 8 * number],
            curveMinutes: minutes / 3, interruptions: number % 4 == 0 ? 1 : 0)
    }

    private static let officersInTurn = [anan.id, kanya.id, thongchai.id, malee.id]

    private static func stage(_ number: Int) -> Stage {
        switch number {
        case 5: .returned
        case 11: .withdrawn
        case 17, 21: .toEvaluate
        case 23: .ready
        default: .closed
        }
    }

    private static let units = [
        "คณะวิทยาศาสตร์", "คณะวิศวกรรมศาสตร์", "กองกิจการนิสิต", "สำนักวิทยบริการ", "คณะมนุษยศาสตร์และสังคมศาสตร์", "กองการเจ้าหน้าที่",
        "โรงเรียนบ้านหนองน้ำใส",
    ]

    private static let titles = [
        "ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการบริหารหลักสูตร", "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู ประจำปีการศึกษา 2569",
        "ขอใช้ห้องประชุมออนไลน์ การประชุมคณะกรรมการประจำคณะ", "ขอความอนุเคราะห์ถ่ายทอดสดการบรรยายพิเศษ เรื่อง ปัญญาประดิษฐ์กับการเรียนรู้",
        "ขอความอนุเคราะห์ถ่ายทอดสดการแข่งขันหุ่นยนต์ระดับมัธยมศึกษา",
    ]
}
