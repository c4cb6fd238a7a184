// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

// How people's lines are: the light at the side of the page, and the figures of the attendance.

extension Assembly {
    /// Connections whose figures are wanted, every two seconds.
    public var seats: [SeatID] {
        order.flatMap { id in [people[id]?.down?.seat, people[id]?.up?.seat].compactMap { $0 } }
    }

    /// How the connections are just now.
    public mutating func measured(_ figures: [SeatID: SeatFigures], at now: Instant, wall: WallTime) {
        advance(now, wall)
        for id in order {
            guard let person = people[id], person.isInside, !person.isDevice else { continue }
            let down = person.down.flatMap { figures[$0.seat] }, up = person.up.flatMap { figures[$0.seat] }
            guard down != nil || up != nil else { continue }
            let card = Assembly.card(down, up, person)
            book.measure(id, roundTripMilliseconds: card.roundTrip, lossPerMille: down?.lossPerMille ?? 0)
            people[id]?.line = card
            tell(.line(card), to: [id])
        }
    }

    private static func card(_ down: SeatFigures?, _ up: SeatFigures?, _ person: Attendee) -> LineCard {
        let roundTrip = (down?.roundTrip ?? up?.roundTrip).map { Int(clamping: ($0 + 500) / 1_000) }
        var card = LineCard(
            estimate: down?.estimate ?? 0, roundTrip: roundTrip, loss: Double(down?.lossPerMille ?? 0) / 1_000,
            sending: down?.sending ?? 0, receiving: up?.receiving ?? 0, light: .good)
        let isShort = person.slots.contains { $0.reason == .narrowLine || $0.reason == .paused }
        let wantsPictures = !(person.wished ?? []).isEmpty
        let found: (LineCard.Light, LineTrouble)? =
            if card.loss >= 0.1 {
                (.bad, .loss)
            } else if roundTrip ?? 0 >= 800 {
                (.bad, .slow)
            } else if wantsPictures, isShort, card.estimate < 200_000 {
                (.bad, .narrow)
            } else if card.loss >= 0.03 {
                (.weak, .loss)
            } else if roundTrip ?? 0 >= 300 {
                (.weak, .slow)
            } else if isShort {
                (.weak, .narrow)
            } else {
                nil
            }
        if let (light, trouble) = found {
            card.light = light
            card.advice = .init(code: trouble.rawValue, th: trouble.thai, en: trouble.english)
        }
        return card
    }
}

/// What is wrong with somebody's line, with what to do.
enum LineTrouble: String, CaseIterable {
    case loss, slow, narrow

    var thai: String {
        switch self {
        case .loss: "สัญญาณหลุดบ่อย ขยับเข้าใกล้ตัวกระจาย Wi-Fi ต่อสาย LAN หรือเปลี่ยนเครือข่าย"
        case .slow: "เครือข่ายตอบช้า ปิดโปรแกรมอื่นที่ใช้อินเทอร์เน็ต หรือเปลี่ยนเครือข่าย"
        case .narrow: "เครือข่ายแคบ ภาพจึงเล็กลงหรือหยุด เปิดโหมดประหยัดข้อมูลเพื่อให้เสียงไม่สะดุด"
        }
    }

    var english: String {
        switch self {
        case .loss: "Much is lost on the way: move nearer to the access point, use a cable, or another network."
        case .slow: "The network answers slowly: close other programs that use it, or change the network."
        case .narrow: "The network is narrow, so pictures are smaller or rest. Save data, so that the sound stays."
        }
    }
}
