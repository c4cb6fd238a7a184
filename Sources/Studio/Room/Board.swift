// SPDX-License-Identifier: Apache-2.0

/// Something drawn: a line, a shape, a word. Places are fractions of the surface's width and height.
public struct Stroke: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case pen, marker, line, arrow, box, ellipse, text
    }

    /// Chosen by who draws; the same again adds points to it.
    public var id: String
    public var kind: Kind
    /// `#rrggbb`.
    public var color: String
    /// Of the line, in thousandths of the surface's width; letters are six times as high.
    public var width: Int
    /// x, y, x, y, …, each from 0 to 1.
    public var points: [Double]
    public var text: String?
    /// Who drew it; what a page says here is not believed.
    public var by: PersonNumber?

    public init(
        id: String, kind: Kind = .pen, color: String = "#000000", width: Int = 3, points: [Double], text: String? = nil
    ) {
        (self.id, self.kind, self.color, self.width) = (id, kind, color, width)
        (self.points, self.text) = (points, text)
    }
}

/// What is drawn on the board and on slides, as vectors.
struct Board: Sendable {
    static let mostSurfaces = 500
    static let mostStrokes = 2_000
    /// x and y count as one.
    static let mostPointsOfStroke = 2_000
    static let mostPoints = 20_000
    static let mostText = 200

    private(set) var surfaces: [String: [Stroke]] = [:]
    private var points: [String: Int] = [:]

    /// Everything on a surface, in the order of drawing.
    func strokes(on surface: String) -> [Stroke] { surfaces[surface] ?? [] }

    /// Whether a stroke can be one at all.
    static func isSound(_ stroke: Stroke) -> Bool {
        let color = Array(stroke.color.utf8)
        let isColor =
            color.count == 7 && color[0] == 0x23
            && color.dropFirst().allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 | 0x20 }
        let isName = (1...40).contains(stroke.id.utf8.count) && stroke.id.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        let isText = stroke.kind == .text ? !(stroke.text ?? "").isEmpty : stroke.text == nil
        return isColor && isName && isText && (1...200).contains(stroke.width)
            && stroke.points.count.isMultiple(of: 2) && stroke.points.count >= 2
            && stroke.points.allSatisfy { -1...2 ~= $0 } && (stroke.text?.count ?? 0) <= mostText
    }

    /// Draws, or adds to what the same person drew under the same name. Answers the whole of it.
    mutating func draw(_ stroke: Stroke, on surface: String, by person: PersonNumber) throws(RoomRefusal) -> Stroke {
        guard Board.isSound(stroke) else { throw .unreadable }
        let added = stroke.points.count / 2
        guard added <= Board.mostPointsOfStroke else { throw .tooLong }
        guard surfaces[surface] != nil || surfaces.count < Board.mostSurfaces else { throw .tooMany }
        guard points[surface, default: 0] + added <= Board.mostPoints else { throw .tooMany }
        var strokes = surfaces[surface] ?? []
        surfaces[surface] = nil
        defer { surfaces[surface] = strokes }
        var told = stroke
        told.by = person
        if let place = strokes.lastIndex(where: { $0.id == stroke.id && $0.by == person }) {
            guard strokes[place].points.count / 2 + added <= Board.mostPointsOfStroke else { throw .tooLong }
            strokes[place].points += stroke.points
            told = strokes[place]
        } else {
            guard strokes.count < Board.mostStrokes else { throw .tooMany }
            strokes.append(told)
        }
        points[surface, default: 0] += added
        return told
    }

    /// Takes the last that somebody drew away. Answers its name.
    mutating func undo(on surface: String, by person: PersonNumber) throws(RoomRefusal) -> String {
        guard let place = surfaces[surface]?.lastIndex(where: { $0.by == person }),
            let stroke = surfaces[surface]?.remove(at: place)
        else { throw .unknownStroke }
        points[surface, default: 0] -= stroke.points.count / 2
        return stroke.id
    }

    /// Wipes a surface.
    mutating func clear(_ surface: String) {
        surfaces[surface] = nil
        points[surface] = nil
    }

    /// The surfaces of a deck are gone with it.
    mutating func forget(deck: String) {
        for surface in surfaces.keys where surface.hasPrefix(deck + "/") { clear(surface) }
    }
}
