// SPDX-License-Identifier: Apache-2.0

import Logging

extension Visit {
    /// A visit of the storybook; signed in unless said otherwise, in the demo office.
    static func sample(_ language: Language = .thai, isSignedIn: Bool = true, path: String = "/inbox") -> Visit {
        var visit = Visit(logger: Logger(label: "storybook", factory: { _ in SwiftLogNoOpLogHandler() }))
        visit.language = language
        visit.path = path
        visit.reference = "7KQ2M9XA"
        visit.isDemo = true
        if isSignedIn {
            visit.signedIn = SignedIn(
                name: "วันดี ตัวอย่าง", role: "สำนักงานเลขานุการ",
                menu: [
                    .init("งานของฉัน", path: "/inbox", count: "3"), .init("ทะเบียนรับ", path: "/register"),
                    .init("ปฏิทิน", path: "/calendar"), .init("รายงาน", path: "/reports"),
                ], alarm: path == "/me" ? (language == .thai ? "1 เครื่องไม่ตอบ" : "1 device is silent") : nil)
        }
        return visit
    }
}
