// SPDX-License-Identifier: Apache-2.0
import CLDAP
import Desk
import Glibc

/// An entry of a directory, with the attributes that were asked for, by their lower-case names.
struct DirectoryEntry: Hashable, Sendable {
    var name: String
    var attributes: [String: [[UInt8]]]

    /// The texts of an attribute; what is no UTF-8 is left out.
    func texts(_ attribute: String) -> [String] {
        (attributes[attribute.lowercased()] ?? []).compactMap { String(validating: $0, as: UTF8.self) }
    }

    func text(_ attribute: String) -> String { texts(attribute).first ?? "" }

    /// A value that may be bytes (`objectGUID`): as it is when it can be read, else in hexadecimal digits.
    func mark(_ attribute: String) -> String {
        guard let bytes = attributes[attribute.lowercased()]?.first, bytes.count <= 128 else { return "" }
        let isText = bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isText
            ? String(decoding: bytes, as: UTF8.self)
            : bytes.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
    }
}

/// One line to a directory, from its first byte to its last, on one thread. Every step has its time.
final class DirectoryLine {
    private let line: OpaquePointer
    private let watch = DirectoryWatch()
    private let calls: UnsafeMutablePointer<ldap_conncb>

    /// The whole of a step takes at most so long: to connect, to be answered.
    static let patienceSeconds = 5
    /// The whole line lives at most so long.
    static let wholeSeconds = 20
    /// More values than this of one attribute are not looked at, nor longer ones.
    static let mostValues = 500
    static let longestValue = 1000
    private static let systemTrust = "/etc/ssl/certs/ca-certificates.crt"

    /// Connects, and makes the line private before anything is said on it.
    init(_ settings: DirectorySettings) throws(EntranceFault) {
        let host = settings.host
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !host.contains("/"),
            (1...65535).contains(settings.port)
        else { throw EntranceFault(.notSetUp, "host") }
        if settings.security == .loopback, !["127.0.0.1", "localhost", "::1"].contains(host) {
            throw EntranceFault(.notPrivate)
        }
        let scheme = settings.security == .ldaps ? "ldaps" : "ldap"
        let place = host.contains(":") ? "[\(host)]" : host
        var line: OpaquePointer?
        guard ldap_initialize(&line, "\(scheme)://\(place):\(settings.port)") == LDAP_SUCCESS, let line else {
            throw EntranceFault(.notSetUp, "host")
        }
        self.line = line
        calls = watch.calls()
        ldap_set_option(line, LDAP_OPT_CONNECT_CB, calls)
        try Self.setUp(line, settings)
        watch.set(seconds: 2 * Self.patienceSeconds)
        // With ldaps the line is private from its first byte; StartTLS asks for it (RFC 4513 section 3).
        let code = settings.security == .startTLS ? ldap_start_tls_s(line, nil, nil) : ldap_connect(line)
        guard code == LDAP_SUCCESS else {
            if watch.isCut || code == LDAP_TIMEOUT { throw EntranceFault(.timedOut) }
            let words = diagnostic ?? String(cString: ldap_err2string(code))
            throw EntranceFault(
                watch.wasConnected && settings.security != .loopback ? .noTLS : .unreachable, words)
        }
        watch.set(seconds: Self.wholeSeconds)
    }

    deinit {
        ldap_unbind_ext_s(line, nil, nil)
        calls.deinitialize(count: 1)
        calls.deallocate()
    }

    private static func setUp(_ line: OpaquePointer, _ settings: DirectorySettings) throws(EntranceFault) {
        var version = Int32(LDAP_VERSION3)
        var wait = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        var limit = Int32(patienceSeconds)
        ldap_set_option(line, LDAP_OPT_PROTOCOL_VERSION, &version)
        ldap_set_option(line, LDAP_OPT_NETWORK_TIMEOUT, &wait)
        ldap_set_option(line, LDAP_OPT_TIMEOUT, &wait)
        ldap_set_option(line, LDAP_OPT_TIMELIMIT, &limit)
        // Null is what the library calls off: nobody is sent to another server, with the password in hand.
        ldap_set_option(line, LDAP_OPT_REFERRALS, nil)
        guard settings.security != .loopback else { return }
        var demand = Int32(LDAP_OPT_X_TLS_DEMAND)
        var oldest = Int32(3 << 8 + 3)  // TLS 1.2
        var isServer = Int32(0)
        let trust = settings.trustFile.isEmpty ? systemTrust : settings.trustFile
        guard access(trust, R_OK) == 0 else { throw EntranceFault(.noTLS, "trust file") }
        ldap_set_option(line, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand)
        ldap_set_option(line, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest)
        guard ldap_set_option(line, LDAP_OPT_X_TLS_CACERTFILE, trust) == LDAP_SUCCESS,
            ldap_set_option(line, LDAP_OPT_X_TLS_NEWCTX, &isServer) == LDAP_SUCCESS
        else { throw EntranceFault(.noTLS, "trust file") }
    }

    /// Says who we are (RFC 4513 section 5.1.3). An empty password would be taken for nobody, and let everybody in
    /// (section 5.1.2): it never leaves the house.
    ///
    /// - Throws: `.wrongPassword` when the directory does not believe it.
    func bind(_ name: String, password: String) throws(EntranceFault) {
        guard !name.isEmpty, !password.isEmpty, !password.utf8.contains(0), !name.utf8.contains(0) else {
            throw EntranceFault(.wrongPassword)
        }
        let code = withBER(password) { secret in
            var secret = secret
            return ldap_sasl_bind_s(line, name, nil, &secret, nil, nil, nil)
        }
        guard code == LDAP_SUCCESS else { throw fault(code, else: .refusedByDirectory) }
    }

    /// Entries below `base` that a filter finds, at most `limit` of them.
    func search(
        _ base: String, scope: Int32 = Int32(LDAP_SCOPE_SUBTREE), filter: String, attributes: [String], limit: Int
    ) throws(EntranceFault) -> [DirectoryEntry] {
        var names = attributes.map { strdup($0) }
        names.append(nil)
        defer { for name in names { free(name) } }
        var answer: OpaquePointer?
        var wait = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        let code = ldap_search_ext_s(line, base, scope, filter, &names, 0, nil, nil, &wait, Int32(limit), &answer)
        defer { if let answer { ldap_msgfree(answer) } }
        // More than was asked for: what has come is enough to see that.
        guard code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED else {
            throw fault(code, else: .refusedByDirectory)
        }
        var entries: [DirectoryEntry] = []
        var next = answer.flatMap { ldap_first_entry(line, $0) }
        while let entry = next, entries.count < limit {
            entries.append(read(entry))
            next = ldap_next_entry(line, entry)
        }
        return entries
    }

    private func read(_ entry: OpaquePointer) -> DirectoryEntry {
        var read = DirectoryEntry(name: "", attributes: [:])
        if let name = ldap_get_dn(line, entry) {
            read.name = String(cString: name)
            ldap_memfree(name)
        }
        var place: OpaquePointer?
        var next = ldap_first_attribute(line, entry, &place)
        while let name = next {
            let attribute = String(cString: name).lowercased()
            read.attributes[attribute] = values(name, of: entry)
            ldap_memfree(name)
            next = ldap_next_attribute(line, entry, place)
        }
        if let place { ber_free(place, 0) }
        return read
    }

    private func values(_ name: UnsafePointer<CChar>, of entry: OpaquePointer) -> [[UInt8]] {
        guard let list = ldap_get_values_len(line, entry, name) else { return [] }
        defer { ldap_value_free_len(list) }
        let count = min(Int(ldap_count_values_len(list)), Self.mostValues)
        return (0..<count).compactMap { index in
            guard let value = list[index]?.pointee, let bytes = value.bv_val else { return nil }
            let length = Int(value.bv_len)
            guard length <= Self.longestValue else { return nil }
            return UnsafeRawBufferPointer(start: bytes, count: length).map { $0 }
        }
    }

    /// What a code of the library means here (ldap.h, RFC 4511 appendix A).
    private func fault(_ code: Int32, else kind: EntranceFault.Kind) -> EntranceFault {
        let words = String(cString: ldap_err2string(code))
        switch code {
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR:
            return watch.isCut ? EntranceFault(.timedOut) : EntranceFault(.unreachable, diagnostic ?? words)
        case LDAP_TIMEOUT, LDAP_TIMELIMIT_EXCEEDED: return EntranceFault(.timedOut)
        case LDAP_INVALID_CREDENTIALS: return EntranceFault(.wrongPassword)
        case LDAP_NO_SUCH_OBJECT, LDAP_INVALID_DN_SYNTAX: return EntranceFault(.noBase, words)
        case LDAP_FILTER_ERROR: return EntranceFault(.badFilter)
        default: return EntranceFault(kind, words)
        }
    }

    /// The library's own sentence about the last step, for the administrator; nil when it has none.
    private var diagnostic: String? {
        var text: UnsafeMutablePointer<CChar>?
        guard ldap_get_option(line, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == LDAP_SUCCESS, let text else { return nil }
        defer { ldap_memfree(text) }
        let words = String(cString: text)
        return words.isEmpty ? nil : String(words.prefix(200))
    }
}

/// Lends a text to the library as its counted bytes.
private func withBER<Result>(_ text: String, _ body: (berval) -> Result) -> Result {
    var bytes = Array(text.utf8CString)
    let length = bytes.count - 1
    return bytes.withUnsafeMutableBufferPointer { buffer in
        body(berval(bv_len: ber_len_t(length), bv_val: buffer.baseAddress))
    }
}

/// What somebody typed, put where a directory reads it as a value and nothing else.
enum DirectoryText {
    /// In a filter (RFC 4515 section 3), by the library; nil when it will not.
    static func inFilter(_ value: String) -> String? {
        guard !value.isEmpty else { return "" }
        return withBER(value) { given in
            var (given, out) = (given, berval())
            guard ldap_bv2escaped_filter_value(&given, &out) == LDAP_SUCCESS, let bytes = out.bv_val else { return nil }
            defer { ber_memfree(bytes) }
            let text = UnsafeRawBufferPointer(start: bytes, count: Int(out.bv_len))
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// In a distinguished name (RFC 4514 section 2.4).
    static func inName(_ value: String) -> String {
        var out = ""
        let last = value.unicodeScalars.count - 1
        for (index, scalar) in value.unicodeScalars.enumerated() {
            if scalar.value == 0 {
                out += "\\00"
                continue
            }
            let isEdge = (index == 0 && (scalar == " " || scalar == "#")) || (index == last && scalar == " ")
            if isEdge || "\"+,;<>=\\".unicodeScalars.contains(scalar) { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out
    }
}
