// SPDX-License-Identifier: Apache-2.0

/// The measures of the two official forms, and the rows of their heads.
enum MemoStyle {
    /// A row of the memo's head: bold labels of 20 pt (1.25 rem), and fields on a dotted line.
    static func row(_ fields: [(label: String, text: String, width: String)]) -> String {
        let cells = fields.map { field in
            """
            <div class="\(field.width)"><div class="field"><span class="label">\(html(field.label))</span>\
            <span class="value">\(field.text.isEmpty ? "&nbsp;" : html(field.text))</span></div></div>
            """
        }
        return "<div class=\"row\">\(cells.joined())</div>"
    }

    /// เรียน and the like: a label, and its text beside it; several are numbered.
    static func item(_ label: String, _ texts: [String]) -> String {
        let lines = texts.count == 1 ? texts : texts.enumerated().map { "\($0 + 1). \($1)" }
        return """
            <div class="item"><span class="label">\(html(label))</span>\
            <span class="value">\(lines.map(html).joined(separator: "<br>"))</span></div>
            """
    }

    /// The first page begins 1.5 cm from the edge, for the emblem; later pages carry "- 2 -" at their head.
    static let css = """
        @page { @top-center { content: "- " counter(page) " -"; vertical-align: bottom; padding-bottom: 0.5cm; } }
        @page :first { margin-top: 1.5cm; @top-center { content: none; } }
        .crest img { display: block; height: 100%; }
        .memo header { position: relative; height: 1.5cm; margin-bottom: 6pt; }
        .memo .crest { position: absolute; top: 0; left: 0; width: 1.5cm; height: 1.5cm; }
        .memo h1 { margin: 0; padding-top: 0.2cm; font-size: 1.8125rem; line-height: 35pt; }
        .row { display: table; width: 100%; table-layout: fixed; border-spacing: 0; }
        .whole, .half { display: table-cell; vertical-align: bottom; }
        .half { width: 50%; }
        .field { display: table; width: 100%; border-spacing: 0; }
        .field .label, .field .value { display: table-cell; vertical-align: baseline; }
        .field .label { width: 1%; padding-right: 6pt; font-size: 1.25rem; font-weight: bold; white-space: nowrap; }
        .field .value { border-bottom: 0.75pt dotted #000; }
        .half + .half .label { padding-left: 6pt; }
        .item { display: table; margin: 6pt 0 0; }
        .item .label, .item .value { display: table-cell; }
        .item .label { padding-right: 0.35cm; white-space: nowrap; }
        .item + .text, .item + h2 { margin-top: 6pt; }
        .text { text-indent: 2.5cm; }
        .letter header { margin-bottom: 6pt; }
        .letter .crest { height: 3cm; width: 3cm; margin: 0 auto; }
        .letter .from { display: table; width: 100%; table-layout: fixed; }
        .letter .from div { display: table-cell; vertical-align: top; }
        .letter .from .agency { width: 42%; }
        .date { margin: 6pt 0 0; padding-left: 50%; }
        .letter > .item { margin-top: 6pt; }
        .signature { width: 55%; margin: 12pt 0 0 45%; text-align: center; break-inside: avoid;
            break-before: avoid; }
        .signature .respect { margin: 0; }
        .signature .pen { width: 6.5cm; height: 1.5cm; margin: 0 auto 4pt; border-bottom: 1pt dotted #000; }
        .signature p { margin: 0; }
        .contact { margin-top: 24pt; break-inside: avoid; }
        """
}
