// SPDX-License-Identifier: Apache-2.0

/// Dice that fall the same way for the same seed (SplitMix64, Steele, Lea and Flood 2014).
public struct Dice: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range.
    public mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True so many times of one hundred.
    public mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }

    /// One of the things; nil when there is none.
    public mutating func pick<Thing>(_ things: [Thing]) -> Thing? { things.randomElement(using: &self) }
}
