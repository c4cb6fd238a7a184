// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The ladder's rung to the matter's other officers: each gets a notice that somebody does not answer.
public struct SecondOfficer: Carrier {
    public let way = Way.second
    let cabinet: any Cabinet

    public init(cabinet: any Cabinet) { self.cabinet = cabinet }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        await ask(cabinet, delivery, at: now) { matter, person in
            let others = matter.assignment?.officers.filter { $0 != person } ?? []
            return others.map { .person($0) }
        }
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? { nil }
}

/// The ladder's last rung: the secretariat is asked to call by telephone.
public struct CallList: Carrier {
    public let way = Way.callList
    let cabinet: any Cabinet

    public init(cabinet: any Cabinet) { self.cabinet = cabinet }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        await ask(cabinet, delivery, at: now) { _, _ in [.role(.secretariat)] }
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? { nil }
}

/// Issues an errand to whoever is asked in somebody's place. Its name is the delivery's, so asking twice is harmless.
private func ask(
    _ cabinet: any Cabinet, _ delivery: Delivery, at now: Moment, whom: (Matter, Person.ID) -> [Errand.Addressee]
) async -> Carriage {
    guard case .person(let person) = delivery.to, let id = delivery.matter else { return .never(Trouble(.noReach)) }
    do {
        guard let matter = try await cabinet.matter(id) else { return .never(Trouble(.gone)) }
        let addressees = whom(matter, person)
        if addressees.isEmpty { return .never(Trouble(.noReach)) }
        for (number, addressee) in addressees.enumerated() {
            try await cabinet.issue(
                Errand(
                    id: "\(delivery.id)/\(number + 1)", matter: id, kind: .unanswered(person), to: addressee, due: now,
                    stale: matter.letter.span.end))
        }
        return .accepted()
    } catch {
        return .later(Trouble(.ourFault))
    }
}
