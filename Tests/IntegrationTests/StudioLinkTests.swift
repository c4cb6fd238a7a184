// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import Testing

@testable import Stagehands

/// The desk and a studio of another process, over the real socket.
@Suite("the studio at the desk's socket") struct StudioSocketTests {
    @Test("the socket is the office's alone; hello brings every plan; a second hello brings them again")
    func hello() async throws {
        let folder = try scratch("studio-socket")
        defer { remove(folder) }
        let running = try await Running(.demo, in: folder)
        let socket = folder.appending(path: "data/studio.sock").path
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        var first: [String] = []
        for round in 1...2 {
            let studio = try await SocketPeer(socket)
            studio.say(#"{"hello":{"_0":{"http":8081,"https":0,"rtmp":1935,"rtmps":0,"srt":0}}}"#)
            let plans = try await studio.lines { $0.contains { $0.hasPrefix(#"{"report""#) } }.filter {
                $0.contains(#""put""#)
            }
            #expect(!plans.isEmpty)
            #expect(plans.allSatisfy { $0.contains(#""keyHashes":["#) && !$0.contains(#""airsAtOnce":true"#) })
            if round == 1 { first = plans } else { #expect(Set(plans) == Set(first)) }
            studio.hangUp()
            // Whoever comes while another is here is sent away.
            for _ in 0..<100 where running.said.components(separatedBy: "the studio is away").count <= round {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        await running.stop()
        #expect(!running.said.contains("error"), "\(running.said)")
    }
}

/// The other end of a Unix socket, by hand.
final class SocketPeer: Sendable {
    private let file: Int32

    init(_ path: String) async throws {
        file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        for _ in 0..<100 {
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, size) }
            }
            if code == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw POSIXError(.ECONNREFUSED)
    }

    func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(file, bytes, bytes.count)
    }

    func hangUp() { close(file) }

    /// Everything it is told until that is enough; at most five seconds.
    func lines(until isEnough: ([String]) -> Bool) async throws -> [String] {
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        var bytes: [UInt8] = []
        for _ in 0..<100 {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(file, &chunk, chunk.count)
            if count > 0 { bytes += chunk[..<count] }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            if isEnough(lines) { return lines }
            if count <= 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        throw POSIXError(.ETIMEDOUT)
    }
}
