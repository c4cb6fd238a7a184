// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The form of the ladder: when each way takes over while nobody acknowledges, and when telephones stay quiet.
enum LadderForm {
    /// The ladder's ways, in the order in which the form asks for them.
    static let ways: [Way] = [.push, .ntfy, .line, .mail, .second, .callList]

    static func typed(_ ladder: Ladder) -> Form {
        let minutes = ways.map { way in
            (way.rawValue, ladder.rungs.first { $0.way == way }.map { String($0.minutesBefore) } ?? "")
        }
        let quiet = [("quietFrom", ladder.quietFrom.description), ("quietUntil", ladder.quietUntil.description)]
        return Form(fields: (minutes + quiet).map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        ways.map { way in
            FieldRow(
                way.rawValue, words("ladder.minutes", words("way.\(way.rawValue)")), value: form.text(way.rawValue),
                hint: words("ladder.hint.\(way.rawValue)"), error: faults[way.rawValue], isRequired: false,
                isShort: true)
        }
            + ["quietFrom", "quietUntil"].map { name in
                FieldRow(
                    name, words("ladder.\(name)"), value: form.text(name), hint: words("ladder.hint.\(name)"),
                    error: faults[name], isShort: true)
            }
    }

    /// The ladder as typed, or sentences by field. A way without minutes is no rung; the first rung is always there.
    static func read(_ form: Form, _ words: Words) -> (Ladder, [String: String]) {
        var (ladder, faults) = (Ladder.usual, [String: String]())
        ladder.rungs = ways.compactMap { way in
            if form.text(way.rawValue).isEmpty { return nil }
            guard let minutes = form.wholeNumber(way.rawValue), (0...240).contains(minutes) else {
                faults[way.rawValue] = words("admin.range", 0, 240)
                return nil
            }
            return Ladder.Rung(way, minutesBefore: minutes)
        }
        if ladder.rungs.isEmpty, faults.isEmpty { faults[Way.push.rawValue] = words("ladder.fault.empty") }
        func time(_ name: String) -> TimeOfDay? {
            do throws(DateFault) { return try ThaiDate.parseTime(form.text(name)) } catch {
                faults[name] = error.sentence(words)
                return nil
            }
        }
        ladder.quietFrom = time("quietFrom") ?? ladder.quietFrom
        ladder.quietUntil = time("quietUntil") ?? ladder.quietUntil
        return (ladder, faults)
    }
}

extension Counter {
    /// GET and POST /admin/ladder
    func editLadder(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        var office = try await cabinet.office()
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            settingsForm(
                visit, title: words("ladder.title"), fields: LadderForm.fields(words, form, faults: faults),
                back: .init(label: words("ways.title"), path: "/admin/ways"), note: words("ladder.note"))
        }
        guard request.method == .post else { return page(LadderForm.typed(office.ladder), [:]) }
        let form = try await Form.read(request)
        let (ladder, faults) = LadderForm.read(form, words)
        guard faults.isEmpty else { return page(form, faults) }
        office.ownLadder = ladder == .usual ? nil : ladder
        try await cabinet.save(office, by: administrator.id, at: now())
        return .seeOther("/admin/ladder?done=ladder_saved")
    }
}
