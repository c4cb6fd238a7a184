// SPDX-License-Identifier: Apache-2.0
import FMP4

// How a publisher's formats and samples come to the renditions.

extension Presentation {
    mutating func begin(_ publication: String) {
        self.publication = publication
        // A publisher that returns says its formats again; what it does not say again it no longer sends.
        formats = [:]
        waiting = []
        (offset, isStale) = (nil, true)
    }

    mutating func learn(_ source: Source, _ format: FMP4.Track.Format, _ language: String) {
        guard formats[source]?.format != format else { return }
        formats[source] = (format, language)
        if waiting == nil { isStale = true }
    }

    mutating func gather(_ source: Source, _ sample: Packager.Sample) {
        guard formats[source] != nil else { return }
        guard var held = waiting else { return place(source, sample) }
        held.append((source, sample))
        let kinds = Set(formats.keys.map(\.isPicture))
        let span = sample.microseconds - (held.first?.1.microseconds ?? sample.microseconds)
        guard kinds.count == 2 || span >= configuration.gatherMilliseconds * 1000 || held.count > 1_000 else {
            waiting = held
            return
        }
        waiting = nil
        for (source, sample) in held { place(source, sample) }
    }

    /// Puts a sample on the stream's own clock and hands it to its renditions.
    private mutating func place(_ source: Source, _ sample: Packager.Sample) {
        if isStale {
            // Everything begins at a key frame of the default picture; sound that was before it is left out.
            guard source == formats.keys.min(), sample.isKey else { return }
            anew(sample)
        } else if offset == Presentation.unknown {
            moveClock(source, sample)
        }
        guard let offset else { return }
        var sample = sample
        sample.microseconds += offset
        if let end = ends[source] {
            ends[source] = (sample.microseconds, max(1_000, min(sample.microseconds - end.time, 1_000_000)))
        } else {
            ends[source] = (sample.microseconds, 20_000)
        }
        deliver(source, sample)
    }

    private mutating func deliver(_ source: Source, _ sample: Packager.Sample) {
        if source.isPicture {
            if needsKey.contains(source) {
                guard sample.isKey else { return }
                needsKey.remove(source)
            }
            for index in renditions.indices where renditions[index].source == source {
                renditions[index].packager.picture(sample)
            }
            return
        }
        let isDefault = source == defaultSound
        for index in renditions.indices {
            let own = renditions[index].source
            guard own == source || (isDefault && own.isPicture && !needsKey.contains(own)) else { continue }
            guard sample.microseconds >= clockStart else { continue }
            renditions[index].packager.sound(sample)
        }
    }

    private var defaultSound: Source? { formats.keys.filter { !$0.isPicture }.min() }

    /// A publication, or a new set of formats, begins with this sample, right after what was before.
    private mutating func anew(_ sample: Packager.Sample) {
        isStale = false
        let isFirst = renditions.isEmpty
        if isFirst { makeRenditions() }
        for index in renditions.indices { renditions[index].packager.close() }
        let start = isFirst ? Presentation.beginning : renditions.map(\.packager.endMicroseconds).max() ?? 0
        offset = start - sample.microseconds
        clockStart = start
        ends = [:]
        let wallOffset = wall.milliseconds * 1000 - start
        for index in renditions.indices {
            let source = renditions[index].source
            guard let own = formats[source]?.format else { continue }
            var picture: VideoFormat?
            var sound: AudioFormat?
            switch own {
            case .video(let video):
                picture = video
                if case .audio(let audio)? = defaultSound.flatMap({ formats[$0]?.format }) { sound = audio }
                needsKey.insert(source)
            case .audio(let audio): sound = audio
            }
            renditions[index].packager.begin(
                publication: publication, video: picture, audio: sound, wallOffset: wallOffset)
        }
        for source in formats.keys.sorted() where !isListed(source) { tell(.unlisted(source)) }
    }

    private func isListed(_ source: Source) -> Bool {
        renditions.contains { $0.source == source }
            || (source == defaultSound && renditions.contains { $0.source.isPicture })
    }

    /// Which renditions there are is said once, in the multivariant playlist, which players read once.
    private mutating func makeRenditions() {
        let pictures = formats.keys.filter(\.isPicture).sorted()
        let sounds = formats.keys.filter { !$0.isPicture }.sorted()
        for source in pictures + (pictures.isEmpty ? sounds[...] : sounds.dropFirst()) {
            let id = (source.isPicture ? "v" : "a") + String(source.number)
            renditions.append((source, Packager(id: id, configuration: configuration)))
        }
    }

    /// The publisher's clock jumped: its next sample comes right after the last of its track.
    private mutating func moveClock(_ source: Source, _ sample: Packager.Sample) {
        let last = ends[source] ?? ends.values.max { $0.time < $1.time }
        let time = last.map { $0.time + $0.length } ?? clockStart
        offset = time - sample.microseconds
        let wallOffset = wall.milliseconds * 1000 - time
        for index in renditions.indices { renditions[index].packager.setWallOffset(wallOffset) }
    }

    // MARK: Leaving

    mutating func leave() {
        for index in renditions.indices { renditions[index].packager.close() }
        (offset, isStale, waiting) = (nil, true, [])
        formats = [:]
    }

    mutating func addMark(_ mark: DateRange) {
        for index in renditions.indices {
            renditions[index].packager.shelf.marks.removeAll { $0.id == mark.id }
            renditions[index].packager.shelf.marks.append(mark)
            dirty.insert(index)
        }
    }

    mutating func end() {
        isEnded = true
        for index in renditions.indices {
            renditions[index].packager.close()
            renditions[index].packager.shelf.isEnded = true
            dirty.insert(index)
        }
    }
}
