// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// One broadcast as a console sees it at one moment.
struct ConsoleScene: LiveScene {
    var matter: Matter
    var plan: AirPlan
    let doors: StudioDoors
    var sight: StudioSight
    let roles: Set<Role>
    /// Looks at what only the console may see.
    let ticket: String?
    var now: Moment

    var state: State { sight.state ?? State(name: plan.name) }
    var time: AirTime? { matter.airTime(at: now) }
    var path: String { "/matters/\(matter.id)/console" }

    /// Nil while nothing comes in.
    func measured(_ thai: Words) -> String? {
        guard sight.isThere, state.isReceiving, let since = state.receivingSince else { return nil }
        let phrases = Phrases(thai)
        var parts = [
            phrases.bits(state.bitsPerSecond), phrases.pictures(state.milliPictures),
        ]
        if let keyFrames = state.keyFrameMilliseconds {
            parts.append(thai("console.measured.keyFrames", phrases.seconds(keyFrames)))
        }
        if let loudness = state.loudness.integrated { parts.append(phrases.lufs(loudness)) }
        parts.append(thai("console.measured.drops", state.drops))
        parts.append(thai("console.measured.minutes", max(0, (now.milliseconds - since) / 60_000)))
        return parts.joined(separator: " · ")
    }
}

extension Phrases {
    /// `4.25 Mbit/s`
    func bits(_ bitsPerSecond: Int64) -> String { "\(hundredths(Int(clamping: bitsPerSecond) / 10_000)) Mbit/s" }

    /// `30.0 ภาพ/วินาที`
    func pictures(_ milliPictures: Int64) -> String {
        words("console.pictures", tenths(Double(milliPictures) / 1000))
    }

    /// `2.0`
    func seconds(_ milliseconds: Int64) -> String { tenths(Double(milliseconds) / 1000) }

    /// `-16.1 LUFS`
    func lufs(_ hundredths: Int) -> String { "\(signedTenths(hundredths)) LUFS" }

    /// Hundredths as a number with one digit behind the point, with its sign.
    func signedTenths(_ hundredths: Int) -> String {
        let tenths = (Double(hundredths) / 10).rounded()
        let digits = Int(tenths.magnitude)
        return "\(tenths < 0 ? "-" : "")\(digits / 10).\(digits % 10)"
    }

    /// `4.25`
    func hundredths(_ number: Int) -> String { "\(number / 100).\((number % 100).twoDigits)" }

    /// `1.9 GB`, `640 MB`
    func bytes(_ count: Int64) -> String {
        count >= 1_000_000_000 ? "\(tenths(Double(count) / 1e9)) GB" : "\(count / 1_000_000) MB"
    }

    /// `1:02:45`, `12:03`: a recording's own time.
    func clock(_ milliseconds: Int64) -> String {
        let seconds = Int(clamping: max(0, milliseconds) / 1000)
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        let end = "\(hours > 0 ? minutes.twoDigits : String(minutes)):\(rest.twoDigits)"
        return hours > 0 ? "\(hours):\(end)" : end
    }

}

/// Reads `1:02:45`, `12:03` or `45` as milliseconds; nil for anything else.
func readClock(_ text: String) -> Int64? {
    let parts = ThaiDate.arabicDigits(text).split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard (1...3).contains(parts.count) else { return nil }
    var seconds: Int64 = 0
    for (index, part) in parts.enumerated() {
        guard let part, part >= 0, index == 0 ? part < 100_000 : part < 60 else { return nil }
        seconds = seconds * 60 + part
    }
    return seconds * 1000
}
