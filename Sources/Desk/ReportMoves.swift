// SPDX-License-Identifier: Apache-2.0

/// Why a report is not presented, acknowledged or remarked upon. Each has a sentence and a next step in both languages.
public enum ReportRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case notYourRole
    /// A month is presented when it is over.
    case monthRunning
    case alreadyPresented
    /// Nothing is acknowledged before it was presented.
    case notPresented
    case alreadyAcknowledged
    case remarksTooLong
}

/// The three acts on a month's report (row 6 of the procedure: รายงานต่อผู้บริหาร). Pure.
extension ReportRecord {
    /// Puts the report before the executives: the secretariat or an officer, once, when the month is over.
    public func presented(by hand: Hand, at now: Moment) throws(ReportRefusal) -> ReportRecord {
        guard !hand.roles.isDisjoint(with: [.secretariat, .officer]) else { throw .notYourRole }
        guard now >= month.span.end else { throw .monthRunning }
        guard presentedAt == nil else { throw .alreadyPresented }
        var next = self
        next.presentedAt = now
        next.presentedBy = hand.person
        return next
    }

    /// An executive has read it.
    public func acknowledged(by hand: Hand, at now: Moment) throws(ReportRefusal) -> ReportRecord {
        guard hand.roles.contains(.executive) else { throw .notYourRole }
        guard presentedAt != nil else { throw .notPresented }
        guard acknowledgedAt == nil else { throw .alreadyAcknowledged }
        var next = self
        next.acknowledgedAt = now
        next.acknowledgedBy = hand.person
        return next
    }

    /// The secretariat's own words; until the report has been acknowledged.
    public func remarked(_ remarks: String, by hand: Hand) throws(ReportRefusal) -> ReportRecord {
        guard hand.roles.contains(.secretariat) else { throw .notYourRole }
        guard acknowledgedAt == nil else { throw .alreadyAcknowledged }
        guard remarks.count <= noteLimit else { throw .remarksTooLong }
        var next = self
        next.remarks = remarks.trimmed
        return next
    }
}
