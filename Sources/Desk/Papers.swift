// SPDX-License-Identifier: Apache-2.0

/// The official papers that an entry sends by mail: the memo of a letter that goes back to its contact, the notice to the
/// network section to everybody there. A classified matter's papers do not travel by mail (rule on official secrets
/// B.E. 2544): they are handed over as ever.
///
/// - Parameters:
///   - hasContact: the contact has an address.
///   - network: those of the network section who have one.
public func papers(of entry: Entry, in matter: Matter, hasContact: Bool, network: [Person.ID]) -> [Delivery] {
    if matter.isSecret { return [] }
    let id = matter.id
    let stale = entry.at + .days(5)
    func paper(_ paper: Delivery.Paper, _ word: String, to: Delivery.Recipient) -> Delivery {
        Delivery(
            id: "m\(id)/e\(entry.number)/paper/\(word)", way: .mail, freight: .paper(paper), to: to, matter: id,
            due: entry.at, stale: stale)
    }
    switch entry.fact {
    case .returnedForCompletion, .sentBack:
        return hasContact ? [paper(.returnMemo, "contact", to: .contact)] : []
    case .networkNotified: return network.map { paper(.networkNotice, "p\($0)", to: .person($0)) }
    default: return []
    }
}

/// A presented report, to every executive who has an address.
public func papers(of report: ReportRecord, executives: [Person.ID], at now: Moment) -> [Delivery] {
    executives.map { person in
        Delivery(
            id: "report/\(report.month)/paper/p\(person)", way: .mail, freight: .paper(.report(report.month)),
            to: .person(person), matter: nil, due: now, stale: now + .days(5))
    }
}
