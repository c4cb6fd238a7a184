// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

/// One track that a seat publishes: its encodings, smallest first as far as they are known.
final class Feed {
    let id: SourceID
    unowned let seat: Seat
    let section: NegotiatedSection
    var layers: [Layer] = []
    /// A host has muted it: what comes is dropped.
    var isMuted = false
    var isScreen = false
    /// Somebody without a slot needs its best encoding.
    var tapCount = 0
    /// How often it has come back after nothing of it was told to who taps it: from a mute, or from another group.
    var stretch: UInt32 = 0
    /// Whether it has been told.
    var isTold = false
    /// The slots that show it, or wait to.
    var slots: ContiguousArray<Slot> = []
    /// Encodings that were told to be needed.
    var wanted: [String]?
    var mutedSpeechAt: Tick?
    /// Which encodings were live when that was last looked at, a bit for each.
    var live: UInt64 = 0

    init(_ id: SourceID, of seat: Seat, section: NegotiatedSection) {
        self.id = id
        self.seat = seat
        self.section = section
    }

    var isVideo: Bool { section.isVideo }
    var format: PayloadFormat? { layers.first?.format ?? section.codings.first?.format }

    /// Puts the encodings in order: by height where all are known, else by what they carry. Names and order of an offer
    /// mean nothing (facts of many a stack).
    func sort(at now: Tick) {
        guard layers.count > 1 else { return }
        if layers.allSatisfy({ $0.height != nil }) {
            layers.sort { ($0.height ?? 0, $0.ssrc) < ($1.height ?? 0, $1.ssrc) }
        } else {
            let rates = layers.map { layer in (layer, layer.rate.bitsPerSecond(at: now)) }
            // A layer without a rate keeps its place relative to its neighbours only by chance; live ones come first.
            layers = rates.sorted { ($0.1 == 0 ? .max : $0.1, $0.0.ssrc) < ($1.1 == 0 ? .max : $1.1, $1.0.ssrc) }
                .map(\.0)
        }
    }

    /// Who taps it hears it: it is in the meeting itself, and in no group.
    var isTapped: Bool { tapCount > 0 && seat.group == 0 && !isMuted }

    /// It is back from a mute or a group: of what was sent meanwhile nothing is told later, when it is repaired.
    func comeBack() {
        stretch &+= 1
        for layer in layers { layer.toldFrom = .max }
    }

    /// The microseconds between the publisher's clock and ours; both sound and picture of a seat have the same.
    var clockOffset: Int64? { seat.clockOffset }
}
