// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes pictures of the pages of a PDF, by poppler's `pdftoppm`: one deck after the other, humble, and given up when it takes
/// too long. Lives on its loop.
final class DeckPages {
    /// What came of it.
    struct Pages: Hashable, Sendable {
        /// The pictures' names in the folder, in the order of the pages.
        var names: [String]
        /// Of the first page's picture.
        var width: Int
        var height: Int
        var bytes: Int
    }

    static let mostPages = 300
    /// The longer side of a page's picture, in pixels.
    private static let side = 1_600
    private static let mostMilliseconds: Int64 = 180_000
    /// A page of photographs is smaller as JPEG.
    private static let mostPictureBytes = 700 << 10
    /// A child that wants more memory than this has been given something malicious.
    private static let mostMemoryBytes = 1 << 30

    private struct Wish {
        let pdf: String
        let folder: String
        let then: (Pages?) -> Void
    }

    private let loop: Loop
    private var wishes: [Wish] = []
    private var child: ChildProcess?
    private var alarm: Alarm?

    init(on loop: Loop) { self.loop = loop }

    deinit { alarm?.cancel() }

    /// Whether this machine can.
    static var program: String? {
        ["/usr/bin/pdftoppm", "/usr/local/bin/pdftoppm"].first { access($0, X_OK) == 0 }
    }

    /// Draws all pages of a PDF into a folder, when it is its turn; `then` is told nil when that cannot be done.
    func draw(_ pdf: String, into folder: String, then: @escaping (Pages?) -> Void) {
        wishes.append(Wish(pdf: pdf, folder: folder, then: then))
        if wishes.count == 1 { begin() }
    }

    private func begin() {
        guard let wish = wishes.first else { return }
        guard let program = DeckPages.program, (try? makeFolder(wish.folder)) != nil else { return end(nil) }
        let words = [
            "-png", "-l", String(DeckPages.mostPages), "-scale-to", String(DeckPages.side), wish.pdf,
            wish.folder + "/p",
        ]
        run(program, words) { [weak self] isGood in
            guard let self else { return }
            guard isGood, let pages = DeckPages.look(into: wish.folder) else { return end(nil) }
            // Photographs come again, smaller, page by page.
            let heavy = pages.names.filter { DeckPages.size(wish.folder + "/" + $0) > DeckPages.mostPictureBytes }
            lighten(heavy[...], wish, program)
        }
        alarm = loop.after(DeckPages.mostMilliseconds) { [weak self] in self?.end(nil) }
    }

    private func lighten(_ names: ArraySlice<String>, _ wish: Wish, _ program: String) {
        guard let name = names.first, let number = DeckPages.number(of: name) else {
            return end(DeckPages.look(into: wish.folder))
        }
        let words = [
            "-jpeg", "-jpegopt", "quality=82", "-f", String(number), "-l", String(number), "-scale-to",
            String(DeckPages.side), "-singlefile", wish.pdf, wish.folder + "/j\(number)",
        ]
        run(program, words) { [weak self] isGood in
            if isGood {
                let stem = String(name.prefix { $0 != "." })
                // The two never stand beside each other: the later name wins when the folder is looked at.
                if rename(wish.folder + "/j\(number).jpg", wish.folder + "/\(stem).jpg") == 0 {
                    unlink(wish.folder + "/" + name)
                }
            }
            self?.lighten(names.dropFirst(), wish, program)
        }
    }

    private func run(_ program: String, _ words: [String], _ then: @escaping (Bool) -> Void) {
        do {
            // `prlimit` of util-linux caps what the child may have; it has no more than the file and its folder.
            child = try ChildProcess(
                "/usr/bin/prlimit",
                [
                    "--as=\(DeckPages.mostMemoryBytes)", "--cpu=120", "--fsize=\(64 << 20)", "--nofile=64", "--",
                    program,
                ] + words, on: loop, humility: .live, reads: { _ in }, ends: { then($0.code == 0) })
            child?.finish()
        } catch {
            then(false)
        }
    }

    private func end(_ pages: Pages?) {
        child?.stop()
        child = nil
        alarm?.cancel()
        alarm = nil
        guard !wishes.isEmpty else { return }
        let wish = wishes.removeFirst()
        if !wishes.isEmpty { loop.after(0) { [weak self] in if self?.child == nil { self?.begin() } } }
        wish.then(pages)
    }

    // MARK: What was made

    private static func look(into folder: String) -> Pages? {
        // A folder that cannot be read has no pages.
        guard let all = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        let numbered = all.compactMap { name in number(of: name).map { (number: $0, name: name) } }
        let names = numbered.sorted { $0.number < $1.number }.map(\.name)
        guard let first = names.first, numbered.map(\.number).max() == names.count,
            let (width, height) = measure(folder + "/" + first)
        else { return nil }
        let bytes = names.reduce(0) { $0 + size(folder + "/" + $1) }
        return Pages(names: names, width: width, height: height, bytes: bytes)
    }

    /// `p-07.png` is page 7.
    static func number(of name: String) -> Int? {
        guard name.hasPrefix("p-"), name.hasSuffix(".png") || name.hasSuffix(".jpg") else { return nil }
        return Int(name.dropFirst(2).dropLast(4))
    }

    private static func size(_ path: String) -> Int {
        var about = stat()
        return stat(path, &about) == 0 ? Int(about.st_size) : 0
    }

    /// Width and height of a PNG (its first chunk, IHDR) or of a JPEG (its frame header).
    static func measure(_ path: String) -> (Int, Int)? {
        guard let file = OpenFile(path) else { return nil }
        let bytes = file.read(from: 0, count: 64 << 10)
        func word(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
        if bytes.count >= 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return (word(18), word(22)) }
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var place = 2
        while place + 9 < bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if 0xC0...0xCF ~= marker, ![0xC4, 0xC8, 0xCC].contains(marker) {
                return (word(place + 7), word(place + 5))
            }
            place += 2 + word(place + 2)
        }
        return nil
    }
}
