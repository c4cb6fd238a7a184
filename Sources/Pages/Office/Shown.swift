// SPDX-License-Identifier: Apache-2.0

import Desk

// What lists show of secret matters. Every list goes through here, so that no drawing has to think of it.

extension Matter {
    /// The matter as a person may see it in a list. The network section keeps the place, which it has to watch.
    ///
    /// - Parameters:
    ///   - person: nil for whoever holds a key.
    ///   - isPublic: true for a screen that others pass; then nobody's being allowed counts.
    func shown(to person: Person?, title: String, blank: String, isPublic: Bool = false) -> Matter {
        guard isSecret else { return self }
        if let person, !isPublic, maySee(self, person: person) { return self }
        return veiled(title: title, blank: blank, keepsPlace: person?.roles.contains(.network) ?? false)
    }
}

extension Counter {
    /// Matters for a list, as the person who is signed in may see them.
    func matters(_ filter: MatterFilter, for visit: Visit, isPublic: Bool = false) async throws -> [Matter] {
        let person = try person(visit)
        let words = words(visit)
        return try await cabinet.matters(filter).map {
            $0.shown(to: person, title: words("secret.title"), blank: "–", isPublic: isPublic)
        }
    }

    /// Lines of a register, as the person who is signed in may see them. Who may not read a letter finds nothing by its words.
    func register(
        _ register: Register, year: Int, text: String, limit: Int, offset: Int, for visit: Visit
    ) async throws -> [RegisterLine] {
        let person = try person(visit)
        let words = words(visit)
        let lines = try await cabinet.register(register, year: year, text: text, limit: limit, offset: offset)
        return lines.filter { text.isEmpty || maySee($0, person: person) }.map { line in
            maySee(line, person: person)
                ? line : line.veiled(title: words("secret.title"), blank: "–", in: register)
        }
    }
}
