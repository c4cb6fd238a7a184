// SPDX-License-Identifier: Apache-2.0
import CGMime
import Envelope

extension Mail {
    /// The mail as it travels: lines end in CR LF, everything is ASCII, and the same mail is always the same bytes.
    ///
    /// Empty when there is no memory for it.
    public func written() -> [UInt8] {
        guard Mime.isReady, let message = MimeObject(taking: g_mime_message_new(0)), let body = body() else {
            return []
        }
        let letter = message.of(GMimeMessage.self)
        Self.set("From", Self.line(from), message)
        Self.set("To", Self.line(to), message)
        if let replyTo { Self.set("Reply-To", Self.line(replyTo), message) }
        Self.set("Subject", EncodedWords.of(clean(subject)), message)
        if let date = g_date_time_new_from_unix_utc(gint64(second)) {
            g_mime_message_set_date(letter, date)
            g_date_time_unref(date)
        }
        g_mime_message_set_message_id(letter, clean(id))
        for line in headers {
            g_mime_object_append_header(message.object, clean(line.name), clean(line.value), "utf-8")
        }
        g_mime_message_set_mime_part(letter, body.object)
        g_mime_object_encode(message.object, GMIME_ENCODING_CONSTRAINT_7BIT)
        return Self.bytes(message)
    }

    /// Sets a header field of words that need no more encoding, one on each line.
    private static func set(_ name: String, _ words: [String], _ message: MimeObject) {
        let list = g_mime_object_get_header_list(message.object)
        g_mime_header_list_set(list, name, "", "utf-8")
        guard let header = g_mime_header_list_get_header(list, name) else { return }
        g_mime_header_set_raw_value(header, " " + words.joined(separator: "\n ") + "\n")
    }

    /// A mailbox as a header field has it (RFC 5322 section 3.4).
    private static func line(_ box: Box) -> [String] {
        let address = clean(box.address).filter { !"<>, \"".contains($0) }
        var name = EncodedWords.of(clean(box.name))
        if name == [""] { return [address] }
        if name.count == 1, !name[0].hasPrefix("=?"), let quoted = g_mime_utils_quote_string(name[0]) {
            name = [String(cString: quoted)]
            g_free(quoted)
        }
        return name + ["<\(address)>"]
    }

    private static func bytes(_ message: MimeObject) -> [UInt8] {
        guard let stream = MimeObject(taking: g_mime_stream_mem_new()), let options = g_mime_format_options_new()
        else { return [] }
        defer { g_mime_format_options_free(options) }
        g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS)
        g_mime_object_write_to_stream(message.object, options, stream.of(GMimeStream.self))
        return MimeObject.bytes(of: stream)
    }

    /// The text, and what goes with it: alternatives within, attachments around (RFC 2046 section 5.1).
    private func body() -> MimeObject? {
        var alternatives = [Self.text("plain", text)]
        if let html { alternatives.append(Self.text("html", html)) }
        if let calendar {
            let part = Self.text("calendar", calendar.text)
            if let part { g_mime_object_set_content_type_parameter(part.object, "method", clean(calendar.method)) }
            alternatives.append(part)
        }
        let words = alternatives.count == 1 ? alternatives[0] : multipart("alternative", alternatives)
        if attachments.isEmpty { return words }
        return multipart("mixed", [words] + attachments.map(Self.part))
    }

    private static func text(_ kind: String, _ text: String) -> MimeObject? {
        guard let part = MimeObject(taking: g_mime_text_part_new_with_subtype(kind)) else { return nil }
        g_mime_text_part_set_text(part.of(GMimeTextPart.self), text.filter { $0 != "\0" })
        // Said of text that happens to be ASCII too: calendar programs expect it.
        g_mime_object_set_content_type_parameter(part.object, "charset", "utf-8")
        return part
    }

    /// nil when one of the parts is.
    private func multipart(_ kind: String, _ parts: [MimeObject?]) -> MimeObject? {
        guard let whole = MimeObject(taking: g_mime_multipart_new_with_subtype(kind)) else { return nil }
        // Made from the mail's own name, so that it is the same each time. "=_" stands in no encoded part.
        let name = id.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(40)
        g_mime_multipart_set_boundary(whole.of(GMimeMultipart.self), "=_\(kind)_\(name)")
        for part in parts {
            guard let part else { return nil }
            g_mime_multipart_add(whole.of(GMimeMultipart.self), part.object)
        }
        return whole
    }

    private static func part(_ attachment: Attachment) -> MimeObject? {
        let kind = attachment.kind.split(separator: "/", maxSplits: 1).map(String.init)
        guard kind.count == 2, let part = MimeObject(taking: g_mime_part_new_with_type(kind[0], kind[1])),
            let stream = MimeObject.stream(attachment.bytes),
            let content = MimeObject(
                taking: g_mime_data_wrapper_new_with_stream(
                    stream.of(GMimeStream.self), GMIME_CONTENT_ENCODING_DEFAULT))
        else { return nil }
        g_mime_part_set_content(part.of(GMimePart.self), content.of(GMimeDataWrapper.self))
        g_mime_part_set_content_encoding(part.of(GMimePart.self), GMIME_CONTENT_ENCODING_BASE64)
        g_mime_object_set_disposition(part.object, "attachment")
        g_mime_part_set_filename(part.of(GMimePart.self), clean(attachment.name))
        return part
    }
}

/// Without control characters: nothing begins another header line.
private func clean(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
}
