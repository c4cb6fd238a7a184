// SPDX-License-Identifier: Apache-2.0
import Studio

/// The streams of events that one delivery loop carries to people of rooms. Lives on its outlet's loop.
final class RoomFloor {
    /// Who takes nothing while so much waits is let go.
    private static let mostWaiting = 2 << 20

    private struct Stream {
        let asker: any Asker
        let number: UInt32
        var isOpen = false
    }

    private var streams: [UInt32: Stream] = [:]
    private var last: UInt32 = 0

    private static let head = Body(
        [], type: "text/event-stream", cache: "no-store", more: [("x-accel-buffering", "no")], hasLength: false)
    private static let beat = Slab.of(": \n\n")

    /// A stream that is not open yet.
    func expect(_ asker: any Asker, _ number: UInt32) -> UInt32 {
        last &+= 1
        streams[last] = Stream(asker: asker, number: number)
        return last
    }

    /// It is not to be.
    func refuse(_ id: UInt32, _ body: Body) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        stream.asker.send(body, to: stream.number)
    }

    func open(_ id: UInt32) {
        guard let stream = streams[id] else { return }
        stream.asker.open(RoomFloor.head, to: stream.number)
        streams[id]?.isOpen = true
    }

    /// What is new, in its order.
    func take(_ letters: [RoomLetter]) {
        for letter in letters {
            for id in letter.to {
                guard let stream = streams[id] else { continue }
                if let slab = letter.slab {
                    _ = stream.asker.push(slab, to: stream.number, most: RoomFloor.mostWaiting)
                } else {
                    stream.asker.end(stream.number)
                    streams[id] = nil
                }
            }
        }
    }

    /// Streams that are gone, since the last time.
    func gone() -> [UInt32] {
        let gone = streams.filter { $0.value.isOpen && !$0.value.asker.isTaking($0.value.number) }.map(\.key)
        for id in gone { streams[id] = nil }
        return gone
    }

    func keepAwake() {
        for stream in streams.values where stream.isOpen {
            _ = stream.asker.push(RoomFloor.beat, to: stream.number, most: RoomFloor.mostWaiting)
        }
    }
}

/// One thing for some streams of one outlet: an event, or, without one, their end.
struct RoomLetter: Sendable {
    var slab: Slab?
    var to: [UInt32]
}

/// A stream of events of somebody: which outlet carries it, and its number there.
struct RoomStream: Hashable, Sendable {
    var outlet: Int
    var id: UInt32
}
