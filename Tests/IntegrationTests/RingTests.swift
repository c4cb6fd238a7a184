// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Glibc
import Stagehands
import Testing

/// Hundreds of reminders due together, and `kill -9` in the middle of carrying them to a door that knows each by its key.
@Suite("เตือนแล้วเตือนเลย: ไฟดับกลางคัน") struct RingTests {
    private static let count = 400

    @Test("killed twice while it rings: every reminder reaches the door, none under two names")
    func killed() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/ring-" + UUID().uuidString
        // Nothing depends on the folder's going away.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let door = Process()
        let said = Pipe()
        door.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        door.arguments = [
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path + "/Benchmarks/door.py", "0", folder + "/door.log",
        ]
        door.standardOutput = said
        door.standardError = FileHandle.nullDevice
        try door.run()
        // It must not outlive the test: whoever reads the test's output would wait for it.
        defer {
            kill(door.processIdentifier, SIGKILL)
            door.waitUntilExit()
        }
        let port = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let seed = try ringer(["seed", folder, "http://127.0.0.1:\(port)", "\(Self.count)", "1500", "0"])
        seed.waitUntilExit()
        #expect(seed.terminationStatus == 0)
        for _ in 0..<2 {
            let before = try came(folder).count
            let victim = try ringer(["run", folder])
            // Killed while it rings: as soon as more have come, however busy the machine is.
            while try came(folder).count < before + Self.count / 10, victim.isRunning {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(kill(victim.processIdentifier, SIGKILL) == 0)
            victim.waitUntilExit()
            #expect(victim.terminationReason == .uncaughtSignal)
        }
        #expect(try came(folder).count < Self.count, "all had come before the kill: nothing is proven")
        let last = try ringer(["run", folder])
        let deadline = Date(timeIntervalSinceNow: 60)
        while try came(folder).count < Self.count, Date() < deadline { try await Task.sleep(for: .milliseconds(50)) }
        // The last answers are still being written.
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        var deliveries: [Delivery] = []
        repeat {
            try await Task.sleep(for: .milliseconds(50))
            deliveries = []
            for id in 1...10 { deliveries += try await cabinet.deliveries(of: Matter.ID(Int64(id))) }
            deliveries = deliveries.filter { $0.way == .line }
        } while deliveries.contains { $0.fate == nil } && Date() < deadline
        kill(last.processIdentifier, SIGKILL)
        last.waitUntilExit()
        #expect(deliveries.count == Self.count)
        #expect(Set(deliveries.map(\.fate)).isSubset(of: [.accepted, .acceptedLate]))
        let numbers = try came(folder)
        #expect(Set(deliveries.map(\.reference)) == Set(numbers))
        #expect(numbers.count == Self.count)
    }

    /// The door's own numbers of what came, each once.
    private func came(_ folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder + "/door.log") else { return [] }
        let lines = try String(contentsOfFile: folder + "/door.log", encoding: .utf8).split(separator: "\n")
        #expect(!lines.contains { $0.contains(" bad ") })
        return lines.filter { $0.contains(" new ") }.map { String($0.split(separator: " ")[2]) }
    }

    private func ringer(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = try #require(Bundle.main.executableURL).deletingLastPathComponent()
            .appendingPathComponent("ringer")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
