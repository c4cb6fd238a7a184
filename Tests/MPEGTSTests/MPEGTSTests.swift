// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import MPEGTS
import Media
import Testing

/// Recorded streams, against what ffprobe finds in them.
@Suite struct AgainstFfprobe {
    static let all = ["ts-avc-aac", "ts-hevc-aac", "ts-ladder", "ts-audio", "ts-opus", "ts-wrap"]

    @Test(arguments: all) func everySampleHasTheTimeOfItsPacket(_ name: String) throws {
        let heard = Hearing([try footage(name + ".ts")[...]])
        let probe = try Probe(name)
        let tracks = Set(probe.packets.map(\.track))
        #expect(Set(heard.samples.map(\.track)) == tracks)
        // ffprobe counts a stream that wraps from below zero: both are measured from one frame.
        let first = try #require(probe.packets.first { $0.track == tracks.min() })
        let start = try #require(heard.samples.first { $0.track == tracks.min() })
        for track in tracks {
            let samples = heard.samples(track.kind, track.number)
            let packets = probe.packets.filter { $0.track == track }
            #expect(samples.count == packets.count)
            for (sample, packet) in zip(samples, packets) {
                let microseconds = (packet.decode - first.decode) * 100 / 9
                // One tick has 11.1 microseconds, and ffmpeg rounds what it interpolates to whole ticks.
                #expect(abs(sample.microseconds - start.microseconds - microseconds) <= 12, "\(track)")
                #expect(sample.compositionMicroseconds == (packet.presentation - packet.decode) * 100 / 9)
            }
        }
        #expect(heard.remarks == [])
        #expect(heard.losses == [])
    }

    @Test(arguments: all) func everySampleHasTheBytesOfItsPacket(_ name: String) throws {
        let heard = Hearing([try footage(name + ".ts")[...]])
        for (track, packets) in Dictionary(grouping: try Probe(name).packets, by: \.track) {
            let samples = heard.samples(track.kind, track.number)
            #expect(samples.map(\.bytes.count) == packets.map(\.bytes))
            #expect(samples.map { fnv($0.bytes) } == packets.map(\.hash))
            #expect(samples.map(\.isKey) == packets.map(\.isKey))
        }
    }

    @Test(arguments: all) func configurationsAreThoseOfMP4(_ name: String) throws {
        let heard = Hearing([try footage(name + ".ts")[...]])
        for (track, bytes) in try Probe(name).configurations {
            let told = try #require(heard.configurations[track])
            guard name == "ts-hevc-aac", track.kind == .video else {
                #expect(told == [bytes])
                continue
            }
            let (ours, theirs) = try (VideoFormat.hevc(told[0][...]), VideoFormat.hevc(bytes[...]))
            #expect(told.count == 1)
            #expect(ours.codecs == theirs.codecs)
            #expect([ours.width, ours.height] == [320, 180])
            // ffmpeg's record also says how it may be cut up, and keeps the encoder's SEI in a fourth array.
            #expect(told[0].prefix(13) == bytes.prefix(13))
            #expect(told[0][16...20] == bytes[16...20])
        }
    }

    @Test func openGroupsOfPicturesBeginAtRecoveryPoints() throws {
        let pictures = Hearing([try footage("ts-avc-aac.ts")[...]]).samples(.video)
        #expect(pictures.indices.filter { pictures[$0].isKey } == [0, 23, 48])
        // Only the first has an instantaneous refresh among its units.
        let refreshes = pictures.filter { $0.isKey && Kit.unitTypes($0.bytes).contains(5) }
        #expect(refreshes.count == 1)
    }

    @Test func opusSaysItsChannels() throws {
        let heard = Hearing([try footage("ts-opus.ts")[...]])
        let head = try #require(heard.configurations[TrackID(.audio)])
        #expect(head == [Array("OpusHead".utf8) + [1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]])
        #expect(try AudioFormat.opus(head[0][...]).channels == 2)
    }

    @Test func aWrapOf33BitsIsNoJump() throws {
        let heard = Hearing([try footage("ts-wrap.ts")[...]])
        let turn = Int64(1 << 33) * 100 / 9
        let times = heard.samples(.video).map(\.microseconds)
        #expect(times.first.map { $0 < turn } == true)
        #expect(times.last.map { $0 > turn } == true)
        #expect(zip(times, times.dropFirst()).allSatisfy { [39_999, 40_000, 40_001].contains($1 - $0) })
    }
}

/// The recorded streams, cut in every way.
@Suite struct EveryCut {
    @Test(arguments: ["ts-avc-aac", "ts-opus", "ts-ladder"]) func byteByByte(_ name: String) throws {
        let bytes = try footage(name + ".ts").prefix(40_000)
        let isSame = Hearing(bytes.indices.map { bytes[$0...$0] }) == Hearing([bytes])
        #expect(isSame)
    }

    @Test func atEveryIndex() throws {
        let bytes = Array(try footage("ts-audio.ts").prefix(188 * 16))
        let whole = Hearing([bytes[...]])
        #expect(whole.samples.count == 16)
        var demultiplexer = Demultiplexer()
        var prefix = Hearing()
        for cut in bytes.indices {
            var (rest, heard) = (demultiplexer, prefix)
            heard.take(bytes[cut...], &rest)
            heard.finish(&rest)
            if heard != whole { Issue.record("cut at \(cut) differs") }
            prefix.take(bytes[cut...cut], &demultiplexer)
        }
    }

    @Test(arguments: AgainstFfprobe.all) func withOddPieces(_ name: String) throws {
        let bytes = try footage(name + ".ts")
        let whole = Hearing([bytes[...]])
        for size in [7, 61, 187, 188, 189, 1316, 4097] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            let isSame = Hearing(pieces) == whole
            #expect(isSame, "pieces of \(size)")
        }
    }
}
