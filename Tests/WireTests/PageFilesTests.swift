// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@testable import Wire

@Suite("A page's files") struct PageFilesTests {
    private func fields(_ body: Body) -> [String: String] {
        Dictionary(body.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// Modules as their links name them.
    private func names(_ links: String) -> [String] {
        links.split(separator: "\n").compactMap { link in
            link.split(separator: "\"").dropFirst(3).first.map {
                $0.split(separator: "/").dropFirst(3).joined(separator: "/")
            }
        }
    }

    @Test(
        "stand where they may be kept for ever, and where they are asked for each time", arguments: ["room", "watch"])
    func twice(_ page: String) throws {
        let files = page == "room" ? RoomPage.files : WatchPage.files
        let begin = "/\(page)/-/"
        #expect(files.address.hasPrefix(begin))
        let word = String(files.address.dropFirst(begin.count))
        let wanted = names(files.preloads) + names(files.later) + ["\(page).css", "icon.svg"]
        #expect(wanted.count > 10)
        for name in wanted {
            let (kept, asked) = (files["\(word)/\(name)"], files[name])
            #expect([kept.status, asked.status] == [200, 200], "\(name)")
            #expect(fields(kept)["cache-control"] == "public, max-age=31536000, immutable")
            #expect(fields(asked)["cache-control"] == "no-cache")
            #expect(kept.pieces.map { Array($0.bytes) } == asked.pieces.map { Array($0.bytes) })
        }
        #expect(files["0/\(wanted[0])"].status == 404)
    }

    @Test("come when they are needed: who reloads calls before the rest is asked for") func order() {
        let (first, later) = (names(RoomPage.files.preloads), names(RoomPage.files.later))
        let early = ["early", "doors", "down", "seat", "call", "sdp"].map { "room/\($0).js" } + ["page.js", "kept.js"]
        #expect(first.first == "room/early.js")
        #expect(Set(first) == Set(early), "\(first)")
        #expect(Set(first + later).count == first.count + later.count && later.contains("room/room.js"))
    }

    @Test("are what the page asks for, by addresses that lead to them") func addresses() throws {
        let page = RoomPage.page(name: "hall", title: "").pieces.map { String(decoding: $0.bytes, as: UTF8.self) }
            .joined()
        let asked = page.split(separator: "\"").filter { $0.hasPrefix("/room/-/") }.map(String.init)
        #expect(asked.count > 10)
        for address in asked {
            guard case .roomAsset(let name) = Route(path: address) else {
                Issue.record("\(address) is no file")
                continue
            }
            #expect(RoomPage.files[name].status == 200, "\(address)")
        }
    }
}
