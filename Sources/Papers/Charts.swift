// SPDX-License-Identifier: Apache-2.0

/// Charts as plain SVG, the same shapes for the screen and for paper.
///
/// On the screen no inline style (the pages' Content-Security-Policy forbids it) and no script: shapes carry a class
/// for the style sheet, and a presentation attribute for paper, where the sheet does not reach. Every number is also
/// written out, every colour comes with a word, and the fills differ in lightness, so a black-and-white printer will do.
/// `id` names the chart and must be unique on its page.
public enum Charts {
    /// A bar of `bars`: a row of the chart.
    public struct Bar: Sendable {
        public var label: String
        public var value: Double
        /// The value as it is read, with its unit: "12 เรื่อง".
        public var text: String
        /// Marks a value beyond its limit; say so in `text` as well.
        public var isOver: Bool

        public init(_ label: String, _ value: Double, text: String, isOver: Bool = false) {
            self.label = label
            self.value = value
            self.text = text
            self.isOver = isOver
        }
    }

    /// A column of `columns`: a week or a month, with one count for each of the chart's series.
    public struct Column: Sendable {
        public var label: String
        public var counts: [Int]

        public init(_ label: String, _ counts: [Int]) {
            self.label = label
            self.counts = counts
        }
    }

    /// Rows of `strip`: how long the matters of one step took, all in the same unit.
    public struct Spread: Sendable {
        public var label: String
        /// Every value once; the order does not matter.
        public var values: [Double]
        public var median: Double
        public var ninetieth: Double
        public var limit: Double
        /// The three as they are read: "มัธยฐาน 2 ชม. · 90% ภายใน 9 ชม. · กำหนด 24 ชม."
        public var text: String

        public init(
            _ label: String, values: [Double], median: Double, ninetieth: Double, limit: Double, text: String
        ) {
            self.label = label
            self.values = values
            self.median = median
            self.ninetieth = ninetieth
            self.limit = limit
            self.text = text
        }
    }

    static let width = 640
    /// The height of the words, in units: 16 pt of TH Sarabun on paper.
    static let letters = 15
    static let ink = "#1a1a1a"
    static let fills = ["#1f4e79", "#9dc3e6", "#7f6000", "#ffd966", "#595959", "#d0cece"]

    /// Horizontal bars with their labels before and their values behind them.
    public static func bars(id: String, title: String, description: String, _ bars: [Bar]) -> Chart {
        let (left, right, step) = (200.0, 130.0, 30.0)
        let room = Double(width) - left - right
        let most = max(bars.map(\.value).max() ?? 0, .leastNonzeroMagnitude)
        var shapes = ""
        var words: [Words] = []
        for (index, bar) in bars.enumerated() {
            let top = Double(index) * step
            let length = max(0, bar.value / most * room)
            shapes += rect(
                x: left, y: top + 4, width: length, height: step - 8, fill: bar.isOver ? "#b00020" : fills[0],
                class: bar.isOver ? "over" : "bar")
            words.append(Words(text: bar.label, x: left - 8, y: top + 20, anchor: .end))
            words.append(Words(text: bar.text, x: left + length + 6, y: top + 20, isValue: true))
        }
        let height = Double(max(bars.count, 1)) * step
        shapes += line(x1: left, y1: 0, x2: left, y2: height, class: "chart-axis")
        return chart(id, title, description, height: height, shapes, words)
    }

    /// Stacked columns, one for each week or month, with a legend above and the sum over each column.
    public static func columns(
        id: String, title: String, description: String, series: [String], _ columns: [Column]
    ) -> Chart {
        let (top, floor) = (48.0, 230.0)
        let most = Double(max(columns.map { $0.counts.reduce(0, +) }.max() ?? 0, 1))
        let step = Double(width) / Double(max(columns.count, 1))
        let wide = min(step * 0.6, 60)
        var (shapes, words) = legend(series)
        for (index, column) in columns.enumerated() {
            let middle = (Double(index) + 0.5) * step
            var y = floor
            for (place, count) in column.counts.enumerated() where count > 0 {
                let height = Double(count) / most * (floor - top - 16)
                y -= height
                shapes += rect(
                    x: middle - wide / 2, y: y, width: wide, height: height, fill: fills[place % fills.count],
                    class: "series-\(place + 1)")
            }
            let sum = column.counts.reduce(0, +)
            words.append(Words(text: "\(sum)", x: middle, y: y - 5, anchor: .middle, isValue: true))
            words.append(Words(text: column.label, x: middle, y: floor + 20, anchor: .middle))
        }
        shapes += line(x1: 0, y1: floor, x2: Double(width), y2: floor, class: "chart-axis")
        return chart(id, title, description, height: floor + 28, shapes, words)
    }

    /// One strip for each step: every matter a tick, the median a bar, the 90th percentile a triangle, and the limit
    /// a line. Each strip has a scale of its own: its limit stands at the same place in all of them, so what is right
    /// of the line is late. What took more than 1.4 limits stands at the edge; the words tell the number.
    public static func strip(id: String, title: String, description: String, _ rows: [Spread]) -> Chart {
        let (left, right, step) = (4.0, 636.0, 66.0)
        let limitAt = left + (right - left) * 0.7
        var shapes = ""
        var words: [Words] = []
        for (index, row) in rows.enumerated() {
            let top = Double(index) * step
            let place = { (value: Double) in
                min(left + max(0, value) / max(row.limit, .leastNonzeroMagnitude) * (limitAt - left), right)
            }
            words.append(Words(text: row.label, x: left, y: top + 17))
            words.append(Words(text: row.text, x: right, y: top + 17, anchor: .end, isValue: true))
            shapes += rect(x: left, y: top + 26, width: limitAt - left, height: 18, fill: "#e2efda", class: "within")
            shapes += rect(x: limitAt, y: top + 26, width: right - limitAt, height: 18, fill: "#f8d7da", class: "late")
            for value in row.values {
                shapes += line(x1: place(value), y1: top + 29, x2: place(value), y2: top + 41, class: "tick")
            }
            shapes += rect(
                x: place(row.median) - 2.5, y: top + 24, width: 5, height: 22, fill: fills[0], class: "median")
            shapes += """
                <path class="ninetieth" fill="\(fills[2])" \
                d="M\(short(place(row.ninetieth))) \(short(top + 44))l6 10h-12z"/>
                """
            shapes += line(x1: limitAt, y1: top + 22, x2: limitAt, y2: top + 50, class: "limit", stroke: 2)
        }
        return chart(id, title, description, height: Double(max(rows.count, 1)) * step, shapes, words)
    }

    private static func legend(_ series: [String]) -> (shapes: String, words: [Words]) {
        let step = Double(width) / Double(max(series.count, 1))
        var shapes = ""
        var words: [Words] = []
        for (index, name) in series.enumerated() {
            let x = Double(index) * step
            shapes += rect(
                x: x, y: 4, width: 14, height: 14, fill: fills[index % fills.count], class: "series-\(index + 1)")
            words.append(Words(text: name, x: x + 20, y: 17))
        }
        return (shapes, words)
    }
}
