// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Puts what is on and what comes into the words of the watch board.
struct WatchDrawing {
    let on: [Matter]
    let coming: [Matter]
    let roles: Set<Role>
    let names: Names
    let phrases: Phrases
    let now: Moment
    let once: String
    let isWall: Bool
    var airs: [Matter.ID: AirLine] = [:]
    var returned: ReturnedForm?

    private var words: Words { phrases.words }
    private var path: String { isWall ? "/watch?wall=1" : "/watch" }
    private var traffic: Traffic {
        Traffic(loads: (on + coming).map { (span(of: $0), names.megabits($0)) })
    }

    /// An occasion that outlasts its letter is still carried.
    private func span(of matter: Matter) -> Span {
        guard matter.stage == .inService else { return matter.letter.span }
        let start = min(matter.letter.span.start, matter.openedAt ?? now)
        return Span(start: start, end: max(matter.letter.span.end, now + .minutes(1)))
    }

    func page(_ frame: Frame) -> WatchPage {
        let today = Day(of: now)
        let due = coming.filter { $0.letter.span.start <= now }
        let later = coming.filter { $0.letter.span.start > now }
        let days = Set(later.map { Day(of: $0.letter.span.start) }).sorted()
        return WatchPage(
            frame: frame, errors: returned.flatMap { ErrorSummary(lines: [$0.error]) }, isWall: isWall,
            otherPath: isWall ? "/watch" : "/watch?wall=1", reloadPath: path, drawn: phrases.time(now),
            live: (on + due).map(live), hours: hours(today), hoursTitle: words("watch.today", phrases.date(today)),
            fortnight: fortnight(from: today),
            days: days.map { day in
                .init(
                    date: phrases.date(day), peak: words("watch.peak", traffic.peak(of: day)),
                    occasions: later.filter { Day(of: $0.letter.span.start) == day }.map(occasion))
            })
    }

    // MARK: Rows

    private func live(_ matter: Matter) -> WatchPage.LiveRow {
        let isOn = matter.stage == .inService
        let overtime = matter.letter.span.end < now
        var pairs = [
            PairRow(words("occasion.when"), phrases.span(matter.letter.span)),
            PairRow(words("occasion.place"), matter.letter.place),
        ]
        if let rooms = names.rooms(matter.assignment) { pairs.append(PairRow(words("occasion.rooms"), rooms)) }
        pairs.append(PairRow(words("preparation.traffic"), told(matter)))
        return .init(
            id: "\(matter.id)", title: matter.letter.title, path: "/matters/\(matter.id)",
            chip: isOn
                ? ChipRow(.live, words(overtime ? "watch.overtime" : "stage.inService"))
                : ChipRow(.overdue, words("watch.notOpened")),
            elapsed: isOn
                ? phrases.length(now - (matter.openedAt ?? now))
                : words("watch.lateBy", phrases.length(now - matter.letter.span.start)),
            since: isOn ? matter.openedAt?.milliseconds : nil, pairs: pairs, officers: names.calls(matter.assignment),
            join: LinkRow(matter.link), incidents: incidentRows(matter, names, phrases),
            incident: isOn && !roles.isDisjoint(with: [.officer, .network])
                ? .init(matter: matter, once: once, back: path, words: words, returned: returned) : nil,
            acknowledge: acknowledge(matter), air: airs[matter.id])
    }

    private func occasion(_ matter: Matter) -> WatchPage.OccasionRow {
        let span = matter.letter.span
        let held = matter.assignment.map { $0.held(around: span) } ?? span
        let time = { (moment: Moment) in TimeOfDay(of: moment).description }
        let endsToday = Day(of: span.start) == Day(of: span.end)
        return .init(
            id: "\(matter.id)",
            time: "\(time(span.start))–" + (endsToday ? "\(time(span.end))" : phrases.moment(span.end)),
            held: words("watch.held", time(held.start), time(held.end)), title: matter.letter.title,
            path: "/matters/\(matter.id)", place: matter.letter.place, rooms: names.rooms(matter.assignment),
            traffic: told(matter), officers: names.calls(matter.assignment), chip: chip(matter),
            acknowledge: acknowledge(matter))
    }

    private func told(_ matter: Matter) -> String {
        let megabits = words("watch.megabits", names.megabits(matter))
        return matter.networkNotice == nil ? words("watch.guess", megabits) : megabits
    }

    private func chip(_ matter: Matter) -> ChipRow {
        if matter.networkNotice == nil { return ChipRow(.waiting, words("preparation.notTold")) }
        return matter.networkAcknowledgedAt == nil
            ? ChipRow(.due, words("watch.toAcknowledge")) : ChipRow(.approved, words("preparation.acknowledged"))
    }

    private func acknowledge(_ matter: Matter) -> WatchPage.AcknowledgeForm? {
        guard offers(matter, to: roles).contains(.acknowledgeNetwork) else { return nil }
        return .init(
            path: "/matters/\(matter.id)/network", once: "\(once)-\(matter.id)", back: path, title: matter.letter.title)
    }

    // MARK: Charts

    private func hours(_ day: Day) -> Markup {
        let all = traffic.hours(of: day)
        let shown = (6..<23).map { (label: $0.twoDigits, value: all[$0]) }
        let said = shown.filter { $0.value > 0 }.map { "\($0.label):00 \($0.value)" }
        return bars(
            shown, step: 34, said: said.isEmpty ? words("watch.noTraffic") : said.joined(separator: ", ") + " Mbit/s")
    }

    private func fortnight(from day: Day) -> Markup {
        let days = (0..<14).map { day.adding(days: $0) }
        let shown = days.map { (label: "\($0.dayOfMonth)/\($0.month)", value: traffic.peak(of: $0)) }
        let said = shown.filter { $0.value > 0 }.map { "\($0.label) \($0.value)" }
        return bars(
            shown, step: 46, said: said.isEmpty ? words("watch.noTraffic") : said.joined(separator: ", ") + " Mbit/s")
    }
}

extension WatchPage {
    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        let wrong = ReturnedForm(
            place: "incident-12",
            form: Form(fields: [
                FormField(name: "what", value: "sound"), FormField(name: "note", value: "<i>เสียงแตก</i>"),
            ]),
            error: ErrorRow(field: "incident-12", text: words("incident.noSeverity")))
        return [
            Sample("desk", sample(paper, isWall: false)), Sample("wall", sample(paper, isWall: true)),
            Sample("refused", sample(paper, isWall: false, returned: wrong)),
            Sample("quiet", sample(paper, isWall: false, isQuiet: true)),
        ]
    }

    private static func sample(
        _ paper: Stationery, isWall: Bool, isQuiet: Bool = false, returned: ReturnedForm? = nil
    ) -> WatchPage {
        let visit = Visit.sample(path: "/watch")
        let coming = [
            SampleOccasion.ready(13, days: 7, room: 2, title: "ถ่ายทอดสดการแข่งขันหุ่นยนต์ระดับมัธยมศึกษา"),
            SampleOccasion.ready(14, days: 8, room: 1, title: "ประชุมออนไลน์คณะกรรมการประจำคณะ ครั้งที่ 11/2569"),
            SampleOccasion.ready(15, days: 8, room: 2, title: "อบรมการใช้ห้องประชุมออนไลน์สำหรับบุคลากรใหม่"),
        ]
        let drawing = WatchDrawing(
            on: isQuiet ? [] : [SampleOccasion.inService.matter],
            coming: isQuiet ? [] : coming, roles: [.network], names: SampleOffice.names,
            phrases: Phrases(paper.words(visit)), now: SampleOccasion.inService.now, once: "once", isWall: isWall,
            airs: [
                SampleOccasion.inService.matter.id: AirLine(
                    StudioSight(isThere: true, state: ConsoleSamples.onAir), of: Matter.ID(12),
                    Phrases(paper.words(visit)))
            ], returned: returned)
        return drawing.page(
            paper.frame(visit, title: paper.words(visit)("watch.title"), scripts: ["clock.js", "watch.js", "inbox.js"]))
    }
}
