// SPDX-License-Identifier: Apache-2.0
import FMP4

// How the renditions keep step: one leads, and the others take its cuts when they have come as far. A ladder's rungs
// are a second late or more; a second picture of the encoder itself is not late at all.

extension Presentation {
    /// Frames are not quite where they were after another encoder had them: milliseconds here, ticks there, perhaps
    /// another frame rate.
    private static let tolerance: Int64 = 25_000
    /// So long a rendition's own key frame is waited for where a segment begins; then it begins without one.
    private static let keyPatience: Int64 = 60_000
    /// Sound can begin anywhere: half a frame is near enough.
    private static let soundTolerance: Int64 = 11_000
    /// Longer than a ladder is late.
    private static let memoryMicroseconds: Int64 = 12_000_000
    /// What has not been heard for so long is away.
    private static let patienceMicroseconds: Int64 = 4_000_000

    /// Hands a sample to every rendition that wants it.
    mutating func deliver(_ source: Source, _ sample: Packager.Sample) {
        let isLeading = leader.map { renditions[$0].main == source } ?? false
        if isLeading { lead(sample) }
        if source == defaultSound { accompany(sample) }
        for index in renditions.indices where index != leader && renditions[index].main == source {
            follow(index, sample)
        }
        if isLeading { drain() }
    }

    private mutating func lead(_ sample: Packager.Sample) {
        guard let leader, !hasLeft else { return }
        let isPicture = renditions[leader].main?.isPicture ?? false
        if isPicture { renditions[leader].packager.picture(sample) } else { renditions[leader].packager.sound(sample) }
        leaderTime = max(leaderTime, sample.microseconds)
        guard let opening = renditions[leader].packager.opening, opening.msn > grid.last?.msn ?? -1 else { return }
        grid.add(opening)
        fillGaps()
    }

    /// The default sound goes into the files of every picture.
    private mutating func accompany(_ sample: Packager.Sample) {
        guard sample.microseconds >= clockStart, !hasLeft else { return }
        sounds.append(sample)
        if let first = sounds.first, sample.microseconds - first.microseconds > 2 * Presentation.memoryMicroseconds {
            sounds.removeAll { sample.microseconds - $0.microseconds > Presentation.memoryMicroseconds }
        }
        for index in renditions.indices
        where renditions[index].isJoined && renditions[index].turn == turn && renditions[index].packager.video != nil {
            renditions[index].packager.sound(sample)
        }
    }

    // MARK: Following

    private mutating func follow(_ index: Int, _ sample: Packager.Sample) {
        renditions[index].lastHeard = max(leaderTime, renditions[index].lastHeard)
        guard renditions[index].held.isEmpty, sample.microseconds <= leaderTime else {
            renditions[index].held.append(sample)
            // A leading picture that has stopped must not let the others pile up.
            if renditions[index].held.count > 1_500 { shut(index) }
            return
        }
        step(index, sample)
    }

    private mutating func drain() {
        for index in renditions.indices where !renditions[index].held.isEmpty {
            let ready = renditions[index].held.prefix { $0.microseconds <= leaderTime }
            renditions[index].held.removeFirst(ready.count)
            for sample in ready { step(index, sample) }
        }
    }

    /// One frame of a rendition that does not lead, which the leading one has passed.
    private mutating func step(_ index: Int, _ sample: Packager.Sample) {
        let isPicture = renditions[index].main?.isPicture ?? false
        let canBegin = sample.isKey || !isPicture
        let shift =
            !isPicture
            ? Presentation.soundTolerance : canBegin ? Presentation.tolerance : -Presentation.keyPatience
        let line = grid.line(at: sample.microseconds + shift)
        renditions[index].packager.nextSound = grid[renditions[index].place + 1]?.soundMicroseconds
        if !renditions[index].isJoined {
            guard let line, canBegin, mayJoin(index, line, sample) else { return }
            join(index, line, sample)
        } else if let line, line.msn >= renditions[index].place + (renditions[index].packager.opening == nil ? 0 : 1) {
            let isNewTurn = line.msn >= turnMSN && renditions[index].turn != turn
            if canBegin || (!isNewTurn && line.msn == renditions[index].place + 1) {
                cut(index, line, sample)
            } else if line.msn > renditions[index].place + 1 {
                // It lost a whole segment: a key frame of its own brings it back.
                shut(index)
                return
            }
        }
        if isPicture { renditions[index].packager.picture(sample) } else { renditions[index].packager.sound(sample) }
    }

    /// Where a segment begins; after three of them anywhere, if the encoder's key frames are elsewhere.
    private mutating func mayJoin(_ index: Int, _ line: Grid.Line, _ sample: Packager.Sample) -> Bool {
        guard line.msn >= turnMSN, line.msn >= renditions[index].packager.shelf.nextMSN else { return false }
        let since = renditions[index].waitsSince ?? leaderTime
        renditions[index].waitsSince = since
        return sample.microseconds - line.startMicroseconds <= Presentation.keyPatience
            || leaderTime - since > 3 * configuration.segmentMilliseconds * 1000
    }

    private mutating func cut(_ index: Int, _ line: Grid.Line, _ sample: Packager.Sample) {
        if line.msn >= turnMSN, renditions[index].turn != turn || renditions[index].needsMap {
            // What it has of the sound belongs to what was, if the formats changed; else it is handed over again.
            if renditions[index].turn == turn { renditions[index].packager.close(at: sample.microseconds) }
            renditions[index].packager.close()
            return join(index, line, sample)
        }
        if line.msn > renditions[index].place + 1 {
            renditions[index].packager.close(at: sample.microseconds)
            catchUp(index, to: line.msn, discontinuities: line.discontinuities)
        }
        renditions[index].packager.setWallOffset(line.wall.milliseconds * 1000 - line.startMicroseconds)
        renditions[index].packager.turn(line.turn)
    }

    /// A rendition that was not there, or needs another init segment, goes on from this key frame.
    private mutating func join(_ index: Int, _ line: Grid.Line, _ sample: Packager.Sample) {
        catchUp(index, to: line.msn, discontinuities: line.discontinuities - (line.isDiscontinuous ? 1 : 0))
        enter(index, wallOffset: line.wall.milliseconds * 1000 - line.startMicroseconds)
        renditions[index].packager.turn(line.turn)
        guard renditions[index].packager.video != nil else { return }
        // The sound that the leading rendition has from here on.
        let start = line.isDiscontinuous ? nil : line.soundMicroseconds.map { $0 - 10_000 }
        for sound in sounds where sound.microseconds >= start ?? sample.microseconds - Presentation.soundTolerance {
            renditions[index].packager.sound(sound)
        }
    }

    /// Tells a rendition the formats of now.
    mutating func enter(_ index: Int, wallOffset: Int64) {
        var picture: VideoFormat?
        if let main = renditions[index].main, case .video(let format)? = formats[main]?.format { picture = format }
        var sound: AudioFormat?
        let heard = picture == nil ? renditions[index].main : defaultSound
        if let heard, case .audio(let format)? = formats[heard]?.format { sound = format }
        renditions[index].packager.begin(
            publication: publication, video: picture, audio: sound, wallOffset: wallOffset)
        renditions[index].turn = turn
        (renditions[index].isJoined, renditions[index].needsMap) = (true, false)
        (renditions[index].awaySince, renditions[index].waitsSince) = (nil, nil)
        if !fills || renditions[index].shownVideo == nil && renditions[index].shownAudio == nil {
            (renditions[index].shownVideo, renditions[index].shownAudio) = (picture, sound)
        }
    }

    // MARK: Gaps

    /// Brings a rendition that has missed segments to the number that all have, with gaps for what it missed.
    mutating func catchUp(_ index: Int, to msn: Int, discontinuities: Int) {
        promise(index)
        guard renditions[index].hasBegun else {
            return renditions[index].packager.shelf.start(at: msn, discontinuities: discontinuities)
        }
        while renditions[index].packager.shelf.nextMSN < msn {
            let next = renditions[index].packager.shelf.nextMSN
            guard let line = grid[next] else { return }
            let rest = renditions[index].packager.endMicroseconds - line.startMicroseconds
            renditions[index].packager.skip(
                next, at: line.startMicroseconds, microseconds: grid.length(next) ?? max(1_000, rest), wall: line.wall,
                isDiscontinuous: line.isDiscontinuous)
            guard renditions[index].packager.shelf.nextMSN > next else { return }
        }
    }

    /// TARGETDURATION is the same in all playlists (6.2.4).
    private mutating func promise(_ index: Int) {
        guard let target = renditions.lazy.compactMap(\.packager.shelf.targetSeconds).first else { return }
        renditions[index].packager.shelf.adopt(targetSeconds: target)
    }

    /// The leading rendition has completed a segment: who has been away gets a gap for it.
    private mutating func fillGaps() {
        guard let newest = grid.last else { return }
        for index in renditions.indices where index != leader && renditions[index].hasBegun {
            promise(index)
            let silence = leaderTime - renditions[index].lastHeard
            guard renditions[index].main == nil || silence > Presentation.patienceMicroseconds,
                renditions[index].packager.shelf.nextMSN < newest.msn
            else { continue }
            shut(index)
            catchUp(index, to: newest.msn, discontinuities: 0)
            renditions[index].awaySince = renditions[index].awaySince ?? leaderTime
        }
    }

    /// Whether its players should have somewhere else to go: it is no longer listed.
    func isLongAway(_ rendition: Rendition) -> Bool {
        guard let since = rendition.awaySince else { return false }
        return leaderTime - since > configuration.patienceMilliseconds * 1000
    }
}
