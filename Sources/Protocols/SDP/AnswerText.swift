// SPDX-License-Identifier: Apache-2.0
import RTP

/// Writes an answer: the session's lines, then every section in the offer's order (RFC 9429, 5.3.1).
struct AnswerText {
    let offer: Offer
    let policy: Policy
    let side: OurSide
    let negotiated: Negotiated

    var text: String {
        var lines = [
            "v=0", "o=- \(side.session) 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-lite",
            "a=msid-semantic: WMS *",
        ]
        let bundled = negotiated.sections.filter { !$0.isRefused && offer.bundle.contains($0.mid) }.map(\.mid)
        if !bundled.isEmpty { lines.insert("a=group:BUNDLE " + bundled.joined(separator: " "), at: 4) }
        let transport = transport
        for (section, agreed) in zip(offer.sections, negotiated.sections) {
            lines += agreed.isRefused ? refused(section) : taken(section, agreed, transport)
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private func refused(_ section: Offer.Section) -> [String] {
        let formats = section.formats.first ?? "0"
        let mid = section.mid.isEmpty ? [] : ["a=mid:\(section.mid)"]
        return ["m=\(section.kind) 0 \(section.protocolName) \(formats)", "c=IN IP4 0.0.0.0", "a=inactive"] + mid
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

    private func taken(_ section: Offer.Section, _ agreed: NegotiatedSection, _ transport: String) -> [String] {
        let types = agreed.codings.flatMap { [$0.payloadType, $0.redundantType, $0.repairType].compactMap { $0 } }
        var lines = [
            "m=\(section.kind) 9 \(section.protocolName) \(types.map { String($0) }.joined(separator: " "))",
            transport,
        ]
        if !section.mid.isEmpty { lines.append("a=mid:\(section.mid)") }
        lines += ["a=\(agreed.direction.rawValue)", "a=rtcp-mux", "a=rtcp-rsize"]
        lines += agreed.extensions.pairs.map { pair in
            let offered = (section.own.extensions + offer.common.extensions).first { $0.number == Int(pair.number) }
            let direction = offered?.direction.map { "/" + Direction(sends: $0.receives, receives: $0.sends).rawValue }
            return "a=extmap:\(pair.number)\(direction ?? "") \(pair.kind.uri)"
        }
        for coding in agreed.codings { lines += maps(section, agreed, coding) }
        if !agreed.rids.isEmpty {
            lines += agreed.rids.map { "a=rid:\($0) recv" }
            lines.append("a=simulcast:recv " + agreed.rids.joined(separator: ";"))
        }
        if agreed.direction.sends { lines += streams(agreed) }
        return lines
    }

    private func maps(_ section: Offer.Section, _ agreed: NegotiatedSection, _ coding: Coding) -> [String] {
        let type = coding.payloadType
        guard let map = section.maps[type] else { return [] }
        guard agreed.isVideo else {
            let silence = policy.savesSilence && agreed.direction.receives ? ";usedtx=1" : ""
            var lines = ["a=rtpmap:\(type) opus/48000/2", "a=fmtp:\(type) minptime=10;useinbandfec=1\(silence)"]
            if agreed.hasTransportFeedback { lines.append("a=rtcp-fb:\(type) transport-cc") }
            lines.append("a=rtcp-fb:\(type) nack")
            if let red = coding.redundantType {
                lines += ["a=rtpmap:\(red) red/48000/2", "a=fmtp:\(red) \(type)/\(type)"]
            }
            return lines
        }
        var lines = ["a=rtpmap:\(type) \(coding.format.name.uppercased())/90000"]
        if !map.parameters.isEmpty { lines.append("a=fmtp:\(type) \(map.parameters)") }
        let known = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"]
        lines += known.filter(map.feedback.contains).map { "a=rtcp-fb:\(type) \($0)" }
        if let repair = coding.repairType {
            lines += ["a=rtpmap:\(repair) rtx/90000", "a=fmtp:\(repair) apt=\(type)"]
        }
        return lines
    }

    /// Browsers take the first `a=ssrc` for the stream itself, so its repair comes second.
    private func streams(_ agreed: NegotiatedSection) -> [String] {
        let stream = policy.isOneStream ? "sanyan" : "slot-\(agreed.mid)"
        var lines = ["a=msid:\(stream) \(agreed.isVideo ? "video" : "audio")-\(agreed.mid)"]
        if let repair = agreed.ours.repair { lines.append("a=ssrc-group:FID \(agreed.ours.ssrc) \(repair)") }
        lines.append("a=ssrc:\(agreed.ours.ssrc) cname:\(side.cname)")
        if let repair = agreed.ours.repair { lines.append("a=ssrc:\(repair) cname:\(side.cname)") }
        return lines
    }
}
