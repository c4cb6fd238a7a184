// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FoundationEssentials
import Secure
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What people brought into one room: files, and slides with their pages. Lies in a folder of the meeting's, under names that
/// nobody can guess. Lives on the rooms' loop.
final class RoomShelf {
    /// Everything in one room, together.
    static let mostBytes = 500 << 20

    private let folder: String?
    private(set) var files: [String: (file: ChatMessage.File, path: String)] = [:]
    private var decks: [String: (path: String, pages: [String])] = [:]
    private var bytes = 0

    /// A shelf below a meeting's folder; nil keeps nothing.
    init(folder: String?) { self.folder = folder.map { $0 + "/shelf" } }

    /// Whether something may be laid here.
    var isOpen: Bool { folder != nil }
    /// How many bytes there is room for.
    var room: Int { max(0, RoomShelf.mostBytes - bytes) }

    /// Keeps a file that has come.
    func keep(_ path: String, name: String, bytes: Int) -> ChatMessage.File {
        let id = String(path.split(separator: "/").last ?? "")
        let file = ChatMessage.File(id: id, name: RoomShelf.name(name), bytes: bytes)
        files[id] = (file, path)
        self.bytes += bytes
        return file
    }

    /// Keeps a deck whose pages have been made in its folder.
    func keepDeck(_ id: String, path: String, pages: [String], bytes: Int) {
        decks[id] = (path, pages)
        self.bytes += bytes
    }

    /// Where a page of a deck lies, counted from 1.
    func page(_ page: Int, of deck: String) -> String? {
        guard let found = decks[deck], found.pages.indices.contains(page - 1) else { return nil }
        return found.path + "/" + found.pages[page - 1]
    }

    func forget(_ path: String) { RoomShelf.remove(path) }

    /// Everything goes.
    func empty() {
        (files, decks, bytes) = ([:], [:], 0)
        if let folder { RoomShelf.remove(folder) }
    }

    private static let queue = DispatchQueue(label: "room-shelf", qos: .utility)

    private static func remove(_ path: String) {
        // What is not there cannot be removed, and is not missed.
        queue.async { try? FileManager.default.removeItem(atPath: path) }
    }

    /// A name as people gave it, without what no file's name has.
    static func name(_ text: String) -> String {
        let last = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let plain = String(last.unicodeScalars.filter { $0.properties.generalCategory != .control && $0 != "\"" })
        return plain.isEmpty ? "file" : String(plain.prefix(120))
    }
}
