// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of the office's own names, address and hours.
enum OfficeForm {
    /// Fields that are plain text with at most 200 characters.
    static let texts = ["thaiName", "englishName", "organisation", "memoHead", "outgoingPrefix"]

    static func typed(_ office: Office) -> Form {
        var fields = [
            ("thaiName", office.thaiName), ("englishName", office.englishName), ("organisation", office.organisation),
            ("memoHead", office.memoHead), ("outgoingPrefix", office.outgoingPrefix), ("address", office.address),
            ("studioAddress", office.studioAddress ?? ""),
            ("opens", office.opens.description), ("closes", office.closes.description),
        ]
        if office.usesThaiDigits { fields.append(("thaiDigits", "yes")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        var rows = texts.map { name in
            FieldRow(
                name, words("office.\(name)"), value: form.text(name), hint: words("office.hint.\(name)"),
                error: faults[name])
        }
        rows.append(
            FieldRow(
                "address", words("office.address"), .line(type: "url"), value: form.text("address"),
                hint: words("office.hint.address"), error: faults["address"]))
        rows.append(
            FieldRow(
                "studioAddress", words("office.studioAddress"), .line(type: "url"), value: form.text("studioAddress"),
                hint: words("office.hint.studioAddress"), error: faults["studioAddress"], isRequired: false))
        for name in ["opens", "closes"] {
            rows.append(
                FieldRow(
                    name, words("office.\(name)"), value: form.text(name), hint: words("office.hint.time"),
                    error: faults[name], isShort: true))
        }
        rows.append(
            FieldRow(
                "thaiDigits", words("office.digits"),
                .checks([.init("yes", words("office.thaiDigits"), isChosen: form.isOn("thaiDigits"))]),
                isRequired: false))
        return rows
    }

    /// The office as typed, or sentences by field.
    static func read(_ form: Form, into office: Office, _ words: Words) -> (Office, [String: String]) {
        var (next, faults) = (office, [String: String]())
        for name in texts {
            if form.text(name).isEmpty { faults[name] = words("admin.missing") }
            if form.text(name).count > 200 { faults[name] = words("admin.tooLong", 200) }
        }
        next.thaiName = form.text("thaiName")
        next.englishName = form.text("englishName")
        next.organisation = form.text("organisation")
        next.memoHead = form.text("memoHead")
        next.outgoingPrefix = form.text("outgoingPrefix")
        let address = withoutSlashes(form.text("address"))
        if !isOfficeAddress(address) { faults["address"] = words("office.fault.address") }
        next.address = address
        let studio = withoutSlashes(form.text("studioAddress"))
        if !studio.isEmpty, !isOfficeAddress(studio) { faults["studioAddress"] = words("office.fault.address") }
        next.studioAddress = studio.isEmpty ? nil : studio
        do throws(DateFault) { next.opens = try ThaiDate.parseTime(form.text("opens")) } catch {
            faults["opens"] = error.sentence(words)
        }
        do throws(DateFault) { next.closes = try ThaiDate.parseTime(form.text("closes")) } catch {
            faults["closes"] = error.sentence(words)
        }
        if faults["opens"] == nil, faults["closes"] == nil, next.closes <= next.opens {
            faults["closes"] = words("office.fault.hours")
        }
        next.usesThaiDigits = form.isOn("thaiDigits")
        return (next, faults)
    }

    private static func withoutSlashes(_ address: String) -> String {
        var address = address
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }
}

/// An address under which people reach the program: https anywhere, or http on this very machine; no path.
public func isOfficeAddress(_ address: String) -> Bool {
    let host: Substring
    if address.hasPrefix("https://") {
        host = address.dropFirst(8)
    } else if address.hasPrefix("http://") {
        host = address.dropFirst(7)
        let name = host.hasPrefix("[::1]") ? "[::1]" : host.prefix { $0 != ":" }
        guard ["127.0.0.1", "localhost", "[::1]"].contains(String(name)) else { return false }
    } else {
        return false
    }
    return (1...253).contains(host.count)
        && host.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || ".-:[]".unicodeScalars.contains(scalar)
        }
}

extension Counter {
    /// GET and POST /admin/office
    func editOffice(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        let office = try await cabinet.office()
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            settingsForm(
                visit, title: words("office.title"), fields: OfficeForm.fields(words, form, faults: faults),
                back: adminLink(visit))
        }
        guard request.method == .post else { return page(OfficeForm.typed(office), [:]) }
        let form = try await Form.read(request)
        let (next, faults) = OfficeForm.read(form, into: office, words)
        guard faults.isEmpty else { return page(form, faults) }
        let before = try await dueMoments()
        try await cabinet.save(next, by: administrator.id, at: now())
        let hoursMoved = next.opens != office.opens || next.closes != office.closes
        return hoursMoved ? try await moved(before, to: "/admin?") : .seeOther("/admin?done=office_saved")
    }

    /// GET /admin/changes
    func showChanges(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let (words, phrases) = (words(visit), phrases(visit))
        let columns = [words("changes.at"), words("changes.by"), words("changes.what"), words("changes.subject")]
        let names = try await names()
        let rows = try await cabinet.rosterChanges(limit: 500).map { change in
            let subject = change.what == "holiday" ? Day(iso: change.subject).map(phrases.date) : nil
            return SettingsListPage.row(
                columns,
                [
                    phrases.moment(change.at), change.by.map { names.person($0) } ?? words("role.sanyan"),
                    words("changes.what.\(change.what)"), subject ?? change.subject,
                ], path: nil)
        }
        let page = SettingsListPage(
            frame: frame(visit, words("changes.title"), lead: words("changes.lead")), tabs: [], columns: columns,
            rows: rows, empty: words("changes.empty"), add: nil, back: adminLink(visit))
        return paper.show(page, to: visit)
    }
}
