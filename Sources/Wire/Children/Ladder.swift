// SPDX-License-Identifier: Apache-2.0
import FMP4
import MPEGTS
import Matroska
import Media
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes smaller pictures of a publisher's: one supervised ffmpeg, which is started at a key frame, started again when
/// it dies, asked for less when the machine is too slow, and never in the way of the picture that comes in. Lives on its
/// loop.
final class Ladder {
    /// What came of it.
    enum News: Hashable, Sendable {
        /// A rung's configuration, picture or end, on `Plan.Rung.track` and the publisher's own clock.
        case signal(Signal)
        /// How it is, when that changed.
        case helper(State.Companion)
    }

    /// An encoder that is so far behind will not catch up.
    private static let mostLagMilliseconds: Int64 = 8_000
    private static let slow =
        "เครื่องนี้ช้าเกินกว่าจะทำภาพทุกขนาด กำลังลองแบบที่เบากว่า · This machine is too slow for all qualities; trying with less"

    private let asked: [Plan.Rung]
    private let tell: (News) -> Void
    private let picture = TrackID(.video)
    private var source: (codec: Codec, configuration: ArraySlice<UInt8>)?
    private var rungs: Rungs
    /// Rungs that this machine turned out to be too slow for.
    private var tooMany = 0
    private var clock: RungClock?
    private var demultiplexer = Demultiplexer()
    // Set once, at the end of `init`: it calls back into this ladder.
    private var attendant: Attendant?

    /// A ladder with those of these rungs that are smaller than what will come.
    init(_ rungs: [Plan.Rung], _ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop, tell: @escaping (News) -> Void) {
        (asked, self.tell) = (rungs, tell)
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        self.rungs = Rungs(
            width: 0, height: 0, rungs: [], effort: processors > 3 ? 0 : 1, processors: max(1, processors - 1))
        attendant = Attendant(
            State.Companion.ladder, ffmpeg, on: loop, begins: { [weak self] in self?.begin() ?? [] },
            reads: { [weak self] in self?.read($0) }, tells: { tell(.helper($0)) })
    }

    /// How it is.
    var helper: State.Companion {
        attendant?.helper ?? State.Companion(name: State.Companion.ladder, condition: .resting)
    }

    /// What the publisher says; only its default picture matters here.
    func take(_ signal: Signal) {
        switch signal {
        case .configuration(picture, let codec, let bytes):
            if let source, source == (codec, bytes) { return }
            leave()
            source = (codec, bytes)
        case .sample(let sample) where sample.track == picture: take(sample)
        case .jump where clock != nil:
            clock = nil
            attendant?.renew()
        case .trackEnded(picture): leave()
        default: break
        }
    }

    /// The publisher is gone: nothing is left to do.
    func leave() {
        (source, clock, tooMany) = (nil, nil, 0)
        rungs.rungs = []
        attendant?.want(false)
    }

    // MARK: What it is given

    private func take(_ sample: Sample) {
        guard let attendant, let source else { return }
        if clock == nil {
            guard sample.isKey, learn(source, sample), !rungs.rungs.isEmpty else { return }
            attendant.want(true)
            guard attendant.isRunning else { return }
            clock = RungClock(sample)
            let shape = MatroskaWriter.Shape.picture(width: rungs.width, height: rungs.height)
            guard attendant.send(MatroskaWriter.head(source.codec, source.configuration, shape)) else { return slow() }
        }
        guard let time = clock?.send(sample) else { return }
        let frame = MatroskaWriter.frame(presentedAt: time, isKey: sample.isKey, sample.bytes)
        let isTaken = attendant.send(frame)
        guard attendant.isRunning else { return clock = nil }
        if !isTaken || clock?.lagMilliseconds ?? 0 > Ladder.mostLagMilliseconds { slow() }
    }

    /// Reads how large the picture is. Answers whether that is known.
    private func learn(_ source: (codec: Codec, configuration: ArraySlice<UInt8>), _ sample: Sample) -> Bool {
        guard rungs.rungs.isEmpty else { return true }
        let format: VideoFormat
        do {
            switch source.codec {
            case .avc: format = try .avc(source.configuration)
            case .hevc: format = try .hevc(source.configuration)
            case .av1: format = try .av1(source.configuration)
            case .vp9: format = try .vp9(source.configuration, keyFrame: sample.bytes)
            case .aac, .opus: return false
            }
        } catch {
            return false  // The broadcast itself complains of it.
        }
        (rungs.width, rungs.height) = (format.width, format.height)
        rungs.rungs = Rungs.below(width: format.width, height: format.height, asked)
        rungs.rungs.removeFirst(min(tooMany, max(0, rungs.rungs.count - 1)))
        return true
    }

    /// The machine cannot do so much: less effort first, then one rung less.
    private func slow() {
        if rungs.effort + 1 < Rungs.presets.count {
            rungs.effort += 1
        } else if rungs.rungs.count > 1 {
            tooMany += 1
            if let track = rungs.rungs.removeFirst().track { tell(.signal(.trackEnded(track))) }
        }
        clock = nil
        attendant?.giveUp(because: Ladder.slow)
    }

    // MARK: What it gives

    private func begin() -> [String] {
        clock = nil
        demultiplexer = Demultiplexer()
        return rungs.arguments
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        do { try demultiplexer.take(Array(bytes)[...]) } catch {
            clock = nil
            attendant?.giveUp(because: "ffmpeg: \(error.reason)")
            return
        }
        while let news = demultiplexer.next() {
            guard case .signal(let signal) = news else { continue }
            switch signal {
            case .configuration(let track, let codec, let bytes):
                guard let track = rung(track) else { continue }
                tell(.signal(.configuration(track, codec, bytes)))
            case .sample(var sample):
                guard let track = rung(sample.track), let time = clock?.receive(sample.presentationMicroseconds)
                else { continue }
                sample.track = track
                (sample.microseconds, sample.compositionMicroseconds) = time
                tell(.signal(.sample(sample)))
            default: break  // Of its own clock and tracks; both are known here.
            }
        }
    }

    private func rung(_ track: TrackID) -> TrackID? {
        let place = Int(track.number)
        return track.kind == .video && place < rungs.rungs.count ? rungs.rungs[place].track : nil
    }
}

extension Sample {
    fileprivate var presentationMicroseconds: Int64 { microseconds + compositionMicroseconds }
}
