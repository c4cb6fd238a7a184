// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The receipt (ใบรับเรื่อง): an A5 slip with the tracking link as a QR code. Pure: Desk values in, HTML out.
public struct Receipt: Sendable {
    let matter: Matter
    let trackingLink: String
    let office: Office

    public init(of matter: Matter, trackingLink: String, office: Office) {
        self.matter = matter
        self.trackingLink = trackingLink
        self.office = office
    }

    /// The whole document, for `WeasyPrint`. Throws when the link does not fit a QR code.
    public func document() throws(QRFault) -> String {
        let code = try QRCode.svg(trackingLink, label: "คิวอาร์โค้ดสำหรับติดตามเรื่อง")
        let rows = pairs.map { "<tr><th>\(html($0.0))</th><td>\(html($0.1))</td></tr>" }.joined()
        let sheet = PaperStyle.sheet(
            title: "ใบรับเรื่อง", rules: Self.css,
            body: """
                <article class="receipt">
                <header><p>\(html(office.thaiName))<br>\(html(office.organisation))</p><h1>ใบรับเรื่อง</h1></header>
                <table><tbody>\(rows)</tbody></table>
                <div class="follow">
                <div class="code">\(code)</div>
                <div><p><strong>ติดตามเรื่องได้ตลอดเวลา</strong></p>
                <p>สแกนคิวอาร์โค้ด หรือเปิดลิงก์ด้านล่าง เพื่อดูว่าเรื่องอยู่ที่ใด รอผู้ใด และเหลือเวลาเท่าใด ส่งเอกสารเพิ่มเติมหรือถอนเรื่องได้จากหน้าเดียวกัน</p>
                <p>ผู้ใดมีลิงก์นี้ดูเรื่องนี้ได้ โปรดเก็บไว้กับผู้เกี่ยวข้องเท่านั้น</p></div>
                </div>
                <p class="link"><span class="latin">\(html(trackingLink))</span></p>
                <p class="note">การให้บริการประชุมออนไลน์และถ่ายทอดสดออนไลน์ ไม่มีค่าธรรมเนียม</p>
                </article>
                """)
        return office.usesThaiDigits ? withThaiDigits(sheet) : sheet
    }

    private var pairs: [(String, String)] {
        let letter = matter.letter
        let received = matter.receivedAt.map { "\(ThaiDate.long(Day(of: $0))) เวลา \(TimeOfDay(of: $0)) น." }
        var reference = letter.reference
        if let dated = letter.dated { reference += (reference.isEmpty ? "" : " ") + "ลงวันที่ \(ThaiDate.plain(dated))" }
        return [
            ("เลขรับ", matter.incoming?.description ?? "รอสำนักงานเลขานุการลงทะเบียน"),
            ("รับเรื่องเมื่อ", received ?? "–"),
            ("จาก", letter.unit),
            ("ที่", reference.isEmpty ? "–" : reference),
            ("เรื่อง", letter.title),
            ("บริการที่ขอ", PaperWords.name(matter.service)),
            ("วันเวลา", PaperWords.span(letter.span)),
            ("สถานที่", letter.place),
        ]
    }

    private static let css = """
        @page { size: A5; margin: 1.5cm 1.5cm 1.2cm; }
        .receipt header { text-align: center; }
        .receipt header p { margin: 0; line-height: 1.6; }
        .receipt h1 { margin: 4pt 0; }
        .receipt table { font-size: 1rem; }
        .receipt th { width: 22%; text-align: left; white-space: nowrap; }
        .follow { display: table; width: 100%; break-inside: avoid; }
        .follow > div { display: table-cell; vertical-align: middle; }
        .follow .code { width: 3.6cm; }
        .follow p { margin: 0 0 3pt; line-height: 1.6; }
        svg.qr { width: 3.4cm; height: 3.4cm; }
        .link { margin: 2pt 0 4pt; font-size: 0.875rem; line-height: 1.4; word-break: break-all; }
        """
}
