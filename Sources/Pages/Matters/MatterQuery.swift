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
    /// Which number of the report it was; `matters.of.<key>` is the heading.
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

    init(_ request: Request) {
        func value(_ name: Substring) -> String { request.uri.queryParameters[name].map(String.init) ?? "" }
        text = String(value("text").trimmed.prefix(200))
        stage = Stage(rawValue: value("stage"))
        service = Service(rawValue: value("service"))
        month = Month(value("month"))
        ids = value("ids").split(separator: ",").prefix(2000).compactMap { Matter.ID(String($0)) }
        of = value("of")
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

/// Text as a value in an address (RFC 3986, 2.1): everything but letters, digits and `-._~,` is written in hexadecimal.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
        let scalar = Unicode.Scalar(byte)
        return byte < 0x80
            && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte)
                || "-._~,".unicodeScalars.contains(scalar))
            ? String(scalar) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
}

extension Phrases {
    /// `พฤศจิกายน 2569` / `November 2026`
    func month(_ month: Month) -> String {
        words.language == .thai ? ThaiDate.long(month) : ThaiDate.english(month)
    }
}
