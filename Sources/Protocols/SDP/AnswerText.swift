// SPDX-License-Identifier: Apache-2.0
import RTP

/// Writes an answer: the session's lines, then every section in the offer's order (RFC 9429, 5.3.1).
struct AnswerText {
    private let offer: Offer
    private let policy: Policy
    private let side: OurSide
    private(set) var text = ""

    init(offer: Offer, policy: Policy, side: OurSide, negotiated: Negotiated) {
        (self.offer, self.policy, self.side) = (offer, policy, side)
        text.reserveCapacity(1_500 * (1 + negotiated.sections.count))
        let bundled = negotiated.sections.filter { !$0.isRefused && offer.bundle.contains($0.mid) }.map(\.mid)
        line("v=0")
        line("o=- ", String(side.session), " 1 IN IP4 0.0.0.0")
        line("s=-")
        line("t=0 0")
        if !bundled.isEmpty { line("a=group:BUNDLE ", bundled.joined(separator: " ")) }
        line("a=ice-lite")
        line("a=msid-semantic: WMS *")
        let transport = transport
        for (section, agreed) in zip(offer.sections, negotiated.sections) {
            if agreed.isRefused { refuse(section) } else { take(section, agreed, transport) }
        }
    }

    /// Writes these parts, and a line's end behind them.
    private mutating func line(
        _ first: String, _ second: String = "", _ third: String = "", _ fourth: String = "", _ fifth: String = ""
    ) {
        text += first
        text += second
        text += third
        text += fourth
        text += fifth
        text += "\r\n"
    }

    private mutating func refuse(_ section: Offer.Section) {
        line("m=", section.kind, " 0 ", section.protocolName, " " + (section.formats.first ?? "0"))
        line("c=IN IP4 0.0.0.0")
        line("a=inactive")
        if !section.mid.isEmpty { line("a=mid:", section.mid) }
    }

    /// The one transport, which every section that is taken names.
    private var transport: String {
        var lines = ["c=IN IP4 0.0.0.0"]
        lines += side.candidates.enumerated().map { "a=candidate:" + $1.line($0) }
        lines += [
            "a=end-of-candidates", "a=ice-ufrag:\(side.fragment)", "a=ice-pwd:\(side.password)",
            "a=fingerprint:sha-256 \(side.fingerprintText)", "a=setup:passive",
        ]
        return lines.joined(separator: "\r\n")
    }

    private mutating func take(_ section: Offer.Section, _ agreed: NegotiatedSection, _ transport: String) {
        let types = agreed.codings.flatMap { [$0.payloadType, $0.redundantType, $0.repairType].compactMap { $0 } }
        let numbers = types.map { String($0) }.joined(separator: " ")
        line("m=", section.kind, " 9 ", section.protocolName, " " + numbers)
        line(transport)
        if !section.mid.isEmpty { line("a=mid:", section.mid) }
        line("a=", agreed.direction.rawValue)
        line("a=rtcp-mux")
        line("a=rtcp-rsize")
        for pair in agreed.extensions.pairs {
            let isThis = { (one: Offer.Extension) in one.number == Int(pair.number) }
            let offered = section.own.extensions.first(where: isThis) ?? offer.common.extensions.first(where: isThis)
            let direction = offered?.direction.map { "/" + Direction(sends: $0.receives, receives: $0.sends).rawValue }
            line("a=extmap:", String(pair.number), direction ?? "", " ", pair.kind.uri)
        }
        for coding in agreed.codings { map(section, agreed, coding) }
        if !agreed.rids.isEmpty {
            for rid in agreed.rids { line("a=rid:", rid, " recv") }
            line("a=simulcast:recv ", agreed.rids.joined(separator: ";"))
        }
        if agreed.direction.sends { announce(agreed) }
    }

    private mutating func map(_ section: Offer.Section, _ agreed: NegotiatedSection, _ coding: Coding) {
        guard let map = section.maps[coding.payloadType] else { return }
        let type = String(coding.payloadType)
        guard agreed.isVideo else { return mapSound(agreed, coding, type) }
        line("a=rtpmap:", type, " ", coding.format.name.uppercased(), "/90000")
        if !map.parameters.isEmpty { line("a=fmtp:", type, " ", map.parameters) }
        for known in AnswerText.feedback where map.feedback.contains(known) { line("a=rtcp-fb:", type, " ", known) }
        if let repair = coding.repairType.map({ String($0) }) {
            line("a=rtpmap:", repair, " rtx/90000")
            line("a=fmtp:", repair, " apt=", type)
        }
    }

    /// What we know of feedback, in our order.
    private static let feedback = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"]

    private mutating func mapSound(_ agreed: NegotiatedSection, _ coding: Coding, _ type: String) {
        let savesSilence = policy.savesSilence && agreed.direction.receives
        line("a=rtpmap:", type, " opus/48000/2")
        line("a=fmtp:", type, " minptime=10;useinbandfec=1", savesSilence ? ";usedtx=1" : "")
        if agreed.hasTransportFeedback { line("a=rtcp-fb:", type, " transport-cc") }
        line("a=rtcp-fb:", type, " nack")
        if let red = coding.redundantType.map({ String($0) }) {
            line("a=rtpmap:", red, " red/48000/2")
            line("a=fmtp:", red, " ", type, "/" + type)
        }
    }

    /// Browsers take the first `a=ssrc` for the stream itself, so its repair comes second.
    private mutating func announce(_ agreed: NegotiatedSection) {
        let stream = policy.isOneStream ? "sanyan" : "slot-" + agreed.mid
        line("a=msid:", stream, agreed.isVideo ? " video-" : " audio-", agreed.mid)
        let ssrc = String(agreed.ours.ssrc)
        let repair = agreed.ours.repair.map { String($0) }
        if let repair { line("a=ssrc-group:FID ", ssrc, " ", repair) }
        line("a=ssrc:", ssrc, " cname:", side.cname)
        if let repair { line("a=ssrc:", repair, " cname:", side.cname) }
    }
}
