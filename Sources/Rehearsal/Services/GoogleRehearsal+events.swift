// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials

// Events of the rehearsed Google: insert, update, delete, get, list.

extension GoogleRehearsal {
    mutating func write(_ call: Call, at now: Moment) -> Incoming {
        guard Set(call.query.keys).isSubset(of: ["sendUpdates"]) else { return Self.badRequest("query") }
        if let whom = call.query["sendUpdates"], !["all", "externalOnly", "none"].contains(whom) {
            return Self.badRequest("sendUpdates")
        }
        if call.outgoing.method == "DELETE" { return delete(call) }
        guard call.outgoing.headers.first(where: { $0.isNamed("Content-Type") })?.value == "application/json",
            let value = try? JSONDecoder().decode(GoogleValue.self, from: Data(call.outgoing.body)),
            let fields = value.fields
        else { return Self.fault(400, "parseError", "Parse Error") }
        if let fault = Self.fault(in: fields, by: call.token) { return fault }
        return call.outgoing.method == "POST" ? insert(call, fields) : update(call, fields)
    }

    private mutating func insert(_ call: Call, _ fields: [String: GoogleValue]) -> Incoming {
        if fields["id"] != nil, fields["iCalUID"] != nil { return Self.badRequest("iCalUID") }
        version += 1
        let id = fields["id"]?.text ?? "made\(version)"
        // Also a deleted event keeps its id.
        guard calendars[call.calendar]?.events[id] == nil else {
            return Self.fault(409, "duplicate", "The requested identifier already exists.")
        }
        return put(call, id, fields)
    }

    private mutating func update(_ call: Call, _ fields: [String: GoogleValue]) -> Incoming {
        guard let id = call.event, let event = calendars[call.calendar]?.events[id] else {
            return Self.fault(404, "notFound", "Not Found")
        }
        if let body = fields["id"]?.text, body != id { return Self.badRequest("id") }
        guard Self.fits(call, event) else { return Self.fault(412, "conditionNotMet", "Precondition Failed") }
        return put(call, id, fields)
    }

    private mutating func delete(_ call: Call) -> Incoming {
        guard let id = call.event, var event = calendars[call.calendar]?.events[id] else {
            return Self.fault(404, "notFound", "Not Found")
        }
        if event.isDeleted { return Self.fault(410, "deleted", "Resource has been deleted") }
        guard Self.fits(call, event) else { return Self.fault(412, "conditionNotMet", "Precondition Failed") }
        version += 1
        event.version = version
        event.fields["status"] = .text("cancelled")
        calendars[call.calendar]?.events[id] = event
        return Incoming(status: 204)
    }

    private mutating func put(_ call: Call, _ id: String, _ fields: [String: GoogleValue]) -> Incoming {
        version += 1
        var kept = fields
        let reminders = kept.removeValue(forKey: "reminders")
        kept["id"] = .text(id)
        kept["status"] = kept["status"] ?? .text("confirmed")
        kept["iCalUID"] = .text("\(id)@google.com")
        var event = Event(
            fields: kept, reminders: calendars[call.calendar]?.events[id]?.reminders ?? [:], version: version)
        event.reminders[call.token.identity] = reminders ?? .object(["useDefault": .flag(true)])
        calendars[call.calendar]?.events[id] = event
        return Self.json(200, shown(event, to: call.token))
    }

    func get(_ call: Call) -> Incoming {
        guard let id = call.event, let event = calendars[call.calendar]?.events[id] else {
            return Self.fault(404, "notFound", "Not Found")
        }
        guard call.query.isEmpty else { return Self.badRequest("query") }
        return Self.json(200, shown(event, to: call.token))
    }

    private static func etag(_ event: Event) -> String { "\"\(event.version)000\"" }

    private static func fits(_ call: Call, _ event: Event) -> Bool {
        guard let wanted = call.outgoing.headers.first(where: { $0.isNamed("If-Match") })?.value else { return true }
        return wanted == "*" || wanted == etag(event)
    }

    /// A cancelled event may show nothing but its id.
    private func shown(_ event: Event, to token: Token) -> GoogleValue {
        var fields = event.isDeleted ? event.fields.filter { ["id", "status"].contains($0.key) } : event.fields
        fields["kind"] = .text("calendar#event")
        fields["etag"] = .text(Self.etag(event))
        if !event.isDeleted {
            fields["reminders"] = event.reminders[token.identity] ?? .object(["useDefault": .flag(true)])
        }
        return .object(fields)
    }

    // MARK: Lists

    /// Not to be had together with a sync token.
    private static let notWithSync: Set<String> = [
        "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax",
        "updatedMin",
    ]
    private static let known: Set<String> = notWithSync.union([
        "maxResults", "pageToken", "syncToken", "showDeleted", "singleEvents", "fields", "timeZone", "maxAttendees",
    ])

    func list(_ call: Call) -> Incoming {
        let query = call.query
        guard Set(query.keys).isSubset(of: Self.known) else { return Self.badRequest("query") }
        var since = 0
        if let token = query["syncToken"] {
            guard Self.notWithSync.isDisjoint(with: query.keys), query["showDeleted"] != "false" else {
                return Self.badRequest("syncToken")
            }
            guard token.hasPrefix("sync-"), let version = Int(token.dropFirst(5)), version >= oldestSync,
                version <= self.version
            else {
                return Self.fault(
                    410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
            }
            since = version
        }
        let size = query["maxResults"].map { Int($0) ?? 0 } ?? 250
        let from = query["pageToken"].map { Int($0.dropFirst(5)) ?? -1 } ?? 0
        guard (1...2500).contains(size), from >= 0 else { return Self.badRequest("maxResults") }
        let showsDeleted = query["syncToken"] != nil || query["showDeleted"] == "true"
        let events = (calendars[call.calendar]?.events ?? [:]).values
            .filter { $0.version > since && (showsDeleted || !$0.isDeleted) }.sorted { $0.version < $1.version }
        let page = events.dropFirst(from).prefix(min(size, pageLimit))
        var answer: [String: GoogleValue] = [
            "kind": .text("calendar#events"), "summary": .text(call.calendar), "accessRole": .text(call.role),
            "items": .list(page.map { shown($0, to: call.token) }),
        ]
        if from + page.count < events.count {
            answer["nextPageToken"] = .text("page-\(from + page.count)")
        } else {
            answer["nextSyncToken"] = .text("sync-\(version)")
        }
        guard let mask = query["fields"] else { return Self.json(200, .object(answer)) }
        guard let masked = GoogleValue.object(answer).masked(mask) else { return Self.badRequest("fields") }
        return Self.json(200, masked)
    }

    // MARK: Somebody's hand

    /// Somebody changes an event in the calendar itself; nil takes a field away.
    public mutating func change(_ id: String, in calendar: String, _ changes: [String: GoogleValue?]) {
        version += 1
        for (name, value) in changes { calendars[calendar]?.events[id]?.fields[name] = value }
        calendars[calendar]?.events[id]?.version = version
    }

    /// An event as it stands, for tests; nil when it does not.
    public func event(_ id: String, in calendar: String) -> [String: GoogleValue]? {
        calendars[calendar]?.events[id].flatMap { $0.isDeleted ? nil : $0.fields }
    }

    /// The reminders that an account or a person has set on an event.
    public func reminders(of identity: String, on id: String, in calendar: String) -> GoogleValue? {
        calendars[calendar]?.events[id]?.reminders[identity]
    }
}

/// The rehearsed Google behind a door for requests.
public actor GoogleStage: Courier {
    public var google: GoogleRehearsal
    private let now: @Sendable () -> Moment

    public init(_ google: GoogleRehearsal, now: @escaping @Sendable () -> Moment) {
        self.google = google
        self.now = now
    }

    public func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
        try google.answer(outgoing, at: now())
    }

    /// Changes something behind the scene.
    @discardableResult
    public func arrange<Result: Sendable>(_ body: @Sendable (inout GoogleRehearsal) -> Result) -> Result {
        body(&google)
    }
}
