// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore

/// The web site: every address on one screen.
public struct Site: Sendable {
    public let paper: Stationery
    /// The pages of the office; nil when only the storybook is served.
    public let counter: Counter?
    /// Serves the storybook.
    public var showsStorybook = false
    /// The office's own name in a language; nil for the name in the words.
    public var office: @Sendable (Language) -> String? = { _ in nil }

    /// A site that only shows the storybook.
    public init(paper: Stationery) {
        self.paper = paper
        counter = nil
        showsStorybook = true
    }

    /// The whole office.
    public init(paper: Stationery, parts: SiteParts) {
        self.paper = paper
        counter = Counter(paper: paper, parts: parts)
    }

    /// The router with everything on it; what runs before every route stands first, in its order.
    public func router() -> Router<Visit> {
        let router = Router(context: Visit.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: Doorway(office: office, isDemo: counter?.parts.isDemo ?? false))
        router.add(middleware: ErrorPages(paper: paper))
        router.add(middleware: CrossSiteGuard())

        router.get("healthz") { _, _ in health() }
        router.get("assets/**") { request, _ in try asset(request) }
        router.get("favicon.ico") { _, _ in Response.seeOther(paper.assets.icon) }
        router.get("manifest.webmanifest") { _, visit in manifest(visit) }
        router.get("sw.js") { _, _ in paper.assets.workerAnswer() }
        router.post("language") { request, visit in try await chooseLanguage(request, visit) }
        if let counter {
            router.post("hooks/line") { request, visit in try await counter.hearLine(request, visit) }
            router.add(middleware: WhoIsThere(counter: counter))
            // Once more inside, so that an error page still shows who is signed in and their menu.
            router.add(middleware: ErrorPages(paper: paper))
            addOffice(counter, to: router)
        }
        if showsStorybook {
            router.get("storybook") { _, visit in storybookIndex(visit) }
            router.get("storybook/**") { request, visit in try storybookPage(request, visit) }
        }
        return router
    }
}

extension Site {
    /// Every address of the office, by desk. What changes something is a POST to a noun.
    private func addOffice(_ desk: Counter, to router: Router<Visit>) {
        // Nobody needs an account here.
        router.get("/") { try await desk.showHome($0, $1) }
        router.get("request") { try await desk.showRequest($0, $1) }
        router.post("request") { try await desk.fileRequest($0, $1) }
        router.post("track") { try await desk.follow($0, $1) }
        router.get("track/:token") { try await desk.showTrack($0, $1) }
        router.get("track/:token/receipt.pdf") { try await desk.receiptPDF($0, $1) }
        router.get("track/:token/calendar.ics") { try await desk.trackCalendar($0, $1) }
        router.get("track/:token/documents/:id") { try await desk.showTrackedDocument($0, $1) }
        router.post("track/:token/completion") { try await desk.completeTracked($0, $1) }
        router.post("track/:token/withdrawal") { try await desk.withdrawTracked($0, $1) }
        router.get("evaluate/:token") { try await desk.showEvaluation($0, $1) }
        router.post("evaluate/:token") { try await desk.evaluate($0, $1) }
        router.get("mail-off/:nudge/:token") { try await desk.showMailOff($0, $1) }
        router.post("mail-off/:nudge/:token") { try await desk.switchMail($0, $1) }
        router.get("sign-in") { request, visit in try await desk.showSignIn(request, visit) }
        router.post("sign-in") { request, visit in try await desk.signIn(request, visit) }
        router.post("sign-in/demo") { request, visit in try await desk.signInDemo(request, visit) }
        router.get("sign-in/openid") { request, visit in try await desk.leaveForOpenID(request, visit) }
        router.get("sign-in/openid/return") { request, visit in try await desk.returnFromOpenID(request, visit) }
        router.post("sign-in/passkey/question") { request, visit in try await desk.askForPasskey(request, visit) }
        router.post("sign-in/passkey") { request, visit in try await desk.signInByPasskey(request, visit) }
        router.post("sign-out") { request, visit in try await desk.signOut(request, visit) }
        router.get("welcome/:token") { request, visit in try await desk.showWelcome(request, visit) }
        router.post("welcome/:token") { request, visit in try await desk.welcome(request, visit) }
        router.get("feed/:token") { request, visit in try await desk.showFeed(request, visit) }
        router.post("push/shown") { request, _ in try await desk.notePushed(request) }
        router.post("push/acknowledgement") { request, _ in try await desk.acknowledgePushed(request) }
        router.post("push/renewal") { request, _ in try await desk.renewPushed(request) }

        // The secretariat.
        router.get("counter") { try await desk.showCounter($0, $1) }
        router.post("counter") { try await desk.fileAtCounter($0, $1) }
        router.get("counter/mail") { try await desk.showMail($0, $1) }
        router.get("counter/mail/:mail/documents/:id") { try await desk.showMailDocument($0, $1) }
        router.post("counter/mail/:mail/dismissal") { try await desk.dismissMail($0, $1) }
        router.post("counter/mail/:mail/waiting") { try await desk.restoreMail($0, $1) }
        router.get("matters/:id/registration") { try await desk.showRegistration($0, $1) }
        router.post("matters/:id/registration") { try await desk.register($0, $1) }
        router.post("matters/:id/submission") { try await desk.submit($0, $1) }
        router.get("matters/:id/return") { try await desk.showReturn($0, $1) }
        router.post("matters/:id/return") { try await desk.sendBack($0, $1) }
        router.get("matters/:id/return.pdf") { try await desk.returnPDF($0, $1) }
        router.get("matters/:id/void") { try await desk.showVoid($0, $1) }
        router.post("matters/:id/void") { try await desk.void($0, $1) }
        router.get("register") { _, _ in Response.seeOther("/register/incoming") }
        router.get("register/incoming") { try await desk.showIncoming($0, $1) }
        router.get("register/incoming.csv") { try await desk.incomingCSV($0, $1) }
        router.get("register/outgoing") { try await desk.showOutgoing($0, $1) }
        router.get("register/outgoing.csv") { try await desk.outgoingCSV($0, $1) }
        router.get("matters/:id/assignment") { try await desk.showAssignment($0, $1) }
        router.post("matters/:id/assignment") { try await desk.saveAssignment($0, $1) }
        router.get("matters/:id/amendment") { try await desk.showAmendment($0, $1) }
        router.post("matters/:id/amendment") { try await desk.saveAmendment($0, $1) }
        router.get("matters/:id/completion") { try await desk.showCompletion($0, $1) }
        router.post("matters/:id/completion") { try await desk.saveCompletion($0, $1) }
        router.post("matters/:id/forgetting") { try await desk.forgetContact($0, $1) }
        router.get("matters/:id/withdrawal") { try await desk.showWithdrawal($0, $1) }
        router.post("matters/:id/withdrawal") { try await desk.saveWithdrawal($0, $1) }

        // Everybody signed in.
        router.get("desk") { try await desk.showDesk($0, $1) }
        router.get("documents/:id") { try await desk.showDocument($0, $1) }
        router.get("inbox") { _, visit in try await desk.showInbox(visit) }
        router.get("inbox/live") { request, visit in try await desk.liveInbox(request, visit) }
        router.post("inbox/acknowledgement") { request, visit in try await desk.acknowledgeInbox(request, visit) }
        router.post("inbox/:notice/acknowledgement") { request, visit in
            try await desk.acknowledgeNotice(request, visit)
        }
        router.get("me") { _, visit in try await desk.showMe(visit) }
        router.post("me/feed") { _, visit in try await desk.makeFeed(visit) }
        router.post("me/office-feed") { _, visit in try await desk.makeOfficeFeed(visit) }
        router.post("me/passkeys/question") { request, visit in try await desk.askForNewPasskey(request, visit) }
        router.post("me/passkeys") { request, visit in try await desk.keepPasskey(request, visit) }
        router.post("me/passkeys/:id/removal") { _, visit in try await desk.removePasskey(visit) }
        router.post("me/calendars") { request, visit in try await desk.chooseCalendars(request, visit) }
        router.post("me/line") { _, visit in try await desk.drawLineCode(visit) }
        router.post("me/line/removal") { _, visit in try await desk.unbindLine(visit) }
        router.post("me/devices") { request, visit in try await desk.keepDevice(request, visit) }
        router.post("me/devices/:device/trial") { _, visit in try await desk.ringDevice(visit) }
        router.post("me/devices/:device/removal") { _, visit in try await desk.removeDevice(visit) }
        router.post("me/topic") { _, visit in try await desk.makeTopic(visit) }
        router.post("me/topic/trial") { _, visit in try await desk.ringTopic(visit) }
        router.post("me/topic/removal") { _, visit in try await desk.removeTopic(visit) }
        router.post("me/password") { request, visit in try await desk.changePassword(request, visit) }
        router.get("matters") { try await desk.showMatters($0, $1) }
        router.get("matters/:id") { try await desk.showMatter($0, $1) }
        router.get("drift") { _, visit in try await desk.showDrift(visit) }
        router.post("drift/:id/restoration") { _, visit in try await desk.restoreDrift(visit) }
        router.post("drift/:id/acceptance") { _, visit in try await desk.acceptDrift(visit) }
        router.get("deliveries") { try await desk.showDeliveries($0, $1) }
        router.post("deliveries/retry") { try await desk.retryDelivery($0, $1) }
        router.post("calls/:notice/acknowledgement") { try await desk.acknowledgeCall($0, $1) }
        router.get("calendar") { try await desk.showCalendar($0, $1) }

        // The executives.
        router.get("decisions") { try await desk.showDecisions($0, $1) }
        router.get("matters/:id/decision") { try await desk.showDecision($0, $1) }
        router.post("matters/:id/decision") { try await desk.saveDecision($0, $1) }

        // The officers and the network section.
        router.get("matters/:id/preparation") { _, visit in try await desk.showPreparation(visit) }
        router.post("matters/:id/checks/:check") { request, visit in try await desk.tickCheck(request, visit) }
        router.post("matters/:id/checks/:check/removal") { request, visit in try await desk.untickCheck(request, visit)
        }
        router.post("matters/:id/network-notice") { request, visit in try await desk.notifyNetwork(request, visit) }
        router.post("matters/:id/link") { request, visit in try await desk.saveLink(request, visit) }
        router.post("matters/:id/readiness") { request, visit in try await desk.overrideReadiness(request, visit) }
        router.get("watch") { request, visit in try await desk.showWatch(request, visit) }
        router.post("matters/:id/network") { request, visit in try await desk.acknowledgeNetwork(request, visit) }
        router.get("matters/:id/service") { _, visit in try await desk.showService(visit) }
        router.post("matters/:id/opening") { request, visit in try await desk.openOccasion(request, visit) }
        router.post("matters/:id/incidents") { request, visit in try await desk.logIncident(request, visit) }
        router.post("matters/:id/ending") { request, visit in try await desk.endOccasion(request, visit) }
        router.get("matters/:id/evaluation-qr") { _, visit in try await desk.showEvaluationQR(visit) }

        // A broadcast.
        router.get("matters/:id/broadcast") { try await desk.editBroadcast($0, $1) }
        router.post("matters/:id/broadcast") { try await desk.editBroadcast($0, $1) }
        router.get("matters/:id/stream-keys") { _, visit in try await desk.leaveStreamKeys(visit) }
        router.post("matters/:id/stream-keys") { try await desk.showStreamKeys($0, $1) }
        router.post("matters/:id/stream-keys/renewal") { try await desk.renewStreamKey($0, $1) }
        router.post("matters/:id/stream-keys/service.json") { try await desk.obsService($0, $1) }
        router.get("matters/:id/console") { _, visit in try await desk.showConsole(visit) }
        router.get("matters/:id/console/live") { try await desk.liveConsole($0, $1) }
        router.post("matters/:id/console/air") { try await desk.putOnAir($0, $1) }
        router.post("matters/:id/console/slate") { try await desk.showSlate($0, $1) }
        router.post("matters/:id/console/markers") { try await desk.markAiring($0, $1) }
        router.post("matters/:id/console/captions") { try await desk.captionAiring($0, $1) }
        router.post("matters/:id/console/remarks") { try await desk.sayToAudience($0, $1) }
        router.post("matters/:id/console/remarks/:number") { try await desk.judgeRemark($0, $1) }
        router.post("matters/:id/console/publisher") { try await desk.dropPublisher($0, $1) }
        router.post("matters/:id/console/closing") { try await desk.closeAiring($0, $1) }
        router.post("matters/:id/console/evidence") { try await desk.fileEvidence($0, $1) }
        router.post("matters/:id/console/recordings/:file/trim") { try await desk.trimRecording($0, $1) }
        router.post("matters/:id/console/recordings/:file/removal") { try await desk.eraseRecording($0, $1) }
        router.get("air/:name") { _, visit in try await desk.watchAir(visit) }

        // A meeting.
        router.get("matters/:id/meeting") { try await desk.editMeeting($0, $1) }
        router.post("matters/:id/meeting") { try await desk.editMeeting($0, $1) }
        router.get("matters/:id/links") { _, visit in try await desk.showLinks(visit) }
        router.post("matters/:id/links") { try await desk.inviteToMeeting($0, $1) }
        router.get("matters/:id/links/shown") { _, visit in try await desk.leaveSeatLinks(visit) }
        router.post("matters/:id/links/shown") { try await desk.showSeatLinks($0, $1) }
        router.post("matters/:id/links/mailing") { try await desk.mailLinks($0, $1) }
        router.post("matters/:id/links/:invitee/removal") { _, visit in try await desk.revokeLink(visit) }
        router.get("matters/:id/room") { _, visit in try await desk.showMeetingRoom(visit) }
        router.get("matters/:id/room/live") { try await desk.liveMeetingRoom($0, $1) }
        router.get("matters/:id/room/host") { _, visit in try await desk.leaveHostLink(visit) }
        router.post("matters/:id/room/host") { try await desk.showHostLink($0, $1) }
        router.post("matters/:id/room/opening") { try await desk.openMeeting($0, $1) }
        router.post("matters/:id/room/closing") { try await desk.closeMeeting($0, $1) }
        router.post("matters/:id/room/lobby") { try await desk.steerMeeting($0, $1, at: "lobby") }
        router.post("matters/:id/room/lock") { try await desk.steerMeeting($0, $1, at: "lock") }
        router.post("matters/:id/room/recording") { try await desk.steerMeeting($0, $1, at: "recording") }
        router.post("matters/:id/room/air") { try await desk.airMeeting($0, $1) }
        router.post("matters/:id/room/recordings/:file/film") { try await desk.composeFilm($0, $1) }
        router.post("matters/:id/room/recordings/:file/removal") { try await desk.eraseMeetingRecording($0, $1) }
        router.post("matters/:id/room/evidence") { try await desk.fileMeetingEvidence($0, $1) }
        router.post("matters/:id/room/forgetting") { _, visit in try await desk.forgetMeeting(visit) }
        router.get("matters/:id/minutes.pdf") { _, visit in try await desk.minutesPDF(visit) }
        router.get("seat/:token") { _, visit in try await desk.enterBySeat(visit) }
        router.get("meet/:name") { _, visit in try await desk.enterMeeting(visit) }

        // Reports.
        router.get("reports") { request, visit in try await desk.showReports(request, visit) }
        router.get("reports/:month") { request, visit in try await desk.showReport(request, visit) }
        router.post("reports/:month/remarks") { request, visit in try await desk.remarkReport(request, visit) }
        router.post("reports/:month/presentation") { request, visit in try await desk.presentReport(request, visit) }
        router.post("reports/:month/acknowledgement") { request, visit in
            try await desk.acknowledgeReport(request, visit)
        }

        // The administrator, and keys.
        router.get("admin") { request, visit in try await desk.showAdmin(request, visit) }
        router.get("admin/people") { request, visit in try await desk.showPeople(request, visit) }
        router.get("admin/people/:id") { request, visit in try await desk.editPerson(request, visit) }
        router.post("admin/people/:id") { request, visit in try await desk.editPerson(request, visit) }
        router.get("admin/rooms") { request, visit in try await desk.showRooms(request, visit) }
        router.get("admin/rooms/:id") { request, visit in try await desk.editRoom(request, visit) }
        router.post("admin/rooms/:id") { request, visit in try await desk.editRoom(request, visit) }
        router.get("admin/holidays") { request, visit in try await desk.showHolidays(request, visit) }
        router.get("admin/holidays/:day") { request, visit in try await desk.editHoliday(request, visit) }
        router.post("admin/holidays/:day") { request, visit in try await desk.editHoliday(request, visit) }
        router.get("admin/limits") { request, visit in try await desk.editLimits(request, visit) }
        router.post("admin/limits") { request, visit in try await desk.editLimits(request, visit) }
        router.get("admin/checklists") { request, visit in try await desk.showChecklists(request, visit) }
        router.post("admin/checklists") { request, visit in try await desk.moveCheck(request, visit) }
        router.get("admin/checklists/:service/:check") { request, visit in try await desk.editCheck(request, visit) }
        router.post("admin/checklists/:service/:check") { request, visit in try await desk.editCheck(request, visit) }
        router.get("admin/office") { request, visit in try await desk.editOffice(request, visit) }
        router.post("admin/office") { request, visit in try await desk.editOffice(request, visit) }
        router.get("admin/ways") { try await desk.showWays($0, $1) }
        router.get("admin/ways/:way") { try await desk.editWay($0, $1) }
        router.post("admin/ways/:way") { try await desk.editWay($0, $1) }
        router.post("admin/ways/:way/test") { try await desk.tryWay($0, $1) }
        router.get("admin/hooks") { _, visit in try await desk.showHooks(visit) }
        router.get("admin/hooks/:id") { try await desk.editHook($0, $1) }
        router.post("admin/hooks/:id") { try await desk.editHook($0, $1) }
        router.post("admin/hooks/:id/test") { _, visit in try await desk.tryHook(visit) }
        router.post("admin/hooks/:id/secret") { _, visit in try await desk.rotateHook(visit) }
        router.get("admin/ladder") { try await desk.editLadder($0, $1) }
        router.post("admin/ladder") { try await desk.editLadder($0, $1) }
        router.get("admin/sign-in") { _, visit in try await desk.showEntrance(visit) }
        router.post("admin/sign-in/passkeys") { request, visit in try await desk.switchPasskeys(request, visit) }
        router.get("admin/sign-in/openid") { request, visit in try await desk.editOpenID(request, visit) }
        router.post("admin/sign-in/openid") { request, visit in try await desk.editOpenID(request, visit) }
        router.get("admin/sign-in/directory") { request, visit in try await desk.editDirectory(request, visit) }
        router.post("admin/sign-in/directory") { request, visit in try await desk.editDirectory(request, visit) }
        router.get("admin/sign-in/roles") { request, visit in try await desk.editRoles(request, visit) }
        router.post("admin/sign-in/roles") { request, visit in try await desk.editRoles(request, visit) }
        router.get("admin/changes") { request, visit in try await desk.showChanges(request, visit) }
    }
}

extension Site {
    private func health() -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: "ok\n")))
    }

    private func asset(_ request: Request) throws -> Response {
        guard let answer = paper.assets.answer(request.uri.path, ifNoneMatch: request.headers[.ifNoneMatch])
        else { throw HTTPError(.notFound) }
        return answer
    }

    private func manifest(_ visit: Visit) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/manifest+json", .vary: "Cookie, Accept-Language"],
            body: .init(byteBuffer: ByteBuffer(string: paper.assets.manifest(paper.words(visit)))))
    }

    private func chooseLanguage(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await Form.read(request)
        guard let language = Language(rawValue: form.text("language")) else { throw HTTPError(.badRequest) }
        let cookie = SetCookie(
            Language.cookieName, language.rawValue, maxAgeSeconds: 365 * 86_400, isSecure: visit.isSecure)
        return .seeOther(localPath(form.text("path")), setCookies: [cookie])
    }

    private func storybookIndex(_ visit: Visit) -> Response {
        let rows = storybook(paper).map { "<li><a href=\"\($0.path)\">\($0.template) · \($0.sample.name)</a></li>" }
        return .html(
            "<!doctype html><meta charset=\"utf-8\"><title>Storybook</title><h1>Storybook</h1><ul>\(rows.joined())</ul>",
            status: .ok, language: visit.language)
    }

    private func storybookPage(_ request: Request, _ visit: Visit) throws -> Response {
        guard let entry = storybook(paper).first(where: { $0.path == request.uri.path })
        else { throw HTTPError(.notFound) }
        return paper.show(entry.sample.page, to: visit)
    }
}
