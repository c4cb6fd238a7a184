// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A playlist's text, plain and gzip'd, for those who waited for it and those who did not. Each form is made when it is
/// first asked for, and then shared by all loops: where nobody watches, nothing is written or packed.
final class Sheet: Sendable {
    private let text: @Sendable () -> [UInt8]
    private let targetSeconds: Int64
    private let type: String
    private let plain = AtomicLazyReference<Slab>()
    private let zipped = AtomicLazyReference<Slab>()
    private let fresh = AtomicLazyReference<Body>()
    private let freshZipped = AtomicLazyReference<Body>()
    private let held = AtomicLazyReference<Body>()
    private let heldZipped = AtomicLazyReference<Body>()

    /// `targetSeconds` decides how long a cache may keep it: what a blocking request got is a fact for six target
    /// durations, the rest for half of one (appendix B.1 of the draft).
    init(
        targetSeconds: Int64, type: String = "application/vnd.apple.mpegurl", _ text: @escaping @Sendable () -> [UInt8]
    ) { (self.text, self.targetSeconds, self.type) = (text, targetSeconds, type) }

    convenience init(_ text: [UInt8], targetSeconds: Int64) { self.init(targetSeconds: targetSeconds) { text } }

    /// What to answer with.
    func body(zips: Bool, isHeld: Bool) -> Body {
        switch (zips, isHeld) {
        case (false, false): body(fresh, zips, isHeld)
        case (true, false): body(freshZipped, zips, isHeld)
        case (false, true): body(held, zips, isHeld)
        case (true, true): body(heldZipped, zips, isHeld)
        }
    }

    private func body(_ kept: borrowing AtomicLazyReference<Body>, _ zips: Bool, _ isHeld: Bool) -> Body {
        kept.load() ?? kept.storeIfNil(make(zips: zips, isHeld: isHeld))
    }

    // Two loops may make the same at the same time: then both give what came first.
    private func make(zips: Bool, isHeld: Bool) -> Body {
        let plain = plain.load() ?? plain.storeIfNil(.of(text()))
        var slab = plain
        if zips { slab = zipped.load() ?? zipped.storeIfNil(Gzip.zip(plain.bytes).map { .of($0) } ?? plain) }
        let fresh = targetSeconds > 1 ? "max-age=\(targetSeconds / 2)" : "no-cache"
        return Body(
            [slab], type: type, cache: isHeld ? "max-age=\(max(1, targetSeconds * 6))" : fresh,
            more: [("vary", "accept-encoding")] + (slab === plain ? [] : [("content-encoding", "gzip")]))
    }
}
