// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FMP4
import Film
import HLS
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What was read of one recording, and what it is answered with.
// Touched on `queue` alone, but for the weight, which is behind an atomic.
final class Projector: @unchecked Sendable {
    let queue: DispatchQueue
    private let path: String
    private let weight = Atomic(0)
    private var file: OpenFile?
    /// Which file it was that was read: another one of the same name is read anew.
    private var about: (device: dev_t, node: ino_t, changed: Int64)?
    private var index = FilmIndex()
    private var progressive: GatheredFile?
    private var sheets: [FilmAsk.Thing: (end: Int64, isOpen: Bool, sheet: Sheet)] = [:]

    init(_ path: String, _ queue: DispatchQueue) { (self.path, self.queue) = (path, queue) }

    /// How many bytes are kept in mind, about.
    var byteCount: Int { weight.load(ordering: .relaxed) }

    /// The recording as a playlist lists it; nil when it cannot be read.
    func reel(_ recording: State.Recording) -> FilmReel? {
        guard look(isOpen: recording.isOpen) != nil, index.headBytes > 0 else { return nil }
        return FilmReel(
            index: index, address: "films/\(recording.file)/media.mp4", isComplete: !recording.isOpen,
            startedAt: recording.startedAt)
    }

    /// Nil where there is nothing.
    func answer(_ ask: FilmAsk, isOpen: Bool) -> Body? {
        if case .beside(let ending, let type) = ask.thing { return beside(ask, ending, type) }
        guard let file = look(isOpen: isOpen) else { return nil }
        switch ask.thing {
        case .index, .playlist: return sheet(ask, isOpen: isOpen)?.body(zips: ask.conditions.zips, isHeld: false)
        case .media:
            // What is torn, or just being written, is not shown.
            return stretch(file, of: index.end, ask, tag: tag("m"), isOpen: isOpen)
        case .download:
            guard !isOpen else { return Projector.notYet }
            guard let whole = download(file) else { return nil }
            return stretch(
                whole, of: whole.byteCount, ask, tag: tag("d"), isOpen: false,
                more: [("content-disposition", "attachment; filename=\"\(ask.broadcast)-\(ask.file.text)\"")])
        case .beside: return nil
        }
    }

    private static let notYet = Body.sentence(
        404,
        "กำลังบันทึกอยู่ ดาวน์โหลดได้เมื่อจบการถ่ายทอด · Still being recorded: it can be downloaded when the broadcast is over.")

    // MARK: The file

    /// Opens the file, or looks whether it is still the same, and reads what is new in it.
    private func look(isOpen: Bool) -> OpenFile? {
        var now = stat()
        guard lstat(path, &now) == 0, now.st_mode & S_IFMT == S_IFREG else {
            forget()
            return nil
        }
        let changed = Int64(now.st_ctim.tv_sec) * 1_000_000_000 + Int64(now.st_ctim.tv_nsec)
        if let about, about.device != now.st_dev || about.node != now.st_ino || Int64(now.st_size) < index.end {
            forget()
        }
        if file == nil { file = OpenFile(path) }
        guard let file else { return nil }
        about = (now.st_dev, now.st_ino, changed)
        if Int64(now.st_size) > index.end, index.flaw == nil {
            index.grow(to: Int64(now.st_size)) { file.read(from: $0, count: $1) }
            weigh()
        }
        return file
    }

    private func forget() {
        (file, about, index, progressive, sheets) = (nil, nil, FilmIndex(), nil, [:])
        weigh()
    }

    /// A strong entity tag (RFC 9110, 8.8.3): other bytes have another one.
    private func tag(_ kind: String) -> String {
        let node = about.map { String($0.node, radix: 36) } ?? ""
        return "\"\(kind)\(node)-\(String(index.end, radix: 36))-\(String(about?.changed ?? 0, radix: 36))\""
    }

    // MARK: Playlists

    private func sheet(_ ask: FilmAsk, isOpen: Bool) -> Sheet? {
        if let known = sheets[ask.thing], known.end == index.end, known.isOpen == isOpen { return known.sheet }
        let reel = FilmReel(index: index, address: "media.mp4", isComplete: !isOpen, startedAt: ask.file.startedAt)
        let text =
            switch ask.thing {
            case .index: FilmPlaylist.multivariant(index, address: "v0.m3u8")
            default: isOpen ? FilmPlaylist.event([reel], isEnded: false) : FilmPlaylist.vod(reel)
            }
        guard let text else { return nil }
        let sheet = Sheet(Array(text.utf8), targetSeconds: isOpen ? 4 : 120)
        sheets[ask.thing] = (index.end, isOpen, sheet)
        return sheet
    }

    // MARK: Bytes

    private func download(_ file: OpenFile) -> GatheredFile? {
        if let progressive { return progressive }
        guard let plan = Progressive(index, { file.read(from: $0, count: $1) }) else { return nil }
        progressive = GatheredFile(plan, of: file)
        weigh()
        return progressive
    }

    private func weigh() {
        let line = MemoryLayout<FilmIndex.Fragment>.stride
        // The ordinary file keeps its head and sixteen bytes for each fragment.
        let whole = progressive.map { $0.headBytes + index.fragments.count * 16 } ?? 0
        weight.store(index.fragments.count * line + whole, ordering: .relaxed)
    }

    /// A file or a part of it (RFC 9110, 13.2 and 14).
    private func stretch(
        _ file: any Readable, of total: Int64, _ ask: FilmAsk, tag: String, isOpen: Bool,
        more: [(String, String)] = []
    ) -> Body {
        // Whatever is in a file that grows stays what it is, but the file does not.
        let age = "max-age=3600"
        let common = more + [("accept-ranges", "bytes")] + (isOpen ? [] : [("etag", tag)])
        if !isOpen, ask.conditions.knows(tag) {
            return Body([], type: "", cache: age, status: 304, more: [("etag", tag)])
        }
        guard let wanted = ask.conditions.wanted(of: total, isOpen ? "" : tag) else {
            return Body(
                [], type: "video/mp4", cache: isOpen ? "no-cache" : age, more: common, file: (file, 0, Int(total)))
        }
        guard !wanted.isEmpty else {
            return Body(
                [], type: "text/plain; charset=utf-8", cache: "no-store", status: 416,
                more: [("content-range", "bytes */\(total)")])
        }
        let range = "bytes \(wanted.lowerBound)-\(wanted.upperBound - 1)/\(total)"
        return Body(
            [], type: "video/mp4", cache: age, status: 206, more: common + [("content-range", range)],
            file: (file, wanted.lowerBound, Int(wanted.upperBound - wanted.lowerBound)))
    }

    /// What the pictures' maker put beside the recording.
    private func beside(_ ask: FilmAsk, _ ending: String, _ type: String) -> Body? {
        let path = path.dropLast(4) + "." + ending
        var now = stat()
        guard lstat(String(path), &now) == 0, now.st_mode & S_IFMT == S_IFREG, let file = OpenFile(String(path)) else {
            return nil
        }
        let tag = "\"\(String(now.st_ino, radix: 36))-\(String(now.st_mtim.tv_sec, radix: 36))-\(now.st_size)\""
        if ask.conditions.knows(tag) {
            return Body([], type: "", cache: "max-age=60", status: 304, more: [("etag", tag)])
        }
        return Body([], type: type, cache: "max-age=60", more: [("etag", tag)], file: (file, 0, Int(now.st_size)))
    }
}

/// A recording as an ordinary MP4: a file that is put together while it is read.
final class GatheredFile: Readable {
    private let plan: Progressive
    private let file: OpenFile

    init(_ plan: Progressive, of file: OpenFile) { (self.plan, self.file) = (plan, file) }

    var byteCount: Int64 { plan.byteCount }
    var headBytes: Int { plan.head.count }

    func read(from offset: Int64, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for piece in plan.pieces(offset..<offset + Int64(count)) {
            switch piece {
            case .bytes(let made): bytes += made
            case .range(let from, let length):
                let stored = file.read(from: from, count: Int(length))
                bytes += stored
                // The file became shorter: what comes after the hole would be in the wrong place.
                guard stored.count == Int(length) else { return bytes }
            }
        }
        return bytes
    }
}
