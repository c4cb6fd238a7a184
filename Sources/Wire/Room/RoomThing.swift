// SPDX-License-Identifier: Apache-2.0
import HTTP
import Studio

/// What of a meeting's room is asked for.
enum RoomThing: Hashable {
    case about, people, events, asks
    case calls(CallWay)
    case session(String)
    case decks
    case page(deck: String, page: Int)
    case files
    case file(String)
    case check, checkResult
    /// A file of a recording.
    case recording(String, file: String)

    /// What stands behind the meeting's name.
    init?(_ words: ArraySlice<Substring>) {
        let words = words.map(String.init)
        switch (words.count, words.first) {
        case (1, "about"): self = .about
        case (1, "people"): self = .people
        case (1, "events"): self = .events
        case (1, "asks"): self = .asks
        case (2, "calls"): self = CallWay(rawValue: words[1]).map { .calls($0) } ?? .session(words[1])
        case (1, "decks"): self = .decks
        case (3, "decks"):
            // Whatever ending a page asks for, it gets the picture that there is.
            guard let page = Int(words[2].prefix { $0 != "." }) else { return nil }
            self = .page(deck: words[1], page: page)
        case (1, "files"): self = .files
        case (2, "files"): self = .file(words[1])
        case (1, "check"): self = .check
        case (3, "recordings"): self = .recording(words[1], file: words[2])
        case (2, "check") where words[1] == "result": self = .checkResult
        default: return nil
        }
    }
}

/// What rooms answer with.
enum RoomBodies {
    /// A JSON object, for whoever asked.
    static func json(_ status: Int, _ value: some Encodable, more: [(String, String)] = []) -> Body {
        Body([.of(JSON.encode(value))], type: "application/json", cache: "no-store", status: status, more: more)
    }

    /// Why something is not done.
    static func refusal(_ refusal: RoomRefusal) -> Body {
        json(refusal.status, Refused(refusal.rawValue, refusal.thai, refusal.english), more: more(refusal.status))
    }

    private static func more(_ status: Int) -> [(String, String)] {
        switch status {
        case 401: [("www-authenticate", "Bearer")]
        case 429, 503: [("retry-after", "5")]
        default: []
        }
    }

    private struct Refused: Encodable {
        struct Sentence: Encodable {
            var th: String
            var en: String
        }
        var code: String
        var sentence: Sentence
        init(_ code: String, _ thai: String, _ english: String) {
            (self.code, sentence) = (code, Sentence(th: thai, en: english))
        }
    }

    static let noToken = json(
        401,
        Refused("noSeat", "ที่นั่งของท่านหมดอายุแล้ว โปรดเข้าห้องใหม่", "Your seat is not kept any more. Please enter again."),
        more: [("www-authenticate", "Bearer")])
    static let unreadable = refusal(.unreadable)
}
