// SPDX-License-Identifier: Apache-2.0

import Desk

/// Puts notices into words: in the inbox, and for a page that is open.
struct InboxDrawing {
    let matters: [Matter.ID: Matter]
    let phrases: Phrases
    let names: Names
    private var words: Words { phrases.words }

    func page(_ frame: Frame, notices: [Notice]) -> InboxPage {
        let waiting = notices.filter { $0.acknowledgedAt == nil }
        let newest = notices.map(\.id).max()
        return InboxPage(
            frame: frame, waiting: waiting.map(row), seen: notices.filter { $0.acknowledgedAt != nil }.map(row),
            all: waiting.count < 2
                ? nil : .init(upTo: newest.map { "\($0)" } ?? "", button: words("inbox.all", waiting.count)),
            lastSaid: waiting.isEmpty ? words("inbox.nothing") : nil)
    }

    func row(_ notice: Notice) -> InboxPage.InboxRow {
        let matter = notice.matter.flatMap { matters[$0] }
        return .init(
            id: "\(notice.id)", chip: chip(notice.kind), text: text(notice),
            title: matter?.letter.title,
            path: path(notice), occasion: matter.map { "\(phrases.span($0.letter.span)) · \($0.letter.place)" },
            when: phrases.moment(notice.at), iso: notice.at.iso,
            late: notice.isLate ? ChipRow(.overdue, words("inbox.late", phrases.moment(notice.due))) : nil,
            acknowledgePath: notice.acknowledgedAt == nil ? "/inbox/\(notice.id)/acknowledgement" : nil,
            acknowledged: notice.acknowledgedAt.map { words("inbox.acknowledged", phrases.moment($0)) })
    }

    private func chip(_ kind: Errand.Kind) -> ChipRow {
        switch kind {
        case .awaiting: ChipRow(.waiting, words("notice.awaiting"))
        case .assignment: ChipRow(.approved, words("notice.assignment"))
        case .reminder: ChipRow(.due, words("notice.reminder"))
        case .change: ChipRow(.due, words("notice.change"))
        case .withdrawal: ChipRow(.returned, words("notice.withdrawal"))
        case .networkNotice: ChipRow(.waiting, words("notice.networkNotice"))
        case .unanswered: ChipRow(.overdue, words("notice.unanswered"))
        case .calendarEntry: ChipRow(.done, words("notice.calendarEntry"))
        case .drift: ChipRow(.due, words("notice.drift"))
        case .lapse: ChipRow(.done, words("notice.lapse"))
        case .draftReport: ChipRow(.done, words("notice.draftReport"))
        }
    }

    /// The notice as one sentence.
    func text(_ notice: Notice) -> String {
        let start = notice.matter.flatMap { matters[$0] }.map { phrases.moment($0.letter.span.start) } ?? "–"
        return switch notice.kind {
        case .awaiting(let stage): words("notice.awaiting.said", phrases.stage(stage))
        case .assignment: words("notice.assignment.said")
        case .reminder: words("notice.reminder.said", start)
        case .change: words("notice.change.said")
        case .withdrawal: words("notice.withdrawal.said")
        case .networkNotice: words("notice.networkNotice.said", start)
        case .unanswered(let person): words("notice.unanswered.said", name(person), start)
        case .calendarEntry: words("notice.calendarEntry.said")
        case .drift: words("notice.drift.said")
        case .lapse: words("notice.lapse.said")
        case .draftReport(let month):
            words("notice.draftReport.said", words.language == .thai ? ThaiDate.long(month) : ThaiDate.english(month))
        }
    }

    /// Who does not answer, with the telephone to call.
    private func name(_ person: Person.ID) -> String {
        let phone = names.people[person]?.phone ?? ""
        return names.person(person) + (phone.isEmpty ? "" : " · " + words("inbox.phone", phone))
    }

    /// Where the work of the notice is done.
    func path(_ notice: Notice) -> String? {
        if case .draftReport(let month) = notice.kind { return "/reports/\(month)" }
        guard let id = notice.matter else { return nil }
        return switch notice.kind {
        case .assignment: "/matters/\(id)/preparation"
        case .reminder: "/matters/\(id)/service"
        case .networkNotice: "/watch"
        case .drift: "/drift"
        default: "/matters/\(id)"
        }
    }
}

extension InboxPage {
    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/inbox")
        let words = paper.words(visit)
        let matter = SampleOccasion.ready.matter
        let drawing = InboxDrawing(matters: [matter.id: matter], phrases: Phrases(words), names: SampleOffice.names)
        let start = matter.letter.span.start
        func notice(_ id: Int64, _ kind: Errand.Kind, _ at: Moment, late: Bool = false, seen: Moment? = nil) -> Notice {
            var about: Matter.ID? = matter.id
            if case .draftReport = kind { about = nil }
            return Notice(
                id: .init(id), person: .init(1), kind: kind, matter: about, due: late ? at - .minutes(12) : at, at: at,
                isLate: late, acknowledgedAt: seen)
        }
        let notices = [
            notice(9, .reminder, start - .minutes(18), late: true), notice(8, .change, start - .days(1)),
            notice(7, .networkNotice, start - .days(2)), notice(10, .unanswered(.init(1)), start - .minutes(10)),
            notice(6, .draftReport(Month(of: start)), start - .days(3), seen: start - .days(3)),
            notice(5, .withdrawal, start - .days(4), seen: start - .days(3)),
            notice(4, .assignment, start - .days(5), seen: start - .days(4)),
            notice(3, .awaiting(.toDecide), start - .days(6), seen: start - .days(6)),
            notice(2, .lapse, start - .days(6), seen: start - .days(6)),
        ]
        let frame = paper.frame(visit, title: words("inbox.title"), lead: words("inbox.lead"), scripts: ["inbox.js"])
        return [
            Sample("some", drawing.page(frame, notices: notices)),
            Sample("nothing", drawing.page(frame, notices: [])),
        ]
    }
}
