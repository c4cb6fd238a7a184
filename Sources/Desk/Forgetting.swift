// SPDX-License-Identifier: Apache-2.0

/// Whether a matter's contact may be forgotten (ลบข้อมูลส่วนบุคคล), Personal Data Protection Act B.E. 2562, s.33 and s.37(3).
///
/// The folder stays whole: entries hold ids only, so it reads without the name, the telephone and the mail address.
///
/// - Throws: `.notYourRole` for anybody but the secretariat and the administrator, `.notForgettable` while the person
///   may still have to be called.
public func mayForgetContact(of matter: Matter, by hand: Hand) throws(Refusal) {
    guard !hand.roles.isDisjoint(with: [.secretariat, .administrator]) else { throw .notYourRole(.withdraw) }
    guard matter.stage.isFinal else { throw .notForgettable(stage: matter.stage) }
}

/// Whether a matter's contact may be corrected (แก้ไขผู้ประสานงาน) without a change of the letter; the folder says nothing of it.
///
/// - Throws: `.notYourRole` for anybody but the secretariat, `.notNow` when the matter has ended, `.letterFaults` for a
///   contact that could not be reached, `.nothingChanged`.
public func mayCorrectContact(
    of matter: Matter, from old: Contact?, to new: Contact, by hand: Hand
) throws(Refusal) {
    guard hand.roles.contains(.secretariat) else { throw .notYourRole(.amend) }
    guard !matter.stage.isFinal else { throw .notNow(.amend, stage: matter.stage) }
    guard new.faults.isEmpty else { throw .letterFaults(new.faults) }
    guard new != old else { throw .nothingChanged }
}
