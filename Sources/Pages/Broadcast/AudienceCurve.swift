// SPDX-License-Identifier: Apache-2.0

import Desk

/// How the audience rose and fell, as a picture without words of its own but its numbers.
///
/// - Parameters:
///   - curve: the highest audience of each stretch since it was opened.
///   - minutes: how long a stretch is.
///   - said: what is read to those who do not see it.
func audienceCurve(_ curve: [Int], minutes: Int, opened: Moment, said: String) -> Markup {
    guard let last = curve.indices.last else { return Markup("") }
    let (width, height, left, top) = (640, 120, 8, 24)
    let most = max(1, curve.max() ?? 1)
    func x(_ index: Int) -> Int { left + index * (width - 2 * left) / max(1, last) }
    func y(_ value: Int) -> Int { top + height - value * height / most }
    // More points than the picture is wide say nothing more.
    let stride = max(1, curve.count / 320)
    let points = Swift.stride(from: 0, through: last, by: stride).map { start in
        let highest = curve[start...min(start + stride - 1, last)].max() ?? 0
        return "\(x(start)) \(y(highest))"
    }
    let line = (points + ["\(x(last)) \(y(curve[last]))"]).joined(separator: "L")
    let floor = top + height
    let end = opened + .minutes(curve.count * minutes)
    let peak = curve.firstIndex(of: curve.max() ?? 0) ?? 0
    let anchor = x(peak) < width / 6 ? "start" : x(peak) > width * 5 / 6 ? "end" : "middle"
    return Markup(
        """
        <svg class="chart curve" viewBox="0 0 \(width) 168" role="img" aria-label="\(escaped(said))">\
        <path class="area" d="M\(left) \(floor)L\(line)L\(x(last)) \(floor)z"/><path class="trace" d="M\(line)"/>\
        <path class="axis" d="M\(left) \(floor).5h\(width - 2 * left)"/>\
        <text x="\(x(peak))" y="18" text-anchor="\(anchor)">\(curve[peak])</text>\
        <text class="faint" x="\(left)" y="164">\(TimeOfDay(of: opened))</text>\
        <text class="faint" x="\(width - left)" y="164" text-anchor="end">\(TimeOfDay(of: end))</text></svg>
        """)
}

/// A loudness meter after EBU R 128: from -45 to 0 LUFS, with the stretch that a broadcast should keep to.
///
/// - Parameters:
///   - momentary: in hundredths of LUFS; nil shows an empty meter.
///   - integrated: the mean since the signal came, as a mark.
///   - said: what is read to those who do not see it.
func loudnessMeter(momentary: Int?, integrated: Int?, said: String) -> Markup {
    func x(_ lufs: Int) -> Int { 4 + min(4500, max(0, lufs + 4500)) * 312 / 4500 }
    let level = momentary.map { level in
        let isGood = level <= -1000
        return
            "<rect class=\"\(isGood ? "bar" : "bar-late")\" x=\"4\" y=\"14\" width=\"\(x(level) - 4)\" height=\"20\" rx=\"3\"/>"
    }
    let mark = integrated.map { "<path class=\"mark\" d=\"M\(x($0)) 8v32\"/>" }
    let scale = [-40, -30, -23, -14, 0].map { lufs in
        let anchor = lufs == 0 ? "end" : "middle"
        return "<path class=\"guide\" d=\"M\(x(lufs * 100)) 36v6\"/>"
            + "<text class=\"faint\" x=\"\(x(lufs * 100))\" y=\"60\" text-anchor=\"\(anchor)\">\(lufs)</text>"
    }
    return Markup(
        """
        <svg class="chart meter" viewBox="0 0 320 66" role="img" aria-label="\(escaped(said))">\
        <rect class="well" x="4" y="14" width="312" height="20" rx="3"/>\
        <rect class="aim" x="\(x(-2800))" y="14" width="\(x(-1400) - x(-2800))" height="20"/>\
        \(level ?? "")\(mark ?? "")\(scale.joined())</svg>
        """)
}
