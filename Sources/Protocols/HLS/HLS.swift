// SPDX-License-Identifier: Apache-2.0

// HLS: how the audience's players fetch the picture.
//
// Implemented, of draft-pantos-hls-rfc8216bis (HTTP Live Streaming, second edition)
//   4.4.1 to 4.4.6: media playlists with MAP, DISCONTINUITY, PROGRAM-DATE-TIME, PART, PART-INF, SERVER-CONTROL,
//     PRELOAD-HINT, RENDITION-REPORT, SKIP, DATERANGE, GAP, ENDLIST; multivariant playlists with MEDIA (sounds and
//     subtitles) and STREAM-INF.
//   3.1.4: live captions as WebVTT segments and parts, with X-TIMESTAMP-MAP.
//   6.2.1 to 6.2.3, 6.2.5.1 delta playlists, 6.2.5.2 blocking reload, 6.2.6 preload hints, appendix B.1 (the
//     low-latency server profile) as far as playlists show it.
//   The same segments as plain HLS, without parts and without anything that blocks.
//   4.4.4.2 BYTERANGE and 4.4.3.5 PLAYLIST-TYPE as rules; `Film` writes playlists that have them.
// Not implemented
//   KEY (no encryption), DEFINE, I-FRAMES-ONLY, CONTENT-STEERING, skipping of date ranges
//   (CAN-SKIP-DATERANGES is not offered, so v2 means YES). EXT-X-INDEPENDENT-SEGMENTS is never promised, because an
//   encoder whose key frames are too far apart makes segments that begin without one.
//
// `Presentation` is told formats and samples and answers with files and playlists; `Packager` is one rendition of
// it. One rendition leads and the others take its cuts from the `Grid`, so that numbers, dates and discontinuities are
// the same in all of them, for a ladder that is a second late and for one that comes, dies and returns. A part is cut
// early, never late; PART-TARGET, TARGETDURATION and the hold-backs never change once they were said. A playlist is
// rendered once per part and shared by everybody: no viewer's name is in it, its addresses are relative, and file names
// are never used twice, so that any HTTP cache may keep files for ever. `Reload` says how a request that blocks is to
// be answered. `PlaylistRules` checks any playlist against the draft's MUST lines.

/// An instant on the world's clock, in whole milliseconds since 1970-01-01T00:00:00Z. Only PROGRAM-DATE-TIME and
/// DATERANGE know it; media time is counted elsewhere and never mixed with it.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// This many milliseconds after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether `left` is the earlier one.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    /// As ISO 8601 in UTC with milliseconds, which is what the date tags want (4.4.4.6).
    public var text: String {
        let days = milliseconds.quotientFloored(by: 86_400_000)
        let inDay = milliseconds - days * 86_400_000
        // Days to a date of the Gregorian calendar, with years that begin in March.
        let shifted = days + 719_468
        let era = shifted.quotientFloored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let monthOfYear = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (monthOfYear <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(monthOfYear, 2))-\(padded(day, 2))"
            + "T\(padded(inDay / 3_600_000, 2)):\(padded(inDay / 60_000 % 60, 2)):\(padded(inDay / 1000 % 60, 2))"
            + ".\(padded(inDay % 1000, 3))Z"
    }
}

extension Int64 {
    fileprivate func quotientFloored(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}

package func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}

/// Microseconds as decimal seconds with five places, or fewer when they are zeros and `isShort`.
package func seconds(_ microseconds: Int64, isShort: Bool = false) -> String {
    let rounded = (microseconds + 5) / 10
    var text = "\(rounded / 100_000).\(padded(rounded % 100_000, 5))"
    guard isShort else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}
