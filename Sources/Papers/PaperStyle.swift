// SPDX-License-Identifier: Apache-2.0

/// How our papers look: A4, the margins and sizes of official Thai papers, and Thai that breaks between words.
///
/// Sizes follow the Office of the Prime Minister's guide to typing official papers in Thai (คำอธิบายการพิมพ์หนังสือ
/// ราชการภาษาไทย): text 16 pt of TH Sarabun, margins 3 cm left and 2 cm right, first lines 2.5 cm in. Laksaman is the
/// free face of the same shape, drawn larger in its square: 0.66 of a size of Laksaman is that size of TH Sarabun
/// (Debian's 89-tlwg-laksaman-synthetic.conf says so). Hence 10.56 pt stand for 16 pt, and all else is in `rem` of it.
///
/// Never name both faces in one list: fontconfig then shrinks Laksaman in TH Sarabun's stead, WeasyPrint follows it
/// for the widths and not for the shapes, and the letters run into each other.
public enum PaperStyle {
    /// A whole HTML document. `title` is plain text: the PDF's title, and the header from page two on. `body` is HTML.
    /// A register with its eight columns wants the landscape sheet.
    public static func document(title: String, body: String, isLandscape: Bool = false) -> String {
        let turn = "@page { size: A4 landscape; margin: 2cm 1.5cm; }\n"
        return sheet(
            title: title, rules: (isLandscape ? turn : "") + header,
            body: "<p class=\"running\">\(html(title))</p>\n" + body)
    }

    static func sheet(title: String, rules: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="th">
        <head>
        <meta charset="utf-8">
        <title>\(html(title))</title>
        <style>
        \(css)
        \(rules)
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// What every paper of ours has in common. Never justified: Thai has no spaces between words to stretch.
    public static let css = """
        @page {
          size: A4;
          margin: 2.5cm 2cm 2cm 3cm;
          font-family: "Laksaman";
          font-size: 10.56pt;
        }
        html {
          font-family: "Laksaman";
          font-size: 10.56pt;
          line-height: 1.8;
          text-align: left;
          color: #000;
        }
        body { margin: 0; }
        p { margin: 0 0 6pt; orphans: 2; widows: 2; }
        h1 { margin: 0 0 6pt; font-size: 1.25rem; line-height: 1.6; text-align: center; }
        h2 { margin: 10pt 0 4pt; font-size: 1rem; break-after: avoid; }
        h3 { margin: 6pt 0 3pt; font-size: 1rem; font-weight: normal; text-decoration: underline; break-after: avoid; }
        ol, ul { margin: 0 0 6pt; padding-left: 3.3cm; }
        li { margin: 0 0 2pt; }
        table { width: 100%; margin: 4pt 0 10pt; border-collapse: collapse; font-size: 0.875rem; line-height: 1.6; }
        thead { display: table-header-group; }
        tr { break-inside: avoid; }
        th, td { padding: 2pt 4pt; border: 0.5pt solid #000; text-align: left; vertical-align: top; }
        th { text-align: center; background: #eee; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        caption { margin: 0 0 3pt; text-align: left; font-weight: bold; }
        figure { margin: 6pt 0 10pt; break-inside: avoid; }
        figcaption { font-size: 0.875rem; text-align: center; }
        .chart { position: relative; width: 16cm; }
        .chart svg { display: block; }
        .chart span { position: absolute; white-space: nowrap; line-height: 1.6; }
        .chart .middle { text-align: center; }
        svg.qr { width: 3cm; height: 3cm; }
        .note { font-size: 0.875rem; }
        .keep { break-inside: avoid; }
        """

    /// The header and the page numbers of papers other than memos and letters.
    private static let header = """
        .running { position: running(header); margin: 0; font-size: 0.8125rem; color: #444; text-align: right; }
        @page {
          @top-right { content: element(header); vertical-align: middle; }
          @bottom-center { content: "หน้า " counter(page) " / " counter(pages); }
        }
        @page :first { @top-right { content: none; } }
        """
}
