// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// The doors of a meeting's room, with the program itself.
@Suite("A meeting's room, by HTTP", .serialized) struct RoomTests {
    private func studio(_ folder: URL, _ more: [String] = []) async throws -> RunningStudio {
        let udp = try freePort()
        return try await RunningStudio(
            in: folder, ["--meeting", "board", "--meeting", "keyed:a-host-word", "--udp", "127.0.0.1:\(udp)"] + more)
    }

    @Test("people come in, are told of one another, and hear what the others do") func people() async throws {
        try await withFolder { folder in
            let studio = try await studio(folder)
            var chair = try RoomClient(studio, "board"), guest = try RoomClient(studio, "board")
            #expect(try chair.get("/about").json["state"] as? String == "before")
            let welcome = try chair.enter(#"{"name":"ประธาน"}"#)
            #expect(welcome.status == 201)
            #expect((welcome.json["you"] as? [String: Any])?["role"] as? String == "host")
            let ears = try chair.listen()
            #expect(ears.wait { $0.kinds.contains("state") } && ears.status == 200)
            #expect(try guest.enter(#"{"name":"แขก"}"#).status == 201)
            let others = try guest.listen()
            #expect(others.wait { $0.kinds.contains("state") })
            #expect(
                ears.wait { $0.find("person").contains { ($0["person"] as? [String: Any])?["id"] as? String == "p2" } })
            #expect(try guest.ask(#"{"ask":"say","text":"สวัสดี"}"#).status == 204)
            #expect(try guest.ask(#"{"ask":"hand","up":true}"#).status == 204)
            for stream in [ears, others] {
                #expect(stream.wait { $0.kinds.contains("hands") })
                #expect((stream.find("chat").last?["message"] as? [String: Any])?["text"] as? String == "สวัสดี")
            }
            #expect(try guest.ask(#"{"ask":"lock"}"#).code == "notForYou")
            #expect(try chair.ask(#"{"ask":"remove","person":"p2"}"#).status == 204)
            #expect(others.wait { $0.kinds.last == "ended" })
            #expect(others.find("ended").last?["why"] as? String == "removed")
            #expect(!others.wait { $0.kinds.last == "never" } && others.isOver, "the stream ends behind the last word")
            #expect(try guest.ask(#"{"ask":"hand"}"#).status == 401)
            try await ends(studio, folder)
        }
    }

    /// The event log has everything, one object in each line, and the program ends in order.
    private func ends(_ studio: RunningStudio, _ folder: URL) async throws {
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
        let place = folder.appending(path: "data/meetings/board")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: place.path).first { $0.hasSuffix(".events.jsonl") })
        let text = try String(contentsOf: place.appending(path: name), encoding: .utf8)
        let kinds = try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["kind"] as? String ?? ""
        }
        #expect(kinds == ["join", "join", "chat", "hand", "leave"])
    }

    @Test("a stream that broke goes on behind the last event; a second one takes the first one's place")
    func resumes() async throws {
        try await withFolder { folder in
            let studio = try await studio(folder)
            var chair = try RoomClient(studio, "board"), guest = try RoomClient(studio, "board")
            _ = try chair.enter(#"{"name":"ประธาน"}"#)
            _ = try guest.enter(#"{"name":"แขก"}"#)
            let first = try guest.listen()
            #expect(first.wait { $0.kinds.contains("state") })
            _ = try chair.ask(#"{"ask":"say","text":"หนึ่ง"}"#)
            #expect(first.wait { $0.kinds.contains("chat") })
            let last = first.last
            first.hangUp()
            _ = try chair.ask(#"{"ask":"say","text":"สอง"}"#)
            _ = try chair.ask(#"{"ask":"say","text":"สาม"}"#)
            let second = try guest.listen(after: last)
            #expect(second.wait { $0.find("chat").count == 2 })
            #expect(!second.kinds.contains("state"), "what is known is not told again")
            let texts = second.find("chat").compactMap { ($0["message"] as? [String: Any])?["text"] as? String }
            #expect(texts == ["สอง", "สาม"])
            let stranger = try guest.listen(after: "999999")
            #expect(stranger.wait { $0.kinds.contains("state") }, "what nobody knows any more is told as a whole")
            #expect(second.wait { $0.kinds.last == "ended" })
            #expect(second.find("ended").last?["why"] as? String == "elsewhere")
            var nobody = guest
            nobody.token = "guess"
            #expect(try nobody.get("/events").status == 401)
        }
    }

    @Test("what is malformed, too long, or nobody's is refused, and nobody else notices") func hostile() async throws {
        try await withFolder { folder in
            let studio = try await studio(folder)
            var chair = try RoomClient(studio, "board")
            let keyed = try RoomClient(studio, "keyed")
            #expect(try RoomClient(studio, "none").get("/about").status == 404)
            #expect(try keyed.post("/people", #"{"name":"ก","pass":"guess"}"#).code == "wrongPass")
            #expect(try keyed.post("/people", #"{"name":"ก","pass":"a-host-word"}"#).status == 201)
            #expect(try chair.post("/people", #"{"name":"  "}"#).code == "nameMissing")
            #expect(try chair.post("/people", "nonsense").code == "unreadable")
            _ = try chair.enter(#"{"name":"ประธาน"}"#)
            let ears = try chair.listen()
            #expect(ears.wait { $0.kinds.contains("state") })
            var dice = SystemRandomNumberGenerator()
            for length in [0, 1, 100, 90_000, 100_000] {
                let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) }
                #expect(try chair.send("POST", "/asks", noise).status == 400)
            }
            let long = #"{"ask":"say","text":""# + String(repeating: "a", count: 110_000) + #""}"#
            #expect(try chair.ask(long).status == 400)
            #expect(
                try chair.ask(#"{"ask":"say","text":""# + String(repeating: "a", count: 2_001) + #""}"#).code
                    == "tooLong")
            #expect(try chair.send("POST", "/asks", [UInt8](repeating: 0x20, count: 200_000)).status == 413)
            #expect(try chair.send("POST", "/calls/up", Array("v=0".utf8), ["content-type: text/plain"]).status == 415)
            #expect(
                try chair.send("POST", "/calls/up", Array("nonsense".utf8), ["content-type: application/sdp"]).status
                    == 400)
            #expect(try chair.send("DELETE", "/calls/guess").status == 404)
            #expect(try chair.send("PATCH", "/asks").status == 405)
            #expect(try chair.ask(#"{"ask":"say","text":"ยังอยู่"}"#).status == 204)
            #expect(ears.wait { $0.kinds.contains("chat") })
            #expect(ears.kinds.filter { !["state", "person", "chat"].contains($0) } == [])
        }
    }

    @Test("files and slides are brought, shown, and kept from strangers") func brings() async throws {
        try await withFolder { folder in
            let studio = try await studio(folder)
            var chair = try RoomClient(studio, "board")
            let stranger = chair
            _ = try chair.enter(#"{"name":"ประธาน"}"#)
            let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let file = try chair.send("PUT", "/files?name=%E0%B8%81.txt", content)
            #expect(file.status == 201 && file.json["name"] as? String == "ก.txt")
            let id = try #require(file.json["id"] as? String)
            let back = try chair.get("/files/\(id)")
            #expect(back.status == 200 && back.head.contains("content-length: 300000"))
            #expect(back.head.contains("content-disposition: attachment"))
            #expect(try stranger.get("/files/\(id)").status == 401)
            #expect(try stranger.send("PUT", "/files?name=x", content).status == 401)
            #expect(
                try chair.send("PUT", "/decks?name=x", Array("no".utf8), ["content-type: application/pdf"]).code
                    == "notPDF")
            #expect(try chair.send("PUT", "/decks?name=x", content, ["content-type: text/plain"]).code == "notPDF")
            let deck = try chair.send("PUT", "/decks?name=d.pdf", Self.pdf(pages: 2), ["content-type: application/pdf"])
            #expect(deck.status == 201 && deck.json["pages"] as? Int == 2)
            let name = try #require(deck.json["deck"] as? String)
            let page = try chair.get("/decks/\(name)/2.webp")
            #expect(page.status == 200 && page.head.contains("content-type: image/png"))
            #expect(try chair.get("/decks/\(name)/3.webp").status == 404)
            #expect(try stranger.get("/decks/\(name)/1.webp").status == 401)
            #expect(try chair.ask(#"{"ask":"slides.show","deck":"\#(name)","page":2}"#).status == 204)
            #expect(try chair.ask(#"{"ask":"slides.show","deck":"\#(name)","page":3}"#).code == "unknownDeck")
            #expect(try chair.send("POST", "/check", content).json["bytes"] as? Int == 300_000)
            #expect(try chair.get("/check?bytes=70000").text.utf8.count > 0)
        }
    }

    /// A PDF with so many empty pages.
    private static func pdf(pages: Int) -> [UInt8] {
        let kids = (0..<pages).map { "\($0 + 3) 0 R" }.joined(separator: " ")
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count \(pages) /Kids [\(kids)] >>"]
        objects += (0..<pages).map { _ in "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 320 180] >>" }
        var text = "%PDF-1.4\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places { text += String(repeating: "0", count: 10 - String(place).count) + "\(place) 00000 n \n" }
        text += "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
        return Array(text.utf8)
    }
}
