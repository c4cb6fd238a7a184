// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore

/// Styles, scripts and the icon, served from the binary. Addresses carry a checksum, so browsers keep them for ever.
public struct Assets: Sendable {
    private struct Item: Sendable {
        let type: String
        let body: ByteBuffer
        let tag: String
    }
    private let items: [String: Item]
    private let scriptFolder: String
    /// The address of all styles as one sheet.
    public let stylesheet: String
    /// The address of the icon.
    public let icon: String

    init(_ files: [String: String]) {
        var items: [String: Item] = [:]
        let sheet = Assets.sheet(files)
        stylesheet = "/assets/site-\(checksum(sheet)).css"
        items[stylesheet] = Item(type: "text/css; charset=utf-8", body: .init(string: sheet), tag: checksum(sheet))

        let mark = files["Styles/icon.svg"] ?? ""
        icon = "/assets/icon-\(checksum(mark)).svg"
        items[icon] = Item(type: "image/svg+xml", body: .init(string: mark), tag: checksum(mark))

        // One folder for all scripts, so that modules find each other by relative names.
        let scripts = files.filter { $0.key.hasPrefix("Scripts/") && $0.key.hasSuffix(".js") }.sorted {
            $0.key < $1.key
        }
        scriptFolder = "/assets/scripts-\(checksum(scripts.map { $0.key + "\n" + $0.value }.joined(separator: "\n")))/"
        for (path, text) in scripts {
            items[scriptFolder + path.dropFirst("Scripts/".count)] = Item(
                type: "text/javascript; charset=utf-8", body: .init(string: text), tag: checksum(text))
        }
        self.items = items
    }

    /// All style sheets in one, the one that orders the layers first.
    static func sheet(_ files: [String: String]) -> String {
        let sheets = files.filter { $0.key.hasPrefix("Styles/") && $0.key.hasSuffix(".css") }
        let first = "Styles/layers.css"
        let names = [first] + sheets.keys.filter { $0 != first }.sorted()
        return names.compactMap { sheets[$0] }.joined(separator: "\n")
    }

    /// The address of a script, as `inbox.js`.
    public func script(_ name: String) -> String { scriptFolder + name }

    /// Every address that is served.
    var addresses: [String] { items.keys.sorted() }

    /// The file at an address, or 304 when the browser has it already; nil when there is none.
    public func answer(_ path: String, ifNoneMatch: String?) -> Response? {
        guard let item = items[path] else { return nil }
        var headers = HTTPFields()
        headers[.eTag] = "\"\(item.tag)\""
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        if ifNoneMatch == "\"\(item.tag)\"" { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = item.type
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: item.body))
    }

    /// The web app manifest (W3C Web Application Manifest) in a language.
    func manifest(_ words: Words) -> String {
        """
        {"name": "\(words("layout.office"))", "short_name": "\(words("layout.brand"))", "lang": "\(words.language.rawValue)",
        "start_url": "/", "display": "standalone", "background_color": "#f6f4ee", "theme_color": "#1d4f5c",
        "icons": [{"src": "\(icon)", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]}

        """
    }
}

/// FNV-1a of 64 bits in hexadecimal: tells versions of our own files apart; it guards nothing.
func checksum(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
