// SPDX-License-Identifier: Apache-2.0
import FMP4

/// The sample tables of one track (ISO/IEC 14496-12, 8.6 and 8.7), gathered run by run.
struct SampleTable {
    let track: Track
    /// Where the first frame stands on the recording's own clock.
    private(set) var start: Int64 = 0
    private(set) var firstComposition: Int64 = 0
    /// How many frames there are.
    private(set) var count = 0

    private var last: (time: Int64, duration: Int64)?
    private var shownEnd: Int64 = 0
    private var durations = Lengths()
    private var compositions = Lengths()
    private var leastComposition: Int64 = 0
    private var sizes: [UInt8] = []
    private var keys: [UInt8] = []
    private var keyCount = 0
    /// Each run is a chunk: how many frames it has, and where it begins among all the frames' bytes.
    private var chunks: [(frames: Int, offset: Int64)] = []
    private var ticks: Int64 = 0

    private let isPicture: Bool

    init(_ track: Track) {
        self.track = track
        if case .video = track.format { isPicture = true } else { isPicture = false }
    }

    /// How long the track plays in its own timescale: the decode times from the first frame to the end of the last.
    var length: Int64 { ticks + (last?.duration ?? 0) }

    /// How long it is shown, from the first frame to the end of whichever is shown last: longer than that where a
    /// publisher left between pictures that wait for each other.
    var shownLength: Int64 { max(length, shownEnd - start - firstComposition) }

    /// The next run, whose bytes begin at `offset` among all the frames' bytes.
    mutating func add(_ run: RunShape, at offset: Int64) {
        var offset = offset
        let frames = isPicture ? run.frames[...] : run.frames.drop { $0.decodeTime < soundEnd }
        for frame in run.frames.dropLast(frames.count) { offset += Int64(frame.byteCount) }
        guard !frames.isEmpty else { return }
        for frame in frames {
            // Decode times always grow; where one had to be moved, it is shown when it was to be shown.
            let time = last.map { max(frame.decodeTime, $0.time + 1) } ?? frame.decodeTime
            let composition = frame.decodeTime + frame.composition - time
            if let last {
                durations.add(time - last.time)
                ticks += time - last.time
            } else {
                (start, firstComposition) = (time, composition)
            }
            last = (time, frame.duration)
            compositions.add(composition)
            let reorder = min(composition, VideoTiming.longestReorderSeconds * Int64(track.timescale))
            shownEnd = max(shownEnd, time + reorder + frame.duration)
            leastComposition = min(leastComposition, composition)
            sizes.append(UInt32(truncatingIfNeeded: frame.byteCount), bytes: 4)
            count += 1
            if isPicture, frame.isKey {
                keys.append(UInt32(truncatingIfNeeded: count), bytes: 4)
                keyCount += 1
            }
        }
        chunks.append((frames.count, offset))
    }

    /// Sound cannot be shown later than it is decoded, so what begins before the sound before it has ended (a publisher
    /// returned) is left out. Half a frame is forgiven.
    private var soundEnd: Int64 { last.map { $0.time + ($0.duration + 1) / 2 } ?? .min }

    /// How much later than said everything is shown, so that no offset is below zero.
    private var shift: Int64 { -leastComposition }

    /// Where the first frame's presentation stands among the track's own times: what an edit begins with.
    var firstShown: Int64 { firstComposition + shift }

    /// The tables. `base` is where the frames' bytes begin in the file.
    func write(to writer: inout BoxWriter, base: Int64, isLong: Bool) {
        var durations = durations
        if let last { durations.add(last.duration) }
        writer.fullBox("stts") { durations.write(to: &$0, plus: 0) }
        if compositions.runs.contains(where: { $0.length + shift != 0 }) {
            writer.fullBox("ctts") { compositions.write(to: &$0, plus: shift) }
        }
        // Every frame of sound is a key, which is what no table says (8.6.2).
        if isPicture, keyCount < count {
            writer.fullBox("stss") { box in
                box.number(keyCount, 4)
                box.bytes += keys
            }
        }
        writer.fullBox("stsc") { chunkRuns(&$0) }
        writer.fullBox("stsz") { box in
            box.zeros(4)
            box.number(count, 4)
            box.bytes += sizes
        }
        writer.fullBox(isLong ? "co64" : "stco") { box in
            box.number(chunks.count, 4)
            for chunk in chunks { box.number(base + chunk.offset, isLong ? 8 : 4) }
        }
    }

    /// From which chunk on how many frames stand in each (8.7.4).
    private func chunkRuns(_ box: inout BoxWriter) {
        let place = box.bytes.count
        box.zeros(4)
        var runs: UInt32 = 0
        for (index, chunk) in chunks.enumerated() where index == 0 || chunks[index - 1].frames != chunk.frames {
            for value in [index + 1, chunk.frames, 1] { box.number(value, 4) }
            runs += 1
        }
        box.patch(runs, at: place)
    }
}

/// Numbers, equal ones in a row counted together.
private struct Lengths {
    var runs: [(count: UInt32, length: Int64)] = []

    mutating func add(_ length: Int64) {
        if let last = runs.indices.last, runs[last].length == length {
            runs[last].count += 1
        } else {
            runs.append((1, length))
        }
    }

    func write(to box: inout BoxWriter, plus shift: Int64) {
        box.number(runs.count, 4)
        for run in runs {
            box.number(run.count, 4)
            box.number(UInt32(clamping: run.length + shift), 4)
        }
    }
}
