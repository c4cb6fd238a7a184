// SPDX-License-Identifier: Apache-2.0

// Who reads a letter with a class of secrecy (ชั้นความลับ; Regulation on the Maintenance of Official Secrets B.E. 2544):
// those who have it in hand. Everybody else learns that something is booked, and when.

/// Whether a person may read a matter: everybody of the office while it is open, and before it has been classified;
/// once it is secret the secretariat, the executives and the officers who are assigned.
public func maySee(_ matter: Matter, person: Person) -> Bool {
    guard person.isActive, !person.roles.isDisjoint(with: Role.held) else { return false }
    return !matter.isSecret || readsSecrets(person) || matter.assignment?.officers.contains(person.id) == true
}

/// Whether a person may read a line of a register, which knows nothing of assignments.
public func maySee(_ line: RegisterLine, person: Person) -> Bool {
    person.isActive && (line.secrecy == .open || readsSecrets(person))
}

private func readsSecrets(_ person: Person) -> Bool { !person.roles.isDisjoint(with: [.secretariat, .executive]) }

extension Matter {
    /// Classified as anything but open.
    public var isSecret: Bool { classification.map { $0.secrecy != .open } ?? false }
}

extension Letter {
    /// The letter without what it says: when the occasion is stays, for it is booked.
    public func veiled(title: String, blank: String, keepsPlace: Bool) -> Letter {
        var veiled = self
        veiled.title = title
        veiled.unit = blank
        veiled.reference = ""
        veiled.dated = nil
        veiled.remarks = ""
        if !keepsPlace { veiled.place = blank }
        return veiled
    }
}

extension RegisterLine {
    /// The line without what the letter says: a number that is there stays seen to be there.
    public func veiled(title: String, blank: String, in register: Register) -> RegisterLine {
        var veiled = self
        veiled.title = title
        switch register {
        case .incoming:
            veiled.from = blank
            veiled.reference = ""
            veiled.dated = nil
        case .outgoing: veiled.to = blank
        }
        if voidedBecause != nil { veiled.voidedBecause = blank }
        return veiled
    }
}
