// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Media
import RTMP
import Testing

func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

/// Every playlist of an airing keeps every rule.
func expectRules(_ airing: Airing, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(airing.breaches.prefix(5) == [], sourceLocation: sourceLocation)
}

/// A made-up encoder of small frames, for what no fixture can show.
struct Metronome {
    var airing: Airing
    var milliseconds: Double = 0
    var frame = 0
    let length: Double
    var keyEvery: Int
    var sourceOffset: Int64 = 0
    /// Pictures that somebody makes of picture 0, and by how many milliseconds they are late.
    var rungs: [UInt8: Double] = [:]
    /// Every how many frames a picture has its own key frame, where that is not the encoder's.
    var ownKeys: [UInt8: Int] = [:]
    private var late: [(due: Double, source: Source, sample: Packager.Sample)] = []
    static let avcC: [UInt8] = [
        1, 0x64, 0, 0x28, 0xFF, 0xE1, 0, 24, 0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0,
        0,
        0x0F, 0xA4, 0x00, 0x03, 0xA9, 0x82, 0x3C, 0x60, 0xC6, 0x58, 1, 0, 4, 0x68, 0xEB, 0xE3, 0xCB,
    ]

    init(_ configuration: HLS.Configuration = HLS.Configuration(), length: Double = 1000.0 / 30, keyEvery: Int = 60) {
        airing = Airing(configuration)
        self.length = length
        self.keyEvery = keyEvery
    }

    mutating func begin(_ publication: String, pictures: [UInt8] = [0], sounds: [UInt8] = [0]) throws {
        airing.begin(publication)
        for number in pictures { try tell(picture: number) }
        for number in sounds {
            let language = number == 0 ? "tha" : "eng"
            airing.take(.format(.sound(number), .audio(try .aac([0x11, 0x90])), language: language))
        }
        frame = 0
    }

    /// A picture's format; one that the ladder makes is smaller.
    mutating func tell(picture number: UInt8) throws {
        var format = try VideoFormat.avc(Metronome.avcC[...])
        format.frameRate = nil  // It is to be learned.
        if number > 100 { (format.width, format.height) = (1280, 720) }
        airing.take(.format(.picture(number), .video(format), language: ""))
    }

    /// Plays for so long: pictures at their rate and sound at about its own.
    mutating func play(seconds: Double, pictures: [UInt8] = [0], sounds: [UInt8] = [0]) {
        let end = milliseconds + seconds * 1000
        var sound = milliseconds
        airing.wall.milliseconds = 1_795_000_000_000 + Int64(milliseconds)
        while milliseconds < end - 0.001 {
            for number in pictures { airing.take(.sample(.picture(number), picture(number))) }
            for (number, delay) in rungs.sorted(by: { $0.key < $1.key }) {
                late.append((milliseconds + delay, .picture(number), picture(number)))
            }
            bringLate()
            milliseconds += length
            airing.wall.milliseconds = 1_795_000_000_000 + Int64(milliseconds)
            frame += 1
            while sound < milliseconds {
                for number in sounds {
                    airing.take(
                        .sample(
                            .sound(number), Packager.Sample(microseconds: stamp(sound), isKey: true, bytes: [number])))
                }
                sound += 1024.0 / 48
            }
        }
    }

    /// What the ladder has ready by now.
    private mutating func bringLate() {
        for one in late where one.due <= milliseconds { airing.take(.sample(one.source, one.sample)) }
        late.removeAll { $0.due <= milliseconds }
    }

    /// The ladder dies with what it had not finished.
    mutating func loseRungs() {
        rungs = [:]
        late = []
    }

    private func picture(_ number: UInt8) -> Packager.Sample {
        let isKey = frame % (ownKeys[number] ?? keyEvery) == 0
        let bytes: [UInt8] = [0, 0, 0, 2, isKey ? 0x65 : 0x41, number]
        return Packager.Sample(microseconds: stamp(milliseconds), isKey: isKey, bytes: bytes[...])
    }

    private func stamp(_ milliseconds: Double) -> Int64 { (Int64(milliseconds) + sourceOffset) * 1000 }
}
