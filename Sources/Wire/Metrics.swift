// SPDX-License-Identifier: Apache-2.0
import Studio

/// The figures as Prometheus reads them: one series for each broadcast, none for a viewer.
enum Metrics {
    static func text(_ all: [(name: String, state: State, tallies: Tallies)]) -> String {
        var text = ""
        func write(_ name: String, _ kind: String, _ help: String, _ value: (State, Tallies) -> String?) {
            text += "# HELP sanyan_broadcast_\(name) \(help)\n# TYPE sanyan_broadcast_\(name) \(kind)\n"
            for one in all {
                guard let value = value(one.state, one.tallies) else { continue }
                text += "sanyan_broadcast_\(name){broadcast=\"\(one.name)\"} \(value)\n"
            }
        }
        write("receiving", "gauge", "Whether a publisher is sending.") { state, _ in state.isReceiving ? "1" : "0" }
        write("on_air", "gauge", "Whether the audience sees the publisher.") { state, _ in
            state.phase == .onAir ? "1" : "0"
        }
        write("opened_seconds", "gauge", "When it was opened, since 1970.") { state, _ in state.openedAt.map(seconds) }
        write("ended_seconds", "gauge", "When it ended, since 1970.") { state, _ in state.endedAt.map(seconds) }
        write("viewers", "gauge", "Who fetched media in the last three target durations.") { state, _ in
            String(state.viewers)
        }
        write("viewers_peak", "gauge", "The most viewers at once.") { state, _ in String(state.peak) }
        write("viewers_average", "gauge", "The mean of the audience since it was opened.") { state, _ in
            String(state.average)
        }
        write("viewer_minutes_total", "counter", "What viewers watched together.") { state, _ in
            String(state.viewerMinutes)
        }
        write("interruptions_total", "counter", "How often a publisher broke off and returned.") { state, _ in
            String(state.interruptions)
        }
        write("drops_total", "counter", "Frames that were missing or could not be used.") { state, _ in
            String(state.drops)
        }
        write("refused_total", "counter", "Publishers that were refused.") { String($1.refused) }
        write("received_bytes_total", "counter", "Media bytes that came.") { String($1.bytes) }
        write("bits_per_second", "gauge", "What comes in.") { state, _ in String(state.bitsPerSecond) }
        write("pictures_per_second", "gauge", "Frame rate that comes in.") { state, _ in seconds(state.milliPictures) }
        write("key_frame_seconds", "gauge", "How far the last two key frames were apart.") { state, _ in
            state.keyFrameMilliseconds.map(seconds)
        }
        write("loudness_lufs", "gauge", "Short-term loudness after EBU R 128.") { state, _ in
            state.loudness.shortTerm.map { "\(Double($0) / 100)" }
        }
        text += "# HELP sanyan_broadcast_fault What is wrong now.\n# TYPE sanyan_broadcast_fault gauge\n"
        for one in all {
            for complaint in one.state.complaints {
                text += "sanyan_broadcast_fault{broadcast=\"\(one.name)\",code=\"\(complaint.code)\"} 1\n"
            }
        }
        return text
    }

    /// The port of meetings.
    static func text(_ port: MeetingPort.Figures) -> String {
        let all: [(String, String, String, Int)] = [
            ("peers", "gauge", "Connections.", port.peers),
            ("received_datagrams_total", "counter", "Datagrams that came.", port.datagrams),
            ("sent_datagrams_total", "counter", "Datagrams that were sent.", port.sent),
            ("dropped_datagrams_total", "counter", "Datagrams that the system would not take.", port.dropped),
            ("strangers_total", "counter", "Datagrams of who has proved nothing.", port.strangers),
            ("false_checks_total", "counter", "Checks that prove nothing.", port.falseChecks),
            ("false_packets_total", "counter", "Packets that were altered, forged, or came before.", port.falsePackets),
        ]
        return all.map { name, kind, help, value in
            "# HELP sanyan_meetings_\(name) \(help)\n# TYPE sanyan_meetings_\(name) \(kind)\n"
                + "sanyan_meetings_\(name) \(value)\n"
        }.joined()
    }

    /// Thousandths as a decimal number.
    private static func seconds(_ thousandths: Int64) -> String {
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
