// SPDX-License-Identifier: Apache-2.0

/// What can be told of an H.264 payload without decoding it (RFC 6184, 5).
public enum H264Payload {
    /// Whether the payload begins a picture that decoding can begin with: an IDR slice, or the parameter sets before it.
    public static func isKey(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard let first = payload.first else { return false }
        switch first & 31 {
        case 5, 7: return true
        case 24:
            // STAP-A: units with their lengths before them (RFC 6184, 5.7.1).
            var offset = 1
            while offset + 3 <= payload.count {
                let length = Int(payload.word16(offset))
                if [5, 7].contains(payload[offset + 2] & 31) { return true }
                offset += 2 + length
            }
            return false
        case 28:
            // FU-A (RFC 6184, 5.8): only the fragment that begins the unit.
            guard payload.count >= 2 else { return false }
            return payload[1] & 0x80 != 0 && [5, 7].contains(payload[1] & 31)
        default: return false
        }
    }
}
