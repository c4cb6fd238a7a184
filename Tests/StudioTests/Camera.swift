// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import RTMP
import Studio

/// A made-up encoder with a ladder beside it, for what no recorded publish can show: thirty small pictures and 47 small
/// pieces of sound a second.
struct Camera {
    /// Every how many milliseconds it sends a key frame; nil for never.
    var keyMilliseconds: Int64? = 2_000
    var hasPicture = true
    var hasSound = true
    /// Its clock minus the test's, in milliseconds.
    var clock: Int64 = 0
    /// Pictures that are made of its own, and how many milliseconds later they come.
    var rungs: [UInt8: Int64] = [:]
    /// Pictures of its own beside the first.
    var pictures: [UInt8] = [0]
    private var frame: Int64 = 0
    private var sound: Int64 = 0
    private var late: [(due: Int64, sample: Sample)] = []

    init(keyMilliseconds: Int64? = 2_000, hasPicture: Bool = true, hasSound: Bool = true) {
        (self.keyMilliseconds, self.hasPicture, self.hasSound) = (keyMilliseconds, hasPicture, hasSound)
    }

    /// 1920 by 1080, and 320 by 180.
    static let large: [UInt8] = [
        1, 0x64, 0, 0x28, 0xFF, 0xE1, 0, 24, 0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0,
        0, 0x0F, 0xA4, 0x00, 0x03, 0xA9, 0x82, 0x3C, 0x60, 0xC6, 0x58, 1, 0, 4, 0x68, 0xEB, 0xE3, 0xCB,
    ]
    static func small() throws -> [UInt8] {
        try Shot(publish: "ffmpeg-avc-aac.rtmp").configurations.first { $0.codec == .avc }?.bytes ?? []
    }

    /// What it says of its tracks.
    func configurations(_ picture: [UInt8] = Camera.large) -> [Signal] {
        var signals: [Signal] = []
        if hasPicture { signals += pictures.map { .configuration(TrackID(.video, $0), .avc, picture[...]) } }
        if hasSound { signals.append(Camera.sound) }
        return signals
    }

    static let sound = Signal.configuration(TrackID(.audio), .aac, [0x11, 0x90])
    static func rung(_ number: UInt8) throws -> Signal {
        .configuration(TrackID(.video, number), .avc, try small()[...])
    }

    /// It is started again.
    mutating func restart() { (frame, sound, late) = (0, 0, []) }

    /// The ladder dies with what it had not finished.
    mutating func loseLadder() { (rungs, late) = ([:], []) }

    /// What it sends at the next thirtieth of a second, and how long that is after the one before.
    mutating func next(at now: Int64) -> (signals: [Signal], milliseconds: Int64) {
        var signals: [Signal] = []
        let time = now + clock
        let isKey = keyMilliseconds.map { frame % max(1, $0 * 30 / 1_000) == 0 } ?? false
        func picture(_ number: UInt8) -> Sample {
            Sample(
                track: TrackID(.video, number), dtsMilliseconds: time, isKey: isKey,
                bytes: [0, 0, 0, 2, isKey ? 0x65 : 0x41, number])
        }
        if hasPicture { for number in pictures { signals.append(.sample(picture(number))) } }
        late += rungs.sorted { $0.key < $1.key }.map { (now + $0.value, picture($0.key)) }
        signals += late.filter { $0.due <= now }.map { .sample($0.sample) }
        late.removeAll { $0.due <= now }
        let start = frame * 1_000 / 30
        frame += 1
        let length = frame * 1_000 / 30 - start
        while sound * 1_024 < frame * 1_600 {
            let offset = sound * 1_024 / 48 - start
            if hasSound {
                signals.append(
                    .sample(Sample(track: TrackID(.audio), dtsMilliseconds: time + offset, isKey: true, bytes: [7])))
            }
            sound += 1
        }
        return (signals, length)
    }
}

extension Evening {
    /// Somebody comes with a camera.
    mutating func open(_ camera: inout Camera, _ number: Int, _ picture: [UInt8] = Camera.large) {
        camera.restart()
        knock(number)
        say(number, camera.configurations(picture))
    }

    mutating func say(_ number: Int, _ signals: [Signal]) {
        for signal in signals { take(.signal(PublisherNumber(number), signal)) }
    }

    /// It sends for so long, in real time of the test's clock.
    mutating func run(_ camera: inout Camera, _ number: Int, seconds: Double) {
        let end = milliseconds + Int64(seconds * 1_000)
        while milliseconds < end {
            let (signals, length) = camera.next(at: milliseconds)
            say(number, signals)
            pass(length)
        }
    }

    /// A slate of two seconds that a camera of its own made.
    static func slate() throws -> Clip {
        var camera = Camera()
        var signals = camera.configurations(try Camera.small())
        var now: Int64 = 0
        while now < 2_000 {
            let (next, length) = camera.next(at: now)
            signals += next
            now += length
        }
        return Clip(signals: signals, microseconds: 2_000_000)
    }
}
