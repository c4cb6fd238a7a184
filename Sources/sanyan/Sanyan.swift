// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// สัญญาณ: starts everything and introduces it.
@main struct Sanyan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sanyan",
        abstract: "สัญญาณ · from a letter of request to the month's report: online meetings and live broadcasts.",
        subcommands: [
            Serve.self, Demo.self, PlayDay.self, Storybook.self, Migrate.self, Verify.self, BackUp.self, Restore.self,
            Report.self, StudioCommand.self, FilmCommand.self,
        ])
}

/// `HOST:PORT`, as `127.0.0.1:8080` or `[::1]:8080`.
struct HostPort: ExpressibleByArgument, CustomStringConvertible {
    let host: String
    let port: Int

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.host = host
        self.port = port
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    static let usual = HostPort(host: "127.0.0.1", port: 8080)

    /// Reached only from this machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    var description: String { "\(Self.bracketed(host)):\(port)" }
    /// An address of IPv6 stands in brackets (RFC 3986, 3.2.2).
    static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
