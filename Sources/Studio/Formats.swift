// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS
import Media

/// Turns what a publisher says of its tracks into what a presentation wants to hear.
struct Formats: Sendable {
    enum Learnt {
        case format(Source, FMP4.Track.Format)
        case unusable(FMP4.Violation)
    }

    /// VP9 says its size in its key frames only: its configuration waits for one.
    private var waiting: [TrackID: ArraySlice<UInt8>] = [:]

    mutating func configuration(_ track: TrackID, _ codec: Codec, _ bytes: ArraySlice<UInt8>) -> Learnt? {
        waiting[track] = nil
        do {
            let source = Formats.source(track)
            switch codec {
            case .avc: return .format(source, .video(try .avc(bytes)))
            case .hevc: return .format(source, .video(try .hevc(bytes)))
            case .av1: return .format(source, .video(try .av1(bytes)))
            case .aac: return .format(source, .audio(try .aac(bytes)))
            case .opus: return .format(source, .audio(try .opus(bytes)))
            case .vp9:
                waiting[track] = bytes
                return nil
            }
        } catch {
            return .unusable(error)
        }
    }

    mutating func keyFrame(_ sample: Media.Sample) -> Learnt? {
        guard sample.isKey, !waiting.isEmpty, let record = waiting.removeValue(forKey: sample.track) else { return nil }
        do {
            return .format(Formats.source(sample.track), .video(try .vp9(record, keyFrame: sample.bytes)))
        } catch {
            return .unusable(error)
        }
    }

    static func source(_ track: TrackID) -> Source {
        track.kind == .video ? .picture(track.number) : .sound(track.number)
    }

    static func converted(_ sample: Media.Sample) -> Packager.Sample {
        Packager.Sample(
            microseconds: sample.microseconds, compositionMicroseconds: sample.compositionMicroseconds,
            isKey: sample.isKey, bytes: sample.bytes)
    }
}
