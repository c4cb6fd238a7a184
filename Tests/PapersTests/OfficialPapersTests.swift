// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Papers
import Rehearsal
import Testing

/// The three papers that leave the office, whole.
@Suite struct OfficialPapersTests {
    static let names = PaperNames(
        people: Dictionary(uniqueKeysWithValues: Samples.people.map { ($0.id, $0.name) }),
        rooms: Dictionary(uniqueKeysWithValues: Samples.rooms.map { ($0.id, "\($0.name) \($0.building)") }),
        matters: Dictionary(
            uniqueKeysWithValues: Samples.monthOfMatters.map { ($0.id, "\($0.id)/2569 \($0.letter.title)") }))
    static let report = MonthlyReport(
        Samples.november, of: Samples.monthOfMatters, reckoner: Samples.reckoner,
        at: Samples.moment(2569, 12, 1, "08:30"))
    static let record = ReportRecord(
        month: Samples.november, draftedAt: Samples.moment(2569, 12, 1, "08:30"),
        presentedAt: Samples.moment(2569, 12, 2, "10:15"), presentedBy: Samples.somsri.id,
        acknowledgedAt: Samples.moment(2569, 12, 3, "13:40"), acknowledgedBy: Samples.wichai.id,
        remarks: "เดือนนี้มีพิธีไหว้ครูพร้อมกันสองคณะ จึงมอบหมายเจ้าหน้าที่เพิ่ม\nควรจัดหากล้องสำรองอีก 1 ตัว")
    static var thai: Office {
        var office = Samples.office
        office.usesThaiDigits = true
        return office
    }

    static func memo(_ office: Office = Samples.office) -> ReportMemo {
        ReportMemo(report, record: record, names: names, office: office)
    }

    /// A letter that came from outside and went back.
    static var outsider: Matter {
        var letter = Samples.letter()
        letter.origin = .external
        letter.unit = "โรงเรียนบ้านหนองน้ำใส"
        return Samples.matter(at: .returned, letter: letter)
    }

    static let council: MeetSettings = {
        var settings = MeetSettings()
        (settings.isLegal, settings.records) = (true, true)
        settings.agenda = ["เรื่องแจ้งเพื่อทราบ", "รับรองรายงานการประชุม", "เรื่องอื่น ๆ"]
        return settings
    }()

    /// A sitting with a secret and an open vote; nobody in it exists.
    static let sitting: Sitting = {
        let start = Samples.letter().span.start
        func stay(_ from: Int, _ to: Int) -> Span { Span(start: start + .minutes(from), end: start + .minutes(to)) }
        func vote(_ question: String, isSecret: Bool, present: Int) -> Sitting.Vote {
            .init(
                question: question, isSecret: isSecret, isFormal: true, quorum: 3, present: present,
                opened: start + .minutes(40), closed: start + .minutes(42),
                choices: [.init(text: "เห็นชอบ", count: present - 1), .init(text: "งดออกเสียง", count: 1)],
                ballots: [.init(name: "นางสาวปิติ <b>", choice: "เห็นชอบ")])
        }
        return Sitting(
            opened: start - .minutes(10), ended: start + .minutes(100), peak: 3,
            attendance: [
                .init(
                    invitee: Invitee.ID(2), name: "รองศาสตราจารย์มานะ ใจกว้าง", role: .host, isIdentified: true,
                    stays: [stay(-10, 100)], consented: true),
                .init(
                    name: "นางสาวปิติ <b>", role: .speaker, isIdentified: true, stays: [stay(0, 30), stay(33, 99)],
                    interruptions: 1, consented: true),
                .init(name: "ผู้สังเกตการณ์", role: .listener, stays: [stay(5, 60)], consented: false),
            ],
            votes: [
                vote("รับรองรายงานการประชุม", isSecret: false, present: 3),
                vote("เลือกกรรมการ", isSecret: true, present: 2),
            ],
            marks: [
                .init(at: start, text: "เรื่องแจ้งเพื่อทราบ"), .init(at: start + .minutes(20), text: "รับรองรายงานการประชุม"),
            ])
    }()

    static func papers() throws -> [(name: String, html: String)] {
        let inside = Samples.matter(at: .toComplete)
        let contact = Samples.contact
        let link = "http://127.0.0.1:8080/track/AAAAAAAAAAEAAAAAaQAAAAAAAAAAAAAAAAAAAAAAAAA"
        return [
            ("report", memo().document), ("report-thai-digits", memo(thai).document),
            (
                "return-letter",
                ReturnMemo(of: outsider, contact: contact, signer: Samples.wichai, office: Samples.office).document
            ),
            (
                "return-memo",
                ReturnMemo(of: inside, contact: contact, signer: Samples.somsri, office: Samples.office).document
            ),
            (
                "network-memo",
                NetworkMemo(of: Samples.matter(at: .ready), signer: Samples.anan, office: Samples.office).document
            ),
            (
                "minutes",
                MinutesMemo(
                    of: Samples.matter(at: .closed), settings: council, sittings: [sitting], office: Samples.office
                )
                .document
            ),
            (
                "minutes-thai-digits",
                MinutesMemo(
                    of: Samples.matter(at: .closed), settings: council, sittings: [sitting.forgotten, sitting],
                    office: thai
                ).document
            ),
            ("receipt", try Receipt(of: inside, trackingLink: link, office: Samples.office).document()),
            ("receipt-thai-digits", try Receipt(of: inside, trackingLink: link, office: thai).document()),
        ]
    }

    @Test(arguments: try papers().map(\.name)) func theyLookAsTheyDid(name: String) throws {
        let paper = try #require(try Self.papers().first { $0.name == name })
        try expectGolden(paper.html, "\(name).html")
    }

    @Test func thaiDigitsTouchOnlyWhatIsRead() throws {
        let link = "http://127.0.0.1:8080/track/A1B2C3"
        let slip = try Receipt(of: Samples.matter(at: .toRegister), trackingLink: link, office: Self.thai).document()
        #expect(slip.contains("<span class=\"latin\">\(link)</span>"), "a link in Thai digits opens nothing")
        #expect(slip.contains("เลขรับ"))
        #expect(slip.contains("๒๕๖๙"))
        let css = { (text: String) in String(text.split(separator: "<style>")[1].split(separator: "</style>")[0]) }
        let plain = try Receipt(of: Samples.matter(at: .toRegister), trackingLink: link, office: Samples.office)
            .document()
        #expect(css(slip) == css(plain))
    }

    @Test func aMonthWithoutMattersIsAReportToo() {
        let empty = MonthlyReport(Samples.november, of: [], reckoner: Samples.reckoner, at: Samples.now)
        let html = ReportMemo(
            empty, record: ReportRecord(month: Samples.november, draftedAt: Samples.now), names: Self.names,
            office: Samples.office
        ).document
        #expect(html.contains("ไม่มีเรื่องที่มีกำหนดให้บริการในเดือนนี้"))
        #expect(ReportCharts(empty, names: Self.names).all.isEmpty)
    }

    @Test func markupInALetterStaysText() throws {
        var letter = Samples.letter()
        let evil = "<img src=x onerror='x'>"
        (letter.unit, letter.title, letter.place, letter.reference) = (evil, evil, evil, evil)
        let matter = Samples.matter(at: .toComplete, letter: letter)
        let office = Samples.office
        let texts = [
            try Receipt(of: matter, trackingLink: "x", office: office).document(),
            ReturnMemo(of: matter, contact: nil, signer: nil, office: office).document,
        ]
        for text in texts { #expect(!text.contains("<img")) }
    }

    /// Set SANYAN_PAPERS to a folder to print the papers there and look at them.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SANYAN_PAPERS"] != nil)) func printThem() async throws {
        let folder = URL(filePath: try #require(ProcessInfo.processInfo.environment["SANYAN_PAPERS"]))
        for (name, html) in try Self.papers() {
            try Data(try await WeasyPrint().pdf(html)).write(to: folder.appending(path: "\(name).pdf"))
        }
    }
}
