// SPDX-License-Identifier: Apache-2.0

import Desk
import Secure

/// What a username and a password have to be like; each answer is a key of the words, nil when all is well.
enum AccountRules {
    static let shortestPassword = 10

    /// Lower-case ASCII letters, digits, dot and hyphen, 2 to 32 of them, beginning with a letter; nobody else's.
    static func fault(username: String, taken: [Person], but own: Person.ID? = nil) -> String? {
        let letters = username.unicodeScalars
        guard (2...32).contains(letters.count), let first = letters.first, ("a"..."z").contains(first),
            letters.allSatisfy({ ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "." || $0 == "-" })
        else { return "account.username" }
        return taken.contains { $0.username == username && $0.id != own } ? "account.usernameTaken" : nil
    }

    static func fault(password: String) -> String? {
        if password.count < shortestPassword { return "account.passwordShort" }
        return password.utf8.count > PasswordHash.longestBytes ? "account.passwordLong" : nil
    }
}
