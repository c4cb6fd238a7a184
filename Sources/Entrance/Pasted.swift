// SPDX-License-Identifier: Apache-2.0
import CLDAP
public import Desk
import FoundationEssentials
import Glibc
import Secure

/// What an administrator pastes to see what it would be allowed: a token, claims, or entries of a directory (LDIF,
/// RFC 2849). Nothing of it is believed: no signature is checked, and nobody signs in by it.
public enum Pasted {
    public static let longestText = 1 << 20
    public static let mostPeople = 2000

    /// The people that a text speaks of.
    ///
    /// - Throws: `.unreadable` for a text that is none of the three.
    public static func read(_ text: String, by settings: SignInSettings) throws(EntranceFault) -> [Outsider] {
        guard text.utf8.count <= longestText else { throw EntranceFault(.unreadable, "1 MiB") }
        let plain = text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        let parts = plain.split(whereSeparator: \.isWhitespace).joined().split(separator: ".")
        if plain.hasPrefix("{") || plain.hasPrefix("[") { return try claims(plain, by: settings) }
        if parts.count >= 2, let body = Base64URL.bytes(String(parts[1])), let claims = Claims(json: body) {
            return [person(claims, by: settings)]
        }
        let people = entries(plain).prefix(mostPeople).map { person($0, by: settings.directory) }
        guard !people.isEmpty else { throw EntranceFault(.unreadable) }
        return Array(people)
    }

    private static func claims(_ text: String, by settings: SignInSettings) throws(EntranceFault) -> [Outsider] {
        guard let value = try? JSONDecoder().decode(Claim.self, from: Data(text.utf8)) else {
            throw EntranceFault(.unreadable, "JSON")
        }
        let objects: [Claim] = if case .list(let list) = value { list } else { [value] }
        let people = objects.prefix(mostPeople).compactMap { object -> Outsider? in
            guard case .object(let members) = object else { return nil }
            return person(Claims(members), by: settings)
        }
        guard !people.isEmpty else { throw EntranceFault(.unreadable, "JSON") }
        return people
    }

    private static func person(_ claims: Claims, by settings: SignInSettings) -> Outsider {
        let issuer = settings.openID.issuer.isEmpty ? claims.text("iss") : settings.openID.issuer
        return claims.outsider(issuer: issuer, by: settings.openID)
    }

    private static func person(_ entry: DirectoryEntry, by settings: DirectorySettings) -> Outsider {
        let subject = entry.mark(settings.subjectAttribute)
        return Outsider(
            source: .directory, issuer: settings.base.isEmpty ? settings.namePattern : settings.base,
            subject: subject.isEmpty ? entry.name.lowercased() : subject,
            username: entry.text(settings.usernameAttribute), name: entry.text(settings.nameAttribute),
            position: entry.text(settings.positionAttribute), mail: entry.text(settings.mailAttribute),
            isMailVerified: true, groups: settings.groupAttributes.flatMap { entry.texts($0) })
    }

    /// Entries of LDIF, read by the directory's own library.
    static func entries(_ text: String) -> [DirectoryEntry] {
        var entries: [DirectoryEntry] = []
        for record in text.split(separator: "\n\n") {
            var entry = DirectoryEntry(name: "", attributes: [:])
            let start = strdup(String(record))
            defer { free(start) }
            var next = start
            while let line = ldif_getline(&next) {
                guard line.pointee != 0, let (name, value) = pair(line) else { continue }
                if name == "dn" { entry.name = String(decoding: value, as: UTF8.self) }
                entry.attributes[name, default: []].append(value)
            }
            if !entry.name.isEmpty { entries.append(entry) }
        }
        return entries
    }

    private static func pair(_ line: UnsafeMutablePointer<CChar>) -> (String, [UInt8])? {
        // `name:< file:///…` would have the library read a file of this machine for whoever pasted it.
        guard let colon = strchr(line, Int32(UInt8(ascii: ":"))), colon[1] != CChar(UInt8(ascii: "<")) else {
            return nil
        }
        var (name, value) = (berval(), berval())
        var isOurs: Int32 = 0
        guard ldif_parse_line2(line, &name, &value, &isOurs) == 0, let start = name.bv_val else { return nil }
        defer { if isOurs != 0 { ber_memfree(value.bv_val) } }
        let bytes = value.bv_val.map { UnsafeRawBufferPointer(start: $0, count: Int(value.bv_len)).map { $0 } } ?? []
        let text = UnsafeRawBufferPointer(start: start, count: Int(name.bv_len))
        // `cn;lang-th` is a `cn`.
        let plain = String(decoding: text, as: UTF8.self).lowercased().prefix { $0 != ";" }
        return bytes.count <= DirectoryLine.longestValue ? (String(plain), bytes) : nil
    }
}
