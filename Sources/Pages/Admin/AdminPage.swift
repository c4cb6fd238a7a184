// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The settings at a glance, with what is still to be set.
struct AdminPage: Page {
    static let template = "admin"
    let frame: Frame
    let todo: [Todo]
    let places: [Place]

    struct Todo: Sendable {
        let text: String
        let path: String
    }

    struct Place: Sendable {
        let name: String
        let about: String
        let path: String
    }

    /// Every part of the settings, in the order in which a new office sets them.
    static func places(_ words: Words) -> [Place] {
        let names = [
            "office", "people", "sign-in", "rooms", "holidays", "limits", "checklists", "ways", "hooks", "changes",
        ]
        return names.map { name in
            Place(name: words("admin.place.\(name)"), about: words("admin.about.\(name)"), path: "/admin/\(name)")
        }
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("admin.title"), lead: words("admin.lead"))
        return [
            Sample(
                "new",
                AdminPage(
                    frame: frame, todo: [Todo(text: words("admin.todo.rooms"), path: "/admin/rooms/new")],
                    places: places(words))),
            Sample("set", AdminPage(frame: frame, todo: [], places: places(words))),
        ]
    }
}

extension Counter {
    /// GET /admin
    func showAdmin(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let words = words(visit)
        let page = AdminPage(
            frame: frame(visit, words("admin.title"), lead: words("admin.lead"), notice: movedNotice(request, words)),
            todo: try await todo(words), places: AdminPage.places(words))
        return paper.show(page, to: visit)
    }

    /// What an office cannot work without, and does not have yet.
    private func todo(_ words: Words) async throws -> [AdminPage.Todo] {
        var todo: [AdminPage.Todo] = []
        let office = try await cabinet.office()
        if office.organisation == Office.unnamed.organisation || office.memoHead == Office.unnamed.memoHead {
            todo.append(.init(text: words("admin.todo.office"), path: "/admin/office"))
        }
        if office.address == Office.unnamed.address, !parts.isDemo {
            todo.append(.init(text: words("admin.todo.address"), path: "/admin/office"))
        }
        let held = try await cabinet.people().filter(\.isActive).reduce(into: Set<Role>()) { $0.formUnion($1.roles) }
        for role in Role.held where !held.contains(role) {
            todo.append(
                .init(text: words("admin.todo.role", words("role.\(role.rawValue)")), path: "/admin/people/new"))
        }
        if try await !cabinet.rooms().contains(where: \.isActive) {
            todo.append(.init(text: words("admin.todo.rooms"), path: "/admin/rooms/new"))
        }
        let today = Day(of: now())
        let years = Set(try await cabinet.holidays().map(\.day.buddhistYear))
        // The next year's table is asked for from October on, when the cabinet has usually decided it.
        for year in [today.buddhistYear] + (today.month >= 10 ? [today.buddhistYear + 1] : [])
        where !years.contains(year) {
            todo.append(.init(text: words("admin.todo.holidays", year), path: "/admin/holidays?year=\(year)"))
        }
        if let low = try await lowLine(words) { todo.append(.init(text: low, path: "/admin/ways/line")) }
        return todo
    }
}
