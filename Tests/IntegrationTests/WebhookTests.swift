// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Logging
import Messenger
import Post
import Rehearsal
import Secure
import Testing

@testable import Stagehands

/// Signed webhooks as another program reads them: the `standardwebhooks` package of those who wrote the standard.
@Suite("Webhooks that others read") struct WebhookTests {
    @Test("every entry arrives, its signature holds under the new and the old secret, and under no other")
    func receiver() async throws {
        let folder = try scratch("webhooks")
        defer { remove(folder) }
        let (old, new, port) = (WebhookSecret.draw(), WebhookSecret.draw(), try freePort())
        let script = folder.appending(path: "receive.py")
        try Self.script.write(to: script, atomically: true, encoding: .utf8)
        let child = try Child(
            Harness.python, ["-u", script.path, "\(port)", old, new, WebhookSecret.draw()],
            ProcessInfo.processInfo.environment, log: folder.appending(path: "log"), echo: false)
        for _ in 0..<200 where !child.said.contains("listening") { try await Task.sleep(for: .milliseconds(25)) }

        // The receiver looks at the clock, so this office lives today.
        let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let cabinet = try SQLiteCabinet.inMemory()
        var hook = Hook(id: 0, name: "receiver", address: "http://127.0.0.1:\(port)/in", secret: old)
        hook.rotate(to: new, at: now)
        hook.mayStayInside = true
        hook = try await cabinet.save(hook, by: nil, at: now)
        let postman = Postman(
            cabinet: cabinet, carriers: [HookCarrier(cabinet: cabinet, courier: try PostOffice())],
            logger: Logger(label: "webhooks", factory: { _ in SwiftLogNoOpLogHandler() }), now: { now })
        _ = try await cabinet.receive(
            Samples.letter(at: now), contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil,
            by: .requester, at: now, once: nil)
        // The receiver refuses the first request of each id: what it takes, it was sent twice.
        try await postman.carryDue()
        let first = try #require(try await cabinet.deliveries(of: Matter.ID(1)).first)
        #expect(first.trouble == Trouble(.busy, "HTTP 503"))
        let later = Postman(
            cabinet: cabinet, carriers: [HookCarrier(cabinet: cabinet, courier: try PostOffice())],
            logger: Logger(label: "webhooks", factory: { _ in SwiftLogNoOpLogHandler() }), now: { now + .minutes(2) })
        try await later.carryDue()
        #expect(try await cabinet.delivery(first.id)?.fate == .acceptedLate)

        // A hook that may not stay inside leads nowhere.
        hook.mayStayInside = false
        hook.address = "https://127.0.0.1:\(port)/in"
        _ = try await cabinet.save(hook, by: nil, at: now)
        let carrier = HookCarrier(cabinet: cabinet, courier: try PostOffice())
        #expect(await carrier.probe(hook.id, at: now)?.kind == .unsafeAddress)
        child.signal(SIGTERM)
        _ = await child.end(withinSeconds: 5)
        let said = child.said.split(separator: "\n").map(String.init).filter { $0.hasPrefix("took") }
        #expect(said == ["took matter.received matter=1 entry=1 stage=toRegister old=True new=True other=False"])
    }

    private static let script = """
        import sys
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from standardwebhooks import Webhook, WebhookVerificationError

        port, keys = int(sys.argv[1]), dict(zip(["old", "new", "other"], sys.argv[2:]))
        seen = set()

        def holds(key, body, headers):
            try:
                return Webhook(key).verify(body, headers)
            except WebhookVerificationError:
                return None

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                found = {name: holds(key, body, headers) for name, key in keys.items()}
                fresh = headers["webhook-id"] not in seen
                seen.add(headers["webhook-id"])
                self.send_response(503 if fresh else 204)
                self.end_headers()
                if fresh:
                    return
                told = found["new"]
                data = told["data"]
                print("took", told["type"], *(f"{name}={data[name]}" for name in ["matter", "entry", "stage"]),
                      *(f"{name}={value is not None}" for name, value in found.items()))

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", port), Receiver)
        print("listening")
        server.serve_forever()
        """
}
