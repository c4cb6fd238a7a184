// SPDX-License-Identifier: Apache-2.0
public import Desk

/// A memo (บันทึกข้อความ), or the same matter as a letter to a body outside the university (หนังสือภายนอก).
///
/// Laid out as the Office of the Prime Minister's Regulation on Correspondence B.E. 2526 and its amendments show the
/// two forms. Both leave the place of the Garuda blank, 1.5 cm high on the memo and 3 cm on the letter: the emblem is
/// the state's, so an office puts its own file there (`emblem`) and this program draws none.
/// Every text here is plain text unless its comment says HTML.
public struct Memo: Sendable {
    /// Which of the two official forms.
    public enum Form: String, Sendable, CaseIterable {
        /// Between units of one university: บันทึกข้อความ.
        case memo
        /// To a body outside it: หนังสือภายนอก.
        case letter
    }

    /// A piece of the text below เรียน.
    public enum Part: Sendable {
        /// Its first line begins 2.5 cm in.
        case paragraph(String)
        case heading(String)
        case numbered([String])
        /// HTML of ours, such as a chart or a table; what comes from people went through `html(_:)` on its way in.
        case markup(String)
    }

    /// Who signs, below a dotted line for the pen.
    public struct Signature: Sendable {
        public var name: String
        /// The position, one line each: "รักษาการแทน …" goes into a line of its own.
        public var position: [String]

        public init(name: String, position: [String]) {
            self.name = name
            self.position = position
        }
    }

    public var form: Form
    /// ส่วนราชการ, with the section: "สำนักคอมพิวเตอร์ งานบริการเทคโนโลยีดิจิทัล".
    public var agency: String
    /// The lines below the agency's name at the upper right of a letter; a memo does without.
    public var address: [String] = []
    /// โทร; left out when empty.
    public var phone: String
    /// ที่: the outgoing number with the agency's code; a draft has none, and room is left to write it.
    public var number: String
    /// วันที่; a draft has none.
    public var date: Day?
    public var subject: String
    /// Whom it addresses, without the word เรียน.
    public var addressee: String
    /// อ้างถึง: the letters it answers.
    public var references: [String] = []
    /// สิ่งที่ส่งมาด้วย.
    public var enclosures: [String] = []
    public var parts: [Part]
    public var signature: Signature
    /// HTML of ours below the signature, such as the place where the executive acknowledges.
    public var afterword: String = ""
    /// The data: URI of the office's own emblem file, if it has set one.
    public var emblem: String?

    public init(
        form: Form = .memo, agency: String, phone: String, number: String, date: Day?, subject: String,
        addressee: String, parts: [Part], signature: Signature
    ) {
        self.form = form
        self.agency = agency
        self.phone = phone
        self.number = number
        self.date = date
        self.subject = subject
        self.addressee = addressee
        self.parts = parts
        self.signature = signature
    }

    /// The whole document, for `WeasyPrint` or a printable page.
    public var document: String {
        let head = form == .memo ? memoHead : letterHead
        return PaperStyle.sheet(
            title: subject, rules: MemoStyle.css,
            body: """
                <article class="\(form.rawValue)">
                \(head)
                \(parts.map(Self.markup).joined(separator: "\n"))
                \(ending)
                </article>
                """)
    }

    private var memoHead: String {
        """
        <header>
        <div class="crest">\(crest)</div>
        <h1>บันทึกข้อความ</h1>
        </header>
        \(MemoStyle.row([("ส่วนราชการ", phone.isEmpty ? agency : agency + "  โทร. " + phone, "whole")]))
        \(MemoStyle.row([("ที่", number, "half"), ("วันที่", date.map(ThaiDate.plain) ?? "", "half")]))
        \(MemoStyle.row([("เรื่อง", subject, "whole")]))
        \(opening)
        """
    }

    private var letterHead: String {
        let lines = ([agency] + address).map(html).joined(separator: "<br>")
        return """
            <header>
            <div class="crest">\(crest)</div>
            <div class="from"><div>ที่&nbsp;&nbsp;\(html(number))</div><div class="agency">\(lines)</div></div>
            </header>
            <p class="date">\(date.map(ThaiDate.plain).map(html) ?? "&nbsp;")</p>
            \(MemoStyle.item("เรื่อง", [subject]))
            \(opening)
            """
    }

    /// The lines between เรื่อง and the text: on a letter เรียน, อ้างถึง, สิ่งที่ส่งมาด้วย, in this order.
    private var opening: String {
        [("เรียน", [addressee]), ("อ้างถึง", references), ("สิ่งที่ส่งมาด้วย", enclosures)]
            .filter { !$0.1.isEmpty }.map { MemoStyle.item($0.0, $0.1) }.joined(separator: "\n")
    }

    private var crest: String { emblem.map { "<img src=\"\(html($0))\" alt=\"\">" } ?? "" }

    private var ending: String {
        let position = signature.position.map(html).joined(separator: "<br>")
        let respect = form == .letter ? "<p class=\"respect\">ขอแสดงความนับถือ</p>" : ""
        let contact = ([agency] + (phone.isEmpty ? [] : ["โทร. " + phone])).map(html).joined(separator: "<br>")
        return """
            <div class="signature">
            \(respect)
            <p class="pen"></p>
            <p>(\(html(signature.name)))<br>\(position)</p>
            </div>
            \(form == .letter ? "<p class=\"contact\">\(contact)</p>" : "")\(afterword)
            """
    }

    private static func markup(_ part: Part) -> String {
        switch part {
        case .paragraph(let text): "<p class=\"text\">\(html(text))</p>"
        case .heading(let text): "<h2>\(html(text))</h2>"
        case .numbered(let items): "<ol>" + items.map { "<li>\(html($0))</li>" }.joined() + "</ol>"
        case .markup(let markup): markup
        }
    }
}
