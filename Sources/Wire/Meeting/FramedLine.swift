// SPDX-License-Identifier: Apache-2.0
import CLinux
import ICE
import Media

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One TCP connection that carries what a UDP port would, each datagram behind its length (RFC 4571, RFC 6544), for
/// networks that let no UDP through. Lives on its port's loop.
final class FramedLine {
    /// Who takes nothing for so long loses what is new: what is live cannot wait.
    private static let mostUnsent = 256 << 10

    let number: UInt32
    let address: TransportAddress
    /// Since when it is there.
    let begun = Clock.tick()
    private let line: Line
    private unowned let port: MeetingPort
    private var reader = FrameReader()
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Datagrams.mostBytes, alignment: 8)
    private let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 192, alignment: 8)

    init(_ number: UInt32, _ line: Line, _ address: TransportAddress, _ port: MeetingPort) {
        (self.number, self.line, self.address, self.port) = (number, line, address, port)
        line.onBytes = { [unowned self] in take($0) }
        line.onClosed = { [unowned self] in port.closed(self) }
    }

    deinit {
        room.deallocate()
        answer.deallocate()
    }

    func close() {
        line.close()
        port.closed(self)
    }

    func send(_ datagram: [UInt8]) { datagram.withUnsafeBytes { send($0) } }

    func send(_ datagram: UnsafeRawBufferPointer) {
        guard line.unsent < FramedLine.mostUnsent else { return }
        line.send(.of([UInt8(datagram.count >> 8), UInt8(datagram.count & 255)] + datagram))
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard reader.take(bytes) else { return close() }
        let now = Clock.tick()
        while let frame = reader.next() {
            guard frame.count <= room.count, !frame.isEmpty else { continue }
            frame.withUnsafeBytes { room.copyMemory(from: $0) }
            handle(UnsafeMutableRawBufferPointer(rebasing: room[..<frame.count]), now)
            guard line.isOpen else { return }
        }
        if reader.isTooLong { return close() }
        port.settle(now)
        port.shakeSome()
    }

    private func handle(_ frame: UnsafeMutableRawBufferPointer, _ now: Tick) {
        guard frame[0] < 4 else { return port.take(frame, from: address, now) }
        let count = port.check(UnsafeRawBufferPointer(frame), from: address, now, answer: answer)
        if count > 0 { send(UnsafeRawBufferPointer(rebasing: answer[..<count])) }
    }
}

/// The TCP connections of a port. Lives on its loop.
final class FramedLines {
    /// So many may be open at once.
    private static let most = 1_024
    /// Who has proved nothing in this time is let go.
    private static let longestProof: Int64 = 10_000_000

    private var lines: [UInt32: FramedLine] = [:]
    private var lastNumber: UInt32 = 0
    private var parting: [FramedLine] = []

    subscript(_ number: UInt32) -> FramedLine? { lines[number] }

    /// Takes what waits at a listening socket.
    func accept(from listener: Int32, _ port: MeetingPort) {
        for _ in 0..<64 {
            var peer = [CChar](repeating: 0, count: 64)
            let file = cs_accept(listener, &peer, 64)
            guard file >= 0 else { return }
            guard lines.count < FramedLines.most, let place = FramedLines.address(of: file) else {
                close(file)
                continue
            }
            _ = cs_set(file, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            lastNumber &+= 1
            let text = String(decoding: peer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let address = TransportAddress(place, line: lastNumber)
            lines[lastNumber] = FramedLine(lastNumber, Line(file, peer: text, on: port.loop), address, port)
        }
    }

    func closed(_ line: FramedLine, on loop: Loop) {
        guard lines.removeValue(forKey: line.number) != nil else { return }
        // It may be calling this: it lives until the loop's next turn.
        parting.append(line)
        let again = Again(self)
        if parting.count == 1 { loop.execute { again.lines?.parting = [] } }
    }

    /// Lets go who has proved nothing in time.
    func sweep(_ now: Tick, isProved: (TransportAddress) -> Bool) {
        for line in lines.values where now - line.begun > FramedLines.longestProof && !isProved(line.address) {
            line.close()
        }
    }

    func closeAll() { for line in lines.values { line.close() } }

    /// Carries the lines to their own loop, where alone they are looked at again.
    private struct Again: @unchecked Sendable {
        // Read on the loop that the lines live on, which they never leave.
        weak var lines: FramedLines?
        init(_ lines: FramedLines) { self.lines = lines }
    }

    private static func address(of file: Int32) -> TransportAddress? {
        var address = cs_address()
        var length = socklen_t(28)
        let code = withUnsafeMutableBytes(of: &address.bytes) { bytes in
            guard let base = bytes.baseAddress else { return Int32(-1) }
            return getpeername(file, base.assumingMemoryBound(to: sockaddr.self), &length)
        }
        address.count = length
        return code == 0 ? TransportAddress(address) : nil
    }
}

extension TransportAddress {
    /// The same, over a TCP connection of that number.
    init(_ address: TransportAddress, line: UInt32) {
        if address.isV6 {
            self.init(v6: (address.high, address.low), port: address.port, line: line)
        } else {
            self.init(v4: UInt32(truncatingIfNeeded: address.low), port: address.port, line: line)
        }
    }
}
