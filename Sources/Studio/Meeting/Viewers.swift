// SPDX-License-Identifier: Apache-2.0
import CFetch

/// The slots that a stream goes to, or that wait for its key frame, in the order of their coming.
///
/// What sending to a viewer takes is far from the processor when its turn comes: everybody else's was used since. So it is
/// asked for one viewer ahead, at addresses that lie here beside each other.
struct Viewers {
    /// One slot; and the objects and places that a packet to it touches.
    private struct Viewer {
        // `all` keeps the slot, and with it what is its own; its seat outlives it on every list (`Meeting.leave`).
        let slot: Unmanaged<Slot>
        let seat: UnsafeRawPointer
        let numbers: UnsafeRawBufferPointer
        let way: UnsafePointer<Way>
        /// Most of an object's variables.
        private static let objectBytes = 320

        init(_ slot: Slot) {
            self.slot = .passUnretained(slot)
            seat = UnsafeRawPointer(Unmanaged.passUnretained(slot.seat).toOpaque())
            numbers = slot.memory
            way = slot.seat.memory
        }

        @inline(__always)
        func fetch() {
            cs_fetch(slot.toOpaque(), Viewer.objectBytes)
            cs_fetch(seat, Viewer.objectBytes)
            cs_fetch(numbers.baseAddress, numbers.count)
            cs_fetch(way, MemoryLayout<Way>.size)
        }
    }

    private(set) var all: ContiguousArray<Slot> = []
    private var viewers: ContiguousArray<Viewer> = []

    mutating func append(_ slot: Slot) {
        all.append(slot)
        viewers.append(Viewer(slot))
    }

    mutating func remove(_ slot: Slot) {
        guard let place = all.firstIndex(where: { $0 === slot }) else { return }
        all.remove(at: place)
        viewers.remove(at: place)
    }

    /// Each in its turn. Slots may come and go meanwhile: these are those that were here at the beginning. Seats may not: the
    /// next one's way is looked at.
    @inline(__always)
    func forEach(_ body: (Slot) -> Void) {
        withExtendedLifetime(all) {
            viewers.withUnsafeBufferPointer { viewers in
                viewers.first?.fetch()
                for place in viewers.indices {
                    let next = place + 1 < viewers.count ? viewers[place + 1] : nil
                    next?.fetch()
                    viewers[place].slot._withUnsafeGuaranteedRef(body)
                    // Found through the way, which has come by now.
                    next?.way.pointee.book.fetch()
                }
            }
        }
    }
}
