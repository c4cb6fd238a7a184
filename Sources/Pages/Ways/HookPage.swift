// SPDX-License-Identifier: Apache-2.0

import Desk

/// One webhook: where it goes, how it went, its secret when it was just drawn, and a button that tries it.
struct HookPage: Page {
    static let template = "hook"
    let frame: Frame
    let errors: ErrorSummary?
    let path: String
    let fields: [FieldRow]
    /// The secret, on the one page that shows it; nil afterwards.
    let secret: Secret?
    /// What an existing hook has; nil for a new one.
    let kept: Kept?
    let back: SettingsFormPage.Link

    struct Secret: Sendable {
        let said: String
        let row: CopyLine
    }

    /// A text to be copied. `{{#row}}{{> parts/copy}}{{/row}}`
    struct CopyLine: Sendable {
        let id: String
        let label: String
        let value: String
    }

    struct Kept: Sendable {
        let chip: ChipRow
        let pairs: [PairRow]
        /// What the newest test found; nil before one.
        let found: NoticeRow?
        let canTry: Bool
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/hooks/1")
        let phrases = Phrases(paper.words(visit))
        let words = phrases.words
        let now = SampleMatters.now
        let hook = Hook(
            id: 1, name: "ระบบสารบรรณ", address: "https://saraban.example.ac.th/hooks/sanyan", secret: "",
            oldSecret: .init(secret: "", until: now + .hours(20)), acceptedAt: now - .minutes(9))
        var ill = hook
        (ill.oldSecret, ill.isOn, ill.stoppedAt) = (nil, false, now - .hours(1))
        (ill.failingSince, ill.trouble) = (now - .days(5), Trouble(.unreachable, "connection refused"))
        func page(_ title: String, _ form: Form, faults: [String: String], secret: String?, kept: Kept?) -> HookPage {
            let fields = HookForm.fields(words, form, faults: faults)
            return HookPage(
                frame: paper.frame(visit, title: title, lead: words("hook.lead"), scripts: ["copy.js"]),
                errors: ErrorSummary(fields), path: visit.path, fields: fields,
                secret: secret.map { fresh($0, words) }, kept: kept,
                back: .init(label: words("hooks.title"), path: "/admin/hooks"))
        }
        let well = kept(hook, phrases, found: NoticeRow(.good, words("ways.well")), canTry: true, at: now)
        return [
            Sample("new", page(words("hooks.add"), HookForm.typed(nil), faults: [:], secret: nil, kept: nil)),
            Sample(
                "fresh",
                page(
                    hook.name, HookForm.typed(hook), faults: [:],
                    secret: "whsec_c2FtcGxlLXNlY3JldC1mb3ItdGhlLXN0b3J5Ym9vaw==", kept: well)),
            Sample(
                "stopped",
                page(
                    hook.name, HookForm.typed(ill), faults: ["address": words("hook.fault.address")], secret: nil,
                    kept: kept(ill, phrases, found: nil, canTry: false, at: now))),
        ]
    }

    static func fresh(_ secret: String, _ words: Words) -> Secret {
        Secret(
            said: words("hook.secret.once"), row: CopyLine(id: "secret", label: words("hook.secret"), value: secret))
    }

    static func kept(_ hook: Hook, _ phrases: Phrases, found: NoticeRow?, canTry: Bool, at now: Moment) -> Kept {
        let words = phrases.words
        var pairs = [PairRow(words("ways.accepted"), hook.acceptedAt.map(phrases.moment) ?? words("ways.never"))]
        if let since = hook.failingSince { pairs.append(PairRow(words("hook.failing"), phrases.moment(since))) }
        if let stopped = hook.stoppedAt { pairs.append(PairRow(words("hook.stopped"), phrases.moment(stopped))) }
        if let trouble = hook.trouble {
            pairs += [
                PairRow(words("ways.trouble"), trouble.said(words)),
                PairRow(words("ways.remedy"), trouble.remedy(words)),
            ]
            if !trouble.detail.isEmpty { pairs.append(PairRow(words("ways.detail"), trouble.detail)) }
        }
        if let old = hook.oldSecret, old.until > now {
            pairs.append(PairRow(words("hook.oldSecret"), words("hook.oldSecret.until", phrases.moment(old.until))))
        }
        return Kept(chip: ChipRow(hook, words), pairs: pairs, found: found, canTry: canTry)
    }
}

extension ChipRow {
    /// Whether a webhook works.
    init(_ hook: Hook, _ words: Words) {
        if hook.stoppedAt != nil {
            self.init(.overdue, words("hook.state.stopped"))
        } else if !hook.isOn {
            self.init(.done, words("ways.state.off"))
        } else if hook.failingSince != nil {
            self.init(.overdue, words("ways.state.trouble"))
        } else {
            self.init(.approved, words("ways.state.on"))
        }
    }
}
