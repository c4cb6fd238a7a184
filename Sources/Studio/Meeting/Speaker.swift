// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// Who speaks, by the levels that publishers tell (RFC 6464), with patience: a cough takes nobody's place, and two who
/// talk at once do not flicker.
struct SpeakerWatch {
    private struct Voice {
        var source: SourceID
        /// How loud lately, 0 to 127, and the flag of the sender's own detector.
        var level = 0.0
        var heardAt: Tick
        /// Since when it is louder than who speaks.
        var aheadSince: Tick?
        var isVoice = false
    }

    /// So long somebody must be louder before the place changes.
    private static let patience: Int64 = 300_000
    /// Quieter than this is a room, not a voice: 127 minus 55 decibels.
    private static let least = 72.0
    /// Who speaks keeps the place through a pause of so long.
    private static let pause: Int64 = 2_500_000

    private var voices: [Voice] = []
    private(set) var current: SourceID?
    private var spokeAt: Tick?
    private var judgedAt: Tick?

    /// A packet's level. Sources that send nothing fall silent by themselves.
    mutating func hear(_ level: AudioLevel, from source: SourceID, at now: Tick) {
        let loudness = Double(127 - Int(level.decibelsBelow))
        if let index = voices.firstIndex(where: { $0.source == source }) {
            // Up quickly, down slowly: syllables have gaps.
            let old = voices[index].level
            voices[index].level = loudness > old ? old * 0.6 + loudness * 0.4 : old * 0.9 + loudness * 0.1
            voices[index].heardAt = now
            voices[index].isVoice = level.isVoice
        } else if voices.count < 1_000 {
            voices.append(Voice(source: source, level: loudness * 0.4, heardAt: now, isVoice: level.isVoice))
        }
    }

    /// It has gone. Whether it was who spoke.
    mutating func leave(_ source: SourceID) -> Bool {
        voices.removeAll { $0.source == source }
        guard current == source else { return false }
        current = nil
        return true
    }

    /// Whether somebody else speaks now.
    mutating func judge(at now: Tick) -> Bool {
        guard judgedAt.map({ now - $0 >= 50_000 }) ?? true else { return false }
        judgedAt = now
        for index in voices.indices where now - voices[index].heardAt > 400_000 { voices[index].level *= 0.8 }
        let holder = voices.first { $0.source == current }
        if let holder, holder.level >= SpeakerWatch.least { spokeAt = now }
        let holds = holder.map { $0.level } ?? 0
        var best: (source: SourceID, level: Double)?
        for index in voices.indices where voices[index].source != current {
            let voice = voices[index]
            let isAhead = voice.level >= SpeakerWatch.least && voice.level > holds + (holder == nil ? 0 : 6)
            voices[index].aheadSince = isAhead ? voice.aheadSince ?? now : nil
            guard let since = voices[index].aheadSince,
                now - since >= (holder == nil ? 100_000 : SpeakerWatch.patience),
                voice.level > best?.level ?? 0
            else { continue }
            best = (voice.source, voice.level)
        }
        if let best {
            current = best.source
            spokeAt = now
            for index in voices.indices { voices[index].aheadSince = nil }
            return true
        }
        if current != nil, let spoke = spokeAt, now - spoke > SpeakerWatch.pause, holds < SpeakerWatch.least / 2 {
            current = nil
            return true
        }
        return false
    }

    /// The loudest first, those who were heard lately; the holder of the place before all.
    func loudest(_ count: Int) -> [SourceID] {
        voices.sorted { left, right in
            (left.source == current ? 1_000 : left.level, right.source.number)
                > (right.source == current ? 1_000 : right.level, left.source.number)
        }
        .prefix(count).map(\.source)
    }
}
