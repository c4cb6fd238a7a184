// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Pages

/// WCAG 2.2, 1.4.3 and 1.4.11: every pair of colours that meet has enough contrast, by day and by night.
@Suite struct ContrastTests {
    static let states = ["waiting", "due", "overdue", "approved", "returned", "live", "done"]
    static var text: [(String, String)] {
        var pairs = states.map { ("state-\($0)", "state-\($0)-soft") }
        pairs += states.prefix(5).map { ("ink", "state-\($0)-soft") }
        pairs += states.prefix(3).map { ("state-\($0)", "sheet") }
        for ground in ["paper", "sheet", "sunk"] { pairs += ["ink", "ink-soft", "primary"].map { ($0, ground) } }
        pairs += [("on-primary", "primary"), ("on-primary", "primary-strong"), ("on-danger", "danger")]
        pairs += [("danger", "sheet"), ("danger", "danger-soft"), ("primary", "primary-soft")]
        return pairs + [("ink", "primary-soft"), ("ink", "danger-soft")]
    }
    static let shapes = [
        ("edge", "sheet"), ("edge", "paper"), ("focus", "sheet"), ("focus", "paper"), ("primary", "sunk"),
    ]

    @Test func colours() throws {
        let sheet = try #require(embeddedText["Styles/tokens.css"])
        let halves = sheet.split(separator: "@media (prefers-color-scheme: dark)")
        try #require(halves.count == 2)
        let light = colours(in: halves[0])
        let dark = light.merging(colours(in: halves[1])) { _, night in night }
        for (scheme, colours) in [("light", light), ("dark", dark)] {
            for (pairs, least) in [(Self.text, 4.5), (Self.shapes, 3.0)] {
                for (front, back) in pairs {
                    let ratio = contrast(try #require(colours[front]), try #require(colours[back]))
                    #expect(ratio >= least, "\(scheme): \(front) on \(back)")
                }
            }
        }
    }

    func colours(in text: Substring) -> [String: Int] {
        var colours: [String: Int] = [:]
        for match in text.matches(of: /--([a-z\-]+): #([0-9a-f]{6});/) {
            colours[String(match.1)] = Int(match.2, radix: 16)
        }
        return colours
    }

    /// The relative luminances' ratio, as WCAG 2.2 defines them.
    func contrast(_ one: Int, _ other: Int) -> Double {
        func luminance(_ colour: Int) -> Double {
            let parts = [colour >> 16 & 255, colour >> 8 & 255, colour & 255].map { part -> Double in
                let value = Double(part) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let bright = max(luminance(one), luminance(other))
        return (bright + 0.05) / (min(luminance(one), luminance(other)) + 0.05)
    }
}
