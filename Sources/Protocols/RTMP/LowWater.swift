// SPDX-License-Identifier: Apache-2.0

/// How many bytes are worth looking at while an encoder publishes. Between two pictures come a few hundred bytes of
/// sound, which is cut where the next picture is and can as well be looked at with it.
struct LowWater: Sendable {
    /// What is remembered of pictures; two seconds are enough to have seen the small ones.
    private static let pictures = 64
    /// Half of the smallest picture, and never more than this: only sound is to be waited out, no picture.
    private static let most = 8 << 10
    /// Pictures smaller than twice this are not to be told from sound.
    private static let least = 1 << 10
    /// Sound that comes without pictures between waits for nothing.
    private static let mostSounds = 8

    private var sizes: [Int] = []
    private var next = 0
    private var sounds = 0

    /// So many bytes must have come before it is worth looking at them.
    private(set) var bytes = 1

    /// A whole message came, with a body of this size.
    mutating func note(_ message: Message) {
        switch message.type {
        case Message.Kind.video: picture(message.body.count)
        case Message.Kind.audio:
            sounds += 1
            if sounds > LowWater.mostSounds { (sizes, next, bytes) = ([], 0, 1) }
        default: break
        }
    }

    private mutating func picture(_ size: Int) {
        sounds = 0
        // A sequence header or an end is no picture.
        guard size > 64 || bytes > 1 else { return }
        if sizes.count < LowWater.pictures {
            sizes.append(size)
        } else {
            sizes[next] = size
        }
        next = (next + 1) % LowWater.pictures
        guard sizes.count == LowWater.pictures, next == 0 || size / 2 < bytes else { return }
        let half = (sizes.min() ?? 0) / 2
        bytes = half < LowWater.least ? 1 : min(half, LowWater.most)
    }
}
