// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// Servers that the post office is tried against, each a process of its own on a loopback port.
final class OtherEnd {
    let port: UInt16
    let folder: URL
    private let child: Child

    /// A server with a folder of its own, ready when its port is open.
    init(
        _ program: String, in folder: URL, port: UInt16, _ arguments: [String],
        _ place: SourceLocation = #_sourceLocation
    ) async throws {
        self.port = port
        self.folder = folder
        child = try Child(
            URL(filePath: program), arguments, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "server-\(port).log"), echo: false)
        for _ in 0..<400 where !Self.isOpen(port) {
            if !child.isRunning { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        try #require(Self.isOpen(port), "it never listened; it said: \(child.said)", sourceLocation: place)
    }

    /// A web server that does what its addresses say: `/echo`, `/status/503`, `/redirect`, `/slow`, `/big`, `/cut`, `/callers`.
    static func web(in folder: URL) async throws -> OtherEnd {
        let port = try freePort()
        let script = folder.appending(path: "web.py")
        try webScript.write(to: script, atomically: true, encoding: .utf8)
        return try await OtherEnd("/usr/bin/python3", in: folder, port: port, [script.path, "\(port)"])
    }

    /// A web server that speaks HTTP/2 alone, with a certificate of `Authority`. It gives what lies in `www`.
    static func secureWeb(in folder: URL) async throws -> OtherEnd {
        let port = try freePort()
        let www = folder.appending(path: "www")
        try FileManager.default.createDirectory(at: www, withIntermediateDirectories: true)
        try Data("outside".utf8).write(to: www.appending(path: "word.txt"))
        return try await OtherEnd(
            "/usr/sbin/nghttpd", in: folder, port: port,
            ["-d", www.path, "-a", "127.0.0.1", "\(port)", folder.path + "/server.key", folder.path + "/server.pem"])
    }

    var said: String { child.said }

    func stop() async {
        child.signal(SIGTERM)
        _ = await child.end(withinSeconds: 5)
    }

    static func isOpen(_ port: UInt16) -> Bool {
        let line = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(line) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return withUnsafeBytes(of: &address) { raw in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return connect(line, base, socklen_t(raw.count)) == 0
        }
    }

    private static let webScript = """
        import http.server, json, sys, time
        callers = set()
        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass
            def answer(self):
                callers.add(self.client_address)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/slow":
                    time.sleep(20)
                if self.path == "/cut":
                    self.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nhalf")
                    self.close_connection = True
                    return
                status, more, text = 200, {}, b""
                if self.path == "/echo":
                    text = json.dumps({"method": self.command, "headers": {k.lower(): v for k, v in self.headers.items()},
                                       "body": body.decode("latin-1")}).encode()
                elif self.path.startswith("/status/"):
                    status, more = int(self.path[8:]), {"Retry-After": "120", "X-Empty": ""}
                elif self.path == "/redirect":
                    status, more = 302, {"Location": "/echo"}
                elif self.path == "/big":
                    text = b"x" * 100_001
                elif self.path == "/callers":
                    text = str(len(callers)).encode()
                self.send_response(status)
                for name, value in more.items(): self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD": self.wfile.write(text)
            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PROPFIND = do_REPORT = answer
        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 512
            daemon_threads = True
        Server(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
        """
}

/// An authority that only a test trusts, and one certificate of it for `localhost` and 127.0.0.1, in a folder:
/// `ca.pem`, `server.pem`, `server.key`.
enum Authority {
    static func make(in folder: URL) async throws {
        let path = folder.path
        try await run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test authority", "-keyout", path + "/ca.key", "-out", path + "/ca.pem", in: folder)
        try await run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout",
            path + "/server.key", "-out", path + "/server.csr", in: folder)
        try Data("subjectAltName=DNS:localhost,IP:127.0.0.1".utf8).write(to: folder.appending(path: "names"))
        try await run(
            "x509", "-req", "-in", path + "/server.csr", "-CA", path + "/ca.pem", "-CAkey", path + "/ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", path + "/names", "-out", path + "/server.pem", in: folder)
    }

    private static func run(_ arguments: String..., in folder: URL) async throws {
        let child = try Child(
            URL(filePath: "/usr/bin/openssl"), arguments, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "openssl.log"), echo: false)
        let code = await child.end(withinSeconds: 20)
        try #require(code == 0, "openssl said: \(child.said)")
    }
}

/// A folder that is removed when the work is done.
func withFolder<T>(_ work: (URL) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-post-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // A left-over in /tmp fails no test.
    return try await work(folder)
}
