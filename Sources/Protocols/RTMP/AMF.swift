// SPDX-License-Identifier: Apache-2.0

/// A value of AMF0 (Action Message Format, December 2007), the notation of RTMP's commands.
public indirect enum AMF: Hashable, Sendable {
    case number(Double)
    case boolean(Bool)
    case string(String)
    case object([Property])
    /// An ECMA array: an object that announces how many keys it has, often wrongly.
    case array([Property])
    case list([AMF])
    case date(milliseconds: Double)
    case null
    case undefined

    /// A key and its value; order is kept.
    public struct Property: Hashable, Sendable {
        /// The key.
        public var key: String
        /// Its value.
        public var value: AMF

        /// A key with its value.
        public init(_ key: String, _ value: AMF) {
            self.key = key
            self.value = value
        }
    }

    /// The text, when it is a string.
    public var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, when it is one.
    public var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// The keys and values of an object or array.
    public var properties: [Property]? {
        switch self {
        case .object(let properties), .array(let properties): properties
        default: nil
        }
    }

    /// The first value under `key`, when this is an object or array that has it.
    public subscript(key: String) -> AMF? { properties?.first { $0.key == key }?.value }

    /// Every value in `bytes`, one after the other, as a command's body has them.
    /// - Throws: `Violation` when it is cut off, nested too deep, or has too many keys.
    public static func values(in bytes: ArraySlice<UInt8>, limits: Limits = Limits()) throws(Violation) -> [AMF] {
        var reader = AMFReader(cursor: Cursor(bytes), limits: limits)
        var values: [AMF] = []
        while reader.cursor.left > 0 { values.append(try reader.value(depth: 0)) }
        return values
    }

    /// The values written one after the other.
    public static func bytes(of values: [AMF]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { value.write(to: &bytes) }
        return bytes
    }
}

/// Reads AMF0, and no more of it than the limits allow.
struct AMFReader {
    var cursor: Cursor
    let limits: Limits
    private var keys = 0

    init(cursor: Cursor, limits: Limits) {
        self.cursor = cursor
        self.limits = limits
    }

    mutating func value(depth: Int) throws(Violation) -> AMF {
        guard depth < limits.amfDepth else { throw .amfTooDeep }
        let marker = try need(cursor.byte())
        switch marker {
        case 0x00: return .number(Double(bitPattern: try need(cursor.number(8))))
        case 0x01: return .boolean(try need(cursor.byte()) != 0)
        case 0x02: return .string(try string(lengthBytes: 2))
        case 0x03: return .object(try properties(depth: depth))
        case 0x05: return .null
        case 0x06, 0x0D: return .undefined
        case 0x08:
            _ = try need(cursor.number(4))  // The count is only a hint (2.10); the end marker counts.
            return .array(try properties(depth: depth))
        case 0x0A: return .list(try members(depth: depth))
        case 0x0B:
            let time = Double(bitPattern: try need(cursor.number(8)))
            _ = try need(cursor.number(2))  // The time zone, which 2.13 says is not to be used.
            return .date(milliseconds: time)
        case 0x0C, 0x0F: return .string(try string(lengthBytes: 4))
        case 0x10:
            _ = try string(lengthBytes: 2)  // The class name means nothing here.
            return .object(try properties(depth: depth))
        default: throw .amfUnknownMarker(marker)
        }
    }

    private mutating func properties(depth: Int) throws(Violation) -> [AMF.Property] {
        var properties: [AMF.Property] = []
        while true {
            // An array whose writer forgot the end marker may end with the message.
            if cursor.left == 0, depth == 0, !properties.isEmpty { return properties }
            let key = try string(lengthBytes: 2)
            if key.isEmpty, cursor.rest.first == 0x09 {
                _ = cursor.byte()
                return properties
            }
            try count()
            properties.append(AMF.Property(key, try value(depth: depth + 1)))
        }
    }

    private mutating func members(depth: Int) throws(Violation) -> [AMF] {
        let announced = Int(try need(cursor.number(4)))
        var members: [AMF] = []
        while members.count < announced {
            try count()
            members.append(try value(depth: depth + 1))
        }
        return members
    }

    private mutating func count() throws(Violation) {
        keys += 1
        guard keys <= limits.amfKeys else { throw .amfTooManyKeys }
    }

    private mutating func string(lengthBytes: Int) throws(Violation) -> String {
        let length = Int(try need(cursor.number(lengthBytes)))
        return String(decoding: try need(cursor.slice(length)), as: UTF8.self)
    }

    private func need<T>(_ value: T?) throws(Violation) -> T {
        guard let value else { throw .amfTruncated }
        return value
    }
}

extension AMF {
    fileprivate func write(to bytes: inout [UInt8]) {
        switch self {
        case .number(let number):
            bytes.append(0x00)
            bytes.append(number: number.bitPattern, bytes: 8)
        case .boolean(let truth): bytes += [0x01, truth ? 1 : 0]
        case .string(let text): AMF.write(string: text, to: &bytes)
        case .object(let properties):
            bytes.append(0x03)
            AMF.write(properties, to: &bytes)
        case .array(let properties):
            bytes.append(0x08)
            bytes.append(number: UInt64(properties.count), bytes: 4)
            AMF.write(properties, to: &bytes)
        case .list(let members):
            bytes.append(0x0A)
            bytes.append(number: UInt64(members.count), bytes: 4)
            for member in members { member.write(to: &bytes) }
        case .date(let milliseconds):
            bytes.append(0x0B)
            bytes.append(number: milliseconds.bitPattern, bytes: 8)
            bytes += [0, 0]
        case .null: bytes.append(0x05)
        case .undefined: bytes.append(0x06)
        }
    }

    private static func write(_ properties: [Property], to bytes: inout [UInt8]) {
        for property in properties {
            let key = Array(property.key.utf8.prefix(0xFFFF))
            bytes.append(number: UInt64(key.count), bytes: 2)
            bytes += key
            property.value.write(to: &bytes)
        }
        bytes += [0, 0, 9]
    }

    private static func write(string: String, to bytes: inout [UInt8]) {
        let text = Array(string.utf8)
        let isLong = text.count > 0xFFFF
        bytes.append(isLong ? 0x0C : 0x02)
        bytes.append(number: UInt64(text.count), bytes: isLong ? 4 : 2)
        bytes += text
    }
}
