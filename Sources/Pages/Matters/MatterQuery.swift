// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// What somebody looks for, as the address of the list says it.
struct MatterQuery: Sendable, Hashable {
    var text = ""
    var stage: Stage?
    var service: Service?
    /// In which the occasion begins.
    var month: Month?
    /// The matters behind a report's number.
    var ids: [Matter.ID] = []
    /// What the report called that number.
    var of = ""
    /// 1, 2, 3…
    var page = 1

    static let pageLength = 25

    init(text: String = "", stage: Stage? = nil, service: Service? = nil, month: Month? = nil) {
        self.text = text
        self.stage = stage
        self.service = service
        self.month = month
    }

    /// Throws a `FormFault` when the address is no form.
    init(_ request: Request) throws {
        let query = try Form(query: request)
        func value(_ name: String) -> String { query.text(name) }
        text = String(value("text").prefix(200))
        stage = Stage(rawValue: value("stage"))
        service = Service(rawValue: value("service"))
        month = Month(value("month"))
        ids = value("ids").split(separator: ",").prefix(2000).compactMap { Matter.ID(String($0)) }
        of = String(value("of").prefix(200))
        page = min(100_000, max(1, Int(value("page")) ?? 1))
    }

    /// One more than a page holds, so that the page knows whether there is another.
    var filter: MatterFilter {
        var filter = MatterFilter()
        filter.text = text
        if let stage { filter.stages = [stage] }
        if let service { filter.services = [service] }
        filter.startsIn = month?.span
        filter.ids = ids
        filter.limit = Self.pageLength + 1
        filter.offset = (page - 1) * Self.pageLength
        return filter
    }

    /// The same list at another page.
    func path(page: Int) -> String {
        var parts: [String] = []
        func add(_ name: String, _ value: String) {
            if !value.isEmpty { parts.append("\(name)=\(percentEncoded(value))") }
        }
        add("text", text)
        add("stage", stage?.rawValue ?? "")
        add("service", service?.rawValue ?? "")
        add("month", month?.description ?? "")
        add("ids", ids.map(\.description).joined(separator: ","))
        add("of", of)
        if page > 1 { add("page", String(page)) }
        return "/matters" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    /// The fields of the search form, as they are set.
    func fields(_ phrases: Phrases, at now: Moment) -> [FieldRow] {
        let words = phrases.words
        let all = FieldRow.Option("", words("matters.all"))
        let stages = Stage.allCases.filter { $0 != .letterAwaited }.map {
            FieldRow.Option($0.rawValue, phrases.stage($0), isChosen: $0 == stage)
        }
        let services = Service.allCases.map {
            FieldRow.Option($0.rawValue, phrases.service($0), isChosen: $0 == service)
        }
        let months = months(at: now).map {
            FieldRow.Option($0.description, phrases.month($0), isChosen: $0 == month)
        }
        return [
            FieldRow(
                "text", words("matters.text"), .line(type: "search"), value: text, isRequired: false,
                autocomplete: "off"),
            FieldRow("stage", words("matters.stage"), .select([all] + stages), isRequired: false),
            FieldRow("service", words("matters.service"), .select([all] + services), isRequired: false),
            FieldRow("month", words("matters.month"), .select([all] + months), isRequired: false),
        ]
    }

    /// A year back and half a year ahead, with the month that is asked for.
    private func months(at now: Moment) -> [Month] {
        var months: [Month] = []
        var candidate = Month(of: now)
        for _ in 0..<6 { candidate = candidate.next }
        for _ in 0..<19 {
            months.append(candidate)
            candidate = candidate.previous
        }
        if let month, !months.contains(month) { months.append(month) }
        return months.sorted(by: >)
    }
}
