// SPDX-License-Identifier: Apache-2.0
import FMP4
import Matroska
import Media
import Studio

/// Hears a publisher's default sound, decoded by a supervised ffmpeg, and measures how loud it is. Lives on its loop.
final class LoudnessPort {
    private let sound = TrackID(.audio)
    private var source: (codec: Codec, configuration: ArraySlice<UInt8>, shape: MatroskaWriter.Shape)?
    private var isFed = false
    private var beginning: Int64 = 0
    private var channels = 2
    private var meter = LoudnessMeter(channels: 2)
    private var peaks = PeakMeter(channels: 2)
    /// What came of a frame that is not whole yet.
    private var rest: [UInt8] = []
    // Set once, at the end of `init`: it calls back into this port.
    private var attendant: Attendant?

    /// A port that nothing was heard at; `tells` is told how the decoder is whenever that changes.
    init(_ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop, tells: @escaping (State.Companion) -> Void) {
        attendant = Attendant(
            State.Companion.meter, ffmpeg, on: loop, begins: { [weak self] in self?.begin() ?? [] },
            reads: { [weak self] in self?.hear($0) }, tells: tells)
    }

    /// How the decoder is.
    var helper: State.Companion {
        attendant?.helper ?? State.Companion(name: State.Companion.meter, condition: .resting)
    }

    /// How loud it is and was, since the port was made or `restart` called.
    var loudness: State.Loudness {
        var loudness = meter.loudness
        loudness.peak = peaks.peak
        return loudness
    }

    /// Measures from now on: the broadcast goes on air, and what was before does not count.
    func restart() {
        (meter, peaks) = (LoudnessMeter(channels: channels), PeakMeter(channels: channels))
    }

    /// What the publisher says; only its default sound matters here.
    func take(_ signal: Signal) {
        switch signal {
        case .configuration(sound, let codec, let bytes): learn(codec, bytes)
        case .sample(let sample) where sample.track == sound: take(sample)
        case .jump where isFed:
            isFed = false
            attendant?.renew()
        case .trackEnded(sound): leave()
        default: break
        }
    }

    /// The publisher is gone: nothing is left to hear.
    func leave() {
        (source, isFed) = (nil, false)
        attendant?.want(false)
    }

    private func learn(_ codec: Codec, _ bytes: ArraySlice<UInt8>) {
        if let source, (source.codec, source.configuration) == (codec, bytes) { return }
        leave()
        do {
            let format: AudioFormat = codec == .opus ? try .opus(bytes) : try .aac(bytes)
            source = (codec, bytes, .sound(rate: format.rate, channels: format.channels))
            // What the meter has no weights for is mixed down to two.
            let channels = [1, 2, 5, 6].contains(format.channels) ? format.channels : 2
            guard channels != self.channels else { return }
            self.channels = channels
            restart()
        } catch {
            source = nil  // The broadcast itself complains of it.
        }
    }

    private func take(_ sample: Media.Sample) {
        guard let attendant, let source else { return }
        if !isFed {
            attendant.want(true)
            guard attendant.isRunning else { return }
            isFed = attendant.send(MatroskaWriter.head(source.codec, source.configuration, source.shape))
            beginning = sample.microseconds
        }
        let time = sample.microseconds - beginning
        // When it cannot follow, a moment is not heard; it is a meter, and nobody's sound.
        _ = attendant.send(MatroskaWriter.frame(presentedAt: time, isKey: true, sample.bytes))
        if !attendant.isRunning { isFed = false }
    }

    private func begin() -> [String] {
        (isFed, rest) = (false, [])
        return FFmpeg.quiet + [
            "-probesize", "32768", "-analyzeduration", "0", "-threads", "1", "-f", "matroska", "-i", "pipe:0", "-map",
            "0:a:0", "-ac", "\(channels)", "-ar", "\(LoudnessMeter.rate)", "-f", "f32le", "pipe:1",
        ]
    }

    private func hear(_ bytes: UnsafeRawBufferPointer) {
        rest += bytes
        let frame = channels * MemoryLayout<Float>.size
        let whole = rest.count / frame * channels
        // Little endian, as this program's own numbers are.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: whole) { samples in
            UnsafeMutableRawBufferPointer(samples).copyBytes(from: rest.prefix(whole * 4))
            meter.take(UnsafeBufferPointer(samples))
            peaks.take(UnsafeBufferPointer(samples))
        }
        rest.removeFirst(whole * 4)
    }
}
