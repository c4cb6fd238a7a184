// SPDX-License-Identifier: Apache-2.0
import Footage
import Foundation
import Media
import RTMP
import Testing

@testable import Stagehands

/// A connection to the encoders' door that says whatever a test likes.
final class Caller {
    private let line: Int32

    init(_ port: UInt16) throws {
        line = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let code = withUnsafeBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return connect(line, base, socklen_t(raw.count))
        }
        guard code == 0 else { throw POSIXError(.ECONNREFUSED) }
        // Nothing here waits for ever.
        var patience = timeval(tv_sec: 8, tv_usec: 0)
        setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(line, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(line) }

    /// The other end may have hung up before everything is sent; that is its right.
    func say(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(line, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func hangUp() { shutdown(line, Int32(SHUT_RDWR)) }

    /// What comes next; empty when the other end hung up, nil when nothing came for eight seconds.
    func hear() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(line, &bytes, bytes.count, 0)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(bytes.prefix(count))
    }

    /// Whether the other end hangs up within eight seconds of silence, and what it said before.
    func isLeft() -> (isLeft: Bool, said: String) {
        var said: [UInt8] = []
        while let bytes = hear() {
            if bytes.isEmpty { return (true, String(decoding: said, as: UTF8.self)) }
            said += bytes
        }
        return (false, String(decoding: said, as: UTF8.self))
    }

    /// Shakes hands (5.2), so that what follows is read as chunks.
    func shakeHands() {
        say([3] + [UInt8](repeating: 0, count: 1_536))
        var heard = 0
        while heard < 3_073, let bytes = hear(), !bytes.isEmpty { heard += bytes.count }
        say([UInt8](repeating: 0, count: 1_536))
    }

    /// Publishes under a key, as far as the studio's consent. Answers the machine that speaks from now on.
    @discardableResult func publish(key: String, port: UInt16) throws -> SenderMachine {
        let address = try RTMPAddress("rtmp://127.0.0.1:\(port)/live/\(key)")
        var machine = SenderMachine(to: address, carrying: [.avc, .aac], at: Self.now)
        while true {
            switch machine.next() {
            case .send(let bytes): say(bytes)
            case .tell(.publishing): return machine
            case .tell(.ended(let end)): throw HarnessFault.programDidNotStart(said: end.english)
            case .tell: continue
            case .wake:
                guard let bytes = hear() else { throw POSIXError(.ETIMEDOUT) }
                machine.take(bytes.isEmpty ? .closed : .bytes(bytes[...]), at: Self.now)
            }
        }
    }

    /// Publishes a recorded shot over and over in real time, its clock beginning at `start` milliseconds.
    func play(_ shot: Shot, key: String, port: UInt16, from start: Int64, seconds: Double) async throws {
        var machine = try publish(key: key, port: port)
        for one in shot.configurations {
            machine.take(.signal(.configuration(one.track, one.codec, one.bytes[...])), at: Self.now)
        }
        let begin = Self.now.milliseconds
        for var sample in shot.looped(seconds: seconds) {
            let due = sample.microseconds / 1000 - (Self.now.milliseconds - begin)
            if due > 0 { try await Task.sleep(for: .milliseconds(due)) }
            sample.microseconds += start * 1000
            machine.take(.signal(.sample(sample)), at: Self.now)
            drain(&machine)
        }
    }

    private func drain(_ machine: inout SenderMachine) {
        while true {
            switch machine.next() {
            case .send(let bytes): say(bytes)
            case .tell: continue
            case .wake: return
            }
        }
    }

    private static let began = ContinuousClock.now
    private static var now: Instant {
        let passed = (ContinuousClock.now - began).components
        return Instant(milliseconds: passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000)
    }
}

extension Shot {
    /// The shot over and over for so long, each track without a gap: pictures and sounds come round at their own times.
    func looped(seconds: Double) -> [Sample] {
        var all: [Sample] = []
        for kind in [TrackID.Kind.video, .audio] {
            let own = frames.filter { $0.track.kind == kind }
            guard let first = own.first, let last = own.last, own.count > 1 else { continue }
            let each = Double(last.microseconds - first.microseconds) / Double(own.count - 1)
            for number in 0..<Int(seconds * 1_000_000 / each) {
                var sample = own[number % own.count]
                sample.microseconds = Int64((Double(number) * each).rounded())
                all.append(sample)
            }
        }
        return all.sorted { ($0.microseconds, $0.track) < ($1.microseconds, $1.track) }
    }
}
