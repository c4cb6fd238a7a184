// SPDX-License-Identifier: Apache-2.0

/// What a film of a meeting shows when: scenes between which pictures come, go or change places.
public struct Storyboard: Hashable, Sendable {
    /// One source's pictures.
    public struct Shot: Hashable, Sendable {
        /// When there are pictures, in milliseconds since the recording began.
        public struct Stretch: Hashable, Sendable {
            /// The first.
            public var from: Int64
            /// The last.
            public var to: Int64

            /// From one to the other.
            public init(from: Int64, to: Int64) { (self.from, self.to) = (from, to) }
        }

        /// Its file.
        public var file: String
        /// Whose it is: the same word as of the voice that goes with it.
        public var person: String
        /// What people read.
        public var name: String
        /// Whether it is a screen.
        public var isScreen: Bool
        /// When there are pictures.
        public var stretches: [Stretch]

        /// A shot of these.
        public init(file: String, person: String, name: String, isScreen: Bool, stretches: [Stretch]) {
            (self.file, self.person, self.name, self.isScreen) = (file, person, name, isScreen)
            self.stretches = stretches
        }
    }

    /// Somebody begins to speak, or nobody does.
    public struct Turn: Hashable, Sendable {
        /// In milliseconds since the recording began.
        public var at: Int64
        /// Who; nil for nobody.
        public var person: String?
        /// What people read.
        public var name: String

        /// A turn of somebody.
        public init(at: Int64, person: String?, name: String) { (self.at, self.person, self.name) = (at, person, name) }
    }

    /// A picture in a scene, or only a name where nobody can be seen.
    public struct Tile: Hashable, Sendable {
        /// Nil for a name alone.
        public var file: String?
        /// The name under it.
        public var name: String
        /// Where it is.
        public var place: Arrangement.Place

        /// A tile of these.
        public init(file: String?, name: String, place: Arrangement.Place) {
            (self.file, self.name, self.place) = (file, name, place)
        }
    }

    /// A stretch of time in which the same is shown.
    public struct Scene: Hashable, Sendable {
        /// In milliseconds since the recording began; a whole number of pictures.
        public var from: Int64
        /// Where the next one begins.
        public var to: Int64
        /// What is shown.
        public var tiles: [Tile]

        /// A scene of these.
        public init(from: Int64, to: Int64, tiles: [Tile]) { (self.from, self.to, self.tiles) = (from, to, tiles) }
    }

    /// Milliseconds from picture to picture.
    public static let pictureMilliseconds: Int64 = 40
    /// Who speaks for less is not shown for it.
    private static let leastTurn: Int64 = 2_000
    /// A scene that is shorter belongs to the one before.
    private static let leastScene: Int64 = 1_000

    /// The scenes, one after the other from the beginning to the end.
    public let scenes: [Scene]

    /// The story of these, so many milliseconds long.
    public init(_ layout: FilmLayout, shots: [Shot], turns: [Turn], milliseconds: Int64) {
        let end = max(Storyboard.whole(milliseconds), Storyboard.pictureMilliseconds)
        let turns = Storyboard.patient(turns, end)
        var cuts: Set<Int64> = [0, end]
        for turn in turns { cuts.insert(Storyboard.whole(turn.at)) }
        for stretch in shots.flatMap(\.stretches) {
            cuts.insert(Storyboard.whole(stretch.from))
            cuts.insert(Storyboard.whole(stretch.to))
        }
        let ordered = cuts.filter { 0...end ~= $0 }.sorted()
        var scenes: [Scene] = []
        for (from, to) in zip(ordered, ordered.dropFirst()) {
            let tiles = Storyboard.tiles(layout, shots, turns, at: (from + to) / 2)
            if let last = scenes.last, last.tiles == tiles || to - from < Storyboard.leastScene {
                scenes[scenes.count - 1].to = to
            } else {
                scenes.append(Scene(from: from, to: to, tiles: tiles))
            }
        }
        self.scenes = scenes
    }

    private static func whole(_ milliseconds: Int64) -> Int64 {
        (max(0, milliseconds) + pictureMilliseconds / 2) / pictureMilliseconds * pictureMilliseconds
    }

    /// Without those that were over soon.
    private static func patient(_ turns: [Turn], _ end: Int64) -> [Turn] {
        var kept: [Turn] = []
        for (place, turn) in turns.enumerated() {
            let next = place + 1 < turns.count ? turns[place + 1].at : end
            // Nobody's turn changes nothing: who spoke last stays.
            guard turn.person != nil, next - turn.at >= leastTurn, kept.last?.person != turn.person else { continue }
            kept.append(turn)
        }
        return kept
    }

    private static func tiles(
        _ layout: FilmLayout, _ shots: [Shot], _ turns: [Turn], at instant: Int64
    ) -> [Tile] {
        let speaker = turns.last { $0.at <= instant }
        let seen = shots.filter { $0.stretches.contains { $0.from <= instant && instant <= $0.to } }
        let rank = { (shot: Shot) in shot.isScreen ? 0 : shot.person == speaker?.person ? 1 : 2 }
        var ordered = seen.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
        if layout == .side, let screen = ordered.first(where: \.isScreen) {
            ordered = [screen] + ordered.filter { !$0.isScreen }
        }
        guard !ordered.isEmpty else {
            return Arrangement.places(.one, count: 1).map { Tile(file: nil, name: speaker?.name ?? "", place: $0) }
        }
        return zip(ordered, Arrangement.places(layout, count: ordered.count)).map { shot, place in
            Tile(file: shot.file, name: shot.name, place: place)
        }
    }
}
