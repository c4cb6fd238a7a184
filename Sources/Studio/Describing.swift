// SPDX-License-Identifier: Apache-2.0
import HLS
public import Media

// What is known of a broadcast, and what is wrong with it.

extension Broadcast {
    /// Where it stands.
    var phase: State.Phase {
        if isClosed { return .ended }
        switch showing {
        case .publisher: return .onAir
        case .slate: return .slated
        case .nothing: break
        }
        if ended != nil, publisher == nil { return .ended }
        if opened != nil {
            // One publisher follows another; so soon nobody misses anything.
            let quiet = now.milliseconds - (lastShown ?? now).milliseconds
            return wantsOnAir && forced == nil && quiet < Broadcast.slateMilliseconds ? .onAir : .slated
        }
        return publisher == nil || wantsOnAir ? .awaited : .rehearsing
    }

    /// Everything that is known at `now`.
    public mutating func state(at now: Instant) -> State {
        audience.tally(at: now)
        faults.forget(at: now)
        var state = state
        (state.phase, state.isOnAir, state.isReceiving) = (phase, wantsOnAir, publisher != nil)
        if case .slate(let slate) = showing { state.slate = slate }
        state.tracks = known.sorted { $0.source < $1.source }.map { State.Track($0.source, $0.format) }
        (state.bitsPerSecond, state.milliPictures) = meters.rates(at: now)
        state.keyFrameMilliseconds = meters.keyFrameMilliseconds
        state.complaints = faults.faults.map { State.Complaint($0) }
        (state.openedAt, state.endedAt) = (opened?.milliseconds, ended?.milliseconds)
        (state.viewers, state.peak) = (audience.count, audience.peak)
        state.viewerMinutes = audience.viewerMinutes
        (state.average, state.curve) = (curve.average, curve.minutes)
        state.interruptions = interruptions
        state.remarks = conversation.newest
        return state
    }

    /// What is counted without looking at anybody, for Prometheus.
    public var tallies: Tallies { Tallies(refused: refused, bytes: meters.bytes) }

    /// A helper that waits is told as a fault for as long as it waits.
    mutating func note(_ helper: State.Companion) {
        state.helpers.removeAll { $0.name == helper.name }
        state.helpers.append(helper)
        state.helpers.sort { $0.name < $1.name }
        // The meter's decoder is nobody's signal: it is only listed.
        guard helper.name != State.Companion.meter else { return }
        let isLadder = helper.name == State.Companion.ladder
        let waiting = state.helpers.filter {
            $0.condition == .waiting && ($0.name == State.Companion.ladder) == isLadder
        }
        let fault: Fault = isLadder ? .ladderDown(helper.reason) : .restreamDown(waiting.first?.name ?? helper.name)
        waiting.isEmpty ? faults.clear(fault.code) : note(fault)
    }

    /// Whether there is sound, and as loud as it should be.
    mutating func listen(to loudness: State.Loudness) {
        state.loudness = loudness
        let isSilent = (loudness.momentary ?? -20_000) < -6_500
        if !isSilent {
            silentSince = nil
            faults.clear(Fault.noSound.code)
        } else if let silentSince {
            if now.milliseconds - silentSince.milliseconds >= 10_000 { note(.noSound) }
        } else {
            silentSince = now
        }
        // A minute must have been heard before it says anything.
        guard let integrated = loudness.integrated, !isSilent else { return }
        let since = loudSince ?? now
        loudSince = since
        guard now.milliseconds - since.milliseconds >= 60_000 else { return }
        if integrated > -1_400 { note(.tooLoud(lufs: integrated)) } else { faults.clear(Fault.tooLoud(lufs: 0).code) }
        if integrated < -2_600 { note(.tooQuiet(lufs: integrated)) } else { faults.clear(Fault.tooQuiet(lufs: 0).code) }
    }

    /// What nobody tells: key frames that do not come.
    mutating func watchTheEncoder() {
        guard publisher != nil, let sinceKey = meters.millisecondsSinceKey(at: now), sinceKey >= 8_000 else { return }
        let apart = max(sinceKey, meters.keyFrameMilliseconds ?? 0)
        note(meters.hasKey ? Fault(.keyFramesTooFar(milliseconds: apart)) : .noKeyFrames)
    }

    mutating func tell(_ told: [Conversation.Told]) {
        for one in told { give(.remark(one.remark, viewer: one.viewer)) }
    }
}

/// Counters that only rise.
public struct Tallies: Hashable, Sendable {
    /// Publishers that were refused.
    public var refused: Int
    /// Media bytes that came.
    public var bytes: Int64
}

extension State.Companion {
    /// The name of the ladder among the helpers.
    public static let ladder = "ladder"
    /// The name of the loudness meter's decoder.
    public static let meter = "loudness"
}
