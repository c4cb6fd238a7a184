// SPDX-License-Identifier: Apache-2.0

import Desk

/// The register of letters (ทะเบียนหนังสือรับ, ทะเบียนหนังสือส่ง) in the official columns, seen, searched and printed.
struct RegisterPage: Page {
    static let template = "register"
    let frame: Frame
    /// The sheet's own heading, for paper.
    let sheetTitle: String
    let path: String
    let isIncoming: Bool
    let numberColumn: String
    let years: [FieldRow.Option]
    let year: String
    let typed: String
    let found: String
    let lines: [Line]
    let earlier: String?
    let later: String?
    let csv: String
    let whole: String

    /// One line of the register.
    struct Line: Sendable {
        let number: String
        let at: String
        let iso: String
        let reference: String
        let dated: String
        let from: String
        let to: String
        let title: String
        let matter: String
        let done: String
        let notes: [String]
        let isVoided: Bool
        let isStanding: Bool
    }

    /// What somebody asked the register for.
    struct Wish: Sendable {
        var register: Register
        var year: Int
        var text = ""
        /// 0 for the first.
        var sheet = 0
        /// The whole year from number 1 on, as it is printed and bound.
        var isWhole = false
        static let linesOnSheet = 50
    }

    init(frame: Frame, wish: Wish, years: [Int], rows: [RegisterLine], hasMore: Bool, office: Office, words: Words) {
        let phrases = Phrases(words)
        self.frame = frame
        path = "/register/\(wish.register.rawValue)"
        isIncoming = wish.register == .incoming
        numberColumn = words("register.number.\(wish.register.rawValue)")
        sheetTitle = words("register.sheet.\(wish.register.rawValue)", wish.year, office.thaiName)
        let all = years.contains(wish.year) ? years : [wish.year] + years
        self.years = all.map { .init(String($0), String($0), isChosen: $0 == wish.year) }
        year = String(wish.year)
        typed = wish.text
        lines = rows.map { Line($0, phrases) }
        let first = wish.sheet * Wish.linesOnSheet
        found =
            rows.isEmpty
            ? words("register.none") : words("register.found", first + 1, first + rows.count)
        earlier = wish.sheet > 0 ? RegisterPage.address(wish, sheet: wish.sheet - 1) : nil
        later = hasMore ? RegisterPage.address(wish, sheet: wish.sheet + 1) : nil
        whole = "/register/\(wish.register.rawValue)?year=\(wish.year)&whole=yes"
        csv = "/register/\(wish.register.rawValue).csv?year=\(wish.year)"
    }

    private static func address(_ wish: Wish, sheet: Int) -> String {
        "/register/\(wish.register.rawValue)?year=\(wish.year)&q=\(queryText(wish.text))&sheet=\(sheet)"
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func line(_ number: Int, voided: String?) -> RegisterLine {
            RegisterLine(
                number: RegisterNumber(number: number, buddhistYear: 2569), matter: Matter.ID(12), at: SampleMatter.now,
                reference: SampleMatter.letter.reference, dated: SampleMatter.letter.dated,
                from: SampleMatter.letter.unit, to: "ผู้อำนวยการสำนักคอมพิวเตอร์", title: SampleMatter.letter.title,
                stage: voided == nil ? .toDecide : .voided, urgency: .veryUrgent, secrecy: .open, voidedBecause: voided)
        }
        func page(_ register: Register, _ rows: [RegisterLine], sheet: Int, hasMore: Bool) -> RegisterPage {
            RegisterPage(
                frame: paper.frame(
                    .sample(path: "/register/\(register)"), title: words("register.title.\(register.rawValue)")),
                wish: Wish(register: register, year: 2569, text: sheet > 0 ? "ไหว้ครู" : "", sheet: sheet),
                years: [2569, 2568], rows: rows, hasMore: hasMore, office: .unnamed, words: words)
        }
        return [
            Sample(
                "incoming",
                page(
                    .incoming, [line(128, voided: nil), line(127, voided: "ลงทะเบียนซ้ำกับเลขรับ 126/2569")], sheet: 1,
                    hasMore: true)),
            Sample("outgoing", page(.outgoing, [line(31, voided: nil)], sheet: 0, hasMore: false)),
            Sample("empty", page(.incoming, [], sheet: 0, hasMore: false)),
        ]
    }
}

extension RegisterPage.Line {
    init(_ line: RegisterLine, _ phrases: Phrases) {
        number = line.number.description
        at = "\(registerDate(Day(of: line.at))) \(TimeOfDay(of: line.at))"
        iso = line.at.iso
        reference = line.reference.isEmpty ? "–" : line.reference
        dated = line.dated.map(registerDate) ?? "–"
        from = line.from
        to = line.to
        title = line.title
        matter = "/matters/\(line.matter)"
        done = phrases.stage(line.stage)
        notes = registerNotes(line, phrases)
        isVoided = line.voidedBecause != nil
        isStanding = !isVoided
    }
}

/// `23 พ.ย. 2569`: short, because a column is narrow.
private func registerDate(_ day: Day) -> String {
    "\(day.dayOfMonth) \(ThaiDate.shortMonths[day.month - 1]) \(day.buddhistYear)"
}

/// หมายเหตุ: why a number was voided, urgency, secrecy.
func registerNotes(_ line: RegisterLine, _ phrases: Phrases) -> [String] {
    var notes: [String] = []
    if let why = line.voidedBecause { notes.append(phrases.words("register.voided", why)) }
    if line.urgency != .normal { notes.append(phrases.urgency(line.urgency)) }
    if line.secrecy != .open { notes.append(phrases.secrecy(line.secrecy)) }
    return notes
}

/// A text as the value of a query.
func queryText(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
        let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        return isPlain ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
}
