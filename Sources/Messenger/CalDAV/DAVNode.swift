// SPDX-License-Identifier: Apache-2.0
import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An element of a WebDAV answer (RFC 4918): its name with its namespace, its text, its children.
struct DAVNode: Hashable, Sendable {
    /// `DAV:|response`
    var name: String
    /// Its attribute `name`, the only one that is read: of `comp` (RFC 4791 section 9.6.1).
    var label = ""
    var text = ""
    var children: [DAVNode] = []

    /// The namespaces that are read here.
    static let dav = "DAV:"
    static let caldav = "urn:ietf:params:xml:ns:caldav"

    /// Deeper or larger than this is nonsense.
    private static let deepest = 40
    private static let mostNodes = 200_000

    /// The root of a document; nil for what is none, declares entities, or is too large.
    static func read(_ body: [UInt8]) -> DAVNode? {
        // WebDAV needs no document type (RFC 4918 section 17 names what entities do); what brings one is not read.
        if String(decoding: body, as: UTF8.self).contains("<!"), !isPlain(body) { return nil }
        let parser = XMLParser(data: Data(body))
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        let reader = Reader()
        parser.delegate = reader
        guard parser.parse(), reader.open.isEmpty else { return nil }
        return reader.root
    }

    /// Comments and CDATA are all that may begin with `<!`.
    private static func isPlain(_ body: [UInt8]) -> Bool {
        let mark = Array("<!".utf8)
        for index in body.indices.dropLast(2) where body[index] == mark[0] && body[index + 1] == mark[1] {
            let next = body[index + 2]
            if next != UInt8(ascii: "-"), next != UInt8(ascii: "[") { return false }
        }
        return true
    }

    /// The first child on a path of names.
    func first(_ path: String...) -> DAVNode? {
        var node = self
        for name in path {
            guard let child = node.children.first(where: { $0.name == name }) else { return nil }
            node = child
        }
        return node
    }

    func all(_ name: String) -> [DAVNode] { children.filter { $0.name == name } }

    var trimmed: String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: DAVNode?
        var open: [DAVNode] = []
        private var count = 0

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            count += 1
            guard open.count < DAVNode.deepest, count < DAVNode.mostNodes else { return parser.abortParsing() }
            let plain = name.split(separator: ":").last.map(String.init) ?? name
            open.append(DAVNode(name: "\(namespaceURI ?? "")|\(plain)", label: attributes["name"] ?? ""))
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if !open.isEmpty { open[open.count - 1].text += string }
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            guard let node = open.popLast() else { return }
            if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
        }
    }
}

/// One `response` of a multistatus (RFC 4918 section 14.24), by what was found.
struct DAVResponse: Hashable, Sendable {
    /// The path, as it was written.
    var href: String
    /// The status of the whole resource, when that is what is said; 404 for what was removed.
    var status: Int?
    /// The properties that were found.
    var properties: [DAVNode]

    func property(_ name: String) -> DAVNode? { properties.first { $0.name == name } }

    /// Every response of a multistatus.
    static func all(_ root: DAVNode) -> [DAVResponse] {
        root.all("DAV:|response").compactMap { response in
            guard let href = response.first("DAV:|href")?.trimmed else { return nil }
            let found = response.all("DAV:|propstat").filter { status($0) == 200 }
            return DAVResponse(
                href: href, status: status(response),
                properties: found.flatMap { $0.first("DAV:|prop")?.children ?? [] })
        }
    }

    /// `HTTP/1.1 200 OK`
    private static func status(_ node: DAVNode) -> Int? {
        guard let line = node.first("DAV:|status")?.trimmed else { return nil }
        let words = line.split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}
