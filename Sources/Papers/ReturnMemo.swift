// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The paper with which a letter goes back, declined or incomplete: a memo to a unit of the house, the external letter
/// form to anybody else. Pure: Desk values in, HTML out.
public struct ReturnMemo: Sendable {
    let matter: Matter
    let contact: Contact?
    let signer: Person?
    let office: Office

    public init(of matter: Matter, contact: Contact?, signer: Person?, office: Office) {
        self.matter = matter
        self.contact = contact
        self.signer = signer
        self.office = office
    }

    /// The whole document, for `WeasyPrint`.
    public var document: String {
        let isInside = (matter.classification?.origin ?? matter.letter.origin) == .internal
        var memo = Memo(
            form: isInside ? .memo : .letter, agency: isInside ? office.memoHead : office.body, phone: "",
            number: outgoing.map { "\(office.outgoingPrefix)/\($0.number)" } ?? office.outgoingPrefix + "/", date: date,
            subject: subject, addressee: "หัวหน้าหน่วยงาน \(matter.letter.unit)", parts: parts, signature: signature)
        if !isInside {
            memo.address = [office.organisation]
            memo.references = [letterNamed]
        }
        return office.usesThaiDigits ? withThaiDigits(memo.document) : memo.document
    }

    private var isDeclined: Bool { matter.decision.map { !$0.isApproval } ?? false }

    private var outgoing: RegisterNumber? { matter.outgoing.last }

    /// When the number was given out.
    private var date: Day? {
        for entry in matter.folder.reversed() {
            switch entry.fact {
            case .returnedForCompletion, .sentBack: return Day(of: entry.at)
            default: continue
            }
        }
        return nil
    }

    private var subject: String {
        isDeclined ? "แจ้งผลการพิจารณาคำขอใช้บริการ" : "ขอให้แก้ไขเพิ่มเติมเอกสารขอใช้บริการ"
    }

    /// `หนังสือคณะวิทยาศาสตร์ ที่ อว 0000.4/123 ลงวันที่ 23 พฤศจิกายน 2569`
    private var letterNamed: String {
        var text = "หนังสือ\(matter.letter.unit)"
        if !matter.letter.reference.isEmpty { text += " ที่ \(matter.letter.reference)" }
        if let dated = matter.letter.dated { text += " ลงวันที่ \(ThaiDate.plain(dated))" }
        return text
    }

    private var parts: [Memo.Part] {
        let letter = matter.letter
        let received = matter.incoming.map { " ซึ่งลงรับไว้เป็นเลขรับที่ \($0)" } ?? ""
        return [
            .paragraph(
                """
                ตาม\(letterNamed) เรื่อง \(letter.title) ขอใช้บริการ\(PaperWords.name(matter.service)) ใน\
                \(PaperWords.span(letter.span)) ณ \(letter.place)\(received) นั้น
                """)
        ] + (isDeclined ? declined : incomplete)
    }

    private var declined: [Memo.Part] {
        let reason = matter.decision?.reason.map { PaperWords.name($0) } ?? PaperWords.name(DeclineReason.other)
        let note = matter.decision?.note ?? ""
        return [
            .paragraph(
                """
                ผู้บริหารพิจารณาแล้ว ไม่สามารถให้บริการตามที่ขอได้ เนื่องจาก\(reason)\(note.isEmpty ? "" : " กล่าวคือ \(note)") \
                จึงขอส่งเรื่องคืน
                """),
            .paragraph(
                """
                หากหน่วยงานยังประสงค์จะใช้บริการ โปรดปรับวันเวลาหรือรายละเอียดให้สอดคล้องกับเหตุผลข้างต้น แล้วส่งหนังสือขอความ\
                อนุเคราะห์ฉบับใหม่ผ่านแบบฟอร์มบนเว็บไซต์หรือที่สำนักงานเลขานุการ การให้บริการไม่มีค่าธรรมเนียม
                """),
            .paragraph("จึงเรียนมาเพื่อโปรดทราบ"),
        ]
    }

    private var incomplete: [Memo.Part] {
        let missing = PaperCheck.allCases.filter { matter.missing.contains($0) }
        var note = ""
        for entry in matter.folder {
            if case .returnedForCompletion = entry.fact { note = entry.note }
        }
        return [
            .paragraph("สำนักงานเลขานุการตรวจสอบเอกสารแล้ว ยังขาดรายการต่อไปนี้ จึงยังไม่สามารถลงทะเบียนและเสนอผู้บริหารพิจารณาได้"),
            .numbered(missing.map { PaperWords.name($0) }),
        ] + (note.isEmpty ? [] : [.paragraph("รายละเอียด: \(note)")]) + [
            .paragraph("โปรดแก้ไขเพิ่มเติมให้ครบถ้วน แล้วส่งกลับผ่านลิงก์ติดตามเรื่องในใบรับเรื่อง หรือที่สำนักงานเลขานุการ ก่อนวันให้บริการ"),
            .paragraph("จึงเรียนมาเพื่อโปรดดำเนินการ"),
        ]
    }

    private var signature: Memo.Signature {
        guard let signer else { return .init(name: String(repeating: ".", count: 40), position: [office.thaiName]) }
        return .init(name: signer.name, position: signer.position.isEmpty ? [] : [signer.position])
    }
}
