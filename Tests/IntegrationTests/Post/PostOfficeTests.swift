// SPDX-License-Identifier: Apache-2.0
import Envelope
import Foundation
import Testing

@testable import Post
@testable import Stagehands

/// The post office against real web servers on the loopback address.
@Suite("Post office", .serialized)
struct PostOfficeTests {
    /// Opens a post office and a web server, and closes both.
    private func withWeb(
        atOnce: Int = 256, _ work: (PostOffice, String) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let web = try await OtherEnd.web(in: folder)
            let office = try PostOffice(atOnce: atOnce)
            do {
                try await work(office, "http://127.0.0.1:\(web.port)")
            } catch {
                await web.stop()
                throw error
            }
            office.close()
            await web.stop()
        }
    }

    private struct Echo: Decodable, Equatable {
        var method: String
        var headers: [String: String]
        var body: String
    }

    @Test(
        "a request arrives as it was given, and nothing beside it",
        arguments: [("GET", ""), ("POST", "text"), ("POST", ""), ("PUT", "a"), ("DELETE", ""), ("PROPFIND", "<a/>")])
    func asGiven(method: String, body: String) async throws {
        try await withWeb { office, base in
            let answer = try await office.send(
                Outgoing(
                    method, base + "/echo", headers: [HeaderLine("TTL", "60"), HeaderLine("X-Nothing", "")],
                    body: Array(body.utf8), mayStayInside: true))
            #expect(answer.status == 200)
            let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
            var headers = [
                "host": String(base.dropFirst(7)), "user-agent": "Sanyan", "accept": "*/*", "ttl": "60",
                "x-nothing": "",
            ]
            if !body.isEmpty || method == "POST" { headers["content-length"] = "\(body.utf8.count)" }
            #expect(echo == Echo(method: method, headers: headers, body: body))
        }
    }

    @Test("statuses and header fields come back, and a redirect is not followed")
    func answers() async throws {
        try await withWeb { office, base in
            let busy = try await office.send(Outgoing("GET", base + "/status/503", mayStayInside: true))
            #expect(busy.status == 503)
            #expect(busy.header("retry-after") == "120")
            #expect(busy.header("x-empty") == "")
            let moved = try await office.send(Outgoing("GET", base + "/redirect", mayStayInside: true))
            #expect(moved.status == 302)
            #expect(moved.header("Location") == "/echo")
            let head = try await office.send(Outgoing("HEAD", base + "/big", mayStayInside: true))
            #expect(head.header("content-length") == "100001")
            #expect(head.body == [])
        }
    }

    @Test("what has no good form is not sent")
    func badAddresses() async throws {
        let office = try PostOffice()
        for outgoing in [
            Outgoing("GET", "http://example.com/"), Outgoing("GET", "ftp://example.com/", mayStayInside: true),
            Outgoing("GET", "file:///etc/hostname", mayStayInside: true), Outgoing("GET", "example.com"),
            Outgoing("GET", "https://somebody:word@example.com/"), Outgoing("GET", "https://example.com/\r\nX: y"),
            Outgoing("GET /", "https://example.com/"), Outgoing("GET", "https://"),
            Outgoing("GET", "https://example.com/", headers: [HeaderLine("A", "b\r\nC: d")]),
            Outgoing("GET", "https://example.com/", headers: [HeaderLine("A b", "c")]),
        ] {
            await #expect(throws: PostFault.badAddress) { try await office.send(outgoing) }
        }
    }

    @Test("a request that may not stay inside is not connected inside, whatever the address looks like")
    func guarded() async throws {
        try await withWeb { office, base in
            let port = base.split(separator: ":")[2]
            for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0.0.0.0"] {
                await #expect(throws: PostFault.unsafeAddress, "\(host)") {
                    try await office.send(Outgoing("GET", "https://\(host):\(port)/echo"))
                }
            }
            let callers = try await office.send(Outgoing("GET", base + "/callers", mayStayInside: true))
            #expect(callers.body == Array("1".utf8))
        }
    }

    @Test("HTTP/2 is spoken, by an authority that was named, and a connection inside is not lent to who may not use it")
    func secure() async throws {
        try await withFolder { folder in
            try await Authority.make(in: folder)
            let web = try await OtherEnd.secureWeb(in: folder)
            let address = "https://localhost:\(web.port)/word.txt"
            let office = try PostOffice(authorities: folder.path + "/ca.pem")
            let inside = Outgoing("GET", address, mayStayInside: true)
            let transfer = try Transfer.http(inside, authorities: office.authorities)
            let answer = try transfer.incoming(await office.carry(transfer))
            #expect(String(decoding: answer.body, as: UTF8.self) == "outside")
            #expect(String(decoding: transfer.head.prefix(7), as: UTF8.self) == "HTTP/2 ")
            await #expect(throws: PostFault.unsafeAddress) { try await office.send(Outgoing("GET", address)) }
            #expect(try await office.send(inside).status == 200)

            let stranger = try PostOffice()
            do {
                _ = try await stranger.send(inside)
                Issue.record("a certificate of nobody was taken")
            } catch PostFault.unreachable(let why) {
                #expect(why.contains("certificate"))
            }
            office.close()
            await web.stop()
        }
    }

    @Test("a time-out says whether the request had left")
    func timeouts() async throws {
        try await withWeb(atOnce: 1) { office, base in
            let first = Task {
                try await office.send(Outgoing("GET", base + "/slow", timeoutSeconds: 2, mayStayInside: true))
            }
            try await Task.sleep(for: .milliseconds(300))
            await #expect(throws: PostFault.timedOut(wasSent: false)) {
                try await office.send(Outgoing("GET", base + "/echo", timeoutSeconds: 1, mayStayInside: true))
            }
            await #expect(throws: PostFault.timedOut(wasSent: true)) { try await first.value }
        }
    }

    @Test("an answer that is cut, too large or refused is told apart")
    func faults() async throws {
        try await withWeb { office, base in
            await #expect(throws: PostFault.cut) {
                try await office.send(Outgoing("POST", base + "/cut", mayStayInside: true))
            }
            await #expect(throws: PostFault.tooLarge) {
                try await office.send(Outgoing("GET", base + "/big", answerLimit: 100_000, mayStayInside: true))
            }
            let whole = try await office.send(
                Outgoing("GET", base + "/big", answerLimit: 100_001, mayStayInside: true))
            #expect(whole.body.count == 100_001)
            do {
                _ = try await office.send(
                    Outgoing("GET", "http://127.0.0.1:\(try freePort())/", mayStayInside: true))
                Issue.record("nobody answered, and yet there was an answer")
            } catch PostFault.unreachable {}
        }
    }

    @Test("many at once go over few connections, and those are kept")
    func pool() async throws {
        try await withWeb { office, base in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<400 {
                    group.addTask {
                        try await office.send(Outgoing("POST", base + "/echo", body: [1], mayStayInside: true)).status
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 400])
            let callers = try await office.send(Outgoing("GET", base + "/callers", mayStayInside: true))
            let count = try #require(Int(String(decoding: callers.body, as: UTF8.self)))
            #expect(count <= 16)
        }
    }

    @Test("who is cancelled waits no longer, and a closed office ends what is under way")
    func endings() async throws {
        try await withWeb { office, base in
            let slow = Outgoing("GET", base + "/slow", timeoutSeconds: 15, mayStayInside: true)
            let start = ContinuousClock.now
            let cancelled = Task { try await office.send(slow) }
            let closed = Task { try await office.send(slow) }
            try await Task.sleep(for: .milliseconds(300))
            cancelled.cancel()
            await #expect(throws: PostFault.timedOut(wasSent: true)) { try await cancelled.value }
            office.close()
            await #expect(throws: PostFault.cut) { try await closed.value }
            await #expect(throws: PostFault.unreachable("the program is ending")) { try await office.send(slow) }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }
}
