// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import UnixSignals
import Wire

/// `sanyan studio`: broadcasts without the desk.
struct StudioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "studio", abstract: "Serves live broadcasts, without the office.")

    @Option(name: .customLong("broadcast"), help: "A broadcast and its stream key, as NAME:KEY. May be repeated.")
    var broadcasts: [String]
    @Option(name: .customLong("http"), help: "Where viewers come.")
    var http = HostPort.usual
    @Option(name: .customLong("rtmp"), help: "Where encoders come.")
    var rtmp = HostPort(host: "127.0.0.1", port: 1935)
    @Option(name: .customLong("data"), help: "Recordings are written into its folder `recordings`.")
    var folder = "var/studio"

    func run() async throws {
        let entries = try broadcasts.map { text in
            let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard halves.count == 2, let entry = Station.Plan.Entry(name: halves[0], key: halves[1]) else {
                // What was written may hold a key, so it is not repeated.
                throw ValidationError("--broadcast wants NAME:KEY; a name has letters, digits, '.', '_' and '-' only")
            }
            return entry
        }
        guard !entries.isEmpty, Set(entries.map(\.name)).count == entries.count else {
            throw ValidationError("give at least one --broadcast, and each its own name")
        }
        guard Set(entries.map(\.key)).count == entries.count else {
            throw ValidationError("two broadcasts cannot have the same key")
        }
        var plan = Station.Plan(
            broadcasts: entries, http: (http.host, http.port), rtmp: (rtmp.host, rtmp.port), folder: folder)
        plan.log = { Voice.complain($0) }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let station = try await Station(plan)
        let viewers = HostPort(host: http.host, port: station.httpPort)
        let encoders = HostPort(host: rtmp.host, port: station.rtmpPort)
        Voice.say("ห้องส่ง · rtmp://\(encoders)/live/KEY   (\(folder)/recordings)")
        for entry in entries { Voice.say("  → http://\(viewers)/watch/\(entry.name)") }
        for await _ in signals { break }
        try await station.stop()
    }
}
