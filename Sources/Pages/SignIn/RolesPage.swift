// SPDX-License-Identifier: Apache-2.0

import Desk

/// Who comes in from outside and what they may do, with a preview of what the rules would do before they are kept.
struct RolesPage: Page {
    static let template = "roles"
    let frame: Frame
    let errors: ErrorSummary?
    let back: SettingsFormPage.Link
    let rules: [FieldLine]
    let fields: [FieldRow]
    let trial: [FieldRow]
    /// Nil until somebody asks for one.
    let preview: Preview?

    struct Preview: Sendable {
        /// What was asked about, each with what they would be allowed.
        let asked: [PreviewRow]
        /// Who of the people here would gain or lose something.
        let changed: [PreviewRow]
        /// How many of the people here would stay as they are, and of how many nothing is known.
        let said: String
    }

    struct PreviewRow: Sendable {
        let name: String
        let tone: String
        let icon: String
        /// Whether they come in, and as whom.
        let verdict: String
        let now: String
        let next: String
        /// What they gain and lose; nil for nothing.
        let change: String?
        /// Groups that no rule speaks of, and what else should be looked at; nil for nothing.
        let remark: String?
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/sign-in/roles")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("entrance.place.roles"), lead: words("roles.lead"))
        let back = SettingsFormPage.Link(label: words("entrance.title"), path: "/admin/sign-in")
        var settings = SignInSettings()
        settings.rules = [RoleRule(group: "av-officers", role: .officer)]
        settings.rolesFollow = true
        settings.linking = [.username]
        let form = RolesForm.typed(settings)
        let people = SampleOffice.people
        let roster = EntranceRoster(people: people, withPassword: Set(people.map(\.id)), identities: [])
        let known = people.first { $0.roles == [.network] } ?? people[0]
        let outsiders = [
            Outsider(
                source: .openID, issuer: "https://sso.example.ac.th", subject: "1", username: known.username,
                name: known.name, groups: ["av-officers", "staff"]),
            Outsider(
                source: .openID, issuer: "https://sso.example.ac.th", subject: "2", username: "somebody",
                name: "นายผู้มาใหม่ ตัวอย่าง", groups: ["students"]),
        ]
        let drawing = PreviewDrawing(words: words, roster: roster, settings: settings)
        let preview = drawing.preview(asked: outsiders, known: outsiders)
        let wrong = ["role1": words("roles.fault.role")]
        return [
            Sample(
                "preview",
                RolesPage(
                    frame: frame, errors: nil, back: back, rules: RolesForm.rules(words, form, faults: [:]),
                    fields: RolesForm.settings(words, form),
                    trial: RolesForm.preview(words, form, hasDirectory: true, faults: [:]), preview: preview)),
            Sample(
                "wrong",
                RolesPage(
                    frame: frame, errors: ErrorSummary(RolesForm.rules(words, form, faults: wrong).flatMap(\.fields)),
                    back: back, rules: RolesForm.rules(words, form, faults: wrong),
                    fields: RolesForm.settings(words, form),
                    trial: RolesForm.preview(words, form, hasDirectory: false, faults: [:]), preview: nil)),
        ]
    }
}

/// Draws what the rules would do.
struct PreviewDrawing: Sendable {
    let words: Words
    let roster: EntranceRoster
    let settings: SignInSettings

    /// - Parameters:
    ///   - asked: those about whom the administrator asks.
    ///   - known: everybody about whom something is known; of the people here the first that speaks of them counts.
    func preview(asked: [Outsider], known: [Outsider]) -> RolesPage.Preview {
        var told: Set<Person.ID> = []
        var changed: [RolesPage.PreviewRow] = []
        for outsider in known {
            let judgement = judge(outsider, in: roster, by: settings)
            guard let person = judgement.person, person.id.number > 0, person.isActive, told.insert(person.id).inserted
            else { continue }
            if judgement.changesSomething { changed.append(row(outsider, judgement)) }
        }
        let active = roster.people.filter(\.isActive).count
        return RolesPage.Preview(
            asked: asked.map { row($0, judge($0, in: roster, by: settings)) }, changed: changed,
            said: words("roles.said", told.count - changed.count, max(0, active - told.count)))
    }

    private func row(_ outsider: Outsider, _ judgement: Judgement) -> RolesPage.PreviewRow {
        let entrance = EntranceWords(words)
        let old = roster.people.first { $0.id == judgement.person?.id }
        let isIn = judgement.turnedAway == nil
        let name = [outsider.name, outsider.username].filter { !$0.isEmpty }.joined(separator: " · ")
        return RolesPage.PreviewRow(
            name: name.isEmpty ? "–" : name, tone: isIn ? "good" : "bad", icon: isIn ? "✓" : "!",
            verdict: judgement.turnedAway.map(entrance.sentence)
                ?? words(
                    "roles.verdict.\(judgement.acquaintance.rawValue)", old?.name ?? judgement.person?.username ?? ""),
            now: old.map { entrance.roles($0.roles) } ?? "–",
            next: isIn || judgement.turnedAway == .noRole ? entrance.roles(judgement.person?.roles ?? []) : "–",
            change: change(judgement), remark: remark(outsider, judgement))
    }

    private func change(_ judgement: Judgement) -> String? {
        let entrance = EntranceWords(words)
        var parts: [String] = []
        if !judgement.gained.isEmpty { parts.append(words("roles.gains", entrance.roles(judgement.gained))) }
        if !judgement.lost.isEmpty { parts.append(words("roles.loses", entrance.roles(judgement.lost))) }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    private func remark(_ outsider: Outsider, _ judgement: Judgement) -> String? {
        var parts: [String] = []
        if judgement.keepsAdministrator { parts.append(words("roles.keepsAdministrator")) }
        let unused = outsider.groups.filter { group in !settings.rules.contains { $0.covers([group]) } }
        if outsider.groups.isEmpty { parts.append(words("roles.noGroups")) }
        if !unused.isEmpty { parts.append(words("roles.unused", unused.prefix(12).joined(separator: ", "))) }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }
}

extension Judgement {
    /// Something of the person here would be another. Whom an account outside does not lead in stays as they are.
    var changesSomething: Bool { !gained.isEmpty || !lost.isEmpty || keepsAdministrator }
}
