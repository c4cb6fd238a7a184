// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Pages

/// How calls get through, which the office says to its studio word by word.
struct ReachOptions: ParsableArguments {
    @Option(
        name: .customLong("announce"),
        help: "An address at which --udp is reached from elsewhere, when it is behind NAT. May be repeated.")
    var announced: [String] = []
    @Option(
        name: .customLong("turn"),
        help: "A TURN server for those whom nothing else reaches, as turn:HOST:PORT. May be repeated.")
    var relays: [String] = []
    @Option(name: .customLong("turn-secret"), help: "The file with the secret that the TURN server shares with us.")
    var relaySecret: String?
}

/// What `serve` and `demo` say about the studio.
struct StudioOptions: ParsableArguments {
    @Option(name: .customLong("studio-http"), help: "Where the studio's viewers come.")
    var http = HostPort(host: "127.0.0.1", port: 8081)
    @Option(name: .customLong("rtmp"), help: "Where encoders come by RTMP.")
    var rtmp = HostPort(host: "127.0.0.1", port: 1935)
    @Option(name: .customLong("srt"), help: "Where encoders come by SRT.")
    var srt: HostPort?
    @Option(
        name: .customLong("srt-passphrase-file"),
        help: "A file with the passphrase of 10 to 79 bytes that encoders must know to come by SRT.")
    var passphraseFile: String?
    @Option(
        name: .customLong("recording-gigabytes"),
        help: "How much recordings may take; when it is less, somebody is told.")
    var recordingGigabytes: Int?
    @Option(name: .customLong("udp"), help: "Where the media of meetings comes and goes, by UDP and by TCP.")
    var udp: HostPort?
    @OptionGroup var reach: ReachOptions
    @Option(
        name: .customLong("studio-address"),
        help: "Where people reach the studio from outside, as https://live.example.ac.th; else as the settings say.")
    var address: String?
    @Flag(name: .customLong("no-studio"), help: "Broadcasts nothing: there is no studio, and the pages offer none.")
    var isShut = false
    @Flag(name: .customLong("studio-elsewhere"), help: "Starts no studio, and takes one that somebody else starts.")
    var isElsewhere = false

    func validate() throws {
        if let address, !isOfficeAddress(address) {
            throw ValidationError("--studio-address is https:// and a host, or http:// on this machine; no path")
        }
    }

    /// How the link is run for an office; nil when there is to be none.
    func settings(folder: String, isDemo: Bool) -> StudioLink.Settings? {
        guard !isShut else { return nil }
        return StudioLink.Settings(
            folder: folder, http: http, rtmp: rtmp, srt: srt, passphraseFile: passphraseFile,
            recordingGigabytes: recordingGigabytes, udp: udp, announced: reach.announced,
            relays: reach.relays, relaySecret: reach.relaySecret, address: address, startsStudio: !isElsewhere,
            endsStudio: isDemo)
    }
}
