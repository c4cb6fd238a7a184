// SPDX-License-Identifier: Apache-2.0
import RTP

/// The answer to an offer (RFC 9429, 5.3), and what it agrees on.
public struct Answer: Sendable {
    /// The answer, in lines that end with CR LF.
    public let text: String
    /// What was agreed on.
    public let negotiated: Negotiated

    /// Answers an offer. `dice` choose the SSRCs of what we send.
    public init(
        to offer: Offer, as policy: Policy, from side: OurSide, dice: inout some RandomNumberGenerator
    ) throws(Violation) {
        let transport = try Answer.transport(of: offer)
        var taken: Set<UInt32> = [0]
        var sections: [NegotiatedSection] = []
        for section in offer.sections {
            var agreed = NegotiatedSection(mid: section.mid, isVideo: section.kind == "video")
            if offer.isShared(section, first: sections.allSatisfy(\.isRefused)) {
                agreed.agree(with: section, of: offer, policy, &taken, &dice)
            }
            sections.append(agreed)
        }
        guard sections.contains(where: { !$0.isRefused }) else { throw .nothingToTake }
        negotiated = Negotiated(
            fragment: transport.fragment, password: transport.password, fingerprint: transport.fingerprint,
            sections: sections)
        text = AnswerText(offer: offer, policy: policy, side: side, negotiated: negotiated).text
    }

    /// What the offer says of its transport: in the first section that is bundled, or for all of them (RFC 9143, 7.2).
    private static func transport(
        of offer: Offer
    ) throws(Violation) -> (fragment: String, password: String, fingerprint: [UInt8]) {
        let tagged = offer.sections.first { $0.mid == offer.bundle.first } ?? offer.sections.first
        guard let section = tagged else { throw .nothingToTake }
        guard let fragment = section.own.fragment ?? offer.common.fragment,
            let password = section.own.password ?? offer.common.password
        else { throw .noCredentials }
        guard let fingerprint = section.own.fingerprint ?? offer.common.fingerprint else { throw .noFingerprint }
        // We are always the DTLS server (RFC 8842, 5.3): then the ciphers are chosen in our order.
        guard ["actpass", "active", nil].contains(section.own.setup ?? offer.common.setup) else { throw .wrongSetup }
        return (fragment, password, fingerprint)
    }
}

extension Offer {
    /// Whether a section can be taken at all: on the one transport, with RTP and RTCP on one port.
    func isShared(_ section: Section, first: Bool) -> Bool {
        guard section.kind == "audio" || section.kind == "video" else { return false }
        guard section.protocolName.hasSuffix("RTP/SAVPF"), section.isMuxed else { return false }
        guard section.port != 0 || section.hasBundleOnly else { return false }
        return bundle.isEmpty ? first : bundle.contains(section.mid)
    }
}

extension NegotiatedSection {
    mutating func agree(
        with section: Offer.Section, of offer: Offer, _ policy: Policy, _ taken: inout Set<UInt32>,
        _ dice: inout some RandomNumberGenerator
    ) {
        let theirs = section.own.direction ?? offer.common.direction ?? .sendrecv
        let ours = Direction(sends: policy.mayWatch && theirs.receives, receives: policy.mayPublish && theirs.sends)
        let chosen = section.codings(policy)
        // A section that only publishes has one format: fewer lines, and no change of format under way.
        codings = ours == .recvonly ? Array(chosen.prefix(1)) : chosen
        guard let best = codings.first else { return }
        isRefused = false
        direction = ours
        let feedback = section.maps[best.payloadType]?.feedback ?? []
        hasNACK = feedback.contains("nack") || !isVideo
        hasREMB = feedback.contains("goog-remb")
        for extmap in section.own.extensions + offer.common.extensions where (1...14).contains(extmap.number) {
            guard let kind = HeaderExtension.allCases.first(where: { $0.uri == extmap.uri }), extensions[kind] == 0
            else { continue }
            if !ours.receives, kind == .rid || kind == .repairedRid { continue }
            // What they only receive is of no use where they only send, and the other way round.
            let theirs = extmap.direction ?? .sendrecv
            guard (ours.receives && theirs.sends) || (ours.sends && theirs.receives) else { continue }
            extensions[kind] = UInt8(extmap.number)
        }
        hasTransportFeedback = feedback.contains("transport-cc") && extensions[.transportSequence] != 0
        if ours.receives {
            let streams = section.ssrcs.filter { ssrc in !section.pairs.contains { $0.repair == ssrc } }
            self.theirs = streams.map { ssrc in
                Stream(ssrc: ssrc, repair: section.pairs.first { $0.stream == ssrc }?.repair)
            }
            let canTell = extensions[.mid] != 0 && extensions[.rid] != 0
            rids = canTell ? (section.simulcast.isEmpty ? [] : section.simulcast.filter(section.rids.contains)) : []
            streamName = section.streamName
        }
        if ours.sends {
            let needsRepair = codings.contains { $0.repairType != nil }
            self.ours = Stream(
                ssrc: Self.fresh(&taken, &dice), repair: needsRepair ? Self.fresh(&taken, &dice) : nil)
        }
    }

    private static func fresh(_ taken: inout Set<UInt32>, _ dice: inout some RandomNumberGenerator) -> UInt32 {
        while true {
            let ssrc = UInt32(truncatingIfNeeded: dice.next() >> 16)
            if taken.insert(ssrc).inserted { return ssrc }
        }
    }
}

extension Offer.Section {
    /// The formats that both know, in our order, one payload type each.
    func codings(_ policy: Policy) -> [Coding] {
        let wanted = kind == "audio" ? [PayloadFormat.opus] : policy.videoFormats.filter(\.isVideo)
        let known = formats.compactMap { UInt8($0) }.compactMap { type in
            maps[type].flatMap { Offer.format(of: $0) }.map { (type: type, format: $0) }
        }
        return wanted.compactMap { format in
            let types = known.filter { $0.format == format }.map(\.type)
            guard let type = types.first(where: { isBaseline($0) }) ?? types.first else { return nil }
            return Coding(
                format: format, payloadType: type, repairType: repairType(of: type),
                redundantType: format == .opus ? redundantType(of: type) : nil)
        }
    }

    /// Constrained baseline (RFC 6184, 8.1) plays everywhere, also on air.
    private func isBaseline(_ type: UInt8) -> Bool {
        guard let map = maps[type], map.name == "h264" else { return false }
        return map.parameter("profile-level-id")?.lowercased().hasPrefix("42e0") ?? false
    }

    private func repairType(of type: UInt8) -> UInt8? {
        formats.compactMap { UInt8($0) }.first { other in
            guard let map = maps[other], map.name == "rtx" else { return false }
            return map.parameter("apt") == String(type)
        }
    }

    private func redundantType(of type: UInt8) -> UInt8? {
        formats.compactMap { UInt8($0) }.first { other in
            guard let map = maps[other], map.name == "red", map.clockRate == 48_000 else { return false }
            return map.repeated == String(type)
        }
    }
}
