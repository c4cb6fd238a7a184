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
        let (door, port) = try openDoor(folder)
        // It must not outlive the test: whoever reads the test's output would wait for it.
        defer {
            kill(door.processIdentifier, SIGKILL)
            door.waitUntilExit()
        }
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
        try await expectEach(once: folder, in: folder, until: deadline)
        kill(last.processIdentifier, SIGKILL)
        last.waitUntilExit()
    }

    @Test(
        "the disk is full while it rings: nothing more leaves unwritten, and with room again every reminder comes once")
    func fullDisk() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/ring-" + UUID().uuidString
        // Nothing depends on the folder's going away.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/office", withIntermediateDirectories: true)
        let (door, port) = try openDoor(folder)
        let office = Process()
        // It must not outlive the test: whoever reads the test's output would wait for it.
        defer { for process in [door, office] where process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        // A disk of its own, in a mount namespace that ends with the process.
        office.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        office.arguments = [
            "--map-root-user", "--mount", "/bin/sh", "-c",
            #"mount -t tmpfs -o size=24m disk "$1" && "$2" seed "$1" "$3" "$4" 4000 0 && exec "$2" run "$1""#,
            "sh", folder + "/office", try ringerPath(), "http://127.0.0.1:\(port)", "\(Self.count)",
        ]
        office.standardError = FileHandle.nullDevice
        try office.run()
        while try came(folder).count < Self.count / 10, office.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        let disk = "/proc/\(office.processIdentifier)/root\(folder)/office"
        try fill(disk + "/ballast")
        // Those that were out already arrive; then it is still, since nobody is sent what cannot be marked first.
        var last = -1
        while try came(folder).count != last {
            last = try came(folder).count
            try await Task.sleep(for: .seconds(2))
        }
        #expect(office.isRunning)
        #expect(last < Self.count, "all had come before the disk was full: nothing is proven")
        try FileManager.default.removeItem(atPath: disk + "/ballast")
        let deadline = Date(timeIntervalSinceNow: 60)
        while try came(folder).count < Self.count, Date() < deadline { try await Task.sleep(for: .milliseconds(50)) }
        // SQLite would follow /proc's link back to our own disk, so it reads a copy, once nothing changes any more.
        var copy = ""
        var size = -1
        while case let now = try sizes(disk), now != size {
            size = now
            try await Task.sleep(for: .seconds(1))
            copy = folder + "/copy-\(UUID())"
            try FileManager.default.copyItem(atPath: disk, toPath: copy)
        }
        try await expectEach(once: folder, in: copy, until: Date())
        #expect(office.isRunning)
    }

    /// Every reminder has one delivery, which the door took under one number.
    private func expectEach(once folder: String, in office: String, until deadline: Date) async throws {
        // The last answers are still being written.
        let cabinet = try SQLiteCabinet.open(at: office, errandsChanged: {})
        var deliveries: [Delivery] = []
        repeat {
            try await Task.sleep(for: .milliseconds(50))
            deliveries = []
            for id in 1...10 { deliveries += try await cabinet.deliveries(of: Matter.ID(Int64(id))) }
            deliveries = deliveries.filter { $0.way == .line }
        } while deliveries.contains { $0.fate == nil } && Date() < deadline
        try cabinet.close()
        #expect(deliveries.count == Self.count)
        #expect(Set(deliveries.map(\.fate)).isSubset(of: [.accepted, .acceptedLate]))
        let numbers = try came(folder)
        #expect(Set(deliveries.map(\.reference)) == Set(numbers))
        #expect(numbers.count == Self.count)
    }

    /// When anything in a folder changed last, and how large all of it is, as one number.
    private func sizes(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().reduce(0) { sum, name in
            let facts = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let changed = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return sum &* 31 &+ Int(changed * 1_000) &+ ((facts[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    /// Writes until there is no room for another byte.
    private func fill(_ path: String) throws {
        let file = Glibc.open(path, O_CREAT | O_WRONLY, 0o600)
        try #require(file >= 0)
        defer { Glibc.close(file) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        var written = 0
        while case let count = Glibc.write(file, zeros, zeros.count), count > 0 { written += count }
        try #require(errno == ENOSPC)
        #expect(written > 0)
    }

    /// A server that speaks LINE's Messaging API, and its port.
    private func openDoor(_ folder: String) throws -> (door: Process, port: String) {
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
        let port = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return (door, port)
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
        process.executableURL = URL(fileURLWithPath: try ringerPath())
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func ringerPath() throws -> String {
        try #require(Bundle.main.executableURL).deletingLastPathComponent().appendingPathComponent("ringer").path
    }
}
