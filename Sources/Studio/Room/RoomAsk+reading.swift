// SPDX-License-Identifier: Apache-2.0

extension RoomAsk: Decodable {
    /// A word of a JSON object.
    private struct Key: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringLiteral text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The object that an ask is, with what is usual where nothing is said.
    private struct Words {
        let box: KeyedDecodingContainer<Key>

        func read<Value: Decodable>(_ key: Key, _ type: Value.Type = Value.self) throws -> Value {
            try box.decode(type, forKey: key)
        }
        func find<Value: Decodable>(_ key: Key, _ type: Value.Type = Value.self) throws -> Value? {
            try box.decodeIfPresent(type, forKey: key)
        }
        func flag(_ key: Key, _ usual: Bool = false) throws -> Bool { try find(key, Bool.self) ?? usual }
        func person(_ key: Key = "person") throws -> PersonNumber { try read(key) }
        func settings() throws -> RoomSettings {
            var settings = RoomSettings()
            settings.lobby = try find("lobby")
            settings.mayUnmute = try find("mayUnmute")
            settings.mayShare = try find("mayShare")
            settings.mayChat = try find("mayChat")
            settings.mayWhisper = try find("mayWhisper")
            settings.mayDraw = try find("mayDraw")
            settings.webinar = try find("webinar")
            return settings
        }
        var unknown: DecodingError {
            DecodingError.dataCorrupted(.init(codingPath: box.codingPath, debugDescription: "no such ask"))
        }
    }

    /// Reads `{"ask": …}`.
    public init(from decoder: any Decoder) throws {
        let words = Words(box: try decoder.container(keyedBy: Key.self))
        let ask: String = try words.read("ask")
        if let found = try RoomAsk.everybodys(ask, words) ?? RoomAsk.surfaces(ask, words) ?? RoomAsk.doors(ask, words)
            ?? RoomAsk.leaders(ask, words)
        {
            self = found
        } else {
            throw words.unknown
        }
    }

    private static func everybodys(_ ask: String, _ words: Words) throws -> RoomAsk? {
        switch ask {
        case "media":
            return .media(
                microphone: try words.flag("microphone"), camera: try words.flag("camera"),
                screen: try words.flag("screen"))
        case "tracks":
            let mids: [String: String] = try words.read("mids")
            var tracks: [TrackKind: String] = [:]
            for (name, mid) in mids {
                guard let kind = TrackKind(rawValue: name) else { throw words.unknown }
                tracks[kind] = mid
            }
            return .tracks(tracks)
        case "watch": return .watch(try words.read("wishes"))
        case "hand": return .hand(isUp: try words.flag("up", true))
        case "react": return .react(try words.read("reaction"))
        case "say":
            return .say(
                text: try words.read("text"), to: try words.find("to"), everywhere: try words.flag("everywhere"))
        case "hideChat": return .hideChat(number: try words.read("number"))
        case "poll.cast": return .vote(poll: try words.read("poll"), choice: try words.read("choice"))
        case "caption": return .caption(text: try words.read("text"), isFinal: try words.flag("final", true))
        case "agree": return .agree
        case "leave": return .leave
        default: return nil
        }
    }

    private static func surfaces(_ ask: String, _ words: Words) throws -> RoomAsk? {
        switch ask {
        case "slides.show": return .showSlides(deck: try words.read("deck"), page: try words.find("page") ?? 1)
        case "slides.stop": return .stopSlides
        case "board.draw": return .draw(surface: try words.find("surface") ?? "board", try words.read("stroke"))
        case "board.undo": return .undo(surface: try words.find("surface") ?? "board")
        case "board.clear": return .clear(surface: try words.find("surface") ?? "board")
        default: return nil
        }
    }

    private static func doors(_ ask: String, _ words: Words) throws -> RoomAsk? {
        switch ask {
        case "admit": return .admit(try words.person())
        case "admitAll": return .admitAll(domain: try words.find("domain"))
        case "deny": return .deny(try words.person())
        case "toLobby": return .toLobby(try words.person())
        case "remove": return .remove(try words.person(), bars: try words.flag("bar"))
        case "lock": return .lock(try words.flag("locked", true))
        case "role": return .role(try words.person(), try words.read("role"))
        case "settings": return .settings(try words.settings())
        case "end": return .end
        default: return nil
        }
    }

    private static func leaders(_ ask: String, _ words: Words) throws -> RoomAsk? {
        switch ask {
        case "poll.close": return .closePoll(try words.read("poll"))
        case "judge": return .judge(number: try words.read("number"), try words.read("verdict"))
        case "mute":
            return .mute(try words.person(), try words.find("what") ?? .microphone, isHard: try words.flag("hard"))
        case "muteAll": return .muteAll(isHard: try words.flag("hard"))
        case "stopVideo": return .mute(try words.person(), .camera, isHard: try words.flag("hard"))
        case "allow":
            return .allow(try words.person(), try words.find("what") ?? .microphone, try words.flag("allowed", true))
        case "lower": return .lower(try words.find("person", String.self) == "all" ? nil : try words.person())
        case "floor": return .floor(try words.find("person"), seconds: try words.find("seconds"))
        case "groups.open": return .openGroups(try words.read("groups"), isFree: try words.flag("free"))
        case "groups.move": return .moveGroup(try words.person(), try words.find("group"))
        case "groups.close": return .closeGroups
        case "spotlight": return .spotlight(try words.find("person"))
        case "mark": return .mark(text: try words.read("text"))
        case "record": return .record(try words.flag("isOn", true))
        case "air":
            return .air(
                try words.flag("isOn", true), layout: try words.find("layout") ?? "speaker",
                person: try words.find("person"))
        default: return try poll(ask, words)
        }
    }

    private static func poll(_ ask: String, _ words: Words) throws -> RoomAsk? {
        guard ask == "poll.open" else { return nil }
        return .openPoll(
            PollWish(
                question: try words.read("question"), choices: try words.read("choices"),
                isSecret: try words.flag("secret"), isFormal: try words.flag("formal"),
                quorum: try words.find("quorum")))
    }
}
