// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import FoundationNetworking
import Logging
import Messenger
import Post
import Rehearsal
import Secure
import Testing

@testable import Stagehands

/// LINE over real sockets: the carrier by the real post office, and the program with its webhook.
@Suite("LINE over sockets", .serialized) struct LineTests {
    private static let user = "U" + String(repeating: "0123456789abcdef", count: 2)
    private static let secret = "channel-secret"

    /// An office in a folder that uses the rehearsed LINE, with Anan's account bound.
    private func furnish(_ cabinet: SQLiteCabinet, line: ServedLine, at now: Moment) async throws {
        try await cabinet.save(Samples.office, by: nil, at: now)
        for room in Samples.rooms {
            var new = room
            new.id = Room.ID(0)
            _ = try await cabinet.save(new, by: nil, at: now)
        }
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            _ = try await cabinet.save(new, passwordHash: nil, by: nil, at: now)
        }
        let settings = LineSettings(token: "token", secret: Self.secret, address: line.address)
        try await cabinet.save(
            .line, settings: String(decoding: try JSONEncoder().encode(settings), as: UTF8.self), isOn: true, by: nil,
            at: now)
        try await cabinet.setReach(of: Samples.anan.id, by: .line, to: Self.user, at: now)
    }

    @Test("a push cut off after LINE took it is sent again and shown once; wrong keys and an unsafe address are told")
    func carrier() async throws {
        let line = try ServedLine(LineRehearsal(token: "token"))
        defer { line.stop() }
        let cabinet = try SQLiteCabinet.inMemory()
        let now = Samples.now
        try await furnish(cabinet, line: line, at: now)
        let carrier = LineCarrier(cabinet: cabinet, courier: try PostOffice())
        let delivery = Delivery(
            id: "trial/1", way: .line, freight: .trial, to: .person(Samples.anan.id), matter: nil, due: now)
        line.cutNext(1)
        guard case .later(let trouble, _) = await carrier.carry(delivery, at: now) else {
            Issue.record("a request that was cut off was told as taken")
            return
        }
        #expect(trouble.kind == .unreachable)
        #expect(await carrier.carry(delivery, at: now) == .accepted(reference: "request-1"))
        #expect(line.line.shown.map(\.to) == [Self.user])
        line.change { $0.token = "another" }
        #expect(await carrier.probe(for: nil, at: now)?.kind == .wrongCredentials)
    }

    @Test("the program hears a signed call, answers it by its outbox within seconds, and hears no unsigned one")
    func program() async throws {
        let folder = try scratch("line")
        defer { remove(folder) }
        let line = try ServedLine(LineRehearsal(token: "token"))
        defer { line.stop() }
        line.change { $0.replyTokens = ["reply-1"] }
        let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let cabinet = try SQLiteCabinet.open(at: folder.appending(path: "data").path, errandsChanged: {})
        try await furnish(cabinet, line: line, at: now)
        try cabinet.close()

        let running = try await Running(.serve, in: folder)
        let stranger = "U" + String(repeating: "e", count: 32)
        let body = """
            {"destination":"","events":[{"type":"follow","mode":"active","timestamp":\(now.milliseconds),\
            "webhookEventId":"1","deliveryContext":{"isRedelivery":false},"replyToken":"reply-1",\
            "source":{"type":"user","userId":"\(stranger)"},"follow":{"isUnblocked":false}}]}
            """
        #expect(try await call(running, body, secret: "another") == 401)
        #expect(try await call(running, body, secret: Self.secret) == 200)
        #expect(try await call(running, body, secret: Self.secret) == 200)
        for _ in 0..<1000 where line.line.shown.isEmpty { try await Task.sleep(for: .milliseconds(25)) }
        await running.stop()
        #expect(line.line.shown.map(\.to) == ["reply:reply-1"])
        #expect(line.line.shown.first?.texts.first?.contains("ส่งรหัส") == true)
    }

    private func call(_ running: Running, _ body: String, secret: String) async throws -> Int {
        var request = URLRequest(url: try #require(URL(string: running.address + "/hooks/line")))
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        request.setValue(
            Data(HMAC.sha256(Array(body.utf8), key: Array(secret.utf8))).base64EncodedString(),
            forHTTPHeaderField: "x-line-signature")
        let (_, answer) = try await URLSession.shared.data(for: request)
        return try #require(answer as? HTTPURLResponse).statusCode
    }
}
