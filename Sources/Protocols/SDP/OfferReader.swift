// SPDX-License-Identifier: Apache-2.0

extension Offer {
    /// Reads an offer. What is not known is passed over; what is known and malformed is refused.
    public init(_ text: String) throws(Violation) {
        guard text.utf8.count <= Offer.sizeLimit else { throw .tooLong }
        self = try Piece.reading(text) { bytes throws(Violation) in try Offer(bytes) }
    }

    private init(_ bytes: Piece) throws(Violation) {
        var (rest, number) = (bytes, 0)
        while let line = rest.cutLine() {
            number += 1
            guard number <= Offer.lineLimit else { throw .tooLong }
            guard let (letter, value) = line.said, number > 1 || line == "v=0" else { throw .malformed(line: number) }
            switch letter {
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
        for index in sections.indices { sections[index].settle() }
    }

    private mutating func take(attribute text: Piece) -> Bool {
        var value = text
        guard let name = value.cut(":") else { return false }
        guard sections.isEmpty else { return sections[sections.count - 1].take(name, value) }
        switch name {
        case "group":
            guard let kind = value.cut(" "), kind == "BUNDLE" else { return true }
            bundle = []
            while let mid = value.cut(" ") {
                guard bundle.count < Offer.sectionLimit else { return false }
                bundle.append(mid.text)
            }
        case "ice-lite": isLite = true
        default: return common.take(name, value)
        }
        return true
    }
}

extension Offer.Transport {
    /// False when it is malformed; what is not known is true.
    mutating func take(_ name: Piece, _ value: Piece) -> Bool {
        var value = value
        switch name {
        case "ice-ufrag":
            guard (4...256).contains(value.count), Self.isICE(value) else { return false }
            fragment = value.text
        case "ice-pwd":
            guard (22...256).contains(value.count), Self.isICE(value) else { return false }
            password = value.text
        case "fingerprint":
            guard let hash = value.cut(" "), let digits = value.cut(" "), value.cut(" ") == nil else { return false }
            guard hash.isLike("sha-256") else { return true }
            guard let bytes = Self.fingerprint(digits) else { return false }
            fingerprint = fingerprint ?? bytes
        case "setup": setup = value.text
        case "extmap":
            guard var place = value.cut(" "), let uri = value.cut(" "), let number = place.cut("/")?.number else {
                return false
            }
            if extensions.isEmpty { extensions.reserveCapacity(12) }
            if extensions.count < 64 {
                extensions.append(.init(number: Int(number), uri: uri.text, direction: place.cut("/")?.direction))
            }
        default: direction = name.direction ?? direction
        }
        return true
    }

    /// RFC 8839, 5.4: letters, digits, + and /. Some agents send the = of Base64 too.
    private static func isICE(_ text: Piece) -> Bool {
        text.each.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func fingerprint(_ text: Piece) -> [UInt8]? {
        let letters = Array(text.each)
        guard letters.count == 32 * 3 - 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
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

extension Piece {
    /// The direction that it names.
    fileprivate var direction: Direction? {
        switch self {
        case "sendrecv": .sendrecv
        case "sendonly": .sendonly
        case "recvonly": .recvonly
        case "inactive": .inactive
        default: nil
        }
    }
}

extension Offer.Section {
    /// What stands behind `m=`: kind, port, protocol, formats (RFC 8866, 5.14).
    init?(line: Piece) {
        var rest = line
        guard let kind = rest.cut(" "), var ports = rest.cut(" "), let name = rest.cut(" "),
            let port = ports.cut("/")?.number, port <= 65_535
        else { return nil }
        self.kind = kind.text
        self.port = Int(port)
        protocolName = name.text
        formats = []
        while let format = rest.cut(" ") {
            guard formats.count <= 256 else { return nil }
            formats.append(format.text)
        }
        guard !formats.isEmpty else { return nil }
        maps.reserveCapacity(min(formats.count, 128))
    }

    mutating func take(_ name: Piece, _ value: Piece) -> Bool {
        var value = value
        switch name {
        case "mid":
            guard (1...32).contains(value.count), !value.contains(" ") else { return false }
            mid = value.text
        case "rtcp-mux": isMuxed = true
        case "bundle-only": hasBundleOnly = true
        case "rtpmap": return takeMap(value)
        case "fmtp":
            guard let first = value.cut(" ") else { return false }
            // `a=fmtp:*` and numbers without a map are nobody's.
            if !value.isEmpty, let type = first.payloadType {
                maps[type, default: .unnamed].parameters = value.text(most: 512)
            }
        case "rtcp-fb":
            guard let first = value.cut(" "), !value.isEmpty else { return false }
            // Firefox says it before `a=rtpmap`.
            if first == "*" {
                if common.count < 16 { common.append(value.text(most: 64)) }
            } else if let type = first.payloadType {
                maps[type, default: .unnamed].know(value.text(most: 64))
            }
        case "rid":
            guard let rid = value.cut(" "), let way = value.cut(" ") else { return false }
            if way == "send", rids.count < 8 { rids.append(rid.text(most: 16)) }
        case "simulcast": return takeSimulcast(value)
        case "ssrc":
            guard let ssrc = value.cut(" ")?.number else { return false }
            if !ssrcs.contains(ssrc), ssrcs.count < 32 { ssrcs.append(ssrc) }
        case "ssrc-group":
            if let kind = value.cut(" "), kind == "FID", let stream = value.cut(" ")?.number,
                let repair = value.cut(" ")?.number, value.cut(" ") == nil, pairs.count < 16
            {
                pairs.append((stream, repair))
            }
        case "msid": streamName = value.text(most: 256)
        default:
            guard own.take(name, value) else { return false }
            direction = own.direction ?? direction
        }
        return true
    }

    private mutating func takeMap(_ value: Piece) -> Bool {
        var value = value
        guard let type = value.cut(" ")?.payloadType, var format = value.cut(" "), value.cut(" ") == nil,
            let name = format.cut("/"), let clock = format.cut("/")?.number
        else { return false }
        var map = maps.removeValue(forKey: type) ?? .unnamed
        map.name = name.lowercased
        map.clockRate = clock
        if let channels = format.cut("/")?.number { map.channels = Int(channels) }
        maps[type] = map
        return true
    }

    /// `send h;m;l recv …` (RFC 8853, 5.1): alternatives after a comma are passed over, `~` marks what is paused.
    private mutating func takeSimulcast(_ value: Piece) -> Bool {
        var (value, isAny) = (value, false)
        while let way = value.cut(" "), var streams = value.cut(" ") {
            isAny = true
            guard way == "send" else { continue }
            simulcast = []
            while simulcast.count < 8, var stream = streams.cut(";") {
                guard var first = stream.cut(",") else { continue }
                first.skip("~")
                simulcast.append(first.text(most: 16))
            }
        }
        return isAny
    }

    /// All its lines were read.
    fileprivate mutating func settle() {
        for (type, map) in maps {
            // What was said of a type that is never named is of no use.
            if map.name.isEmpty {
                maps[type] = nil
            } else if !common.isEmpty {
                maps[type]?.feedback += common
            }
        }
    }
}

extension Offer.Map {
    fileprivate mutating func know(_ feedback: String) {
        guard self.feedback.count < 16 else { return }
        if self.feedback.isEmpty { self.feedback.reserveCapacity(5) }
        self.feedback.append(feedback)
    }
}
