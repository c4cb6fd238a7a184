// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
public import Testing

/// Why a script could not be played at all.
enum HarnessFault: Error, CustomStringConvertible {
    case noPython(String)
    case noProgram(String)
    case programDidNotStart(said: String)

    var description: String {
        switch self {
        case .noPython(let path): "no \(path): run scripts/setup.sh --tests"
        case .noProgram(let path): "no \(path): run swift build"
        case .programDidNotStart(let said): "the program never answered /healthz; it said:\n\(said)"
        }
    }
}

/// Plays a Python script of `Scripts/` in a real browser, against a program of its own with a folder of its own.
///
/// The script finds BASE_URL (the program's address), DATA (its folder) and OUT (a folder for pictures, kept under
/// `.build/shots/SCRIPT`) in its environment, and the program's path in PROGRAM. It fails by ending with a code other
/// than 0, and what it said is then the test's failure.
enum Harness {
    /// Which office the script walks into.
    enum Office: String {
        /// `sanyan demo`: people for every role, a matter at every stage.
        case demo
        /// `sanyan serve` on an empty folder: its one-time link is in the program's output, DATA/../program.log.
        case serve
        /// None: the script needs no program.
        case closed
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = root.appending(path: ".venv/bin/python")

    /// The program beside the tests that run now, or the one that SANYAN_PROGRAM names.
    static var program: URL {
        if let named = ProcessInfo.processInfo.environment["SANYAN_PROGRAM"] { return URL(filePath: named) }
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "sanyan")
    }

    /// Plays `Scripts/NAME.py` to its end and fails the test with what it said when it fails.
    static func play(
        _ name: String, in office: Office = .demo, limitSeconds: Int = 300, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        let (code, said) = try await run(name, in: office, limitSeconds: limitSeconds)
        if code != 0 { Issue.record("\(name).py ended with \(code):\n\(said)", sourceLocation: place) }
    }

    /// Runs `Scripts/NAME.py` to its end: its exit code (9 when it took too long), and what it and the program said.
    static func run(
        _ name: String, in office: Office, limitSeconds: Int = 300
    ) async throws -> (code: Int32, said: String) {
        guard isProgram(python) else { throw HarnessFault.noPython(python.path) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-browser-\(UUID())")
        let shots = root.appending(path: ".build/shots/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: shots, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A left-over in /tmp fails no test.

        var surroundings = ProcessInfo.processInfo.environment
        surroundings["OUT"] = shots.path
        surroundings["DATA"] = folder.appending(path: "data").path
        surroundings["PROGRAM"] = Self.program.path
        surroundings["PYTHONDONTWRITEBYTECODE"] = "1"
        surroundings["PYTHONUNBUFFERED"] = "1"
        let running = office == .closed ? nil : try await Running(office, in: folder)
        surroundings["BASE_URL"] = running?.address
        let script = root.appending(path: "Tests/BrowserTests/Scripts/\(name).py")
        let log = folder.appending(path: "script.log")
        let child = try Child(python, [script.path], surroundings, log: log, echo: true)
        let code = await child.end(withinSeconds: limitSeconds)
        await running?.stop()
        let program = running.map { "\nThe program said last:\n" + $0.said.suffix(2000) } ?? ""
        return (code, child.said + program)
    }

    static func isProgram(_ file: URL) -> Bool { FileManager.default.isExecutableFile(atPath: file.path) }
}

/// `sanyan` on a free loopback port, from the moment it answers until it is stopped.
struct Running {
    let address: String
    private let child: Child
    var said: String { child.said }

    /// - Parameter more: what the command line says besides. Without it no studio is started: its doors are one machine's.
    init(_ office: Harness.Office, in folder: URL, more: [String] = ["--studio-elsewhere"]) async throws {
        guard Harness.isProgram(Harness.program) else { throw HarnessFault.noProgram(Harness.program.path) }
        let place = "127.0.0.1:\(try freePort())"
        address = "http://\(place)"
        child = try Child(
            Harness.program,
            [office.rawValue, "--data", folder.appending(path: "data").path, "--http", place] + more,
            ProcessInfo.processInfo.environment, log: folder.appending(path: "program.log"), echo: false)
        guard await answers() else {
            await stop()
            throw HarnessFault.programDidNotStart(said: said)
        }
    }

    /// Asks /healthz for twenty seconds; gives up at once when the program has ended.
    private func answers() async -> Bool {
        guard let url = URL(string: address + "/healthz") else { return false }
        for _ in 0..<400 where child.isRunning {
            // It refuses connections until it listens: that is what is waited for, so the error tells nothing.
            if let (_, answer) = try? await URLSession.shared.data(from: url),
                (answer as? HTTPURLResponse)?.statusCode == 200
            {
                return true
            }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return false }
        }
        return false
    }

    /// SIGTERM, ten seconds to close the books, then SIGKILL.
    func stop() async {
        child.signal(SIGTERM)
        _ = await child.end(withinSeconds: 10)
    }
}

/// A port of the loopback address that nobody listens on at this moment.
func freePort() throws -> UInt16 {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
        let bound = bind(socket, base, length)
        return bound == 0 ? getsockname(socket, base, &length) : bound
    }
    guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    return UInt16(bigEndian: address.sin_port)
}
