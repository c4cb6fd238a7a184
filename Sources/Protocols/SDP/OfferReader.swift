// SPDX-License-Identifier: Apache-2.0

extension Offer {
    /// Reads an offer. What is not known is passed over; what is known and malformed is refused.
    public init(_ text: String) throws(Violation) {
        guard text.utf8.count <= Offer.sizeLimit else { throw .tooLong }
        var number = 0
        for line in text[...].lines {
            number += 1
            guard number <= Offer.lineLimit else { throw .tooLong }
            let bytes = line.utf8
            guard let kind = bytes.first, bytes.dropFirst().first == UInt8(ascii: "=") else {
                throw .malformed(line: number)
            }
            if number == 1, line != "v=0" { throw .malformed(line: 1) }
            let value = Substring(bytes.dropFirst(2))
            switch kind {
            case UInt8(ascii: "m"):
                guard sections.count < Offer.sectionLimit else { throw .tooLong }
                guard let section = Section(line: value) else { throw .malformed(line: number) }
                sections.append(section)
            case UInt8(ascii: "a"):
                guard take(attribute: value) else { throw .malformed(line: number) }
            default: break
            }
        }
        guard number > 0 else { throw .malformed(line: 1) }
        for index in sections.indices {
            let common = sections[index].common
            if !common.isEmpty {
                for type in sections[index].maps.keys { sections[index].maps[type]?.feedback += common }
            }
            // What was said of a type that is never named is of no use.
            for (type, map) in sections[index].maps where map.name.isEmpty { sections[index].maps[type] = nil }
        }
    }

    private mutating func take(attribute text: Substring) -> Bool {
        let parts = text.pieces(":", most: 1)
        // As a short string of its own, which is compared with many others as a number.
        guard let name = parts.first.map(String.init) else { return false }
        let value = parts.count == 2 ? parts[1] : ""
        guard !sections.isEmpty else {
            switch name {
            case "group":
                let words = value.pieces(" ")
                if words.first == "BUNDLE" { bundle = words.dropFirst().map(String.init) }
                return true
            case "ice-lite":
                isLite = true
                return true
            default: return common.take(name, value)
            }
        }
        return sections[sections.count - 1].take(name, value)
    }
}

extension Offer.Transport {
    /// False when it is malformed; what is not known is true.
    mutating func take(_ name: String, _ value: Substring) -> Bool {
        switch name {
        case "ice-ufrag":
            guard (4...256).contains(value.utf8.count), Self.isICE(value) else { return false }
            fragment = String(value)
        case "ice-pwd":
            guard (22...256).contains(value.utf8.count), Self.isICE(value) else { return false }
            password = String(value)
        case "fingerprint":
            let words = value.pieces(" ")
            guard words.count == 2 else { return false }
            guard words[0].lowercased() == "sha-256" else { return true }
            guard let bytes = Self.fingerprint(words[1]) else { return false }
            fingerprint = fingerprint ?? bytes
        case "setup": setup = String(value)
        case "extmap":
            let words = value.pieces(" ")
            guard words.count >= 2, let number = Int(words[0].prefix { $0 != "/" }) else { return false }
            let direction = words[0].pieces("/").dropFirst().first.flatMap { Direction(rawValue: String($0)) }
            if extensions.count < 64 {
                extensions.append(.init(number: number, uri: String(words[1]), direction: direction))
            }
        case "sendrecv", "sendonly", "recvonly", "inactive": direction = Direction(rawValue: name)
        default: break
        }
        return true
    }

    /// RFC 8839, 5.4: letters, digits, + and /. Some agents send the = of Base64 too.
    private static func isICE(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func fingerprint(_ text: Substring) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count == 32 * 3 - 1 else { return nil }
        var bytes: [UInt8] = []
        for at in stride(from: 0, to: letters.count, by: 3) {
            guard at + 2 == letters.count || letters[at + 2] == UInt8(ascii: ":"), let high = digit(letters[at]),
                let low = digit(letters[at + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension Offer.Section {
    /// What stands behind `m=`: kind, port, protocol, formats (RFC 8866, 5.14).
    init?(line: Substring) {
        let words = line.pieces(" ")
        guard words.count >= 4, words.count <= 260, let port = Int(words[1].prefix { $0 != "/" }),
            (0...65_535).contains(port)
        else { return nil }
        kind = String(words[0])
        self.port = port
        protocolName = String(words[2])
        formats = words.dropFirst(3).map(String.init)
    }

    mutating func take(_ name: String, _ value: Substring) -> Bool {
        switch name {
        case "mid":
            guard (1...32).contains(value.utf8.count), !value.contains(" ") else { return false }
            mid = String(value)
        case "rtcp-mux": isMuxed = true
        case "bundle-only": hasBundleOnly = true
        case "rtpmap": return takeMap(value)
        case "fmtp":
            let words = value.pieces(" ", most: 1)
            guard let first = words.first else { return false }
            // `a=fmtp:*` and numbers without a map are nobody's.
            if words.count == 2, let type = UInt8(first), type < 128 {
                maps[type, default: .unnamed].parameters = String(words[1].prefix(512))
            }
        case "rtcp-fb":
            let words = value.pieces(" ", most: 1)
            guard words.count == 2 else { return false }
            // Firefox says it before `a=rtpmap`.
            if words[0] == "*" {
                if common.count < 16 { common.append(String(words[1].prefix(64))) }
            } else if let type = UInt8(words[0]), type < 128, maps[type]?.feedback.count ?? 0 < 16 {
                maps[type, default: .unnamed].feedback.append(String(words[1].prefix(64)))
            }
        case "rid":
            let words = value.pieces(" ")
            guard words.count >= 2 else { return false }
            if words[1] == "send", rids.count < 8 { rids.append(String(words[0].prefix(16))) }
        case "simulcast": return takeSimulcast(value)
        case "ssrc":
            guard let first = value.pieces(" ").first, let ssrc = UInt32(first) else { return false }
            if !ssrcs.contains(ssrc), ssrcs.count < 32 { ssrcs.append(ssrc) }
        case "ssrc-group":
            let words = value.pieces(" ")
            if words.count == 3, words[0] == "FID", let stream = UInt32(words[1]), let repair = UInt32(words[2]),
                pairs.count < 16
            {
                pairs.append((stream, repair))
            }
        case "msid": streamName = String(value.prefix(256))
        case "sendrecv", "sendonly", "recvonly", "inactive":
            direction = Direction(rawValue: name) ?? .sendrecv
            own.direction = direction
        default: return own.take(name, value)
        }
        return true
    }

    private mutating func takeMap(_ value: Substring) -> Bool {
        let words = value.pieces(" ")
        guard words.count == 2, let type = UInt8(words[0]), type < 128 else { return false }
        let parts = words[1].pieces("/")
        guard parts.count >= 2, let clock = UInt32(parts[1]) else { return false }
        var map = maps[type, default: .unnamed]
        map.name = parts[0].lowercased()
        map.clockRate = clock
        if parts.count > 2, let channels = Int(parts[2]) { map.channels = channels }
        maps[type] = map
        return true
    }

    /// `send h;m;l recv …` (RFC 8853, 5.1): alternatives after a comma are passed over, `~` marks what is paused.
    private mutating func takeSimulcast(_ value: Substring) -> Bool {
        let words = value.pieces(" ")
        guard words.count >= 2 else { return false }
        for index in stride(from: 0, to: words.count - 1, by: 2) where words[index] == "send" {
            let streams = words[index + 1].pieces(";")
            simulcast = streams.prefix(8).compactMap { stream in
                let first = stream.pieces(",").first ?? ""
                return first.isEmpty ? nil : String(first.drop { $0 == "~" }.prefix(16))
            }
        }
        return true
    }
}

extension Substring {
    /// What stands between these marks, which are ASCII; at most so many times it is cut. A room's offer has six hundred
    /// lines of some four words: bytes are told apart sooner than the letters that they might be.
    func pieces(_ mark: Unicode.Scalar, most: Int = .max) -> [Substring] {
        let mark = UInt8(ascii: mark)
        var (found, rest): ([Substring], Substring) = ([], self)
        while found.count < most, let end = rest.place(of: mark) {
            if end > rest.startIndex { found.append(rest[..<end]) }
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !rest.isEmpty { found.append(rest) }
        return found
    }

    private func place(of mark: UInt8) -> Index? {
        guard let offset = utf8.withContiguousStorageIfAvailable({ $0.firstIndex(of: mark) }) else {
            return utf8.firstIndex(of: mark)
        }
        return offset.map { utf8.index(utf8.startIndex, offsetBy: $0) }
    }

    /// Its lines, without empty ones.
    var lines: [Substring] { utf8.split { $0 == 13 || $0 == 10 }.map { Substring($0) } }
}
