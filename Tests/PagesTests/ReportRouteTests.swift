// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// The month's report: numbers that open, remarks, presenting and acknowledging in their order.
@Suite struct ReportRouteTests {
    /// One matter served and evaluated in November, and the clock in December.
    private func december() async throws -> (OfficeFixture, Matter) {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .closed)
        office.clock.set(Samples.moment(2569, 12, 1, "09:00"))
        return (office, matter)
    }

    @Test func everyNumberOpensTheMattersBehindIt() async throws {
        let (office, matter) = try await december()
        let page = try await office.get("/reports/2569-11", as: Samples.wichai)
        #expect(page.status == 200)
        let links = page.body.matches(of: /href="(\/matters\?ids=[^"]*)"/).map { String($0.1) }
        #expect(links.count >= 20)
        #expect(links.allSatisfy { $0.hasPrefix("/matters?ids=\(matter.id)&amp;of=") && $0.allSatisfy(\.isASCII) })
        #expect(page.text.contains("คณะวิทยาศาสตร์ 1"))
        #expect(page.text.contains("5.0 ความพึงพอใจโดยรวม (เต็ม 5)"))
    }

    @Test func theSameMonthInBothErasAndNoOther() async throws {
        let (office, _) = try await december()
        #expect(try await office.get("/reports/2026-11", as: Samples.wichai).status == 200)
        for path in ["2570-02", "2569-13", "november", "2569-11.docx", "2569-11.pdf.csv", "0001-01"] {
            #expect(try await office.get("/reports/\(path)", as: Samples.wichai).status == 404)
        }
        #expect(try await office.get("/reports/2569-11", as: Samples.narong).status == 403)
        #expect(try await office.get("/reports/2569-11").status == 303)
    }

    @Test func aRunningMonthIsPreliminaryAndNotPresented() async throws {
        let (office, _) = try await december()
        let page = try await office.get("/reports/2569-12", as: Samples.somsri)
        #expect(page.text.contains("เดือนนี้ยังไม่สิ้นสุด"))
        #expect(!page.body.contains("/presentation"))
        #expect(try await office.post("/reports/2569-12/presentation", [:], as: Samples.somsri).status == 409)
        #expect(try await office.cabinet.reports().isEmpty)
    }

    @Test func presentedOnceAcknowledgedOnce() async throws {
        let (office, _) = try await december()
        let path = "/reports/2569-11"
        #expect(try await office.post("\(path)/acknowledgement", [:], as: Samples.wichai).status == 409)
        #expect(try await office.post("\(path)/presentation", [:], as: Samples.wichai).status == 403)
        let remarks = "ควรจัดหากล้อง <b>สำรอง</b>"
        #expect(try await office.post("\(path)/remarks", ["remarks": remarks], as: Samples.anan).status == 403)
        #expect(try await office.post("\(path)/remarks", ["remarks": remarks], as: Samples.somsri).status == 303)
        let presented = try await office.post("\(path)/presentation", [:], as: Samples.somsri)
        #expect(presented.location == "\(path)?done=report_presented")
        #expect(try await office.post("\(path)/presentation", [:], as: Samples.anan).status == 409)
        #expect(try await office.post("\(path)/acknowledgement", [:], as: Samples.somsri).status == 403)
        #expect(try await office.post("\(path)/acknowledgement", [:], as: Samples.wichai).status == 303)
        let record = try #require(try await office.cabinet.reports().first)
        #expect(record.presentedBy == Samples.somsri.id)
        #expect(record.acknowledgedBy == Samples.wichai.id)
        #expect(record.remarks == remarks)
        let late = try await office.post("\(path)/remarks", ["remarks": "สายไป"], as: Samples.somsri)
        #expect(late.status == 409)
        let page = try await office.get(path, as: Samples.ratana)
        #expect(page.body.contains("<blockquote>ควรจัดหากล้อง &lt;b&gt;สำรอง&lt;/b&gt;</blockquote>"))
        #expect(page.text.contains("ผู้บริหารรับทราบแล้ว"))
    }

    @Test func tooManyRemarksAreKept() async throws {
        let (office, _) = try await december()
        let long = String(repeating: "ก", count: 4001)
        let answer = try await office.post("/reports/2569-11/remarks", ["remarks": long], as: Samples.somsri)
        #expect(answer.status == 422)
        #expect(answer.body.contains(">\(long)</textarea>"))
    }

    @Test func asAMemoAndAsATable() async throws {
        let (office, _) = try await december()
        let memo = try await office.get("/reports/2569-11.pdf", as: Samples.wichai)
        #expect(memo.headers["content-type"] == "application/pdf")
        #expect(memo.body == "%PDF-report")
        let table = try await office.get("/reports/2569-11.csv", as: Samples.wichai)
        #expect(table.headers["content-type"] == "text/csv; charset=utf-8")
        #expect(table.headers["content-disposition"] == "inline; filename=\"report-2569-11.csv\"")
        #expect(table.body.contains("ตามหน่วยงานที่ขอ,คณะวิทยาศาสตร์,1"))
    }

    @Test func theListNamesTheMonthsThatCount() async throws {
        let (office, _) = try await december()
        let page = try await office.get("/reports", as: Samples.anan)
        let months = page.body.matches(of: /href="\/reports\/(\d{4}-\d\d)"/).map { String($0.1) }
        #expect(months == ["2569-12", "2569-11"])
    }
}
