// SPDX-License-Identifier: Apache-2.0

import Desk

/// What the network is expected to carry: the figures of the occasions, summed hour by hour.
struct Traffic {
    /// When, and how many Mbit/s.
    let loads: [(span: Span, megabits: Int)]

    /// The sum in each of the 24 hours of a day: everything that is on in some part of the hour.
    func hours(of day: Day) -> [Int] {
        (0..<24).map { hour in
            let whole = Span(start: day.start + .hours(hour), end: day.start + .hours(hour + 1))
            return loads.filter { $0.span.overlaps(whole) }.map(\.megabits).reduce(0, +)
        }
    }

    /// The largest hourly sum of a day.
    func peak(of day: Day) -> Int { hours(of: day).max() ?? 0 }
}

/// A row of bars with a number above each; bars of nothing are left out.
///
/// - Parameters:
///   - step: how wide one bar is with its gap, in the picture's units; its words are 14 high.
///   - said: what is read to those who do not see it.
func bars(_ values: [(label: String, value: Int)], step: Int, said: String) -> Markup {
    let width = values.count * step + 16
    let most = max(1, values.map(\.value).max() ?? 1)
    let shapes = values.enumerated().map { index, bar in
        let left = 8 + index * step
        let height = bar.value * 110 / most
        let number = """
            <rect class="bar" x="\(left + 5)" y="\(140 - height)" width="\(step - 10)" height="\(height)" rx="3"/>\
            <text x="\(left + step / 2)" y="\(134 - height)" text-anchor="middle">\(bar.value)</text>
            """
        return (bar.value > 0 ? number : "")
            + "<text class=\"faint\" x=\"\(left + step / 2)\" y=\"160\" text-anchor=\"middle\">\(escaped(bar.label))</text>"
    }
    return Markup(
        "<svg class=\"chart traffic\" viewBox=\"0 0 \(width) 168\" role=\"img\" aria-label=\"\(escaped(said))\">"
            + "<path class=\"axis\" d=\"M8 140.5h\(width - 16)\"/>" + shapes.joined() + "</svg>")
}
