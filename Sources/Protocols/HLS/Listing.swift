// SPDX-License-Identifier: Apache-2.0

// What the renditions' news is to the audience: files, playlists, and the list of them.

extension Presentation {
    /// How long players are shown nothing while a rendition that has begun completes its first segment.
    private static let holdMilliseconds: Int64 = 1_000

    /// Tells the renditions' news, and the playlists that changed.
    mutating func publish() {
        var hasCaptions = captions?.takeChange() ?? false
        // The leading rendition first, so that nothing is listed ahead of it.
        if let leader { hasCaptions = tellNews(of: leader) || hasCaptions }
        for index in renditions.indices where index != leader { _ = tellNews(of: index) }
        guard !dirty.isEmpty || hasCaptions else { return }
        if let leader { marks = renditions[leader].packager.shelf.marks }
        for index in dirty.sorted() { render(index) }
        if hasCaptions { renderCaptions() }
        dirty = []
        renderMultivariant()
    }

    /// Answers whether the captions change by it.
    private mutating func tellNews(of index: Int) -> Bool {
        var hasCaptions = false
        for item in renditions[index].packager.takeNews() {
            if index == leader, caption(item) { hasCaptions = true }
            if tell(item, of: index) { dirty.insert(index) }
        }
        return hasCaptions
    }

    /// Answers whether the playlist changes by it.
    private mutating func tell(_ news: Packager.News, of index: Int) -> Bool {
        let id = renditions[index].packager.id
        switch news {
        case .map(let name, let bytes): tell(.file(name: name, bytes: bytes))
        case .part(let part, _):
            tell(.file(name: part.name, bytes: part.bytes))
            return true
        case .segment(let segment):
            tell(.segment(rendition: id, segment))
            if !fills { renditions[index].shownRate = renditions[index].packager.frameRate }
            return true
        case .gap: return true
        case .forget(let names): tell(.forget(names))
        case .trouble(let trouble):
            // What follows has its troubles from what leads, and a slate is not the publisher's.
            if index == leader, !fills { tell(.trouble(rendition: id, trouble)) }
        }
        return false
    }

    private func reports(but uri: String) -> [RenditionReport] {
        var reports = renditions.filter { $0.isComplete && !isLongAway($0) && $0.uri != uri }
            .map { RenditionReport(uri: $0.uri, edge: $0.packager.shelf.edge) }
        if let captions, captions.shelf.targetSeconds != nil, uri != Captions.uri {
            reports.append(RenditionReport(uri: Captions.uri, edge: captions.shelf.edge))
        }
        return reports
    }

    private mutating func render(_ index: Int) {
        let uri = renditions[index].uri
        guard let writer = PlaylistWriter(renditions[index].packager.shelf, reports: reports(but: uri)) else { return }
        tell(.playlist(name: uri, Playlist(writer)))
    }

    // MARK: The list

    /// Whether players are still to wait for renditions that will soon be there: they read the list once.
    private mutating func isHeld() -> Bool {
        guard multivariant.isEmpty, !hasLeft, !isEnded else { return false }
        guard let leader, renditions[leader].isComplete else { return true }
        let since = heldSince ?? leaderTime
        heldSince = since
        let waited = (leaderTime - since) / 1000
        let isAwaited = expected.sources.contains { source in
            !renditions.contains { $0.source == source && $0.isComplete }
        }
        if isAwaited, waited < expected.milliseconds { return true }
        return renditions.contains { $0.isJoined && !$0.isComplete } && waited < Presentation.holdMilliseconds
    }

    private mutating func renderMultivariant() {
        guard !isHeld() else { return }
        let listed = renditions.filter { $0.isComplete && !isLongAway($0) }.sorted { $0.source < $1.source }
        // While nobody publishes, or a slate stands in, the sounds are those that there were.
        if !fills, offset != nil {
            shownSounds = formats.keys.filter { source in
                !source.isPicture && (source == defaultSound || renditions.contains { $0.source == source })
            }.sorted().map { source in
                let language = formats[source]?.language ?? ""
                let name = formats[source]?.name ?? ""
                return (source, name.isEmpty ? language.isEmpty ? "\(source.number + 1)" : language : name, language)
            }
        }
        let sounds = shownSounds.enumerated().compactMap { place, sound -> Multivariant.Sound? in
            let own = place == 0 ? nil : listed.first { $0.source == sound.source }
            guard place == 0 || own != nil else { return nil }
            return Multivariant.Sound(rendition: own, language: sound.language, name: sound.name)
        }
        let tongue = captions.flatMap { $0.shelf.targetSeconds == nil ? nil : $0.tongue }
        let list = Multivariant(
            variants: listed.filter { rendition in
                rendition.source.isPicture || !sounds.contains { $0.rendition?.source == rendition.source }
            }, sounds: sounds, captions: tongue)
        guard let text = list.text, text != multivariant else { return }
        multivariant = text
        tell(.multivariant(Array(text.utf8)))
    }

    // MARK: Captions

    mutating func addCaption(_ text: String) {
        if captions == nil {
            captions = Captions(.thai, configuration: configuration, skipping: grid.last?.msn)
            captions?.shelf.marks = marks
        }
        captions?.say(text, at: leaderTime)
        if let text = captions?.whole { tell(.captions(text)) }
    }

    /// Makes of the leading rendition's part or segment the captions' own; answers whether it did.
    private mutating func caption(_ news: Packager.News) -> Bool {
        guard captions != nil, let leader else { return false }
        switch news {
        case .part(let part, let msn):
            guard let line = grid[msn], let file = captions?.part(part, line, publication: publication) else {
                return false
            }
            tell(file)
        case .segment:
            for news in captions?.segment(renditions[leader].packager.shelf) ?? [] { tell(news) }
        default: return false
        }
        return true
    }

    private mutating func renderCaptions() {
        guard let captions, let writer = PlaylistWriter(captions.shelf, reports: reports(but: Captions.uri)) else {
            return
        }
        tell(.playlist(name: Captions.uri, Playlist(writer)))
    }
}
