// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope

/// Finds the calendar that the settings mean (RFC 6764 section 6, RFC 4791 section 6.2), and remembers it for an hour.
actor CalDAVFinder {
    private let courier: any Courier
    private var found: (settings: CalDAVSettings, address: WebAddress, until: Moment)?

    init(courier: any Courier) { self.courier = courier }

    func calendar(_ settings: CalDAVSettings, at now: Moment) async throws(Hindrance) -> WebAddress {
        if let found, found.settings == settings, now < found.until { return found.address }
        let address = try await look(settings)
        found = (settings, address, now + .hours(1))
        return address
    }

    /// The calendar is not where it was: it is looked for anew the next time.
    func forget() { found = nil }

    private static let asked =
        "<d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>"
        + "<c:supported-calendar-component-set/>"

    private func look(_ settings: CalDAVSettings) async throws(Hindrance) -> WebAddress {
        guard let typed = WebAddress(settings.address) else { throw Hindrance.mended(.rejected, "address") }
        let server = CalDAVServer(courier: courier, user: settings.user, password: settings.password)
        var root: DAVResponse?
        do {
            root = try await server.find(Self.asked, at: typed).first
        } catch  where [.gone, .notAllowed, .rejected].contains(error.trouble.kind) {
            root = nil  // Not there itself: its server may say where.
        }
        if let root, Self.isCalendar(root) { return typed.asCollection }
        if root == nil || root?.property("DAV:|current-user-principal")?.first("DAV:|href") == nil {
            root = try await wellKnown(server, typed) ?? root
        }
        guard let home = try await home(root, server, typed) else { throw Hindrance.mended(.gone, "calendar-home-set") }
        return try await choose(settings, in: home, server)
    }

    /// `/.well-known/caldav` leads to where the server keeps its calendars, by a redirect on the same server.
    private func wellKnown(_ server: CalDAVServer, _ typed: WebAddress) async throws(Hindrance) -> DAVResponse? {
        var address = typed.resolving("/.well-known/caldav")
        for _ in 0..<4 {
            guard let here = address else { return nil }
            let answer = try await server.ask("PROPFIND", here, Self.body, headers: [.init("Depth", "0")])
            switch answer.status {
            case 207: return DAVNode.read(answer.body).flatMap { DAVResponse.all($0).first }
            case 301, 302, 303, 307, 308: address = answer.header("Location").flatMap { here.resolving($0) }
            case 401: throw server.hindrance(answer)
            default: return nil
            }
        }
        return nil
    }

    private static let body = """
        <?xml version="1.0" encoding="utf-8"?>
        <d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>\(asked)</d:prop></d:propfind>
        """

    private func home(
        _ root: DAVResponse?, _ server: CalDAVServer, _ typed: WebAddress
    ) async throws(Hindrance) -> WebAddress? {
        func href(_ response: DAVResponse?, _ name: String) -> WebAddress? {
            response?.property(name)?.first("DAV:|href").flatMap { typed.resolving($0.trimmed) }
        }
        let set = "\(DAVNode.caldav)|calendar-home-set"
        if let home = href(root, set) { return home }
        guard let principal = href(root, "DAV:|current-user-principal") else { return nil }
        return href(try await server.find(Self.asked, at: principal).first, set)
    }

    private func choose(
        _ settings: CalDAVSettings, in home: WebAddress, _ server: CalDAVServer
    ) async throws(Hindrance) -> WebAddress {
        let calendars = try await server.find(Self.asked, at: home.asCollection, depth: 1).filter(Self.isCalendar)
        let wanted = settings.calendar
        let fitting = calendars.filter {
            wanted.isEmpty || $0.property("DAV:|displayname")?.trimmed == wanted
                || WebAddress.lastPart($0.href) == wanted
        }
        guard fitting.count == 1, let address = home.resolving(fitting[0].href) else {
            let names = calendars.map { $0.property("DAV:|displayname")?.trimmed ?? WebAddress.lastPart($0.href) }
            throw Hindrance.mended(
                fitting.isEmpty ? .gone : .rejected, "calendars: \(names.sorted().joined(separator: ", "))")
        }
        return address.asCollection
    }

    /// A collection that takes events (RFC 4791 sections 4.2, 5.2.3).
    private static func isCalendar(_ response: DAVResponse) -> Bool {
        guard response.property("DAV:|resourcetype")?.first("\(DAVNode.caldav)|calendar") != nil else { return false }
        // A server that says nothing takes everything.
        guard let set = response.property("\(DAVNode.caldav)|supported-calendar-component-set") else { return true }
        return set.children.contains { $0.label.uppercased() == "VEVENT" }
    }
}
