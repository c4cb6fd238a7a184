// SPDX-License-Identifier: Apache-2.0
import FMP4

// How a publisher's formats and samples come to the renditions.

extension Presentation {
    mutating func begin(_ publication: String, _ fills: Bool) {
        settle()
        (self.publication, self.fills) = (publication, fills)
        // A publisher that returns says its formats again; what it does not say again it no longer sends.
        formats = [:]
        waiting = []
        (offset, offsets, isStale, stale, hasLeft, early) = (nil, [], true, [], false, [])
    }

    mutating func learn(_ source: Source, _ known: Known) {
        let before = formats[source]
        formats[source] = known
        guard waiting == nil, before?.format != known.format else { return }
        let isLeading = leader.map { renditions[$0].main == source } ?? true
        let isFirstOfKind = !formats.keys.contains { $0.isPicture == source.isPicture && $0 != source }
        guard !isLeading, source != defaultSound, !isFirstOfKind else {
            // Every rendition has it in its files, or takes its cuts from it: all begin anew.
            isStale = true
            stale.insert(source)
            return
        }
        addRendition(for: source)
        for index in renditions.indices where renditions[index].source == source {
            (renditions[index].main, renditions[index].needsMap) = (source, true)
        }
    }

    /// What leads, or is in every picture's files, is only waited for: without it everything would have to begin anew,
    /// and encoders end their tracks before they leave.
    mutating func lose(_ source: Source) {
        guard source != defaultSound, leader.map({ renditions[$0].main != source }) ?? true else { return }
        formats[source] = nil
        for index in renditions.indices where renditions[index].main == source { renditions[index].main = nil }
    }

    /// What everything begins with: the first picture, or the first sound where there is no picture.
    private var first: Source? { formats.keys.min() }

    mutating func gather(_ source: Source, _ sample: Packager.Sample) {
        guard formats[source] != nil, !hasLeft || (waiting == nil && !isStale) else { return }
        guard var held = waiting else { return place(source, sample) }
        held.append((source, sample))
        let kinds = Set(formats.keys.map(\.isPicture))
        let span = sample.microseconds - (held.first?.1.microseconds ?? sample.microseconds)
        guard fills || kinds.count == 2 || span >= configuration.gatherMilliseconds * 1000 || held.count > 1_000 else {
            waiting = held
            return
        }
        waiting = nil
        for (source, sample) in held { place(source, sample) }
    }

    /// Puts a sample on the stream's own clock and hands it to its renditions.
    private mutating func place(_ source: Source, _ sample: Packager.Sample) {
        let follows = leader.map { renditions[$0].main != source && source != defaultSound } ?? false
        if isStale, source == first, sample.isKey {
            // Everything begins at a key frame of the default picture; sound that was before it is left out.
            anew(sample)
        } else if !follows, offset == Presentation.unknown || hasJumped(source, sample) {
            moveClock(source, sample)
        }
        guard let shift = follows ? nearestOffset(source, sample) : offset, !stale.contains(source) else {
            // Other tracks' frames may come before the key frame that they belong to.
            early.append((source, sample))
            if early.count > 500 { early.removeFirst(250) }
            return
        }
        put(source, sample, shift)
        guard !early.isEmpty, !follows else { return }
        let waiting = early
        early = []
        for (source, earlier) in waiting where earlier.microseconds >= sample.microseconds {
            place(source, earlier)
        }
    }

    private mutating func put(_ source: Source, _ sample: Packager.Sample, _ shift: Int64) {
        var sample = sample
        sample.microseconds += shift
        if let end = ends[source] {
            ends[source] = (sample.microseconds, max(1_000, min(sample.microseconds - end.time, 1_000_000)))
        } else {
            ends[source] = (sample.microseconds, 20_000)
        }
        deliver(source, sample)
    }

    // MARK: The clock

    /// Whether the publisher's clock jumped without a word.
    private func hasJumped(_ source: Source, _ sample: Packager.Sample) -> Bool {
        guard let offset, let last = ends[source] else { return false }
        return !(-2_000_000...12_000_000).contains(sample.microseconds &+ offset - last.time)
    }

    /// What a ladder makes may be of the time before the publisher's clock jumped.
    private func nearestOffset(_ source: Source, _ sample: Packager.Sample) -> Int64? {
        let isKnown = offset != Presentation.unknown
        guard let last = ends[source] else { return isKnown ? offset : nil }
        func distance(_ shift: Int64) -> Int64 { abs(sample.microseconds &+ shift - last.time) }
        guard let nearest = offsets.min(by: { distance($0) < distance($1) }) else { return nil }
        return isKnown || distance(nearest) < 5_000_000 ? nearest : nil
    }

    private mutating func setOffset(_ new: Int64) {
        offset = new
        offsets.insert(new, at: 0)
        if offsets.count > 4 { offsets.removeLast() }
    }

    /// The publisher's clock jumped: its next sample comes right after the last of its track.
    private mutating func moveClock(_ source: Source, _ sample: Packager.Sample) {
        let last = ends[source] ?? ends.values.max { $0.time < $1.time }
        let time = last.map { $0.time + $0.length } ?? clockStart
        setOffset(time - sample.microseconds)
        let wallOffset = wall.milliseconds * 1000 - time
        if let leader { renditions[leader].packager.setWallOffset(wallOffset) }
    }

    /// A publication, or a new set of formats, begins with this sample, right after what was before.
    private mutating func anew(_ sample: Packager.Sample) {
        (isStale, stale) = (false, [])
        turn += 1
        let isFirst = grid.last == nil
        if let leader { renditions[leader].packager.close() }
        defaultSound = formats.keys.filter { !$0.isPicture }.min()
        assign()
        guard let leader else { return }
        let start = isFirst ? Presentation.beginning : whereNextBegins(sample)
        setOffset(start - sample.microseconds)
        (clockStart, leaderTime) = (start, start)
        (ends, sounds) = ([:], [])
        for index in renditions.indices {
            renditions[index].packager.leads = index == leader
            renditions[index].lastHeard = start
        }
        turnMSN = (grid.last?.msn ?? -1) + 1
        catchUp(leader, to: turnMSN, discontinuities: grid.last?.discontinuities ?? 0)
        enter(leader, wallOffset: wall.milliseconds * 1000 - start)
    }

    /// Behind all that was, decoded and shown: a publisher may have left between pictures that wait for each other.
    private func whereNextBegins(_ sample: Packager.Sample) -> Int64 {
        let behind = sample.compositionMicroseconds
        let ends = renditions.map { max($0.packager.endMicroseconds, $0.packager.shownMicroseconds - behind) }
        return ends.max() ?? 0
    }

    /// Says which track feeds which rendition, and which rendition leads.
    private mutating func assign() {
        if !fills || renditions.isEmpty { makeRenditions() }
        let picture = formats.keys.filter(\.isPicture).min()
        let pictures = renditions.indices.filter { renditions[$0].source.isPicture }
        if !fills || leader == nil {
            let lowest = pictures.min { renditions[$0].source < renditions[$1].source }
            // Where a picture was listed and only sound comes now, the picture's players hear it.
            leader = renditions.firstIndex { $0.source == picture } ?? lowest ?? renditions.indices.first
        }
        for index in renditions.indices {
            let source = renditions[index].source
            if source.isPicture {
                let own = formats[source] == nil ? nil : source
                renditions[index].main = own ?? (fills ? picture : nil) ?? (index == leader ? defaultSound : nil)
            } else {
                renditions[index].main = formats[source] != nil ? source : fills ? defaultSound : nil
            }
        }
    }

    private mutating func makeRenditions() {
        let pictures = formats.keys.filter(\.isPicture).sorted()
        let sounds = formats.keys.filter { !$0.isPicture }.sorted()
        let isAlone = pictures.isEmpty && !renditions.contains(where: \.source.isPicture)
        let own = isAlone || configuration.listsSoundAlone ? sounds[...] : sounds.dropFirst()
        for source in pictures + own { addRendition(for: source) }
    }

    private mutating func addRendition(for source: Source) {
        guard !renditions.contains(where: { $0.source == source }) else { return }
        guard renditions.count < configuration.mostRenditions else { return tell(.unlisted(source)) }
        var rendition = Rendition(source: source, configuration: configuration)
        rendition.packager.leads = false
        rendition.packager.shelf.marks = marks
        rendition.lastHeard = leaderTime
        renditions.append(rendition)
    }

    // MARK: Leaving

    /// What keeps step with the leading rendition has nothing more to bring; what lags behind it may.
    mutating func leave() {
        guard !hasLeft else { return settle() }
        hasLeft = true
        for index in renditions.indices {
            let lag = leaderTime - renditions[index].packager.endMicroseconds
            guard index == leader || !renditions[index].isJoined || lag < 600_000 else { continue }
            shut(index)
        }
        waiting = waiting.map { _ in [] }
    }

    mutating func settle() {
        for index in renditions.indices { shut(index) }
        hasLeft = true
    }

    mutating func shut(_ index: Int) {
        renditions[index].packager.close()
        (renditions[index].isJoined, renditions[index].held) = (false, [])
    }

    mutating func addMark(_ mark: DateRange) {
        marks.removeAll { $0.id == mark.id }
        marks.append(mark)
        for index in renditions.indices {
            renditions[index].packager.shelf.marks.removeAll { $0.id == mark.id }
            renditions[index].packager.shelf.marks.append(mark)
            dirty.insert(index)
        }
        captions?.mark(marks)
    }

    mutating func end() {
        settle()
        isEnded = true
        for index in renditions.indices {
            renditions[index].packager.shelf.isEnded = true
            dirty.insert(index)
        }
        captions?.end()
    }
}
