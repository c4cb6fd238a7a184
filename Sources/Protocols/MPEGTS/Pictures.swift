// SPDX-License-Identifier: Apache-2.0
import FMP4
import Media

/// What was found in an elementary stream.
enum Found: Hashable {
    case configuration(Codec, [UInt8])
    case frame(Frame)
    /// Its configuration cannot be read.
    case unusable(name: String)
}

/// One coded frame, before its time is unrolled.
struct Frame: Hashable {
    /// The decode time that was sent last.
    var stamp: Stamp
    /// How long after it this frame is decoded.
    var laterMicroseconds: Int64 = 0
    var compositionTicks: Int64 = 0
    var isKey: Bool
    var bytes: ArraySlice<UInt8>
}

/// The times of a PES packet.
struct Times: Hashable, Sendable {
    let presentation: Stamp
    let decode: Stamp
}

/// Turns a run of annex B bytes into frames with their lengths in front, and its parameter sets into a record.
struct Pictures: Sendable {
    private let codec: Codec
    private var sets: ParameterSets
    private var record: [UInt8]?
    /// The last known distance of two frames, in microseconds.
    private var distance: Int64 = 40_000

    init(_ codec: Codec) {
        self.codec = codec
        sets = codec == .hevc ? .hevc : .avc
    }

    private struct AccessUnit {
        var bytes: [UInt8] = []
        var hasPicture = false
        var isKey = false
    }

    /// What is in one run: everything from one PES packet that has times to the `next` that has. Times are sent for
    /// the first frame only; when there are more, they share the time until the next evenly.
    mutating func take(_ bytes: [UInt8], _ times: Times, next: Stamp?) -> [Found] {
        var found: [Found] = []
        var frames: [AccessUnit] = []
        var unit = AccessUnit()
        var hasNewSets = false
        func finish() {
            if unit.hasPicture { frames.append(unit) }
            unit = AccessUnit()
        }
        unit.bytes.reserveCapacity(bytes.count + 64)
        for range in units(in: bytes) {
            let slice = bytes[range]
            let meaning = codec == .hevc ? UnitMeaning(hevc: slice) : UnitMeaning(avc: slice)
            if meaning.begins, unit.hasPicture { finish() }
            if meaning.isParameterSet, sets.take(slice) { hasNewSets = true }
            if meaning.isPicture { unit.hasPicture = true }
            if meaning.isKey { unit.isKey = true }
            if !meaning.isLeftOut { unit.bytes.append(unit: slice) }
        }
        finish()
        if hasNewSets, let news = renewed() { found.append(news) }
        let share = share(of: frames.count, times.decode, next)
        for (place, unit) in frames.enumerated() {
            found.append(
                .frame(
                    Frame(
                        stamp: times.decode, laterMicroseconds: share * Int64(place),
                        compositionTicks: times.presentation.since(times.decode), isKey: unit.isKey,
                        bytes: unit.bytes[...])))
        }
        return found
    }

    /// The record, when it is another than before.
    private mutating func renewed() -> Found? {
        do {
            guard let record = try sets.record(), record != self.record else { return nil }
            self.record = record
            return .configuration(codec, record)
        } catch {
            return .unusable(name: error.reason)
        }
    }

    /// How long one frame of so many is, in microseconds.
    private mutating func share(of count: Int, _ stamp: Stamp, _ next: Stamp?) -> Int64 {
        if count > 0, let ticks = next?.since(stamp), ticks > 0, ticks <= 900_000 {
            distance = ticks * 100 / 9 / Int64(count)
        }
        return distance
    }
}

extension [UInt8] {
    /// Appends a NAL unit behind its length in four bytes.
    fileprivate mutating func append(unit: ArraySlice<UInt8>) {
        for shift in [24, 16, 8, 0] as [UInt32] { append(UInt8(truncatingIfNeeded: UInt32(unit.count) >> shift)) }
        self += unit
    }
}
