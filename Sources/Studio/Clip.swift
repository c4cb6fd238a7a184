// SPDX-License-Identifier: Apache-2.0
public import Media

/// A short piece of picture and sound that can be shown over and over: it begins with its configurations and a key
/// frame, and where it ends it goes on from its beginning without a seam.
public struct Clip: Hashable, Sendable {
    /// Configurations first, then samples by decode time, which begins at 0.
    public var signals: [Signal]
    /// How long it is: so much later it begins again.
    public var microseconds: Int64

    /// A clip of these signals.
    public init(signals: [Signal], microseconds: Int64) {
        (self.signals, self.microseconds) = (signals, microseconds)
    }
}
