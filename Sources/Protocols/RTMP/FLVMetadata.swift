// SPDX-License-Identifier: Apache-2.0
import Media

/// What is known of a stream's pictures, for its metadata. Receivers believe the decoder configuration, not this; some
/// show it.
public struct Picture: Hashable, Sendable {
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Thousandths of pictures per second; nil when it is not known.
    public var milliPicturesPerSecond: Int64?

    /// Pictures of this size and rate.
    public init(width: Int, height: Int, milliPicturesPerSecond: Int64? = nil) {
        (self.width, self.height) = (width, height)
        self.milliPicturesPerSecond = milliPicturesPerSecond
    }

    /// As `onMetaData` has it (FLV 10.1, annex E.5).
    var properties: [AMF.Property] {
        var properties: [AMF.Property] = [
            .init("width", .number(Double(width))), .init("height", .number(Double(height))),
        ]
        if let milliPicturesPerSecond {
            properties.append(.init("framerate", .number(Double(milliPicturesPerSecond) / 1000)))
        }
        return properties
    }
}

extension Codec {
    /// The properties of `onMetaData` for a track of this codec: FLV's own numbers for AVC and AAC, the FourCC as a
    /// number for the others (enhanced RTMP, "Metadata").
    func metadata(_ configuration: ArraySlice<UInt8>) -> [AMF.Property] {
        let fourCC = rawValue.utf8.reduce(0) { $0 * 256 + Double($1) }
        switch self {
        case .avc: return [.init("videocodecid", .number(7))]
        case .hevc, .av1, .vp9: return [.init("videocodecid", .number(fourCC))]
        case .aac: return [.init("audiocodecid", .number(10))] + Codec.sound(Codec.aacSound(configuration))
        case .opus:
            // RFC 7845, 5.1: the channels stand behind the magic word and the version; decoders give 48 kHz.
            let channels = configuration.dropFirst(9).first.map(Int.init)
            return [.init("audiocodecid", .number(fourCC))] + Codec.sound(channels.map { (48_000, $0) })
        }
    }

    private static func sound(_ sound: (rate: Int, channels: Int)?) -> [AMF.Property] {
        guard let sound else { return [] }
        return [
            .init("audiosamplerate", .number(Double(sound.rate))), .init("audiosamplesize", .number(16)),
            .init("audiochannels", .number(Double(sound.channels))), .init("stereo", .boolean(sound.channels == 2)),
        ]
    }

    /// Rate and channels of a plain AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); nil for the rarer forms.
    private static func aacSound(_ configuration: ArraySlice<UInt8>) -> (rate: Int, channels: Int)? {
        let rates = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
        ]
        var cursor = Cursor(configuration)
        guard let bits = cursor.number(2).map(Int.init) else { return nil }
        let (type, rate, channels) = (bits >> 11, bits >> 7 & 15, bits >> 3 & 15)
        guard type == 2, rate < rates.count, (1...7).contains(channels) else { return nil }
        return (rates[rate], channels == 7 ? 8 : channels)
    }
}
