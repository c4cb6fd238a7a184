// SPDX-License-Identifier: Apache-2.0

/// Reads bits, most significant first. Past the end it answers zeros and remembers that it was `exhausted`.
struct Bits {
    private let bytes: ArraySlice<UInt8>
    private var place = 0
    private(set) var exhausted = false

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The bytes of a NAL unit without its emulation prevention (H.264 7.3.1, H.265 7.3.1.1).
    init(withoutEmulation unit: ArraySlice<UInt8>) {
        var plain: [UInt8] = []
        plain.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            plain.append(byte)
        }
        self.init(plain[...])
    }

    var left: Int { bytes.count * 8 - place }

    /// `count` bits, at most 32.
    mutating func read(_ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count { value = value << 1 | bit() }
        return value
    }

    mutating func int(_ count: Int) -> Int { Int(read(count)) }
    mutating func flag() -> Bool { bit() == 1 }

    mutating func skip(_ count: Int) {
        place += count
        if place > bytes.count * 8 { exhausted = true }
    }

    /// An unsigned Exp-Golomb number (H.264 9.1); more than 31 leading zeros is broken.
    mutating func golomb() -> Int {
        var zeros = 0
        while bit() == 0 {
            zeros += 1
            if zeros > 31 || exhausted {
                exhausted = true
                return 0
            }
        }
        return (1 << zeros) - 1 + int(zeros)
    }

    /// A signed Exp-Golomb number (H.264 9.1.1).
    mutating func signedGolomb() -> Int {
        let code = golomb()
        return code & 1 == 1 ? (code + 1) / 2 : -(code / 2)
    }

    private mutating func bit() -> UInt32 {
        guard place < bytes.count * 8 else {
            exhausted = true
            return 0
        }
        defer { place += 1 }
        return UInt32(bytes[bytes.startIndex + place / 8] >> UInt8(7 - place % 8)) & 1
    }
}

/// Writes bytes of fixed width, most significant first.
extension [UInt8] {
    package mutating func append(_ value: some FixedWidthInteger, bytes count: Int) {
        for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

/// Two hexadecimal digits, as CODECS strings want them.
func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return text.count == 1 ? "0" + text : text
}

/// Two decimal digits.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
