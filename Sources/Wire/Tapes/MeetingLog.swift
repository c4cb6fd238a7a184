// SPDX-License-Identifier: Apache-2.0
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A recording's log, read again: what its recorder wrote into it. What others wrote stands between and is passed over.
struct MeetingLog: Sendable {
    /// A log beyond this is nobody's.
    private static let mostBytes = 64 << 20

    private(set) var lines: [TapeLine] = []
    /// Up to the end of the last whole line.
    private(set) var wholeBytes = 0

    /// Nil when there is none.
    init?(reading path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var about = stat()
        guard fstat(file, &about) == 0, about.st_size <= off_t(MeetingLog.mostBytes) else { return nil }
        self.init(RecordingFile.read(file, 0, Int(about.st_size)))
    }

    /// From its bytes.
    init(_ bytes: [UInt8]) {
        wholeBytes = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
        lines = bytes[..<wholeBytes].split(separator: 0x0A).compactMap { JSON.decode(TapeLine.self, Array($0)) }
    }

    /// When it began, in milliseconds since 1970.
    var startedAt: Int64 { lines.first { $0.kind == .recording }?.at ?? 0 }
    /// What it is called.
    var title: String { lines.first { $0.kind == .recording }?.name ?? "" }
    /// Whether it was ended.
    var isEnded: Bool { lines.contains { $0.kind == .recordingEnded } }
    /// Its pictures and sounds, with whose they are as it was known last.
    var tracks: [TapeLine] {
        var owners: [UInt32: TapeLine] = [:]
        for line in lines where line.kind == .owner { if let source = line.source { owners[source] = line } }
        return lines.filter { $0.kind == .track }.map { track in
            guard let owner = track.source.flatMap({ owners[$0] }) else { return track }
            var track = track
            (track.person, track.name, track.what) = (owner.person, owner.name, owner.what ?? track.what)
            return track
        }
    }
}
