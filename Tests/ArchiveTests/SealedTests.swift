// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Archive

@Suite struct SealedTests {
    @Test func `under another key every sealed thing is named, with what has to be done anew`() async throws {
        let folder = try Folder()
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        let now = Samples.now
        var person = Samples.anan
        person.id = Person.ID(0)
        person = try await cabinet.save(person, passwordHash: nil, by: nil, at: now)
        try await cabinet.save(.mail, settings: "{}", isOn: true, by: nil, at: now)
        try await cabinet.setReach(of: person.id, by: .line, to: "U1", at: now)
        _ = try await cabinet.keep(
            Device(
                person: person.id,
                subscription: .init(endpoint: "https://push.example.com/1", point: "p", secret: "s"),
                name: "phone", language: "th", since: now))
        try await cabinet.keep(
            MailIn(place: .init(mailbox: "saraban/INBOX", validity: 1, uid: 1), at: now, subject: "ขอความอนุเคราะห์"))
        try await cabinet.save(SignInSettings(), by: nil, at: now)
        try cabinet.close()
        #expect(SQLiteCabinet.verify(folder.path) == [])

        try FileManager.default.removeItem(atPath: folder.path + "/" + SQLiteCabinet.keyName)
        _ = try SecretKey.load(orCreateAt: folder.path + "/" + SQLiteCabinet.keyName)
        #expect(
            SQLiteCabinet.verify(folder.path) == [
                "the settings of way mail cannot be opened: it has to be set up anew",
                "how person \(person.id) is reached by line cannot be opened: it has to be bound anew",
                "how person \(person.id) is reached by push cannot be opened: it has to be bound anew",
                "device 1 cannot be opened: it has to subscribe anew",
                "mail 1 cannot be opened: it is still in its mailbox",
                "the settings of sign-in cannot be opened: they have to be made anew",
            ])
    }
}
