// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import Foundation
import Rehearsal
import Synchronization

@testable import Stagehands

/// The rehearsed LINE behind a real port: HTTP/1.1 on loopback, one connection after the other.
final class ServedLine: Sendable {
    private struct State {
        var line: LineRehearsal
        /// So many of the next requests are taken, and the connection cut before their answer.
        var cuts = 0
    }

    let address: String
    private let state: Mutex<State>
    private let door: Int32

    init(_ line: LineRehearsal) throws {
        state = Mutex(State(line: line))
        let port = try freePort()
        address = "http://127.0.0.1:\(port)"
        door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let door = door
        let code = withUnsafeBytes(of: &place) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return bind(door, base, socklen_t(raw.count))
        }
        guard code == 0, listen(door, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        let thread = Thread { [weak self] in
            while true {
                let call = accept(door, nil, nil)
                // The door was closed.
                guard call >= 0 else { return }
                self?.serve(call)
                close(call)
            }
        }
        thread.start()
    }

    deinit { stop() }

    func stop() {
        shutdown(door, Int32(SHUT_RDWR))
        close(door)
    }

    func change(_ change: (inout LineRehearsal) -> Void) { state.withLock { change(&$0.line) } }
    func cutNext(_ count: Int) { state.withLock { $0.cuts = count } }
    var line: LineRehearsal { state.withLock { $0.line } }

    private func serve(_ call: Int32) {
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(call, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard let outgoing = hear(call) else { return }
        let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let answer = state.withLock { state -> Incoming? in
            let answer = state.line.answer(outgoing, at: now)
            if state.cuts > 0 {
                state.cuts -= 1
                return nil
            }
            return answer
        }
        if let answer { say(answer, to: call) }
    }

    /// One request; nil when it does not come to its end.
    private func hear(_ call: Int32) -> Outgoing? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var need = Int.max
        var head: [Substring] = []
        let text = { (bytes: ArraySlice<UInt8>) in String(decoding: bytes, as: UTF8.self) }
        while bytes.count < need {
            let count = recv(call, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
            if head.isEmpty, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                head = text(bytes[..<end.lowerBound]).split(separator: "\r\n")
                let length = head.first { $0.lowercased().hasPrefix("content-length:") }
                let body = length.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
                need = end.upperBound + body
                if bytes.count < need, head.contains(where: { $0.lowercased().hasPrefix("expect:") }) { return nil }
            }
        }
        let first = head.first.map { $0.split(separator: " ") } ?? []
        guard first.count == 3, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let headers = head.dropFirst().compactMap { line -> HeaderLine? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return HeaderLine(String(line[..<colon]), String(value))
        }
        return Outgoing(
            String(first[0]), address + String(first[1]), headers: headers, body: Array(bytes[end.upperBound...]))
    }

    private func say(_ answer: Incoming, to call: Int32) {
        var head = "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(answer.body.count)\r\nConnection: close\r\n"
        for line in answer.headers { head += "\(line.name): \(line.value)\r\n" }
        var rest = (Array((head + "\r\n").utf8) + answer.body)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(call, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
