// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

extension Counter {
    /// GET /admin/hooks
    func showHooks(_ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let phrases = phrases(visit)
        let words = phrases.words
        let columns = [words("hook.name"), words("hook.host"), words("people.state"), words("ways.accepted")]
        let hooks = try await cabinet.hooks()
        let rows = hooks.map { hook in
            // The rest of an address may be a key.
            let host = hook.address.split(separator: "/").dropFirst().first.map(String.init) ?? "–"
            return SettingsListPage.row(
                columns,
                [
                    hook.name, host, ChipRow(hook, words).word,
                    hook.acceptedAt.map(phrases.moment) ?? words("ways.never"),
                ], path: "/admin/hooks/\(hook.id)")
        }
        let add = SettingsFormPage.Link(label: words("hooks.add"), path: "/admin/hooks/new")
        let page = SettingsListPage(
            frame: frame(visit, words("hooks.title"), lead: words("hooks.lead")), tabs: [], columns: columns,
            rows: rows,
            empty: words("hooks.empty"), add: hooks.count < Hook.limit ? add : nil, back: adminLink(visit))
        return paper.show(page, to: visit)
    }

    /// GET and POST /admin/hooks/new and /admin/hooks/:id
    func editHook(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let isNew = visit.parameters.get("id") == "new"
        let known = isNew ? nil : try await hook(visit)
        guard request.method == .post else { return hookPage(known, visit) }
        let form = try await Form.read(request)
        if form.isOn("remove"), let known {
            try await cabinet.removeHook(known.id, by: administrator.id, at: now())
            return .seeOther("/admin/hooks?done=hook_removed")
        }
        let faults = HookForm.faults(form, words(visit))
        guard faults.isEmpty else { return hookPage(known, visit, typed: form, faults: faults) }
        if isNew, try await cabinet.hooks().count >= Hook.limit { throw HTTPError(.conflict) }
        var next = known ?? Hook(id: 0, name: "", address: "", secret: WebhookSecret.draw())
        next.name = form.text("name")
        next.address = form.text("address")
        next.mayStayInside = form.isOn("inside")
        next.isOn = form.isOn("on")
        // Switched on again, it has five days of patience anew.
        if next.isOn { (next.stoppedAt, next.failingSince) = (nil, nil) }
        // After the office's key was lost there is no secret any more.
        let isFresh = isNew || WebhookSecret.key(next.secret) == nil
        if isFresh { next.secret = WebhookSecret.draw() }
        let saved = try await cabinet.save(next, by: administrator.id, at: now())
        guard isFresh else { return .seeOther("/admin/hooks/\(saved.id)?done=hook_saved") }
        return hookPage(saved, visit, secret: saved.secret)
    }

    /// POST /admin/hooks/:id/test: waits for the outside, because that is what it is for.
    func tryHook(_ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let hook = try await hook(visit)
        guard let room = parts.ways else { throw HTTPError(.notFound) }
        let trouble = await room.probe(hook: hook.id)
        return hookPage(hook, visit, found: WayPage.foundRow(trouble, words(visit)))
    }

    /// POST /admin/hooks/:id/secret: a new secret; the one before signs beside it for a day.
    func rotateHook(_ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        var hook = try await hook(visit)
        hook.rotate(to: WebhookSecret.draw(), at: now())
        let saved = try await cabinet.save(hook, by: administrator.id, at: now())
        return hookPage(saved, visit, secret: saved.secret)
    }

    private func hook(_ visit: Visit) async throws -> Hook {
        guard let id = visit.parameters.get("id").flatMap({ Int64($0) }), let hook = try await cabinet.hook(id)
        else { throw HTTPError(.notFound) }
        return hook
    }

    private func hookPage(
        _ hook: Hook?, _ visit: Visit, typed: Form? = nil, faults: [String: String] = [:], secret: String? = nil,
        found: NoticeRow? = nil
    ) -> Response {
        let phrases = phrases(visit)
        let words = phrases.words
        let fields = HookForm.fields(words, typed ?? HookForm.typed(hook), faults: faults)
        let errors = ErrorSummary(fields)
        let page = HookPage(
            frame: frame(
                visit, hook?.name ?? words("hooks.add"), lead: words("hook.lead"),
                scripts: secret == nil ? [] : ["copy.js"]),
            errors: errors, path: "/admin/hooks/\(hook.map { String($0.id) } ?? "new")", fields: fields,
            secret: secret.map { HookPage.fresh($0, words) },
            kept: hook.map { HookPage.kept($0, phrases, found: found, canTry: parts.ways != nil, at: now()) },
            back: .init(label: words("hooks.title"), path: "/admin/hooks"))
        return paper.show(page, to: visit, status: errors == nil ? .ok : .unprocessableContent)
    }
}
