// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HLS
import Studio
import Synchronization

/// Writes a broadcast's passthrough rendition as fragmented MP4, part by part as they come: the file is whole after
/// each of them, whatever happens then.
///
/// One file goes on for as long as the encoder's configuration stays the same, over absences, slates and a full disk:
/// where something is left out, what follows is moved up to what was before, and what the world's clock says shows it.
/// Another configuration begins another file.
// `source` is touched by the pump's loop alone, the rest of what changes on `queue` alone or behind an atomic.
final class Recorder: @unchecked Sendable {
    /// When the disk is so far behind, parts are left out and it is told.
    private static let mostWaitingBytes = 64 << 20

    private let queue: DispatchQueue
    private let waiting = Atomic(0)
    private let tape: Tape
    /// The rendition that is recorded: the picture with the lowest number is what the encoder sent, with its sound.
    private var source: Source?

    /// Records into the vault's folder of this broadcast, when there is something to record.
    init(
        _ vault: Vault, name: String,
        put: @escaping @Sendable (UnsafeRawBufferPointer, Int32) -> Int32 = RecordingFile.write
    ) {
        queue = DispatchQueue(label: "recorder")
        tape = Tape(vault, name: name, put: put)
    }

    /// A file of the presentation, in the order in which they are told: `publication-rendition-…`. It was
    /// `wallMilliseconds` on the world's clock.
    func take(_ name: String, _ bytes: Slab, at wallMilliseconds: Int64) {
        let words = name.split(separator: "-", maxSplits: 2)
        guard words.count == 3, let source = Source(rendition: words[1]) else { return }
        if words[2].hasPrefix("init") {
            guard source <= self.source ?? source else { return }
            self.source = source
            queue.async { self.tape.load(bytes, wallMilliseconds) }
        } else if words[2].hasSuffix(".m4s"), source == self.source {
            let count = bytes.count
            let behind = waiting.add(count, ordering: .relaxed).newValue
            queue.async {
                defer { self.waiting.subtract(count, ordering: .relaxed) }
                guard behind < Recorder.mostWaitingBytes else { return self.tape.skip("the disk is too slow") }
                self.tape.write(bytes)
            }
        }
    }

    /// A segment is complete: what was written shall survive a power cut.
    func settle(_ rendition: String, _ segment: Segment) {
        guard let source, source == Source(rendition: rendition[...]) else { return }
        let (start, wall) = (segment.startMicroseconds, segment.wall.milliseconds)
        queue.async { self.tape.settle(startMicroseconds: start, wallMilliseconds: wall) }
    }

    /// Whether what comes now is left out: a slate, or what the plan says is not to be kept.
    func rest(_ isResting: Bool) { queue.async { self.tape.rest(isResting) } }

    /// The broadcast is over: the recording is finished. What comes after it begins another.
    func end() { queue.async { self.tape.eject() } }

    /// Waits until everything that came is written.
    func done() { queue.sync {} }

    /// Writes what is waiting and finishes the recording.
    func finish() { queue.sync { tape.eject() } }
}

extension Source {
    /// `v0` or `a12`; nil for what is no picture and no sound.
    init?(rendition: Substring) {
        guard let number = UInt8(rendition.dropFirst()) else { return nil }
        switch rendition.first {
        case "v": self = .picture(number)
        case "a": self = .sound(number)
        default: return nil
        }
    }
}
