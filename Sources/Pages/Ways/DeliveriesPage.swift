// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The board of what waits to leave the house, and of what was refused lately (กระดานนำส่ง).
struct DeliveriesPage: Page {
    static let template = "deliveries"
    let frame: Frame
    let refused: [DeliveryLine]
    let waiting: [DeliveryLine]
    let coming: [DeliveryLine]

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/deliveries")
        let phrases = Phrases(paper.words(visit))
        let drawing = DeliveryDrawing(names: SampleOffice.names, phrases: phrases)
        let now = SampleMatters.now
        let link = DeliveryLine.MatterLink(path: "/matters/6", title: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู")
        func line(_ way: Way, _ trouble: Trouble?, _ fate: DeliveryFate?, _ freight: Delivery.Freight) -> DeliveryLine {
            drawing.line(
                Delivery(
                    id: "m6/e4/\(way.rawValue)", way: way, freight: freight, to: .person(.init(1)), matter: .init(6),
                    due: now, tries: trouble == nil ? 0 : 3, sentAt: trouble == nil ? nil : now, trouble: trouble,
                    fate: fate), kind: .reminder, matter: link)
        }
        let frame = paper.frame(
            visit, title: phrases.words("deliveries.title"), lead: phrases.words("deliveries.lead"))
        return [
            Sample(
                "some",
                DeliveriesPage(
                    frame: frame, refused: [line(.push, Trouble(.gone), .refused, .notice(.init(1)))],
                    waiting: [line(.mail, Trouble(.unreachable, "mail.example.ac.th"), nil, .paper(.returnMemo))],
                    coming: [line(.line, nil, nil, .notice(.init(1)))])),
            Sample("none", DeliveriesPage(frame: frame, refused: [], waiting: [], coming: [])),
        ]
    }
}

extension Counter {
    /// GET /deliveries
    func showDeliveries(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .administrator, visit: visit)
        let phrases = phrases(visit)
        let drawing = DeliveryDrawing(names: try await names(), phrases: phrases)
        let deliveries = try await cabinet.unfinishedDeliveries(refusedSince: now() - .days(7), limit: 300)
        var filter = MatterFilter()
        filter.ids = Set(deliveries.compactMap(\.matter)).sorted()
        filter.limit = 0
        let matters = filter.ids.isEmpty ? [] : try await matters(filter, for: visit)
        var kinds: [Notice.ID: Errand.Kind] = [:]
        for matter in matters {
            for notice in try await cabinet.notices(of: matter.id) { kinds[notice.id] = notice.kind }
        }
        let lines = deliveries.map { delivery -> (Delivery, DeliveryLine) in
            var kind: Errand.Kind?
            if case .notice(let notice) = delivery.freight { kind = kinds[notice] }
            let link = matters.first { $0.id == delivery.matter }
                .map { DeliveryLine.MatterLink(path: "/matters/\($0.id)", title: $0.letter.title) }
            return (delivery, drawing.line(delivery, kind: kind, matter: link))
        }
        let page = DeliveriesPage(
            frame: frame(visit, phrases.words("deliveries.title"), lead: phrases.words("deliveries.lead")),
            refused: lines.filter { $0.0.fate == .refused }.map(\.1),
            waiting: lines.filter { $0.0.fate == nil && $0.0.tries > 0 }.map(\.1),
            coming: lines.filter { $0.0.fate == nil && $0.0.tries == 0 }.map(\.1))
        return paper.show(page, to: visit)
    }

    /// POST /deliveries/retry
    func retryDelivery(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .administrator, visit: visit)
        let form = try await Form.read(request)
        try await cabinet.retry(form.text("delivery"), at: now())
        return .seeOther("/deliveries?done=delivery_again")
    }
}
