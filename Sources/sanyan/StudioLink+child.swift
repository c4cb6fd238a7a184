// SPDX-License-Identifier: Apache-2.0

import Desk
import Foundation
import Logging

extension StudioLink {
    /// One that an earlier desk has started comes back within this time; then none is started.
    private static let welcomeSeconds = 1
    private static let longestPauseSeconds = 60

    /// Keeps a studio running: starts one when none comes, and again when it dies, ever more slowly while it dies at once.
    func keepStudio() async {
        var pauseSeconds = Self.welcomeSeconds
        while await sleeps(.seconds(pauseSeconds)) {
            guard !hasLine else {
                pauseSeconds = Self.welcomeSeconds
                continue
            }
            let began = ContinuousClock.now
            do {
                let child = try StudioChild.start(StudioChild.ownProgram, settings.arguments)
                logger.info("started the studio", metadata: ["process": "\(child.process)"])
                guard let code = await child.end() else { return await part(from: child) }
                logger.error("the studio ended", metadata: ["code": "\(code)"])
            } catch {
                logger.error("the studio could not be started", metadata: ["error": "\(error)"])
            }
            let lived = began.duration(to: .now)
            pauseSeconds = lived > .seconds(60) ? 1 : min(max(1, 2 * pauseSeconds), Self.longestPauseSeconds)
        }
        partFromAdopted()
    }

    /// False when there is to be an end.
    private func sleeps(_ length: Duration) async -> Bool {
        do {
            try await Task.sleep(for: length)
            return true
        } catch { return false }
    }

    /// The desk ends. Its studio ends with it, unless something is on air: the next desk finds it again.
    private func part(from child: StudioChild) async {
        guard settings.endsStudio || !hasAir else {
            return logger.notice(
                "the studio stays on air without the desk", metadata: ["process": "\(child.process)"])
        }
        child.stop()
        // This task is cancelled already; somebody else waits.
        await Task.detached {
            for _ in 0..<100 where child.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
            if child.isRunning { child.killNow() }
        }.value
    }

    /// The same for a studio that an earlier desk has started: it is asked to end, and nobody waits.
    private func partFromAdopted() {
        guard let process, settings.endsStudio || !hasAir else { return }
        kill(process, SIGTERM)
    }
}

extension StudioLink.Settings {
    /// The words that the studio is started with.
    var arguments: [String] {
        var words = ["studio", "--desk", socket, "--http", "\(http)", "--rtmp", "\(rtmp)", "--data", folder]
        if let srt { words += ["--srt", "\(srt)"] }
        if let passphraseFile { words += ["--srt-passphrase-file", passphraseFile] }
        if let recordingGigabytes { words += ["--recording-gigabytes", "\(recordingGigabytes)"] }
        if let udp { words += ["--udp", "\(udp)"] }
        for address in announced { words += ["--announce", address] }
        for relay in relays { words += ["--turn", relay] }
        if let relaySecret { words += ["--turn-secret", relaySecret] }
        return words
    }
}
