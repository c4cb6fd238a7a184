// SPDX-License-Identifier: Apache-2.0

import Desk

/// One field of a letter before and after a change.
struct ChangeRow: Sendable, Hashable {
    let name: String
    let before: String
    let after: String
}

extension Phrases {
    /// A letter's particulars as names and values, always the same fields in the same order.
    func particulars(_ letter: Letter) -> [PairRow] {
        [
            PairRow(words("field.title"), letter.title),
            PairRow(words("field.unit"), letter.unit),
            PairRow(words("matter.origin"), origin(letter.origin)),
            PairRow(words("field.reference"), letter.reference.isEmpty ? "–" : letter.reference),
            PairRow(words("field.dated"), letter.dated.map(date) ?? "–"),
            PairRow(words("matter.service"), service(letter.service)),
            PairRow(words("matter.occasion"), span(letter.span)),
            PairRow(words("field.place"), letter.place),
            PairRow(words("field.audience"), words("matter.people", letter.expectedAudience)),
            PairRow(
                words("matter.recording"),
                letter.wantsRecording ? words("matter.recording.yes") : words("matter.recording.no")),
            PairRow(words("field.remarks"), letter.remarks.isEmpty ? "–" : letter.remarks),
        ]
    }

    /// What differs between two revisions of a letter, field by field.
    func changes(from old: Letter, to new: Letter) -> [ChangeRow] {
        zip(particulars(old), particulars(new)).filter { $0.value != $1.value }.map {
            ChangeRow(name: $0.name, before: $0.value, after: $1.value)
        }
    }
}
