// SPDX-License-Identifier: Apache-2.0
import Matroska
import Media
import Studio

/// Mixes a meeting's voices into one sound that every player knows (AAC): a supervised ffmpeg, fed by a bus that never
/// pauses. Lives on its loop.
final class SoundMixer {
    /// So much is before everything, so that what the encoder puts before its beginning is not before ours.
    private static let beginning: Int64 = 10_000_000

    private var bus: SoundBus?
    private let made: MadeTrack
    private var isFed = false
    // Set once, at the end of `init`: it calls back into this mixer.
    private var attendant: Attendant?

    /// `tell` is told of the mixed sound, on our clock; `tells` how the program is whenever that changes.
    init(
        _ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop, tells: @escaping (State.Companion) -> Void,
        tell: @escaping (Signal) -> Void
    ) {
        made = MadeTrack(.audio, tell: tell)
        attendant = Attendant(
            "sound", ffmpeg, on: loop, begins: { [weak self] in self?.begin() ?? [] },
            reads: { [weak self] in self?.read($0) }, tells: tells)
    }

    /// How the program is.
    var helper: State.Companion { attendant?.helper ?? State.Companion(name: "sound", condition: .resting) }

    /// A voice, in one of the bus's channels.
    func take(_ frame: CodedFrame, channel: Int) {
        bus?.take(frame.bytes, channel: channel, microseconds: frame.microseconds)
    }

    /// Every few packets: what is due is mixed.
    func time(at now: Tick) {
        guard let attendant else { return }
        attendant.want(true)
        guard attendant.isRunning else { return bus = nil }
        if bus == nil {
            bus = SoundBus(at: now)
            isFed = attendant.send(MatroskaWriter.soundsHead(SoundBus.channelCount))
        }
        guard isFed, let due = bus?.next(at: now), !due.isEmpty else { return }
        var bytes: [UInt8] = []
        for packet in due {
            bytes += MatroskaWriter.frame(
                presentedAt: SoundMixer.beginning + packet.microseconds, isKey: true, packet.bytes[...],
                track: UInt8(packet.channel + 1))
        }
        // One that does not keep up begins anew.
        if !attendant.send(bytes) { attendant.giveUp(because: "ffmpeg: too slow") }
    }

    /// Nothing more is to be heard.
    func leave() {
        bus = nil
        attendant?.want(false)
    }

    private func begin() -> [String] {
        (bus, isFed) = (nil, false)
        made.begin()
        let voices = (0..<SoundBus.channelCount).map { "[0:a:\($0)]" }.joined()
        return FFmpeg.quiet + [
            "-probesize", "32768", "-analyzeduration", "0", "-threads", "1", "-f", "matroska", "-i", "pipe:0",
            "-copyts", "-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex",
            "\(voices)amix=inputs=\(SoundBus.channelCount):normalize=0,alimiter=limit=0.95:level=disabled[a]",
            "-map", "[a]", "-ac", "2", "-ar", "48000", "-c:a", "aac", "-aac_coder",
            "fast", "-b:a", "128k", "-muxdelay", "0",
            "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts", "pipe:1",
        ]
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        guard let began = bus?.beganMicroseconds else { return }
        made.take(bytes, laterBy: began - SoundMixer.beginning, from: attendant)
    }
}
