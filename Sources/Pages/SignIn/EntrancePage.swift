// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// How people sign in, at a glance: each way with its state.
struct EntrancePage: Page {
    static let template = "entrance"
    let frame: Frame
    let back: SettingsFormPage.Link
    let places: [Place]
    let passkeys: Switch

    struct Place: Sendable {
        let name: String
        let about: String
        let path: String
        let chip: ChipRow?
    }

    /// Passkeys need no settings: they are on or off.
    struct Switch: Sendable {
        let chip: ChipRow
        let isOn: Bool
        /// Why they would not work yet; nil when they would.
        let obstacle: String?
    }

    static func chip(_ isOn: Bool, _ words: Words) -> ChipRow {
        isOn ? ChipRow(.approved, words("entrance.on")) : ChipRow(.done, words("entrance.off"))
    }

    static func places(_ settings: SignInSettings, _ words: Words) -> [Place] {
        func place(_ name: String, _ chip: ChipRow?) -> Place {
            Place(
                name: words("entrance.place.\(name)"), about: words("entrance.about.\(name)"),
                path: "/admin/sign-in/\(name)", chip: chip)
        }
        return [
            place("openid", chip(settings.openID.isOn, words)),
            place("directory", chip(settings.directory.isOn, words)), place("roles", nil),
        ]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/sign-in")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("entrance.title"), lead: words("entrance.lead"))
        let back = SettingsFormPage.Link(label: words("admin.title"), path: "/admin")
        var settings = SignInSettings()
        let off = EntrancePage(
            frame: frame, back: back, places: places(settings, words),
            passkeys: Switch(chip: chip(false, words), isOn: false, obstacle: words("passkey.noName")))
        settings.openID.isOn = true
        let on = EntrancePage(
            frame: frame, back: back, places: places(settings, words),
            passkeys: Switch(chip: chip(true, words), isOn: true, obstacle: nil))
        return [Sample("off", off), Sample("on", on)]
    }
}

extension Counter {
    /// GET /admin/sign-in
    func showEntrance(_ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let (words, settings) = (words(visit), try await cabinet.signInSettings())
        let page = EntrancePage(
            frame: frame(visit, words("entrance.title"), lead: words("entrance.lead")), back: adminLink(visit),
            places: EntrancePage.places(settings, words),
            passkeys: .init(
                chip: EntrancePage.chip(settings.offersPasskeys, words), isOn: settings.offersPasskeys,
                obstacle: try await passkeyObstacle(words)))
        return paper.show(page, to: visit)
    }

    /// POST /admin/sign-in/passkeys: on or off.
    func switchPasskeys(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let form = try await Form.read(request)
        var settings = try await cabinet.signInSettings()
        settings.offersPasskeys = form.text("on") == "yes"
        try await cabinet.save(settings, by: administrator.id, at: now())
        return .seeOther("/admin/sign-in?done=sign_in_saved")
    }

    func entranceLink(_ visit: Visit) -> SettingsFormPage.Link {
        .init(label: words(visit)("entrance.title"), path: "/admin/sign-in")
    }
}
