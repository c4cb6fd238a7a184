// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The memo by which the network section is asked to watch the network during an occasion (แจ้งงานเครือข่าย, row 4 of the
/// procedure). Pure: Desk values in, HTML out.
public struct NetworkMemo: Sendable {
    let matter: Matter
    let signer: Person?
    let office: Office

    public init(of matter: Matter, signer: Person?, office: Office) {
        self.matter = matter
        self.signer = signer
        self.office = office
    }

    /// The whole document, for `WeasyPrint`.
    public var document: String {
        let memo = Memo(
            agency: office.memoHead, phone: "", number: office.outgoingPrefix + "/",
            date: notifiedAt.map(Day.init(of:)),
            subject: "ขอความอนุเคราะห์เฝ้าระวังระบบเครือข่าย", addressee: "หัวหน้างานเครือข่าย", parts: parts,
            signature: signature)
        return office.usesThaiDigits ? withThaiDigits(memo.document) : memo.document
    }

    private var notifiedAt: Moment? {
        matter.folder.last { if case .networkNotified = $0.fact { true } else { false } }?.at
    }

    private var parts: [Memo.Part] {
        let letter = matter.letter
        let service = PaperWords.name(matter.service)
        return [
            .paragraph(
                """
                ด้วย\(office.thaiName)จะให้บริการ\(service) เรื่อง \(letter.title) ของ\(letter.unit) จึงขอความอนุเคราะห์\
                งานเครือข่ายเฝ้าระวังระบบเครือข่ายตามวัน เวลา และสถานที่ให้บริการ ดังนี้
                """),
            .numbered(
                [
                    "วันเวลา \(PaperWords.span(letter.span))", "สถานที่ \(letter.place)",
                    "ผู้เข้าร่วมโดยประมาณ \(letter.expectedAudience) คน",
                ]
                    + (matter.networkNotice.map { ["ปริมาณข้อมูลที่คาดไว้ \($0.megabitsPerSecond) Mbit/s"] } ?? [])),
            .paragraph("จึงเรียนมาเพื่อโปรดพิจารณาให้ความอนุเคราะห์ และโปรดกดรับทราบในระบบ"),
        ]
    }

    private var signature: Memo.Signature {
        guard let signer else { return .init(name: String(repeating: ".", count: 40), position: [office.thaiName]) }
        return .init(name: signer.name, position: signer.position.isEmpty ? [] : [signer.position])
    }
}
