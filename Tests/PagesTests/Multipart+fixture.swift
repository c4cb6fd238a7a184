// SPDX-License-Identifier: Apache-2.0
import Desk
import Testing

@testable import Pages

/// A file as a browser would send it.
struct SentFile {
    var field = "file"
    var name: String
    var text: String

    static let pdf = SentFile(name: "หนังสือ.pdf", text: "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n")
}

extension OfficeFixture {
    /// Sends a form with files, as a browser does.
    func send(
        _ path: String, _ fields: [(String, String)], files: [SentFile] = [], as person: Person? = nil
    ) async throws -> Answer {
        let boundary = "----sanyan-test"
        var body = ""
        for (name, value) in fields {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        for file in files {
            body +=
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n\(file.text)\r\n"
        }
        body += "--\(boundary)--\r\n"
        var headers = cookie(person)
        headers["Content-Type"] = "multipart/form-data; boundary=\(boundary)"
        return try await site.ask("POST", path, headers: headers, body: body)
    }

    /// The only matter there is.
    func onlyMatter() async throws -> Matter {
        let matters = try await cabinet.matters(MatterFilter())
        #expect(matters.count == 1)
        return try #require(matters.first)
    }
}

/// A requester's form, filled in well; `change` puts other words into it.
func filledForm(_ change: [String: String] = [:]) -> [(String, String)] {
    let form = [
        ("once", "mark-1"), ("origin", "internal"), ("unit", "คณะวิทยาศาสตร์"), ("reference", "อว 0000.4/123"),
        ("dated", "23/11/2569"), ("title", "พิธีไหว้ครู"), ("service", "broadcast"), ("start_date", "14/12/2569"),
        ("start_time", "09:30"), ("end_date", ""), ("end_time", "12.00"), ("place", "หอประชุมใหญ่"),
        ("audience", "๑,๒๐๐"),
        ("remarks", "ขอกล้อง 2 ตัว"), ("recording", "yes"), ("contact_name", "นางสาวดวงใจ ประสานดี"),
        ("contact_phone", "ต่อ 2345"), ("contact_mail", ""),
    ]
    return form.map { ($0.0, change[$0.0] ?? $0.1) }
}

extension Answer {
    /// The lines of the error summary, as field and sentence.
    var complaints: [String] {
        guard let summary = body.firstMatch(of: /<section class="errors"[\s\S]*?<\/section>/) else { return [] }
        return String(summary.0).matches(of: /<a href="#([^"]*)">([^<]*)<\/a>/).map { "\($0.1): \($0.2)" }
    }

    /// The words of the notice at the top.
    var notice: String? {
        body.firstMatch(of: /<div class="notice"[^>]*role="status">.*?<p>([^<]*)<\/p>/).map { String($0.1) }
    }
}
