// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import Testing

@testable import Stagehands

/// The command line, with exactly the words that other programs rely on.
@Suite("the command line") struct CommandTests {
    /// Runs the program to its end.
    private func sanyan(_ arguments: String..., limitSeconds: Int = 60) async throws -> (code: Int32, said: String) {
        let folder = try scratch("command")
        defer { remove(folder) }
        let child = try Child(
            Harness.program, arguments, ProcessInfo.processInfo.environment, log: folder.appending(path: "log"),
            echo: false)
        let code = await child.end(withinSeconds: limitSeconds)
        return (code, child.said)
    }

    @Test("backup while the office works; restore is an office again; verify says 0, and 1 after damage")
    func keeping() async throws {
        let folder = try scratch("keeping")
        defer { remove(folder) }
        let office = folder.appending(path: "data").path
        let copy = folder.appending(path: "copy").path
        let again = folder.appending(path: "again").path
        let running = try await Running(.demo, in: folder)
        let backup = try await sanyan("backup", "--data", office, copy)
        #expect(backup.code == 0, "\(backup.said)")
        let beside = try await sanyan("verify", "--data", office)
        #expect(beside.code == 0, "\(beside.said)")
        await running.stop()
        let restored = try await sanyan("restore", copy, "--data", again)
        #expect(restored.code == 0, "\(restored.said)")
        #expect(try await sanyan("verify", "--data", again).code == 0)
        #expect(try await sanyan("migrate", "--data", again).code == 0)
        #expect(
            try await sanyan("restore", copy, "--data", again).code != 0, "a folder with an office in it is refused")
        try Data("junk".utf8).write(to: URL(filePath: copy).appending(path: "sanyan.sqlite"))
        #expect(
            try await sanyan("restore", copy, "--data", folder.path + "/other").code != 0, "a damaged copy is refused")
    }

    @Test("the month's report as PDF; 2569-11 and 2026-11 are the same month", arguments: ["buddhist", "christian"])
    func report(era: String) async throws {
        let folder = try scratch("report")
        defer { remove(folder) }
        let running = try await Running(.demo, in: folder)
        await running.stop()
        let file = folder.appending(path: "report.pdf")
        let components = Calendar(identifier: .gregorian).dateComponents([.year, .month], from: Date())
        let year = (components.year ?? 2026) + (era == "buddhist" ? 543 : 0)
        let month = String(format: "%04d-%02d", year, components.month ?? 1)
        let report = try await sanyan(
            "report", "--data", folder.appending(path: "data").path, "--month", month, "--out", file.path)
        #expect(report.code == 0, "\(report.said)")
        let bytes = try Data(contentsOf: file)
        #expect(bytes.prefix(5) == Data("%PDF-".utf8))
        #expect(bytes.count > 10_000)
    }

    @Test("a new office prints a one-time link for its first administrator, once")
    func firstAdministrator() async throws {
        let folder = try scratch("welcome")
        defer { remove(folder) }
        let running = try await Running(.serve, in: folder)
        // The link is printed after the door has opened; the harness waits for the door.
        for _ in 0..<100 where !running.said.contains("/welcome/") { try await Task.sleep(for: .milliseconds(20)) }
        let link = running.said.split(whereSeparator: \.isWhitespace).first { $0.contains("/welcome/") }
        await running.stop()
        let address = try #require(link.flatMap { URL(string: String($0)) })
        #expect(address.host() == "127.0.0.1")
        #expect(address.lastPathComponent.count >= 40)
    }

    @Test("day plays a letter's whole journey")
    func day() async throws {
        let (code, said) = try await sanyan("day")
        #expect(code == 0)
        for sign in ["09:00  หนังสือเข้า", "เลขรับ 1/2569", "อีก 30 นาทีจะเริ่ม", "จบเรื่อง", "ร่างเสร็จ: 1 เรื่อง"] {
            #expect(said.contains(sign), "missing: \(sign)")
        }
    }

    @Test("the demo and the storybook listen on a loopback address only", arguments: ["demo", "storybook"])
    func loopbackOnly(command: String) async throws {
        #expect(try await sanyan(command, "--http", "0.0.0.0:0").code != 0)
    }

    @Test("what is not understood ends with a code other than 0")
    func nonsense() async throws {
        #expect(try await sanyan("report", "--data", "/nowhere", "--month", "2569-11", "--out", "x.pdf").code != 0)
        #expect(try await sanyan("serve", "--http", "nonsense").code != 0)
        #expect(try await sanyan("verify", "--data", "/nowhere/at/all").code != 0)
    }
}

/// A folder of the test's own.
func scratch(_ name: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(name)-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

func remove(_ folder: URL) {
    // A left-over in the temporary folder fails no test.
    try? FileManager.default.removeItem(at: folder)
}
