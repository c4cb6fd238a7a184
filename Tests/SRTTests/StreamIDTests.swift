// SPDX-License-Identifier: Apache-2.0
import SRT
import Testing

@Suite struct StreamIDTests {
    @Test(arguments: [
        ("publish:abc", "abc", nil), ("publish:a:b=c,d", "a:b=c,d", nil), ("#!::m=publish,r=abc", "abc", nil),
        ("#!::r=abc,u=somebody,m=publish,t=stream,h=studio.example,s=7", "abc", "somebody"),
        ("#!::m=publish,r=k=2", "k=2", nil),
    ]) func aPublisherSaysItsKey(_ text: String, _ key: String, _ user: String?) throws {
        let id = try StreamID(text)
        #expect(id.key == key)
        #expect(id.user == user)
    }

    @Test(
        arguments: [
            ("", .badRequest), ("abc", .badRequest), ("publish", .badRequest), ("publish:", .badRequest),
            ("Publish:abc", .badRequest), ("request:abc", .badMode), ("read:abc", .badMode), ("#!::r=abc", .badMode),
            ("#!::m=request,r=abc", .badMode), ("#!::m=bidirectional,r=abc", .badMode), ("#!::m=publish", .badRequest),
            ("#!::m=publish,r=", .badRequest), ("#!::m=publish,r", .badRequest), ("#!::m=publish,,r=a", .badRequest),
            ("#!::m=publish,r=a,r=b", .badRequest), ("#!::=publish,r=a", .badRequest), ("#!::", .badRequest),
            ("#!::m=publish,t=file,r=a", .unsupportedMedia), ("#!:{m:publish}", .badRequest),
            ("publish:" + String(repeating: "k", count: 505), .badRequest),
        ] as [(String, RejectionReason)]) func whatIsNoPublishersIsRefused(_ text: String, _ reason: RejectionReason)
    {
        #expect(throws: reason) { try StreamID(text) }
    }

    @Test func theCodesAreThoseOfTheGuidelines() {
        #expect(RejectionReason.allCases.map(\.rawValue) == [1400, 1401, 1402, 1405, 1409, 1415])
    }
}
