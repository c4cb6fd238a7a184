// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import NIOCore
import Studio

extension Counter {
    func showTrack(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        return try await trackPage(matter, visit)
    }

    /// The receipt as a PDF, to be printed or kept.
    func receiptPDF(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        let office = try await cabinet.office()
        let link = office.address + "/track/" + (visit.parameters.get("token") ?? "")
        let bytes = try await parts.papers.receiptPDF(of: matter, trackingLink: link, office: office)
        return .paper(bytes, name: "receipt-\(matter.id).pdf")
    }

    /// The one occasion as a calendar file.
    func trackCalendar(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        let feed = parts.papers.calendarFeed(
            [matter], name: matter.letter.title, office: try await cabinet.office(), at: now())
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/calendar; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"occasion-\(matter.id).ics\"",
            ], body: .init(byteBuffer: ByteBuffer(string: feed)))
    }

    /// The requester's corrected letter, with more files.
    func completeTracked(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        let asksContact = matter.missing.contains(.contact)
        guard
            let returned = try await complete(matter, from: request, by: .requester, asksContact: asksContact, visit)
        else { return .seeOther("/track/\(visit.parameters.get("token") ?? "")?done=completed") }
        return try await trackPage(try await self.matter(by: "track", visit), visit, status: returned.status) { scene in
            scene.completion = returned.letter
            scene.kept = returned.kept
            scene.refusal = returned.refusal
            scene.once = returned.once ?? scene.once
        }
    }

    /// The requester takes the matter back.
    func withdrawTracked(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        let form = try await Form.read(request)
        do {
            _ = try await cabinet.perform(
                .withdraw(reason: form.text("reason")), on: matter.id, by: .requester, at: now(),
                seen: form.number("seen") ?? -1, contact: nil, lateReason: "", once: form.once)
            return .seeOther("/track/\(visit.parameters.get("token") ?? "")?done=withdrawn")
        } catch let refusal as Refusal {
            return try await trackPage(try await self.matter(by: "track", visit), visit, status: refusal.status) {
                scene in
                scene.withdrawalReason = form.text("reason")
                scene.refusal = refusal
            }
        }
    }

    private func trackPage(
        _ matter: Matter, _ visit: Visit, status: HTTPResponse.Status = .ok,
        change: (inout TrackScene) -> Void = { _ in }
    ) async throws -> Response {
        let reckoner = try await reckoner()
        let token = visit.parameters.get("token") ?? ""
        var scene = TrackScene(token: token, office: reckoner.office, reckoner: reckoner, at: now())
        scene.qr = parts.papers.qrCode(reckoner.office.address + "/track/" + token)
        scene.documents = try await cabinet.documents(matter.documents)
        scene.once = onceMark()
        if matter.stage == .toEvaluate {
            scene.evaluation = "/evaluate/" + evaluationToken(matter, office: reckoner.office)
        }
        let words = words(visit)
        if let live = try await airing(of: matter, visit), let time = matter.airTime(at: now()),
            time != .over || live.sight.state?.recordings.isEmpty == false
        {
            scene.watch = WatchRow(address: live.address, chip: ChipRow(live.sight, words))
        }
        scene.enter = try await entrance(of: matter, visit)
        change(&scene)
        let page = TrackPage(
            frame: frame(visit, matter.letter.title, lead: words("track.lead"), scripts: ["enhance.js", "copy.js"]),
            matter: matter, scene: scene, words: words)
        return paper.show(page, to: visit, status: status)
    }
}

extension Response {
    /// A PDF that our own paper room has made, shown in the browser.
    static func paper(_ bytes: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/pdf", .cacheControl: "no-store",
                .contentDisposition: "inline; filename=\"\(name)\"",
            ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
