// SPDX-License-Identifier: Apache-2.0

/// The plain handshake (specification 5.2), the server's side. S0, S1 and S2 go out together as soon as C0 and C1 are
/// there; C2 is let pass unread, because some clients put other things in it, and `connect` may follow in the same
/// packet. Bytes 4 to 7 of C1 that are not zero announce the digest handshake, whose senders accept the plain one.
struct Handshake: Hashable, Sendable {
    static let size = 1536

    private let seed: UInt64
    private var first: [UInt8] = []
    private var echoLeft = Handshake.size

    init(seed: UInt64) { self.seed = seed }

    var isDone: Bool { first.count == Handshake.size + 1 }

    /// Takes C0 and C1 from the front of `bytes` and answers the rest.
    mutating func take(_ bytes: ArraySlice<UInt8>, send: ([UInt8]) -> Void) throws(Violation) -> ArraySlice<UInt8> {
        let part = bytes.prefix(Handshake.size + 1 - first.count)
        first += part
        // 6 and 8 are RTMPE; anything above 31 is text, somebody's web browser.
        if let version = first.first, version != 3 { throw .notRTMP(firstByte: version) }
        if isDone { send([3] + Handshake.greeting(seed) + first.dropFirst()) }
        return bytes[part.endIndex...]
    }

    /// Lets C2 pass.
    mutating func skipEcho(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let part = bytes.prefix(echoLeft)
        echoLeft -= part.count
        return bytes[part.endIndex...]
    }

    /// C1 or S1: time zero, four zero bytes, and 1528 bytes that look random.
    static func greeting(_ seed: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        var state = seed
        while bytes.count < Handshake.size {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            bytes.append(number: word ^ (word >> 31), bytes: 8)
        }
        return bytes
    }
}

/// The client's side: C0 and C1 at once, C2 as soon as S1 is there, and nothing else before S2 (5.2.1). S2 is let pass
/// unread, because some servers put other things in it.
struct ClientHandshake: Hashable, Sendable {
    private var first: [UInt8] = []
    private var echoLeft = Handshake.size

    /// C0 and C1.
    static func greeting(_ seed: UInt64) -> [UInt8] { [3] + Handshake.greeting(seed) }

    var isDone: Bool { echoLeft == 0 }

    /// Takes S0, S1 and S2 from the front of `bytes` and answers the rest.
    mutating func take(_ bytes: ArraySlice<UInt8>, send: ([UInt8]) -> Void) throws(Violation) -> ArraySlice<UInt8> {
        let size = Handshake.size + 1
        var rest = bytes
        if first.count < size {
            let part = rest.prefix(size - first.count)
            first += part
            rest = rest[part.endIndex...]
            if let version = first.first, version != 3 { throw .notRTMP(firstByte: version) }
            guard first.count == size else { return rest }
            send(Array(first.dropFirst()))
        }
        let echo = rest.prefix(echoLeft)
        echoLeft -= echo.count
        return rest[echo.endIndex...]
    }
}
