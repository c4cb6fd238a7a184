// SPDX-License-Identifier: Apache-2.0
import Media
import Studio

/// Makes of a broadcast's program what a call can carry, for as long as somebody watches it so: H.264 goes through where no
/// picture waits for a later one, Opus goes through, everything else is made anew beside us. Lives on the pump's loop.
final class Caster {
    static let picturePayload: UInt8 = 96
    static let soundPayload: UInt8 = 111

    private let send: ([[UInt8]], Int64) -> Void
    private var picture = Packetizer(.video, stream: 1, payloadType: Caster.picturePayload)
    private var sound = Packetizer(.audio, stream: 2, payloadType: Caster.soundPayload)
    private var pictures: Reworker?
    private var sounds: Reworker?
    private var hasPicture = false
    private let loop: Loop
    private let ffmpeg: FFmpeg
    /// What the tracks are, whether anybody watches or not.
    private var configured: [TrackID.Kind: (codec: Codec, record: ArraySlice<UInt8>)] = [:]
    private(set) var isWanted = false

    /// `send` is given packets, a picture's together, and when that is on the program's clock, in microseconds.
    init(_ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop, send: @escaping ([[UInt8]], Int64) -> Void) {
        (self.ffmpeg, self.loop, self.send) = (ffmpeg, loop, send)
    }

    /// Somebody watches, or nobody any more.
    func want(_ isWanted: Bool) {
        guard isWanted != self.isWanted else { return }
        self.isWanted = isWanted
        hasPicture = false
        if !isWanted { leave() }
    }

    private func leave() {
        pictures?.leave()
        sounds?.leave()
        (pictures, sounds) = (nil, nil)
    }

    /// What goes out to the audience, on one continuous clock.
    func take(_ signal: Signal) {
        switch signal {
        case .configuration(let track, let codec, let record):
            if let known = configured[track.kind], known == (codec, record) { return }
            configured[track.kind] = (codec, record)
            guard isWanted else { return }
            if track.kind == .video { (pictures, hasPicture) = (nil, false) } else { sounds = nil }
        case .sample(let sample) where isWanted: take(sample)
        case .jump: if isWanted { leave() }
        default: break
        }
    }

    private func take(_ sample: Media.Sample) {
        guard let (codec, record) = configured[sample.track.kind] else { return }
        switch (sample.track.kind, codec) {
        case (.audio, .opus): send(sound.sound(sample), sample.microseconds)
        case (.audio, _):
            if sounds == nil {
                sounds = Reworker(.audio, ffmpeg, on: loop) { [unowned self] signal in
                    if case .sample(let sample) = signal { send(sound.sound(sample), sample.microseconds) }
                }
                sounds?.configure(codec, record)
            }
            sounds?.take(sample)
        case (.video, _): show(sample, codec, record)
        }
    }

    private func show(_ sample: Media.Sample, _ codec: Codec, _ record: ArraySlice<UInt8>) {
        // A picture that is not shown when it is decoded waits for others: a call has no time for that.
        if pictures == nil, codec != .avc || sample.compositionMicroseconds != 0 {
            pictures = Reworker(.video, ffmpeg, on: loop) { [unowned self] signal in
                switch signal {
                case .configuration(_, _, let record): picture.configure(avc: record)
                case .sample(let sample): send(picture.picture(sample), sample.microseconds)
                default: break
                }
            }
            pictures?.configure(codec, record)
        }
        if let pictures { return pictures.take(sample) }
        if !hasPicture {
            guard sample.isKey else { return }
            hasPicture = true
            picture.configure(avc: record)
        }
        send(picture.picture(sample), sample.microseconds)
    }
}
