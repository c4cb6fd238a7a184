// SPDX-License-Identifier: Apache-2.0
import CGMime
import Envelope

extension ReceivedMail {
    /// So many parts at most are looked at, and so deep.
    private static let mostParts = 200
    private static let deepest = 12
    /// A text that people read has at most so many letters here.
    private static let longestText = 200_000

    /// Reads a mail; nil for what is none.
    public init?(_ bytes: [UInt8]) {
        guard Mime.isReady, let stream = MimeObject.stream(EncodedWords.joined(in: bytes)),
            let parser = MimeObject(taking: g_mime_parser_new_with_stream(stream.of(GMimeStream.self))),
            let message = MimeObject(taking: g_mime_parser_construct_message(parser.of(GMimeParser.self), Mime.options))
        else { return nil }
        let letter = message.of(GMimeMessage.self)
        headers = Self.headers(g_mime_object_get_header_list(message.object))
        if headers.isEmpty { return nil }
        id = Self.text(g_mime_message_get_message_id(letter))
        from = Self.boxes(g_mime_message_get_from(letter)).first ?? Mail.Box("", "")
        to = Self.boxes(g_mime_message_get_to(letter)) + Self.boxes(g_mime_message_get_cc(letter))
        subject = Self.text(g_mime_message_get_subject(letter)).oneLine
        second = g_mime_message_get_date(letter).map { Int64(g_date_time_to_unix($0)) }
        var gathered = Gathered()
        if let part = g_mime_message_get_mime_part(letter) { Self.gather(part, &gathered, depth: 0) }
        text = String(
            (gathered.plain.isEmpty ? gathered.html.map { words(ofHypertext: $0) } : gathered.plain)
                .joined(separator: "\n\n").prefix(Self.longestText))
        attachments = gathered.attachments
        report = gathered.report
    }

    private struct Gathered {
        var plain: [String] = []
        var html: [String] = []
        var attachments: [Mail.Attachment] = []
        var report: Report?
        var seen = 0
    }

    private static func gather(_ part: UnsafeMutablePointer<GMimeObject>, _ gathered: inout Gathered, depth: Int) {
        gathered.seen += 1
        guard gathered.seen <= mostParts, depth <= deepest else { return }
        let kind = contentType(part)
        if cgmime_is_multipart(part) != 0 {
            let parts = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeMultipart.self)
            if kind == "multipart/report" { gathered.report = gathered.report ?? Report(fates: [], about: "") }
            for index in 0..<max(0, g_mime_multipart_get_count(parts)) {
                if let inner = g_mime_multipart_get_part(parts, index) { gather(inner, &gathered, depth: depth + 1) }
            }
        } else if cgmime_is_message(part) != 0 {
            takeMessage(part, &gathered)
        } else if cgmime_is_part(part) != 0 {
            takePart(part, kind, &gathered)
        }
    }

    /// A mail within the mail: the one that a report is about, or one that was passed on as it was.
    private static func takeMessage(_ part: UnsafeMutablePointer<GMimeObject>, _ gathered: inout Gathered) {
        let holder = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeMessagePart.self)
        guard let inner = g_mime_message_part_get_message(holder) else { return }
        if gathered.report != nil {
            gathered.report?.about = text(g_mime_message_get_message_id(inner))
        } else {
            let object = UnsafeMutableRawPointer(inner).assumingMemoryBound(to: GMimeObject.self)
            guard let stream = MimeObject(taking: g_mime_stream_mem_new()) else { return }
            g_mime_object_write_to_stream(object, nil, stream.of(GMimeStream.self))
            let name = text(g_mime_message_get_subject(inner)).oneLine
            gathered.attachments.append(
                Mail.Attachment(
                    name: (name.isEmpty ? "mail" : name) + ".eml", kind: "message/rfc822",
                    bytes: MimeObject.bytes(of: stream)))
        }
    }

    private static func takePart(
        _ part: UnsafeMutablePointer<GMimeObject>, _ kind: String, _ gathered: inout Gathered
    ) {
        let leaf = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimePart.self)
        let name = text(g_mime_part_get_filename(leaf)).oneLine
        let isAttached = text(g_mime_object_get_disposition(part)).lowercased() == "attachment"
        if kind == "message/delivery-status", gathered.report != nil {
            gathered.report?.fates += fates(content(leaf))
        } else if kind == "text/rfc822-headers", gathered.report != nil {
            gathered.report?.about = ReceivedMail(content(leaf) + Array("\r\n\r\n".utf8))?.id ?? ""
        } else if cgmime_is_text(part) != 0, !isAttached, name.isEmpty {
            let raw = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeTextPart.self)
            guard let words = g_mime_text_part_get_text(raw) else { return }
            defer { g_free(words) }
            let read = String(cString: words).replacing("\r\n", with: "\n").prefix(1_000_000)
            if kind == "text/plain" {
                gathered.plain.append(String(read))
            } else if kind == "text/html" {
                gathered.html.append(String(read))
            }
        } else {
            gathered.attachments.append(Mail.Attachment(name: name, kind: kind, bytes: content(leaf)))
        }
    }

    /// The groups of fields of a delivery status: the first is about the mail, each other about one recipient.
    private static func fates(_ bytes: [UInt8]) -> [Fate] {
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").split(separator: "\n\n").dropFirst()
            .prefix(mostParts).compactMap { group in
                let lines = ReceivedMail(Array("\(group)\n\n".utf8))?.headers ?? []
                func value(_ name: String) -> String? { lines.first { $0.isNamed(name) }?.value }
                guard let action = value("Action") else { return nil }
                let diagnosis = value("Diagnostic-Code") ?? ""
                let words = diagnosis.firstIndex(of: ";").map { diagnosis[diagnosis.index(after: $0)...].trimmed }
                return Fate(
                    action: action.trimmed.lowercased(), status: (value("Status") ?? "").trimmed,
                    diagnosis: (words ?? diagnosis).split(whereSeparator: \.isWhitespace).joined(separator: " "))
            }
    }

    // MARK: Out of C

    private static func text(_ words: UnsafePointer<CChar>?) -> String { words.map { String(cString: $0) } ?? "" }

    private static func contentType(_ part: UnsafeMutablePointer<GMimeObject>) -> String {
        guard let type = g_mime_object_get_content_type(part) else { return "" }
        return "\(text(g_mime_content_type_get_media_type(type)))/\(text(g_mime_content_type_get_media_subtype(type)))"
            .lowercased()
    }

    private static func content(_ part: UnsafeMutablePointer<GMimePart>) -> [UInt8] {
        guard let content = g_mime_part_get_content(part), let stream = MimeObject(taking: g_mime_stream_mem_new())
        else { return [] }
        g_mime_data_wrapper_write_to_stream(content, stream.of(GMimeStream.self))
        return MimeObject.bytes(of: stream)
    }

    private static func headers(_ list: UnsafeMutablePointer<GMimeHeaderList>?) -> [HeaderLine] {
        (0..<max(0, min(500, g_mime_header_list_get_count(list)))).compactMap { index in
            guard let header = g_mime_header_list_get_header_at(list, index) else { return nil }
            return HeaderLine(
                text(g_mime_header_get_name(header)), text(g_mime_header_get_value(header)).oneLine)
        }
    }

    /// The mailboxes of a list of addresses; the names of groups are left out.
    private static func boxes(_ list: UnsafeMutablePointer<InternetAddressList>?) -> [Mail.Box] {
        guard let list else { return [] }
        return (0..<max(0, min(200, internet_address_list_length(list)))).compactMap { index in
            guard let one = internet_address_list_get_address(list, index), cgmime_is_mailbox(one) != 0 else {
                return nil
            }
            let box = UnsafeMutableRawPointer(one).assumingMemoryBound(to: InternetAddressMailbox.self)
            return Mail.Box(
                text(internet_address_get_name(one)).oneLine, text(internet_address_mailbox_get_addr(box)).oneLine)
        }
    }
}

extension String {
    /// Line breaks and other control characters become blanks.
    var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
            .trimmed
    }
}
