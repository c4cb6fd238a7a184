// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HLS
import HTTP
import Secure
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension MeetingShelf {
    /// What may be read of a recording, by the ending of its name.
    private static let types = [
        ".mp4": "video/mp4", ".webm": "video/webm", ".mkv": "video/x-matroska", ".jsonl": "application/x-ndjson",
    ]

    /// A file of a finished recording, or the part of it that is wanted. Reads the disk, so never on a loop.
    func body(_ file: String, of recording: String, _ name: String, _ conditions: FilmAsk.Conditions) -> Body {
        let known = self.recording(recording, of: name)
        guard MeetingShelf.isFolder(recording), known?.isOpen == false,
            let type = MeetingShelf.types.first(where: { file.hasSuffix($0.key) })?.value,
            // A name that is not one of those that lie there leads nowhere.
            Vault.names(in: path(recording, of: name)).contains(file),
            let opened = OpenFile("\(path(recording, of: name))/\(file)")
        else { return .notFound }
        var about = stat()
        guard fstat(opened.number, &about) == 0, about.st_mode & S_IFMT == S_IFREG else { return .notFound }
        let total = Int64(about.st_size)
        let tag = "\"\(String(about.st_ino, radix: 36))-\(String(about.st_mtim.tv_sec, radix: 36))-\(total)\""
        let common = [
            ("accept-ranges", "bytes"), ("etag", tag),
            ("content-disposition", "inline; filename=\"\(name)-\(recording)-\(file)\""),
        ]
        let cache = "private, max-age=60"
        if conditions.knows(tag) { return Body([], type: "", cache: cache, status: 304, more: [("etag", tag)]) }
        guard let wanted = conditions.wanted(of: total, tag) else {
            return Body([], type: type, cache: cache, more: common, file: (opened, 0, Int(total)), isOpen: false)
        }
        guard !wanted.isEmpty else {
            return Body(
                [], type: "text/plain; charset=utf-8", cache: "no-store", status: 416,
                more: [("content-range", "bytes */\(total)")], isOpen: false)
        }
        let range = "bytes \(wanted.lowerBound)-\(wanted.upperBound - 1)/\(total)"
        return Body(
            [], type: type, cache: cache, status: 206, more: common + [("content-range", range)],
            file: (opened, wanted.lowerBound, wanted.count), isOpen: false)
    }
}

extension Outlet {
    /// A file of a meeting's recording, for whoever has the desk's ticket for it.
    func recording(
        _ folder: String, _ file: String, of name: String, _ request: Request,
        _ reply: @escaping @Sendable (Body) -> Void
    ) {
        guard let door, let plan = door.plan(name), let shelf = door.shelf.withLock({ $0 }) else {
            return reply(.notFound)
        }
        let second = Clock.wall().milliseconds / 1_000
        guard let key = Hex.bytes(plan.ticketKey), !key.isEmpty,
            Ticket.isGood(request.parameter("ticket") ?? "", key: key, name: name, kind: .preview, atSecond: second)
        else { return reply(.noTicket) }
        let conditions = FilmAsk.Conditions(request)
        shelf.queue.async { reply(shelf.body(file, of: folder, name, conditions)) }
    }
}
