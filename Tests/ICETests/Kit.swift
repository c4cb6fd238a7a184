// SPDX-License-Identifier: Apache-2.0
import ICE
import Media

/// A check as a browser writes it; made here by hand, so that reader and writer do not share a mistake.
struct Check {
    var user: String
    var isNominating = false
    var unknown: [UInt16] = []
    var password: String? = "VOkJxbRl1RmTxUk/WvJxBt"

    init(user: String, isNominating: Bool = false, unknown: [UInt16] = []) {
        self.user = user
        self.isNominating = isNominating
        self.unknown = unknown
    }

    var bytes: [UInt8] {
        var body: [UInt8] = []
        func add(_ kind: UInt16, _ value: [UInt8]) {
            body += [UInt8(kind >> 8), UInt8(kind & 255), UInt8(value.count >> 8), UInt8(value.count & 255)] + value
            while body.count % 4 != 0 { body.append(0) }
        }
        func head(_ length: Int) -> [UInt8] {
            [0, 1, UInt8(length >> 8), UInt8(length & 255), 0x21, 0x12, 0xA4, 0x42] + (1...12).map { UInt8($0) }
        }
        add(0x0006, Array(user.utf8))
        add(0x0024, [0x6E, 0, 1, 0xFF])
        add(0x802A, Array(1...8))
        if isNominating { add(0x0025, []) }
        for kind in unknown { add(kind, []) }
        if let password {
            add(0x0008, HMACSHA1(key: password.utf8).digest(head(body.count + 24) + body))
        }
        let length = body.count + 8
        add(0x8028, word(crc(head(length) + body) ^ 0x5354_554E))
        return head(length) + body
    }
}

/// What an agent sent back.
struct Answered {
    let bytes: [UInt8]
    var isEmpty: Bool { bytes.isEmpty }
    var kind: Int { bytes.count < 2 ? 0 : Int(bytes[0]) << 8 | Int(bytes[1]) }

    func attribute(_ kind: Int) -> (offset: Int, value: [UInt8])? {
        var offset = 20
        while offset + 4 <= bytes.count {
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            if Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) == kind {
                return (offset, Array(bytes[(offset + 4)..<(offset + 4 + length)]))
            }
            offset += 4 + (length + 3) / 4 * 4
        }
        return nil
    }

    var error: Int? { attribute(9).map { Int($0.value[2]) * 100 + Int($0.value[3]) } }

    var address: TransportAddress? {
        guard let value = attribute(0x20)?.value else { return nil }
        let port = (UInt16(value[2]) << 8 | UInt16(value[3])) ^ 0x2112
        let plain = zip(value[4...], bytes[4..<20]).map { $0 ^ $1 }
        let number = plain.reduce((UInt64(0), UInt64(0))) { ($0.0 << 8 | $0.1 >> 56, $0.1 << 8 | UInt64($1)) }
        return value[1] == 1
            ? TransportAddress(v4: UInt32(number.1), port: port) : TransportAddress(v6: number, port: port)
    }

    func isSigned(with password: String) -> Bool {
        guard let integrity = attribute(8), let mark = attribute(0x8028), mark.offset + 8 == bytes.count else {
            return false
        }
        var covered = Array(bytes[..<integrity.offset])
        covered[3] = UInt8(integrity.offset + 24 - 20)
        return HMACSHA1(key: password.utf8).digest(covered) == integrity.value
            && word(crc(Array(bytes[..<mark.offset])) ^ 0x5354_554E) == mark.value
    }
}

func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 255) } }

func crc(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
}

extension Agent {
    mutating func ask(_ bytes: [UInt8], from address: TransportAddress, at now: Tick = ICETests.start) -> Answered {
        var room = [UInt8](repeating: 0, count: 160)
        let count = bytes.withUnsafeBytes { datagram in
            room.withUnsafeMutableBytes { take(datagram, from: address, at: now, reply: $0) }
        }
        return Answered(bytes: Array(room[..<count]))
    }

    mutating func told() -> [News] {
        var news: [News] = []
        while case .tell(let one) = next() { news.append(one) }
        return news
    }
}
