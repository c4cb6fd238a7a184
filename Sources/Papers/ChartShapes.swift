// SPDX-License-Identifier: Apache-2.0

/// A finished chart, for the screen and for paper.
public struct Chart: Sendable, Hashable {
    /// For a page: one `<svg>`, named and described for those who do not see it.
    public let svg: String
    /// For `WeasyPrint`: the same shapes, with the words as HTML above them. WeasyPrint 57 draws SVG text letter by
    /// letter, which tears Thai vowels and tone marks from their consonants; in HTML it shapes them rightly.
    public let paper: String
}

/// The few shapes that charts are made of; a unit is a quarter of a millimetre on paper.
extension Charts {
    struct Words {
        var text: String
        var x: Double
        var y: Double
        var anchor = Anchor.start
        var isValue = false
    }

    enum Anchor: String {
        case start, middle, end
    }

    static func chart(
        _ id: String, _ title: String, _ description: String, height: Double, _ shapes: String, _ words: [Words]
    ) -> Chart {
        let name = html(id)
        let open = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(short(height))\" role=\"img\""
        let svg = """
            \(open) class="chart" aria-labelledby="\(name)-title \(name)-desc" font-size="\(letters)">\
            <title id="\(name)-title">\(html(title))</title><desc id="\(name)-desc">\(html(description))</desc>\
            \(shapes)\(words.map(svgText).joined())</svg>
            """
        let paper = """
            <div class="chart" style="height:\(millimetres(height))">\
            \(open) width="\(millimetres(Double(width)))" height="\(millimetres(height))">\(shapes)</svg>\
            \(words.map(paperText).joined())</div>
            """
        return Chart(svg: svg, paper: paper)
    }

    private static func svgText(_ words: Words) -> String {
        """
        <text class="\(words.isValue ? "chart-value" : "chart-label")" x="\(short(words.x))" y="\(short(words.y))" \
        text-anchor="\(words.anchor.rawValue)" fill="\(ink)">\(html(words.text))</text>
        """
    }

    /// A line of 1.6 with its baseline where the SVG has it: Laksaman's is 1.15 below the line's top.
    private static func paperText(_ words: Words) -> String {
        let place =
            switch words.anchor {
            case .start: "left:\(millimetres(words.x))"
            case .end: "right:\(millimetres(Double(width) - words.x))"
            case .middle: "left:\(millimetres(words.x - 100));width:\(millimetres(200))"
            }
        let top = millimetres(words.y - 1.15 * Double(letters))
        return "<span class=\"\(words.anchor.rawValue)\" style=\"top:\(top);\(place)\">\(html(words.text))</span>"
    }

    private static func millimetres(_ units: Double) -> String {
        let hundredths = Int((units * 25).rounded())
        let rest = abs(hundredths % 100)
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)mm"
    }

    static func rect(
        x: Double, y: Double, width: Double, height: Double, fill: String, class name: String
    ) -> String {
        """
        <rect class="\(name)" x="\(short(x))" y="\(short(y))" width="\(short(width))" height="\(short(height))" \
        fill="\(fill)"/>
        """
    }

    static func line(
        x1: Double, y1: Double, x2: Double, y2: Double, class name: String, stroke: Int = 1
    ) -> String {
        """
        <line class="\(name)" x1="\(short(x1))" y1="\(short(y1))" x2="\(short(x2))" y2="\(short(y2))" \
        stroke="\(ink)" stroke-width="\(stroke)"/>
        """
    }

    /// A number with one digit behind the point at most, and none when it is whole.
    static func short(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        guard !tenths.isMultiple(of: 10) else { return "\(tenths / 10)" }
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
