// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Secure
import Studio
import UnixSignals
import Wire

/// `sanyan studio`: broadcasts, without the desk or as its supervised studio.
struct StudioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "studio", abstract: "Serves live broadcasts and meetings: alone, or as the office's studio.")

    @Option(name: .customLong("broadcast"), help: "A broadcast and its stream key, as NAME:KEY. May be repeated.")
    var broadcasts: [String] = []
    @Option(
        name: .customLong("meeting"),
        help: "A meeting, as NAME, or as NAME:KEY: who has the key is host, and may publish by WHIP. May be repeated.")
    var meetings: [String] = []
    @Flag(name: .customLong("record"), help: "Meetings are recorded from their first picture or sound on.")
    var records = false
    @Option(
        name: .customLong("air"),
        help: "A meeting that goes on air in a broadcast as soon as somebody publishes, as MEETING:BROADCAST.")
    var airs: [String] = []
    @Option(name: .customLong("layout"), help: "How it goes on air: one, speaker, side or grid.")
    var layout = "one"
    @Option(name: .customLong("http"), help: "Where viewers come.")
    var http = HostPort.usual
    @Option(name: .customLong("https"), help: "Where viewers come by TLS; wants --certificate and --certificate-key.")
    var https: HostPort?
    @Option(name: .customLong("rtmp"), help: "Where encoders come.")
    var rtmp = HostPort(host: "127.0.0.1", port: 1935)
    @Option(name: .customLong("rtmps"), help: "Where encoders come by TLS.")
    var rtmps: HostPort?
    @Option(name: .customLong("srt"), help: "Where encoders that speak SRT come.")
    var srt = HostPort(host: "127.0.0.1", port: 8890)
    @Option(
        name: .customLong("srt-passphrase-file"),
        help: "A file with the passphrase of 10 to 79 bytes that encoders must know to come by SRT.")
    var passphraseFile: String?
    @Option(name: .customLong("udp"), help: "Where the media of meetings comes and goes, by UDP and by TCP.")
    var udp = HostPort(host: "127.0.0.1", port: 8189)
    @OptionGroup var reach: ReachOptions
    @Option(name: .customLong("desk"), help: "The Unix socket at which the office listens; it says what is broadcast.")
    var desk: String?
    @Option(name: .customLong("certificate"), help: "The chain of certificates, a PEM file.")
    var certificate: String?
    @Option(name: .customLong("certificate-key"), help: "Its key, a PEM file.")
    var certificateKey: String?
    @Option(name: .customLong("profile"), help: "How finely the stream is cut: campus, usual or everywhere.")
    var profile = "usual"
    @Option(name: .customLong("data"), help: "Recordings are written into its folder `recordings`.")
    var folder = "var/studio"
    @Option(
        name: .customLong("recording-gigabytes"),
        help: "How much recordings may take; when it is less, somebody is told.")
    var recordingGigabytes: Int?
    @Flag(
        name: .customLong("forgets-oldest"), help: "The oldest recordings go when there is no more room for new ones.")
    var forgetsOldest = false

    func run() async throws {
        let plans = try plans()
        let meetings = try meetingPlans()
        let settings = try settings()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let station = try Station(settings)
        guard meetings.isEmpty || station.udp > 0 else {
            throw ValidationError("meetings want a free port: --udp HOST:PORT")
        }
        for plan in plans { station.put(plan) }
        for meeting in meetings { station.put(meeting) }
        let viewers = HostPort(host: http.host, port: station.doors.http)
        let encoders = HostPort(host: rtmp.host, port: station.doors.rtmp)
        Voice.say("ห้องส่ง · rtmp://\(encoders)/live/KEY   (\(folder)/recordings)")
        if station.doors.srt > 0 { Voice.say("  srt://\(srt.host):\(station.doors.srt)?streamid=publish:KEY") }
        for plan in plans { Voice.say("  → http://\(viewers)/watch/\(plan.name)") }
        if station.udp > 0 { Voice.say("  udp, tcp \(udp.host):\(station.udp)") }
        for meeting in meetings {
            Voice.say("  ↔ http://\(viewers)/room/\(meeting.name)   (/whip/\(meeting.name), /whep/\(meeting.name))")
        }
        for await signal in signals {
            guard signal == .sighup else { break }
            // The certificate was renewed; one that cannot be read leaves the old one in place.
            do { try station.renewCertificate(settings) } catch { Voice.complain("\(error)") }
        }
        await station.stop()
    }

    private func meetingPlans() throws -> [MeetingPlan] {
        let plans = try meetings.map { text in
            let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard Station.isName(halves[0]), halves.count == 1 || !halves[1].isEmpty else {
                // What was written may hold a key, so it is not repeated.
                throw ValidationError("--meeting wants NAME or NAME:KEY; a name has letters, digits, '.', '_' and '-'")
            }
            var plan = MeetingPlan(name: halves[0], title: halves[0])
            plan.keyHashes = halves.dropFirst().map { Hex.text(Digest.sha256($0)) }
            // The key makes a host at the room's door, too; without one whoever comes first is host.
            plan.hostKeyHashes = plan.keyHashes
            // Who is there sees when it is recorded; nobody has asked them before.
            (plan.records, plan.asksConsent) = (true, false)
            plan.recordsAtOnce = records
            plan.broadcast = try air(halves[0])
            plan.overflow = plan.broadcast.map { "/watch/\($0)" }
            plan.airsAtOnce = plan.broadcast == nil ? nil : FilmLayout(rawValue: layout)
            plan.mayForget = forgetsOldest
            return plan
        }
        guard Set(plans.map(\.name) + broadcastNames).count == plans.count + broadcasts.count else {
            throw ValidationError("each broadcast and each meeting needs its own name")
        }
        return plans
    }

    /// The broadcast that a meeting goes on air in.
    private func air(_ meeting: String) throws -> String? {
        guard FilmLayout(rawValue: layout) != nil else {
            throw ValidationError("--layout is one, speaker, side or grid")
        }
        let pairs = airs.map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        let names = pairs.flatMap { $0.dropFirst() }
        guard pairs.allSatisfy({ $0.count == 2 }), names.allSatisfy({ broadcastNames.contains($0) }) else {
            throw ValidationError("--air wants MEETING:BROADCAST, and a --broadcast of that name")
        }
        return pairs.first { $0[0] == meeting }?[1]
    }

    /// What stands in the file of the TURN server's secret.
    private func secret() throws -> String {
        guard reach.relays.allSatisfy({ $0.hasPrefix("turn:") || $0.hasPrefix("turns:") }),
            let relaySecret = reach.relaySecret
        else {
            throw ValidationError("--turn wants turn:HOST:PORT or turns:HOST:PORT, and --turn-secret FILE")
        }
        let text = try String(contentsOfFile: relaySecret, encoding: .utf8)
        let secret = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !secret.isEmpty else { throw ValidationError("the file of --turn-secret is empty") }
        return secret
    }

    private var broadcastNames: [String] {
        broadcasts.map { $0.split(separator: ":", maxSplits: 1).first.map(String.init) ?? "" }
    }

    private func plans() throws -> [Plan] {
        guard let profile = Plan.Profile(rawValue: profile) else {
            throw ValidationError("--profile is campus, usual or everywhere")
        }
        var keys: Set<String> = []
        let plans = try broadcasts.map { text in
            let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard halves.count == 2, Station.isName(halves[0]), !halves[1].isEmpty else {
                // What was written may hold a key, so it is not repeated.
                throw ValidationError("--broadcast wants NAME:KEY; a name has letters, digits, '.', '_' and '-' only")
            }
            guard keys.insert(halves[1]).inserted else {
                throw ValidationError("two broadcasts cannot have the same key")
            }
            var plan = Plan(name: halves[0], title: halves[0], keyHashes: [Hex.text(Digest.sha256(halves[1]))])
            plan.profile = profile
            plan.offersFilms = true
            plan.mayForget = forgetsOldest
            return plan
        }
        guard desk != nil || !plans.isEmpty || !meetings.isEmpty, Set(plans.map(\.name)).count == plans.count else {
            throw ValidationError("give at least one --broadcast or --meeting, and each its own name")
        }
        return plans
    }

    private func settings() throws -> Station.Settings {
        var settings = Station.Settings(
            http: Station.Door(http.host, http.port), rtmp: Station.Door(rtmp.host, rtmp.port), folder: folder)
        settings.https = https.map { Station.Door($0.host, $0.port) }
        settings.rtmps = rtmps.map { Station.Door($0.host, $0.port) }
        settings.srt = Station.Door(srt.host, srt.port)
        // An office's broadcasts may be fed and watched by WebRTC, too.
        settings.udp = Station.Door(udp.host, udp.port)
        settings.announced = reach.announced
        if !reach.relays.isEmpty { settings.relay = (reach.relays, try secret()) }
        settings.desk = desk
        if let certificate, let certificateKey { settings.certificate = (certificate, certificateKey) }
        guard https == nil && rtmps == nil || settings.certificate != nil else {
            throw ValidationError("TLS wants --certificate and --certificate-key")
        }
        settings.srtPassphrase = try passphraseFile.map(Self.passphrase)
        if let recordingGigabytes {
            guard 1...1_000_000 ~= recordingGigabytes else {
                throw ValidationError("--recording-gigabytes is 1 or more")
            }
            settings.recordingBytes = Int64(recordingGigabytes) * 1_000_000_000
        }
        settings.abandoned = { kill(getpid(), SIGTERM) }
        settings.log = { Voice.complain($0) }
        return settings
    }

    /// The first line of a file. A secret in an argument could be read by everybody on the machine.
    static func passphrase(in path: String) throws -> String {
        // What is wrong with the file the operator sees without our words.
        guard let bytes = FileManager.default.contents(atPath: path),
            let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first,
            10...79 ~= line.utf8.count
        else { throw ValidationError("--srt-passphrase-file wants a file with 10 to 79 bytes in its first line") }
        return String(line)
    }
}
