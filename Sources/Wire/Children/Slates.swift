// SPDX-License-Identifier: Apache-2.0
import Media
import Secure
import Studio

/// The pictures with sound that stand in for a publisher's. They were drawn and encoded when the program was made
/// (`Tools/slates`), and are part of it: a slate needs nothing that could be missing.
enum Slates {
    private static let testCard = Clip(embedded: "Slates/testCard.clip")
    private static let backSoon = Clip(embedded: "Slates/backSoon.clip")

    /// The clip of a slate: 1280 by 720 at 30 pictures a second, H.264 without B-frames, AAC at 48 kHz.
    static func clip(_ slate: Slate) -> Clip {
        switch slate {
        case .testCard: testCard
        case .backSoon: backSoon
        }
    }
}

extension Clip {
    /// Reads what `Tools/slates/draw.py` wrote.
    fileprivate init(embedded name: String) {
        self.init(signals: [], microseconds: 0)
        for line in (embeddedText[name] ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            let bytes = Base64URL.bytes(String(words.last ?? ""))?[...] ?? []
            let time = words.count > 1 ? Int64(words[1]) ?? 0 : 0
            switch words.first {
            case "microseconds": microseconds = time
            case "avc": signals.append(.configuration(TrackID(.video), .avc, bytes))
            case "aac": signals.append(.configuration(TrackID(.audio), .aac, bytes))
            case "video":
                let isKey = words.count > 2 && words[2] == "key"
                signals.append(.sample(Sample(track: TrackID(.video), microseconds: time, isKey: isKey, bytes: bytes)))
            case "audio":
                signals.append(.sample(Sample(track: TrackID(.audio), microseconds: time, isKey: true, bytes: bytes)))
            default: break  // There is nothing else.
            }
        }
    }
}
