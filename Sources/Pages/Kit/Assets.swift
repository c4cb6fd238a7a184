// SPDX-License-Identifier: Apache-2.0

import Foundation
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
    /// Addresses of the pictures in `Icons`, by their names, as `badge-96`.
    private let pictures: [String: String]
    /// The service worker's text; it is served at `/sw.js`, because it may only look after what lies beneath its address.
    let worker: String

    init(_ files: [String: String]) {
        var items: [String: Item] = [:]
        let sheet = Assets.sheet(files)
        stylesheet = "/assets/site-\(checksum(sheet)).css"
        items[stylesheet] = Item(type: "text/css; charset=utf-8", body: .init(string: sheet), tag: checksum(sheet))

        let mark = files["Styles/icon.svg"] ?? ""
        icon = "/assets/icon-\(checksum(mark)).svg"
        items[icon] = Item(type: "image/svg+xml", body: .init(string: mark), tag: checksum(mark))

        // What is embedded is text, so pictures are kept in base64.
        var pictures: [String: String] = [:]
        for (path, text) in files where path.hasPrefix("Icons/") && path.hasSuffix(".png.base64") {
            guard let bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else { continue }
            let name = String(path.dropFirst("Icons/".count).dropLast(".png.base64".count))
            let address = "/assets/\(name)-\(checksum(text)).png"
            pictures[name] = address
            items[address] = Item(type: "image/png", body: .init(bytes: bytes), tag: checksum(text))
        }
        self.pictures = pictures
        let mine =
            "const icons = { icon: \"\(pictures["icon-192"] ?? icon)\", badge: \"\(pictures["badge-96"] ?? icon)\" };\n"
        worker = mine + (files["Scripts/sw.js"] ?? "")

        // One folder for all scripts, so that modules find each other by relative names.
        let scripts = files.filter {
            $0.key.hasPrefix("Scripts/") && $0.key.hasSuffix(".js") && $0.key != "Scripts/sw.js"
        }.sorted {
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

    /// The address of a picture in `Icons`, as `touch-180`.
    func picture(_ name: String) -> String { pictures[name] ?? icon }

    /// The service worker, whole: an answer that the browser asks for anew each time, with a policy of its own.
    func workerAnswer() -> Response {
        let policy = "default-src 'none'; connect-src 'self'; img-src 'self'"
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache",
                .contentSecurityPolicy: policy, .serviceWorkerAllowed: "/",
            ], body: .init(byteBuffer: ByteBuffer(string: worker)))
    }

    /// The web app manifest (W3C Web Application Manifest) in a language: what a telephone installs.
    func manifest(_ words: Words) -> String {
        func icon(_ name: String, _ side: Int, _ purpose: String) -> String {
            #"{"src": "\#(picture(name))", "sizes": "\#(side)x\#(side)", "type": "image/png", "purpose": "\#(purpose)"}"#
        }
        return """
            {"id": "/", "name": "\(words("layout.office"))", "short_name": "\(words("layout.brand"))",
            "lang": "\(words.language.rawValue)", "dir": "ltr", "start_url": "/desk", "scope": "/",
            "display": "standalone", "background_color": "#f6f4ee", "theme_color": "#1d4f5c",
            "icons": [\(icon("icon-192", 192, "any")), \(icon("icon-512", 512, "any")),
            \(icon("maskable-512", 512, "maskable")), \(icon("badge-96", 96, "monochrome")),
            {"src": "\(self.icon)", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]}

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
