// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation
import Glibc
import Testing

/// `kill -9` under write load, fifty times: what was acknowledged is there, and nothing is half done.
@Suite struct KillTests {
    @Test func `nothing acknowledged is lost, no errand is carried twice`() async throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        print("KillTests seed \(seed)")
        var dice = Dice(state: seed)
        var acknowledged = 0
        var carried = 0
        for _ in 0..<5 {
            let folder = FileManager.default.temporaryDirectory.path + "/victim-" + UUID().uuidString
            // Nothing depends on the folder's going away.
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var lines: [String] = []
            for _ in 0..<10 {
                lines += try await run(folder, milliseconds: Int.random(in: 5...260, using: &dice))
                try await examine(folder, lines)
            }
            acknowledged += lines.count { $0.hasPrefix("entry") }
            carried += lines.count { $0.hasPrefix("carried") }
        }
        print("KillTests: 50 kills, \(acknowledged) entries and \(carried) errands acknowledged")
        // A test in which the victim never came to work would prove nothing.
        #expect(acknowledged > 500, "seed \(seed)")
        #expect(carried > 50, "seed \(seed)")
    }

    /// Runs the victim for a while, kills it, and gives the lines it had written.
    private func run(_ folder: String, milliseconds: Int) async throws -> [String] {
        let out = folder + ".out"
        #expect(FileManager.default.createFile(atPath: out, contents: nil))
        // As above.
        defer { try? FileManager.default.removeItem(atPath: out) }
        let victim = Process()
        victim.executableURL = try #require(Bundle.main.executableURL).deletingLastPathComponent()
            .appendingPathComponent("victim")
        victim.arguments = [folder]
        victim.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        try victim.run()
        // Mostly in the middle of its work, however long a busy machine takes to start it; now and then while it starts.
        var looks = 0
        while milliseconds > 30, looks < 1000, try String(contentsOfFile: out, encoding: .utf8).isEmpty {
            try await Task.sleep(for: .milliseconds(5))
            looks += 1
        }
        try await Task.sleep(for: .milliseconds(milliseconds))
        #expect(kill(victim.processIdentifier, SIGKILL) == 0)
        victim.waitUntilExit()
        // Had it ended by itself there would be nothing to prove.
        #expect(victim.terminationReason == .uncaughtSignal)
        #expect(victim.terminationStatus == SIGKILL)
        let text = try String(contentsOfFile: out, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    /// Compares what was acknowledged since the folder's first day with what is on the disk.
    private func examine(_ folder: String, _ lines: [String]) async throws {
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        let shelf = try FileShelf(at: folder)
        #expect(SQLiteCabinet.verify(folder) == [])
        var filter = MatterFilter()
        filter.limit = 0
        let matters = Dictionary(uniqueKeysWithValues: try await cabinet.matters(filter).map { ($0.id, $0) })
        var fates: [String: ErrandFate] = [:]
        for id in matters.keys {
            let records = try await cabinet.errands(of: id)
            for record in records { fates[record.errand.id] = record.fate }
            // Each errand goes to one person: as many notices as carried errands, or one was carried twice or half.
            let rung = records.count { if case .carried = $0.fate { true } else { false } }
            #expect(try await cabinet.notices(of: id).count == rung)
        }
        var told: Set<String> = []
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "entry":
                let id = try #require(Matter.ID(words[1]))
                #expect(matters[id]?.folder.contains { String($0.number) == words[2] } == true, "\(line)")
            case "carried":
                #expect(told.insert(words[1]).inserted, "\(line) twice")
                guard case .carried = fates[words[1]] else {
                    Issue.record("\(line), and is not on record")
                    continue
                }
            case "kept": #expect(shelf.path(of: words[1]) != nil, "\(line)")
            default: Issue.record("the victim said \(line)")
            }
        }
        try cabinet.close()
    }
}

/// Tosses that a seed repeats (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
