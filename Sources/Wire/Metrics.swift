// SPDX-License-Identifier: Apache-2.0
import HLS
import Studio

/// The figures as Prometheus reads them: one series for each broadcast, none for a viewer.
enum Metrics {
    static func text(_ all: [(name: String, figures: Figures)]) -> String {
        var text = ""
        func write(_ name: String, _ kind: String, _ help: String, _ value: (Figures) -> String?) {
            text += "# HELP sanyan_broadcast_\(name) \(help)\n# TYPE sanyan_broadcast_\(name) \(kind)\n"
            for one in all {
                guard let value = value(one.figures) else { continue }
                text += "sanyan_broadcast_\(name){broadcast=\"\(one.name)\"} \(value)\n"
            }
        }
        write("receiving", "gauge", "Whether a publisher is sending.") { $0.isReceiving ? "1" : "0" }
        write("opened_seconds", "gauge", "When it was opened, since 1970.") {
            $0.opened.map { seconds($0.milliseconds) }
        }
        write("ended_seconds", "gauge", "When it ended, since 1970.") { $0.ended.map { seconds($0.milliseconds) } }
        write("viewers", "gauge", "Who fetched media in the last three target durations.") { String($0.viewers) }
        write("viewers_peak", "gauge", "The most viewers at once.") { String($0.peak) }
        write("viewer_minutes_total", "counter", "What viewers watched together.") { String($0.viewerMinutes) }
        write("interruptions_total", "counter", "How often a publisher broke off and returned.") {
            String($0.interruptions)
        }
        write("refused_total", "counter", "Publishers that were refused.") { String($0.refused) }
        write("received_bytes_total", "counter", "Media bytes that came.") { String($0.bytes) }
        write("bits_per_second", "gauge", "What comes in.") { String($0.bitsPerSecond) }
        write("pictures_per_second", "gauge", "Frame rate that comes in.") { seconds($0.milliPictures) }
        write("key_frame_seconds", "gauge", "How far the last two key frames were apart.") {
            $0.keyFrameMilliseconds.map(seconds)
        }
        text += "# HELP sanyan_broadcast_fault What is wrong now.\n# TYPE sanyan_broadcast_fault gauge\n"
        for one in all {
            for fault in one.figures.faults {
                text += "sanyan_broadcast_fault{broadcast=\"\(one.name)\",code=\"\(fault.code)\"} 1\n"
            }
        }
        return text
    }

    /// Thousandths as a decimal number.
    private static func seconds(_ thousandths: Int64) -> String {
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
