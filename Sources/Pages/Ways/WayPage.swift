// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// One way: its settings, whether it is on, how it went lately, and a button that tries it.
struct WayPage: Page {
    static let template = "way"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let chip: ChipRow
    let pairs: [PairRow]
    let fields: [FieldRow]
    /// What the newest test found; nil before one.
    let found: NoticeRow?
    let canTry: Bool
    let back: SettingsFormPage.Link

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/ways/line")
        let phrases = Phrases(paper.words(visit))
        let words = phrases.words
        let now = SampleMatters.now
        func page(_ trouble: Trouble?, canTry: Bool, error: String?) -> WayPage {
            let record = WayRecord(
                way: .line, isOn: true, settings: "{}", acceptedAt: now - .hours(2), trouble: trouble,
                troubleAt: trouble == nil ? nil : now - .minutes(3))
            let fields = [
                FieldRow("token", words("way.line"), .line(type: "password"), hint: words("ways.kept"), error: error)
            ]
            return WayPage(
                frame: paper.frame(visit, title: words("way.line"), lead: words("ways.about.line")),
                errors: ErrorSummary(fields), path: visit.path, chip: ChipRow(record, words),
                pairs: pairs(record, phrases), fields: fields + [onField(true, words)],
                found: canTry ? foundRow(trouble, words) : nil, canTry: canTry,
                back: .init(label: words("ways.title"), path: "/admin/ways"))
        }
        return [
            Sample("well", page(nil, canTry: true, error: nil)),
            Sample("trouble", page(Trouble(.wrongCredentials, "401 Unauthorized"), canTry: true, error: nil)),
            Sample("wrong", page(nil, canTry: false, error: words("admin.missing"))),
        ]
    }

    static func pairs(_ record: WayRecord, _ phrases: Phrases) -> [PairRow] {
        let words = phrases.words
        var pairs = [PairRow(words("ways.accepted"), record.acceptedAt.map(phrases.moment) ?? words("ways.never"))]
        if let trouble = record.trouble, let at = record.troubleAt {
            pairs += [
                PairRow(words("ways.trouble"), "\(trouble.said(words)) (\(phrases.moment(at)))"),
                PairRow(words("ways.remedy"), trouble.remedy(words)),
            ]
            if !trouble.detail.isEmpty { pairs.append(PairRow(words("ways.detail"), trouble.detail)) }
        }
        return pairs
    }

    static func onField(_ isOn: Bool, _ words: Words) -> FieldRow {
        FieldRow(
            "on", words("ways.use"), .checks([.init("yes", words("ways.useIt"), isChosen: isOn)]), isRequired: false)
    }

    static func foundRow(_ trouble: Trouble?, _ words: Words) -> NoticeRow {
        guard let trouble else { return NoticeRow(.good, words("ways.well")) }
        if let said = LineWay.said(trouble, words) { return NoticeRow(.warn, said) }
        let detail = trouble.detail.isEmpty ? "" : " (\(trouble.detail))"
        return NoticeRow(.warn, "\(trouble.said(words)) \(trouble.remedy(words))\(detail)")
    }
}

extension Counter {
    /// GET and POST /admin/ways/:way
    func editWay(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let form = try wayForm(visit)
        let record = try await cabinet.way(form.way)
        guard request.method == .post else { return try await wayPage(form, record, visit) }
        let typed = try await Form.read(request)
        let words = words(visit)
        let (settings, faults) = form.read(typed, over: record.settings, words)
        guard faults.isEmpty else { return try await wayPage(form, record, visit, typed: typed, faults: faults) }
        try await cabinet.save(form.way, settings: settings, isOn: typed.isOn("on"), by: administrator.id, at: now())
        if Way.calendars.contains(form.way) { try await refreshCalendars() }
        return .seeOther("\(visit.path)?done=way_saved")
    }

    /// POST /admin/ways/:way/test: the only page that waits for the outside, because that is what it is for.
    func tryWay(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let form = try wayForm(visit)
        guard let room = parts.ways else { throw HTTPError(.notFound) }
        let trouble = await room.probe(form.way, for: administrator)
        let record = try await cabinet.way(form.way)
        return try await wayPage(form, record, visit, found: WayPage.foundRow(trouble, words(visit)))
    }

    private func wayForm(_ visit: Visit) throws -> any WayForm.Type {
        guard let name = visit.parameters.get("way"), let form = wayForms.first(where: { $0.way.rawValue == name })
        else { throw HTTPError(.notFound) }
        return form
    }

    private func wayPage(
        _ form: any WayForm.Type, _ record: WayRecord, _ visit: Visit, typed: Form? = nil,
        faults: [String: String] = [:], found: NoticeRow? = nil
    ) async throws -> Response {
        let phrases = phrases(visit)
        let words = phrases.words
        let fields = form.fields(words, typed ?? form.typed(record.settings), faults: faults)
        let errors = ErrorSummary(fields)
        let isOn = typed?.isOn("on") ?? (record.isOn || record.settings.isEmpty)
        let page = WayPage(
            frame: frame(
                visit, words("way.\(form.way.rawValue)"), lead: words("ways.about.\(form.way.rawValue)")),
            errors: errors, path: "/admin/ways/\(form.way.rawValue)", chip: ChipRow(record, words),
            pairs: WayPage.pairs(record, phrases) + (try await calendarHealthPairs(form.way, visit))
                + (try await ownPairs(of: form.way, phrases)),
            fields: fields + [WayPage.onField(isOn, words)], found: found,
            canTry: !record.settings.isEmpty && parts.ways != nil,
            back: .init(label: words("ways.title"), path: "/admin/ways"))
        return paper.show(page, to: visit, status: errors == nil ? .ok : .unprocessableContent)
    }

    /// What only one way has to tell.
    private func ownPairs(of way: Way, _ phrases: Phrases) async throws -> [PairRow] {
        guard way == .line else { return [] }
        return LineWay.pairs(try await cabinet.lineAccount(), office: try await cabinet.office(), phrases)
    }
}
