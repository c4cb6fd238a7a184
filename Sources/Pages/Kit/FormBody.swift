// SPDX-License-Identifier: Apache-2.0

/// A form's body that is not one.
public enum FormFault: Error, Hashable, Sendable {
    case tooManyFields
    case fieldTooLarge(String)
    /// Neither urlencoded nor multipart.
    case unknownType
}

/// Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1). Bytes that are no UTF-8 become replacement characters.
public struct FormBody {
    public var fieldLimit = 500
    public var fieldBytesLimit = 65_536

    public init() {}

    /// The names and values in their order, names repeated as they came.
    public func fields(_ bytes: some Sequence<UInt8>) throws(FormFault) -> [FormField] {
        var fields: [FormField] = []
        var name: [UInt8] = []
        var value: [UInt8] = []
        var inValue = false

        func close() throws(FormFault) {
            defer { (name, value, inValue) = ([], [], false) }
            if name.isEmpty && value.isEmpty && !inValue { return }
            if fields.count == fieldLimit { throw .tooManyFields }
            let decodedName = String(decoding: percentDecoded(name), as: UTF8.self)
            let decoded = percentDecoded(value)
            if decoded.count > fieldBytesLimit { throw .fieldTooLarge(decodedName) }
            fields.append(FormField(name: decodedName, value: String(decoding: decoded, as: UTF8.self)))
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): try close()
            case UInt8(ascii: "=") where !inValue: inValue = true
            default: if inValue { value.append(byte) } else { name.append(byte) }
            }
            if name.count > 1024 || value.count > fieldBytesLimit * 3 {
                throw .fieldTooLarge(String(decoding: name.prefix(64), as: UTF8.self))
            }
        }
        try close()
        return fields
    }
}

/// `+` is a space, `%41` is a byte, a percent sign without two digits stands for itself.
func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
            let low = hexDigit(bytes[index + 2])
        {
            decoded.append(high << 4 | low)
            index += 3
        } else {
            decoded.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            index += 1
        }
    }
    return decoded
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
