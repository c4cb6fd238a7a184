// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Pages

@Suite struct FormBodyTests {
    func read(_ text: String) throws -> [FormField] { try FormBody().fields(text.utf8) }

    @Test(
        arguments: [
            ("", []), ("&&", []), ("a=1&b=&c", [("a", "1"), ("b", ""), ("c", "")]), ("a=b=c", [("a", "b=c")]),
            ("a+b=%E0%B8%81+x", [("a b", "ก x")]), ("a=%zz%4&=v", [("a", "%zz%4"), ("", "v")]),
            ("a=1&a=2", [("a", "1"), ("a", "2")]), ("a=%C3%28", [("a", "\u{FFFD}(")]),
        ] as [(String, [(String, String)])])
    func pairs(body: String, expected: [(String, String)]) throws {
        #expect(try read(body) == expected.map { FormField(name: $0.0, value: $0.1) })
    }

    @Test func limits() {
        #expect(throws: FormFault.tooManyFields) { try read(String(repeating: "a=1&", count: 501)) }
        #expect(throws: FormFault.fieldTooLarge("a")) { try read("a=" + String(repeating: "x", count: 65_537)) }
        #expect(throws: FormFault.fieldTooLarge("a")) { try read("a=" + String(repeating: "%41", count: 65_537)) }
        #expect(throws: FormFault.fieldTooLarge(String(repeating: "n", count: 64))) {
            try read(String(repeating: "n", count: 2000))
        }
    }

    @Test func aFormKeepsWhatWasTyped() {
        let form = Form(fields: [
            FormField(name: "note", value: " บรรทัดแรก\r\n  สอง \r\n"), FormField(name: "kind", value: "a"),
            FormField(name: "kind", value: "b"), FormField(name: "count", value: "12"),
        ])
        #expect(form.text("note") == "บรรทัดแรก\n  สอง")
        #expect(form.texts("kind") == ["a", "b"])
        #expect(form.number("count") == 12)
        #expect(form.text("gone") == "")
        #expect(form.isOn("kind"))
        #expect(!form.isOn("gone"))
    }
}
