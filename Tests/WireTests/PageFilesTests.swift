// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@testable import Wire

@Suite("A page's files") struct PageFilesTests {
    private func fields(_ body: Body) -> [String: String] {
        Dictionary(body.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test(
        "stand where they may be kept for ever, and where they are asked for each time", arguments: ["room", "watch"])
    func twice(_ page: String) throws {
        let files = page == "room" ? RoomPage.files : WatchPage.files
        let begin = "/\(page)/-/"
        #expect(files.address.hasPrefix(begin))
        let word = String(files.address.dropFirst(begin.count))
        let preloads = files.preloads.split(separator: "\n").compactMap { $0.split(separator: "\"").dropFirst(3).first }
        let wanted = preloads.map { String($0.dropFirst(files.address.count + 1)) } + ["\(page).css", "icon.svg"]
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

    @Test("come in the order in which they are needed: who reloads calls before the rest is there") func order() {
        let names = RoomPage.files.preloads.split(separator: "\n").compactMap { line in
            line.split(separator: "\"").dropFirst(3).first.map {
                $0.split(separator: "/").dropFirst(3).joined(separator: "/")
            }
        }
        let early = ["early", "doors", "down", "seat", "call", "sdp"].map { "room/\($0).js" } + ["page.js", "kept.js"]
        #expect(names.first == "room/early.js")
        #expect(early.allSatisfy(names.prefix(early.count + 1).contains), "\(names)")
        #expect(Set(names).count == names.count && names.contains("room/room.js"))
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
