// SPDX-License-Identifier: Apache-2.0

/// Divides what a viewer's way carries among its tiles. What matters more is served first, everybody gets the smallest
/// picture before anybody gets a larger one (a screen excepted), and nothing changes for a trifle.
enum Allocator {
    /// One tile's picture, from small to large.
    struct Option: Hashable {
        /// Bits in a second.
        var rate: Int64
        /// In pixels, as far as it is known.
        var height: Int
        /// Which encoding, and how much of it.
        var layer: Int
        var spatialLimit: UInt8 = 7
        var temporalLimit: UInt8 = 7
    }

    /// What one tile could have.
    struct Demand: Hashable {
        var importance: Importance
        var options: [Option]
        /// What it has now; nil for nothing.
        var current: Int?
        /// It had to rest not long ago.
        var isResting = false
    }

    /// A larger picture must fit so much better than it needs to, in percent.
    private static let upMargin: Int64 = 115
    /// What is shown stays while it fits so far.
    private static let stayMargin: Int64 = 95
    /// And what rested comes back only into plenty.
    private static let returnMargin: Int64 = 130

    /// The option of each demand, nil for none. On a way that is known to be narrow even the first may rest, so that the
    /// sound, which is served before, is not lost among what does not fit.
    static func divide(_ budget: Int64, among demands: [Demand], isNarrow: Bool = false) -> [Int?] {
        var left = budget
        var chosen = [Int?](repeating: nil, count: demands.count)
        let order = demands.indices.sorted { (demands[$0].importance, $0) < (demands[$1].importance, $1) }
        for (place, index) in order.enumerated() {
            let demand = demands[index]
            guard let least = demand.options.first else { continue }
            // The first one is shown as long as half of it goes: a bad picture is better than none.
            let fits =
                cost(least, of: demand, 0) <= left || (place == 0 && !(isNarrow && least.rate > left * 2))
            guard fits else { continue }
            chosen[index] = 0
            left -= least.rate
            if demand.importance == .screen { raise(index, demands, &chosen, &left, all: true) }
        }
        // Speaker and pinned rise before the others, who rise by turns.
        for importance in Importance.allCases {
            let tier = order.filter { demands[$0].importance == importance && chosen[$0] != nil }
            if importance < .visible {
                for index in tier { raise(index, demands, &chosen, &left, all: true) }
            } else {
                var isRising = true
                while isRising {
                    isRising = false
                    for index in tier where raise(index, demands, &chosen, &left, all: false) { isRising = true }
                }
            }
        }
        return chosen
    }

    @discardableResult
    private static func raise(
        _ index: Int, _ demands: [Demand], _ chosen: inout [Int?], _ left: inout Int64, all: Bool
    ) -> Bool {
        let demand = demands[index]
        var hasRisen = false
        while let now = chosen[index], now + 1 < demand.options.count {
            // A step that costs nothing more is no step to wait at.
            let more = demand.options[now + 1].rate - demand.options[now].rate
            let margin = cost(demand.options[now + 1], of: demand, now + 1) - demand.options[now + 1].rate
            guard more + margin <= left else { break }
            chosen[index] = now + 1
            left -= more
            hasRisen = true
            if !all { break }
        }
        return hasRisen
    }

    /// What it must fit into.
    private static func cost(_ option: Option, of demand: Demand, _ index: Int) -> Int64 {
        if let current = demand.current, index <= current { return option.rate * stayMargin / 100 }
        return option.rate * (demand.isResting && index == 0 ? returnMargin : upMargin) / 100
    }
}
