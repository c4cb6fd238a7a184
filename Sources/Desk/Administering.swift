// SPDX-License-Identifier: Apache-2.0

/// Whether rooms, holidays, limits and lists may be changed by a person of the roster.
///
/// - Parameter person: who does it, as the roster has them now; nil for the program itself.
/// - Throws: `.administratorsOnly`.
public func mayAdminister(by person: Person?) throws(Refusal) {
    guard let person else { return }
    guard person.isActive, person.roles.contains(.administrator) else { throw .administratorsOnly }
}

/// Whether a person of the roster may be changed: by an administrator, or one's own password by oneself; and never so
/// that an office which has an administrator is left without one.
///
/// - Parameters:
///   - old: how the roster has the person until now; nil for somebody new.
///   - others: everybody else of the roster.
/// - Throws: `.administratorsOnly`, `.lastAdministrator`.
public func mayChange(_ old: Person?, to new: Person, by person: Person?, among others: [Person]) throws(Refusal) {
    if let old, old == new, person?.id == old.id, old.isActive { return }
    try mayAdminister(by: person)
    func administers(_ person: Person) -> Bool { person.isActive && person.roles.contains(.administrator) }
    if let old, administers(old), !administers(new), !others.contains(where: administers) { throw .lastAdministrator }
}
