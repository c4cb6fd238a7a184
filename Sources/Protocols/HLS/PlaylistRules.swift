// SPDX-License-Identifier: Apache-2.0

/// The MUST lines of draft-pantos-hls-rfc8216bis that a playlist can be seen to keep or break, ours or anybody's.
/// Our tests run every playlist through them. Sections are those of the draft.
public enum PlaylistRules {
    /// A rule that is broken.
    public struct Breach: Hashable, Sendable, CustomStringConvertible {
        /// The draft's section.
        public var section: String
        /// Where, from 1; 0 is the playlist as a whole.
        public var line: Int
        /// What is broken.
        public var sentence: String

        /// `4.4.3.1, line 7: …`
        public var description: String { "\(section), line \(line): \(sentence)" }
    }

    /// What one playlist breaks by itself.
    public static func breaches(in text: String) -> [Breach] {
        var check = PlaylistCheck(text)
        check.run()
        return check.breaches
    }

    /// What a media playlist breaks when it comes after `earlier` from the same address (6.2.1, 6.2.2).
    public static func breaches(in text: String, after earlier: String) -> [Breach] {
        let (old, new) = (PlaylistFacts(earlier), PlaylistFacts(text))
        var breaches: [Breach] = []
        func breach(_ section: String, _ sentence: String) {
            breaches.append(Breach(section: section, line: 0, sentence: sentence))
        }
        if old.target != new.target { breach("4.4.3.1", "TARGETDURATION changed.") }
        if old.partTarget != new.partTarget { breach("4.4.3.7", "PART-TARGET changed.") }
        if old.partHoldBack != new.partHoldBack { breach("4.4.3.8", "PART-HOLD-BACK changed.") }
        if new.sequence < old.sequence { breach("6.2.2", "The media sequence number went back.") }
        if new.discontinuitySequence < old.discontinuitySequence {
            breach("6.2.2", "The discontinuity sequence number went back.")
        }
        if old.type != new.type { breach("4.4.3.5", "PLAYLIST-TYPE changed.") }
        if old.type == "VOD", earlier != text { breach("4.4.3.5", "A playlist of the type VOD changed.") }
        if old.type == "EVENT", !text.hasPrefix(earlier) {
            breach("4.4.3.5", "In a playlist of the type EVENT something was changed that was there before.")
        }
        if old.isEnded, earlier != text { breach("6.2.1", "It changed after ENDLIST.") }
        for (msn, segment) in new.segments {
            if let known = old.segments[msn], known.uri != nil, known.uri != segment.uri {
                breach("6.2.1", "Segment \(msn) has another address than before.")
            }
            if let known = old.segments[msn], !segment.parts.isEmpty, !segment.parts.starts(with: known.parts),
                !known.parts.isEmpty
            {
                breach("6.2.2", "Segment \(msn) has other parts than before.")
            }
        }
        let removed = old.segments.filter { $0.key < new.sequence && $0.value.isDiscontinuous }.count
        if new.discontinuitySequence - old.discontinuitySequence != removed, !new.isDelta, !old.isDelta {
            breach("6.2.2", "Removed discontinuities are not counted.")
        }
        // Whoever looks again when that segment's parts are listed no more cannot tell whether it came.
        let isTellable = new.hintMSN == old.hintMSN || new.segments[old.hintMSN]?.parts.isEmpty == false
        if let hint = old.hint, isTellable, !new.isEnded, hint != new.hint, !new.allParts.contains(hint) {
            breach("6.2.6", "The hinted part \(hint) never came.")
        }
        return breaches
    }

    /// What the media playlists of one multivariant playlist break together, by their addresses (6.2.4 and B.1).
    public static func breaches(among playlists: [String: String], listedIn multivariant: String) -> [Breach] {
        var breaches: [Breach] = []
        func breach(_ section: String, _ sentence: String) {
            breaches.append(Breach(section: section, line: 0, sentence: sentence))
        }
        let uris = PlaylistRules.addresses(in: multivariant)
        var facts: [String: PlaylistFacts] = [:]
        for uri in uris {
            guard let text = playlists[uri] else {
                breach("4.4.6", "\(uri) is listed and not there.")
                continue
            }
            facts[uri] = PlaylistFacts(text)
        }
        if Set(facts.values.map(\.target)).count > 1 { breach("6.2.4", "TARGETDURATION differs.") }
        for (uri, own) in facts {
            if own.partTarget != nil, !own.isEnded {
                for other in uris where other != uri && own.reports[other] == nil {
                    breach("B.1", "\(uri) has no report of \(other).")
                }
            }
            for (other, msn) in own.reports {
                guard let known = facts[other], let last = known.segments.keys.max(), msn > last else { continue }
                breach("4.4.5.4", "\(uri) says that \(other) is at \(msn), and it is at \(last).")
            }
        }
        return breaches + PlaylistRules.unmatched(facts)
    }

    /// Matching content must have matching discontinuity sequence numbers (6.2.4).
    private static func unmatched(_ facts: [String: PlaylistFacts]) -> [Breach] {
        var known: [Int64: (uri: String, discontinuities: Int)] = [:]
        var breaches: [Breach] = []
        for (uri, own) in facts.sorted(by: { $0.key < $1.key }) {
            for (msn, segment) in own.segments.sorted(by: { $0.key < $1.key }) {
                guard let date = segment.date else { continue }
                if let other = known[date], other.uri != uri, other.discontinuities != segment.discontinuities {
                    let sentence = "\(uri), \(msn) has another discontinuity sequence number than \(other.uri)."
                    breaches.append(Breach(section: "6.2.4", line: 0, sentence: sentence))
                }
                known[date] = (uri, segment.discontinuities)
            }
        }
        return breaches
    }

    /// Every media playlist of a multivariant one.
    private static func addresses(in multivariant: String) -> [String] {
        PlaylistLine.lines(of: multivariant).compactMap { line in
            line.tag.isEmpty ? line.value : line.tag == "EXT-X-MEDIA" ? unquoted(line.attributes?["URI"]) : nil
        }
    }
}
