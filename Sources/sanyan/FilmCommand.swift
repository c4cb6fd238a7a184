// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Studio
import Wire

/// `sanyan film`: one film of a meeting's recording.
struct FilmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "film", abstract: "Makes one film of a meeting's recording, with everybody's picture and sound.")

    @Option(name: .customLong("data"), help: "The studio's folder.")
    var folder = "var/studio"
    @Option(name: .customLong("meeting"), help: "The meeting's name.")
    var meeting: String
    @Option(name: .customLong("recording"), help: "The recording's folder, as 20261126T104500Z; else the last one.")
    var recording: String?
    @Option(name: .customLong("layout"), help: "speaker, side, grid or one.")
    var layout = "speaker"

    func run() async throws {
        guard let layout = FilmLayout(rawValue: layout) else {
            throw ValidationError("--layout is speaker, side, grid or one")
        }
        guard Station.isName(meeting) else { throw ValidationError("--meeting wants a meeting's name") }
        let path = try await FilmRoom.make(data: folder, meeting: meeting, recording: recording, layout: layout) {
            Voice.say("\($0) %")
        }
        Voice.say(path)
    }
}
