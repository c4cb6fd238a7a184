// SPDX-License-Identifier: Apache-2.0
import FMP4
import Matroska
import Media
import Studio

/// Makes of one track what browsers take in a call, where it is not that already: Opus of other sounds, H.264 without
/// pictures that wait for later ones of other pictures. A supervised ffmpeg. Lives on its loop.
final class Reworker {
    /// So much is before everything, so that what the encoder puts before its beginning is not before ours.
    private static let beginning: Int64 = 10_000_000

    private let kind: TrackID.Kind
    private var source: (codec: Codec, configuration: ArraySlice<UInt8>, shape: MatroskaWriter.Shape)?
    private var base: Int64?
    private let made: MadeTrack
    // Set once, at the end of `init`: it calls back into this one.
    private var attendant: Attendant?

    /// `tell` is told of what comes of it, on the clock of what it was given.
    init(_ kind: TrackID.Kind, _ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop, tell: @escaping (Signal) -> Void) {
        (self.kind, made) = (kind, MadeTrack(kind, tell: tell))
        attendant = Attendant(
            kind == .video ? "picture" : "sound", ffmpeg, on: loop, begins: { [weak self] in self?.begin() ?? [] },
            reads: { [weak self] in self?.read($0) }, tells: { _ in })
    }

    /// What the track is; another one begins anew.
    func configure(_ codec: Codec, _ configuration: ArraySlice<UInt8>) {
        if let source, (source.codec, source.configuration) == (codec, configuration) { return }
        leave()
        do {
            switch codec {
            case .avc, .hevc, .av1, .vp9:
                // The decoder finds the size in the stream.
                source = (codec, configuration, .picture(width: 1_280, height: 720))
            case .aac:
                let format = try AudioFormat.aac(configuration)
                source = (codec, configuration, .sound(rate: format.rate, channels: format.channels))
            case .opus: source = (codec, configuration, .sound(rate: 48_000, channels: 2))
            }
        } catch { source = nil }  // The broadcast itself complains of it.
    }

    func take(_ sample: Media.Sample) {
        guard let attendant, let source else { return }
        if base == nil {
            guard sample.isKey else { return }
            attendant.want(true)
            guard attendant.isRunning,
                attendant.send(MatroskaWriter.head(source.codec, source.configuration, source.shape))
            else { return }
            base = sample.microseconds - Reworker.beginning
        }
        guard let base else { return }
        let time = sample.microseconds + sample.compositionMicroseconds - base
        let isTaken = attendant.send(MatroskaWriter.frame(presentedAt: time, isKey: sample.isKey, sample.bytes))
        if !isTaken { attendant.giveUp(because: "ffmpeg: too slow") }
        if !attendant.isRunning { self.base = nil }
    }

    /// Nothing more is to be made.
    func leave() {
        (source, base) = (nil, nil)
        attendant?.want(false)
    }

    private func begin() -> [String] {
        base = nil
        made.begin()
        let words =
            FFmpeg.quiet + [
                "-probesize", "1000000", "-analyzeduration", "0", "-fpsprobesize", "0", "-threads", "1", "-f",
                "matroska",
                "-i", "pipe:0", "-copyts", "-filter_threads", "1",
            ]
        let picture = [
            "-map", "0:v:0", "-vf", "scale=-2:'min(720,ih)',format=yuv420p", "-c:v", "libx264", "-preset", "superfast",
            "-tune", "zerolatency", "-profile:v", "baseline", "-threads", "2", "-g", "50", "-b:v", "2000k", "-maxrate",
            "2500k", "-bufsize", "2000k", "-enc_time_base", "1:90000", "-fps_mode", "passthrough",
        ]
        let sound = [
            "-map", "0:a:0", "-ac", "2", "-ar", "48000", "-c:a", "libopus", "-b:a", "96k", "-frame_duration", "20",
        ]
        return words + (kind == .video ? picture : sound)
            + ["-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts", "pipe:1"]
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        if let base { made.take(bytes, laterBy: base, from: attendant) }
    }
}
