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
        let (old, new) = (PlaylistCheck.read(earlier), PlaylistCheck.read(text))
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
        if let hint = old.hint, !new.isEnded, new.allParts.count > 0, hint != new.hint, !new.allParts.contains(hint) {
            breach("6.2.6", "The hinted part \(hint) never came.")
        }
        return breaches
    }
}

/// What is remembered of a media playlist to compare it with another.
struct PlaylistFacts {
    struct Listed {
        var uri: String?
        var parts: [String] = []
        var isDiscontinuous = false
    }

    var target: Int64?
    var partTarget: Int64?
    var partHoldBack: Int64?
    var sequence = 0
    var type: String?
    var discontinuitySequence = 0
    var segments: [Int: Listed] = [:]
    var hint: String?
    var isEnded = false
    var isDelta = false
    var allParts: [String] { segments.values.flatMap(\.parts) }
}
