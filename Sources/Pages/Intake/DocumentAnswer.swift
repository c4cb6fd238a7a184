// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// A file for somebody of the office. A letter that is secret is for those who have its matter in hand.
    func showDocument(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let text = visit.parameters.get("id"), let id = Document.ID(text),
            let document = try await cabinet.documents([id]).first,
            let holder = try await cabinet.matter(holding: id), let matter = try await cabinet.matter(holder),
            maySee(matter, person: person)
        else { throw HTTPError(.notFound) }
        return try await document.answer(from: parts.shelf, visit)
    }

    /// A file for the requester, by the matter's link; only what belongs to that matter's letter.
    func showTrackedDocument(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(by: "track", visit)
        guard let text = visit.parameters.get("id"), let id = Document.ID(text), matter.documents.contains(id),
            let document = try await cabinet.documents([id]).first
        else { throw HTTPError(.notFound) }
        return try await document.answer(from: parts.shelf, visit)
    }
}

extension Document {
    /// The file as an answer, read from the shelf piece by piece. Nothing in it may run or reach out: a letter is
    /// somebody else's file, shown on our own address.
    func answer(from shelf: any Shelf, _ visit: Visit) async throws -> Response {
        guard let path = shelf.path(of: hash) else { throw Mishap(doing: "finding a document on the shelf") }
        let body = try await FileIO().loadFile(path: path, context: visit)
        var headers: HTTPFields = [
            .contentType: kind.mediaType, .cacheControl: "private, no-store",
            .contentDisposition: contentDisposition(name, isInline: kind != .docx),
        ]
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return Response(status: .ok, headers: headers, body: body)
    }
}

/// `Content-Disposition` (RFC 6266) with the name twice: in ASCII for old programs, in UTF-8 (RFC 8187) for all others.
func contentDisposition(_ name: String, isInline: Bool) -> String {
    let plain = String(
        String.UnicodeScalarView(
            name.unicodeScalars.map { scalar in
                scalar.value < 0x20 || scalar.value > 0x7E || "\"\\%;/".unicodeScalars.contains(scalar) ? "_" : scalar
            }))
    let digits = Array("0123456789ABCDEF")
    var encoded = ""
    for byte in name.utf8 {
        let isPlain =
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        encoded +=
            isPlain ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return "\(isInline ? "inline" : "attachment"); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
}
