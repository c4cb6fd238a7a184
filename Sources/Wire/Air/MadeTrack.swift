// SPDX-License-Identifier: Apache-2.0
import MPEGTS
import Media
import Studio

/// What a supervised ffmpeg sends back as MPEG-TS, as the signals of one track on our clock. Lives on its owner's loop.
// No structure: what is told may begin it anew.
final class MadeTrack {
    private let track: TrackID
    private let tell: (Signal) -> Void
    private var demultiplexer = Demultiplexer()

    /// `tell` is told of what the track is and of its samples.
    init(_ kind: TrackID.Kind, tell: @escaping (Signal) -> Void) { (track, self.tell) = (TrackID(kind), tell) }

    /// The program is started anew.
    func begin() { demultiplexer = Demultiplexer() }

    /// Some bytes of the program that `attendant` looks after; its samples are later by so many microseconds here.
    func take(_ bytes: UnsafeRawBufferPointer, laterBy microseconds: Int64, from attendant: Attendant?) {
        do { try demultiplexer.take(Array(bytes)[...]) } catch {
            attendant?.giveUp(because: "ffmpeg: \(error.reason)")
            return
        }
        while let news = demultiplexer.next() {
            guard case .signal(let signal) = news else { continue }
            switch signal {
            case .configuration(_, let codec, let record): tell(.configuration(track, codec, record))
            case .sample(var sample):
                sample.track = track
                sample.microseconds += microseconds
                tell(.sample(sample))
            default: break
            }
        }
    }
}
