// SPDX-License-Identifier: Apache-2.0

/// Where pictures stand when several are put into one.
public enum Arrangement {
    /// A rectangle of the whole, in pixels; all numbers are even.
    public struct Place: Hashable, Sendable {
        /// From the left.
        public var x: Int
        /// From above.
        public var y: Int
        /// Across.
        public var width: Int
        /// Down.
        public var height: Int

        /// A place of these.
        public init(x: Int, y: Int, width: Int, height: Int) {
            (self.x, self.y, self.width, self.height) = (x, y, width, height)
        }
    }

    /// The whole picture, in pixels.
    public static let width = 1_280
    /// The whole picture, in pixels.
    public static let height = 720
    private static let whole = Place(x: 0, y: 0, width: width, height: height)

    /// How many pictures a layout shows at most.
    public static func most(_ layout: FilmLayout) -> Int {
        switch layout {
        case .one: 1
        case .side: 2
        case .speaker: 5
        case .grid: 9
        }
    }

    /// Places for so many pictures, the most important first; at most as many as the layout shows.
    public static func places(_ layout: FilmLayout, count: Int) -> [Place] {
        let count = min(count, most(layout))
        guard count > 0 else { return [] }
        guard count > 1 else { return [whole] }
        switch layout {
        case .one: return [whole]
        case .side: return grid(2, columns: 2)
        case .speaker:
            let column = (0..<(count - 1)).map { Place(x: 960, y: 180 * $0, width: 320, height: 180) }
            return [Place(x: 0, y: 90, width: 960, height: 540)] + column
        case .grid: return grid(count, columns: count <= 4 ? 2 : 3)
        }
    }

    /// Tiles of 16:9 in rows, all of it in the middle, and a short last row too.
    private static func grid(_ count: Int, columns: Int) -> [Place] {
        let wide = columns == 2 ? 640 : 424
        let high = columns == 2 ? 360 : 238
        let rows = (count + columns - 1) / columns
        let top = (height - rows * high) / 4 * 2
        return (0..<count).map { index in
            let (row, column) = (index / columns, index % columns)
            let inRow = row == rows - 1 ? count - row * columns : columns
            let left = (width - inRow * wide) / 4 * 2
            return Place(x: left + column * wide, y: top + row * high, width: wide, height: high)
        }
    }
}
