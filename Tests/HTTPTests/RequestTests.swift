// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

/// What `RequestReader` finds at the front of a text.
private func read(_ text: String, limits: Limits = Limits()) -> RequestReader.Found {
    Array(text.utf8).withUnsafeBytes { RequestReader.read($0, limits: limits) }
}

private func request(_ text: String) -> Request? {
    if case .request(let request, _) = read(text) { request } else { nil }
}

@Suite("A request") struct RequestTests {
    private let whole =
        "GET /live/hall/v/abc/v0.m3u8?_HLS_msn=7&_HLS_part=2 HTTP/1.1\r\nHost: live.example.ac.th\r\n"
        + "Accept-Encoding: gzip, deflate, br\r\nRange: bytes=0-99\r\nIf-None-Match: \"a\"\r\nUser-Agent:  Player/1 \r\n\r\n"

    @Test("is read whole, with what decides an answer") func fields() {
        var wanted = Request()
        wanted.path = "/live/hall/v/abc/v0.m3u8"
        wanted.query = "_HLS_msn=7&_HLS_part=2"
        (wanted.host, wanted.range, wanted.ifNoneMatch) = ("live.example.ac.th", "bytes=0-99", "\"a\"")
        (wanted.zips, wanted.agent) = (true, "Player/1")
        #expect(read(whole) == .request(wanted, length: whole.utf8.count))
    }

    @Test("cut anywhere, waits for the rest; with more behind it, takes its own bytes alone") func cuts() {
        let bytes = Array(whole.utf8)
        for count in bytes.indices {
            #expect(bytes[..<count].withUnsafeBytes { RequestReader.read($0) } == .incomplete, "cut at \(count)")
        }
        let next = "GET /next HTTP/1.1\r\n\r\n"
        guard case .request(_, let length) = read(whole + next) else { return #expect(Bool(false)) }
        #expect(length == bytes.count)
    }

    @Test("stays open as its version and Connection say") func connections() {
        #expect(request("GET / HTTP/1.1\r\n\r\n")?.isKeptAlive == true)
        #expect(request("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n")?.isKeptAlive == false)
        #expect(request("GET / HTTP/1.0\r\n\r\n")?.isKeptAlive == false)
        #expect(request("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")?.isKeptAlive == true)
    }

    @Test("may have content of a told length, which is waited for") func content() {
        let head = "POST /live/hall/v/abc/remarks HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
        #expect(read(head + "1234") == .incomplete)
        #expect(request(head + "12345")?.content == Array("12345".utf8))
        #expect(request(head + "12345")?.method == .post)
    }

    @Test("takes gzip unless its weight is nothing") func encodings() {
        func zips(_ value: String) -> Bool? { request("GET / HTTP/1.1\r\nAccept-Encoding: \(value)\r\n\r\n")?.zips }
        #expect(zips("gzip") == true)
        #expect(zips("br;q=1.0, gzip;q=0.8") == true)
        #expect(zips("GZIP") == true)
        #expect(zips("gzip;q=0") == false)
        #expect(zips("br, deflate") == false)
        #expect(zips("") == false)
    }

    @Test("in the absolute form or with empty lines before it is the same request") func forms() {
        #expect(request("\r\n\nGET http://live.example.ac.th/a?b HTTP/1.1\r\n\r\n")?.path == "/a")
        #expect(request("OPTIONS * HTTP/1.1\r\n\r\n")?.method == .options)
        #expect(request("GET /a HTTP/1.1\n\n")?.path == "/a")
    }

    @Test(
        "that nobody would send is refused with a status",
        arguments: [
            ("GET /a\r\n\r\n", 400), ("GET  HTTP/1.1\r\n\r\n", 400), ("GET /a HTTP/2.0\r\n\r\n", 400),
            ("GET /a HTTP/1.7\r\n\r\n", 505), ("GET /\u{E01} HTTP/1.1\r\n\r\n", 400), ("GET a HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400), ("GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nName : x\r\n\r\n", 400), ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        ])
    func hostile(_ text: String, _ status: Int) { #expect(read(text) == .bad(status)) }

    @Test("without an end is refused once it is longer than a request may be") func endless() {
        var limits = Limits()
        limits.headBytes = 100
        #expect(read("GET /" + String(repeating: "a", count: 94), limits: limits) == .incomplete)
        #expect(read("GET /" + String(repeating: "a", count: 95), limits: limits) == .bad(414))
        #expect(read("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 20), limits: limits) == .bad(431))
    }

    @Test("any bytes at all end as something, and never reach past their end") func garbage() {
        var state: UInt64 = 7
        for length in 0..<400 {
            var bytes: [UInt8] = Array("GET /".utf8)
            for _ in 0..<length {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            let found = bytes.withUnsafeBytes { RequestReader.read($0) }
            if case .request(_, let used) = found { #expect(used <= bytes.count) }
        }
    }

    @Test("has parameters, whose escapes are taken out") func parameters() {
        let found = request("GET /watch/hall?ticket=a%2Bb+c&embed&x=%zz HTTP/1.1\r\n\r\n")
        #expect(found?.parameter("ticket") == "a+b c")
        #expect(found?.parameter("embed") == "")
        #expect(found?.parameter("x") == "%zz")
        #expect(found?.parameter("y") == nil)
    }
}

@Suite("A byte range") struct ByteRangeTests {
    @Test("is one stretch of a file, or nothing") func ranges() {
        func bytes(_ field: String, of total: Int64 = 1_000) -> Range<Int64>? { ByteRange(field)?.resolved(of: total) }
        #expect(bytes("bytes=0-99") == 0..<100)
        #expect(bytes("bytes=900-") == 900..<1_000)
        #expect(bytes("bytes=900-5000") == 900..<1_000)
        #expect(bytes("bytes=-100") == 900..<1_000)
        #expect(bytes("bytes=-5000") == 0..<1_000)
        #expect(bytes("bytes=1000-") == nil)
        #expect(bytes("bytes=-100", of: 0) == nil)
        for field in ["bytes=5-4", "bytes=a-b", "bytes=0-1,5-6", "bytes=-", "bytes=-0", "items=0-1", "bytes=+1-2", ""] {
            #expect(ByteRange(field) == nil, "\(field)")
        }
    }
}
