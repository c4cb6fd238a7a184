// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Matroska

/// A file is whole after each cluster, and what is whole of it is found again.
@Suite("A Matroska file") struct MatroskaFileTests {
    private static let head = MatroskaFile.head(.vp8, configuration: [], width: 640, height: 360, title: "ก")
    /// Two clusters, and a third after a hole.
    private static let clusters = [
        MatroskaFile.cluster([
            .init(milliseconds: 5_000, isKey: true, bytes: [1, 2, 3]),
            .init(milliseconds: 5_040, isKey: false, bytes: [4]),
        ]),
        MatroskaFile.cluster([.init(milliseconds: 5_080, isKey: false, bytes: [5, 6])]),
        MatroskaFile.cluster([.init(milliseconds: 70_000, isKey: true, bytes: [UInt8](repeating: 7, count: 500))]),
    ]

    private static func index(_ bytes: [UInt8]) -> MatroskaIndex {
        var index = MatroskaIndex()
        index.grow(to: Int64(bytes.count)) { offset, count in
            Array(bytes.dropFirst(Int(offset)).prefix(count))
        }
        return index
    }

    @Test("is read again") func readAgain() {
        let index = Self.index(Self.head.bytes + Self.clusters.flatMap { $0 })
        #expect(index.wholeBytes == Int64(Self.head.bytes.count + Self.clusters.reduce(0) { $0 + $1.count }))
        #expect(index.content == .vp8)
        #expect(index.frameCount == 4)
        #expect((index.firstMilliseconds, index.lastMilliseconds) == (5_000, 70_000))
        #expect(index.stretches == [.init(from: 5_000, to: 5_080), .init(from: 70_000, to: 70_000)])
        let third = Int64(Self.head.bytes.count + Self.clusters[0].count + Self.clusters[1].count)
        #expect(
            index.cues == [
                .init(milliseconds: 5_000, offset: Int64(Self.head.bytes.count)),
                .init(milliseconds: 70_000, offset: third),
            ])
        #expect(index.head?.sizeOffset == Self.head.sizeOffset)
        #expect(index.head?.durationOffset == Self.head.durationOffset)
        #expect(index.head?.seekOffset == Self.head.seekOffset)
    }

    @Test("has everything before the place where it was torn, wherever that is") func torn() {
        let bytes = Self.head.bytes + Self.clusters.flatMap { $0 }
        var ends = [0, Self.head.bytes.count]
        for cluster in Self.clusters { ends.append((ends.last ?? 0) + cluster.count) }
        for length in 0...bytes.count {
            let whole = ends.last { $0 <= length } ?? 0
            #expect(Self.index(Array(bytes[..<length])).wholeBytes == Int64(whole), "torn at \(length)")
        }
    }

    @Test("says how long it is and where its key frames are, when it is finished") func finished() throws {
        var bytes = Self.head.bytes + Self.clusters.flatMap { $0 }
        let index = Self.index(bytes)
        let finish = try #require(MatroskaFile.finish(index))
        bytes += finish.cues
        for patch in finish.patches {
            bytes.replaceSubrange(patch.offset..<(patch.offset + patch.bytes.count), with: patch.bytes)
        }
        // The same frames, and nothing but the index behind them.
        let again = Self.index(bytes)
        #expect(again.frameCount == 4)
        #expect(again.wholeBytes == index.wholeBytes)
        let size = bytes[(Self.head.sizeOffset + 1)..<Self.head.segmentOffset].reduce(0) { $0 << 8 | Int($1) }
        #expect(size == bytes.count - Self.head.segmentOffset)
        let duration = bytes[Self.head.durationOffset..<(Self.head.durationOffset + 8)].reduce(0) {
            $0 << 8 | UInt64($1)
        }
        #expect(Double(bitPattern: duration) == 71_000)
        #expect(Array(bytes[Self.head.seekOffset...].prefix(4)) == [0x11, 0x4D, 0x9B, 0x74])
    }
}
