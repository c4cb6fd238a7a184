// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope

// What the rehearsed Google takes for an event, and what it refuses.

extension GoogleRehearsal {
    /// Fields that may be written.
    private static let fields: Set<String> = [
        "id", "iCalUID", "status", "summary", "description", "location", "start", "end", "visibility", "transparency",
        "reminders", "extendedProperties", "source", "attendees", "colorId", "sequence", "recurrence", "conferenceData",
    ]

    /// What is wrong with an event that is to be written; nil for nothing.
    static func fault(in fields: [String: GoogleValue], by token: Token) -> Incoming? {
        if let odd = fields.keys.sorted().first(where: { !Self.fields.contains($0) }) {
            return fault(400, "invalid", "Invalid JSON payload received. Unknown name \"\(odd)\"")
        }
        if let id = fields["id"], !isID(id.text ?? "") { return fault(400, "invalid", "Invalid resource id value.") }
        if let status = fields["status"], !["confirmed", "tentative", "cancelled"].contains(status.text) {
            return badRequest("status")
        }
        if let how = fields["visibility"], !["default", "public", "private", "confidential"].contains(how.text) {
            return badRequest("visibility")
        }
        for name in ["summary", "description", "location"] {
            if let value = fields[name], value.text.map({ $0.utf8.count > 8192 }) ?? true { return badRequest(name) }
        }
        if fields["attendees"] != nil, token.person == nil {
            return fault(
                403, "forbiddenForServiceAccounts",
                "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.")
        }
        return timeFault(fields) ?? reminderFault(fields["reminders"]) ?? propertyFault(fields)
    }

    /// Five to 1,024 letters of base32hex.
    private static func isID(_ id: String) -> Bool {
        (5...1024).contains(id.utf8.count)
            && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "v")).contains($0) }
    }

    private static func timeFault(_ fields: [String: GoogleValue]) -> Incoming? {
        guard let start = fields["start"], let end = fields["end"] else {
            return fault(400, "required", "Missing end time.")
        }
        var moments: [Moment] = []
        for time in [start, end] {
            guard let parts = time.fields, Set(parts.keys).isSubset(of: ["dateTime", "timeZone", "date"]) else {
                return badRequest("start")
            }
            if let date = parts["date"]?.text {
                guard parts["dateTime"] == nil, let day = Day(iso: date) else { return badRequest("date") }
                moments.append(day.start)
            } else {
                guard let text = parts["dateTime"]?.text, let moment = rfc3339(text) else {
                    return badRequest("dateTime")
                }
                moments.append(moment)
            }
        }
        return moments[0] < moments[1] ? nil : fault(400, "timeRangeEmpty", "The specified time range is empty.")
    }

    private static func reminderFault(_ value: GoogleValue?) -> Incoming? {
        guard let value else { return nil }
        guard let fields = value.fields, Set(fields.keys).isSubset(of: ["useDefault", "overrides"]),
            let isDefault = fields["useDefault"]?.flag
        else { return badRequest("reminders") }
        let overrides = fields["overrides"]?.list ?? []
        if isDefault, !overrides.isEmpty {
            return fault(400, "cannotUseDefaultRemindersAndSpecifyOverride", "Cannot specify both.")
        }
        guard overrides.count <= 5 else { return badRequest("overrides") }
        for override in overrides {
            guard let parts = override.fields, Set(parts.keys) == ["method", "minutes"],
                ["popup", "email"].contains(parts["method"]?.text), let minutes = parts["minutes"]?.number,
                (0...40_320).contains(minutes)
            else { return badRequest("overrides") }
        }
        return nil
    }

    private static func propertyFault(_ fields: [String: GoogleValue]) -> Incoming? {
        if let properties = fields["extendedProperties"] {
            guard let kinds = properties.fields, Set(kinds.keys).isSubset(of: ["private", "shared"]) else {
                return badRequest("extendedProperties")
            }
            for kind in kinds.values {
                guard let pairs = kind.fields, pairs.count <= 300,
                    pairs.allSatisfy({
                        $0.key.utf8.count <= 44 && ($0.value.text.map { $0.utf8.count <= 1024 } ?? false)
                    })
                else { return badRequest("extendedProperties") }
            }
        }
        if let source = fields["source"] {
            guard let parts = source.fields, Set(parts.keys) == ["title", "url"], let address = parts["url"]?.text,
                address.hasPrefix("https://") || address.hasPrefix("http://")
            else { return badRequest("source") }
        }
        return nil
    }

    /// Date and time with seconds and an offset (RFC 3339), which is what the API takes.
    static func rfc3339(_ text: String) -> Moment? {
        let form = /(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})/
        guard let match = text.wholeMatch(of: form), let day = Day(iso: String(match.1)), let hour = Int(match.2),
            let minute = Int(match.3), let second = Int(match.4), hour < 24, minute < 60, second < 60
        else { return nil }
        var ahead = 0
        if match.5 != "Z" {
            let parts = match.5.dropFirst().split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2 else { return nil }
            ahead = (parts[0] * 60 + parts[1]) * (match.5.hasPrefix("-") ? -1 : 1)
        }
        return day.start + .hours(7) + .seconds(hour * 3600 + minute * 60 + second) - .minutes(ahead)
    }
}
