// SPDX-License-Identifier: Apache-2.0
import CLDAP
import Desk

/// What is asked of a directory on one line: who somebody is, and whether the password is theirs.
struct DirectoryInquiry {
    let settings: DirectorySettings
    let line: DirectoryLine

    static let longestUsername = 256

    init(_ settings: DirectorySettings) throws(EntranceFault) {
        guard !settings.base.isEmpty || !settings.namePattern.isEmpty else { throw EntranceFault(.notSetUp, "base") }
        self.settings = settings
        line = try DirectoryLine(settings)
    }

    private var attributes: [String] {
        let single = [
            settings.subjectAttribute, settings.usernameAttribute, settings.nameAttribute, settings.mailAttribute,
            settings.positionAttribute,
        ]
        return (single + settings.groupAttributes).filter { !$0.isEmpty }
    }

    func signIn(_ username: String, password: String) throws(EntranceFault) -> Outsider {
        try check(username)
        guard !password.isEmpty else { throw EntranceFault(.wrongPassword) }
        guard settings.namePattern.isEmpty else { return try signInStraight(username, password: password) }
        try bindSearcher()
        let entry = try find(username)
        try line.bind(entry.name, password: password)
        if !settings.groupBase.isEmpty { try bindSearcher() }
        return try outsider(entry, username)
    }

    /// Binds under the name that the pattern gives, and reads the person's own entry then.
    private func signInStraight(_ username: String, password: String) throws(EntranceFault) -> Outsider {
        guard let name = Self.name(settings.namePattern, username) else { throw EntranceFault(.badPattern) }
        do throws(EntranceFault) {
            try line.bind(name, password: password)
        } catch {
            // No such name is for whoever signs in the same as a wrong password.
            throw error.kind == .noBase ? EntranceFault(.wrongPassword) : error
        }
        return try outsider(try own(name, username), username)
    }

    /// The entry of somebody who has just been bound.
    private func own(_ name: String, _ username: String) throws(EntranceFault) -> DirectoryEntry {
        guard Self.isName(settings.namePattern) else { return try find(username) }
        let found = try line.search(
            name, scope: Int32(LDAP_SCOPE_BASE), filter: "(objectClass=*)", attributes: attributes, limit: 1)
        guard let entry = found.first else { throw EntranceFault(.noSuchPerson) }
        return entry
    }

    /// Who somebody is, without their password.
    func lookUp(_ username: String) throws(EntranceFault) -> Outsider {
        try check(username)
        try bindSearcher()
        if settings.namePattern.isEmpty || !settings.base.isEmpty { return try outsider(try find(username), username) }
        guard Self.isName(settings.namePattern), let name = Self.name(settings.namePattern, username) else {
            throw EntranceFault(.badPattern)
        }
        do throws(EntranceFault) {
            return try outsider(try own(name, username), username)
        } catch {
            throw error.kind == .noBase ? EntranceFault(.noSuchPerson) : error
        }
    }

    /// Says who searches; without one the directory is asked as nobody.
    func bindSearcher() throws(EntranceFault) {
        guard !settings.searcher.isEmpty else { return }
        do throws(EntranceFault) {
            try line.bind(settings.searcher, password: settings.searcherPassword)
        } catch {
            throw error.kind == .wrongPassword ? EntranceFault(.searcherRefused) : error
        }
    }

    func find(_ username: String) throws(EntranceFault) -> DirectoryEntry {
        guard settings.filter.contains("{user}"), let value = DirectoryText.inFilter(username) else {
            throw EntranceFault(.badFilter)
        }
        let filter = settings.filter.replacing("{user}", with: value)
        let found = try line.search(settings.base, filter: filter, attributes: attributes, limit: 2)
        guard found.count < 2 else { throw EntranceFault(.severalPeople) }
        guard let entry = found.first, !entry.name.isEmpty else { throw EntranceFault(.noSuchPerson) }
        return entry
    }

    func outsider(_ entry: DirectoryEntry, _ username: String) throws(EntranceFault) -> Outsider {
        let known = entry.text(settings.usernameAttribute)
        let subject = entry.mark(settings.subjectAttribute)
        return Outsider(
            source: .directory, issuer: settings.base.isEmpty ? settings.namePattern : settings.base,
            subject: subject.isEmpty ? entry.name.lowercased() : subject, username: known.isEmpty ? username : known,
            name: entry.text(settings.nameAttribute), position: entry.text(settings.positionAttribute),
            mail: entry.text(settings.mailAttribute), isMailVerified: true,
            groups: settings.groupAttributes.flatMap { entry.texts($0) } + (try groups(of: entry, known)))
    }

    /// Groups that name their members; empty where people carry their groups themselves.
    private func groups(of entry: DirectoryEntry, _ username: String) throws(EntranceFault) -> [String] {
        guard !settings.groupBase.isEmpty else { return [] }
        guard let name = DirectoryText.inFilter(entry.name), let user = DirectoryText.inFilter(username) else {
            throw EntranceFault(.badFilter)
        }
        let filter = settings.groupFilter.replacing("{dn}", with: name).replacing("{user}", with: user)
        return try line.search(settings.groupBase, filter: filter, attributes: ["cn"], limit: Outsider.mostGroups)
            .map(\.name)
    }

    private func check(_ username: String) throws(EntranceFault) {
        guard (1...Self.longestUsername).contains(username.utf8.count), !username.utf8.contains(0) else {
            throw EntranceFault(.noSuchPerson)
        }
    }

    /// A pattern is a distinguished name, or a name as `{user}@example.ac.th`.
    static func isName(_ pattern: String) -> Bool { pattern.contains("=") }

    /// The name to bind under; nil when the pattern has no place for it, or the name letters that it must not.
    static func name(_ pattern: String, _ username: String) -> String? {
        guard pattern.contains("{user}") else { return nil }
        if isName(pattern) { return pattern.replacing("{user}", with: DirectoryText.inName(username)) }
        let isPlain = username.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return isPlain ? pattern.replacing("{user}", with: username) : nil
    }
}

/// A test of a directory's settings, step by step, until one fails.
struct DirectoryProbe {
    let settings: DirectorySettings

    init(_ settings: DirectorySettings) { self.settings = settings }

    func findings(_ username: String) -> [EntranceFinding] {
        var findings: [EntranceFinding] = []
        var step = EntranceFinding.Step.line
        do throws(EntranceFault) {
            let inquiry = try DirectoryInquiry(settings)
            findings.append(EntranceFinding(.line, detail: "\(settings.host):\(settings.port)"))
            if !settings.namePattern.isEmpty {
                step = .pattern
                guard DirectoryInquiry.name(settings.namePattern, "somebody") != nil else {
                    throw EntranceFault(.badPattern)
                }
                findings.append(EntranceFinding(.pattern))
            }
            step = .searcher
            try inquiry.bindSearcher()
            findings.append(EntranceFinding(.searcher, isRemark: settings.searcher.isEmpty))
            if !settings.base.isEmpty {
                step = .base
                let found = try inquiry.line.search(
                    settings.base, scope: Int32(LDAP_SCOPE_BASE), filter: "(objectClass=*)", attributes: ["1.1"],
                    limit: 1)
                guard !found.isEmpty else { throw EntranceFault(.noBase) }
                findings.append(EntranceFinding(.base, detail: settings.base))
            }
            guard !username.isEmpty else { return findings }
            step = .person
            let person = try inquiry.lookUp(username)
            findings.append(EntranceFinding(.person, detail: person.name))
            findings.append(
                EntranceFinding(
                    .groups, detail: person.groups.joined(separator: " · "), isRemark: person.groups.isEmpty))
        } catch {
            findings.append(EntranceFinding(step, fault: error))
        }
        return findings
    }
}
