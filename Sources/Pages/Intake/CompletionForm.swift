// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// What was missing of a letter, and the form with which it is put right: the requester's, and the counter's.
struct CompletionForm: Sendable {
    let missing: [String]
    /// What the secretariat wrote when it returned the letter.
    let note: String?
    let groups: [FieldGroup]
    let kept: [KeptRow]
    let seen: String
    let once: String

    /// - Parameter asksContact: false where the contact is not shown, because nothing of it is missing.
    init(_ matter: Matter, letter: LetterForm, asksContact: Bool, kept: [KeptRow], once: String) {
        let words = letter.words
        let note = matter.folder.last { if case .returnedForCompletion = $0.fact { true } else { false } }?.note
        missing = PaperCheck.allCases.filter(matter.missing.contains).map(Phrases(words).paper)
        self.note = note.flatMap { $0.isEmpty ? nil : $0 }
        groups =
            [letter.occasionGroup, letter.letterGroup] + (asksContact ? [letter.contactGroup] : [])
            + [letter.fileGroup(words("track.file.hint"))]
        self.kept = kept
        seen = String(matter.folder.count)
        self.once = once
    }
}

/// A completion that was not accepted, with everything that was typed and sent.
struct ReturnedCompletion {
    let letter: LetterForm
    let kept: [KeptRow]
    let refusal: Refusal?
    let once: String?

    var status: HTTPResponse.Status { refusal?.status ?? .unprocessableContent }
}

extension Counter {
    /// Takes a completed letter in, from the requester's hand or the counter's.
    ///
    /// - Returns: nil when it was accepted.
    func complete(
        _ matter: Matter, from request: Request, by hand: Hand, asksContact: Bool, _ visit: Visit
    ) async throws -> ReturnedCompletion? {
        let form = try await Form.read(request, shelf: parts.shelf)
        let words = words(visit)
        let letter = LetterForm(form, words: words, at: now(), asksContact: asksContact)
        let documents = try await documents(form)
        var refusal: Refusal?
        if letter.faults.isEmpty {
            do {
                _ = try await cabinet.perform(
                    .complete(letter.letter, documents: documents.map(\.id)), on: matter.id, by: hand, at: now(),
                    seen: form.number("seen") ?? -1, contact: asksContact ? letter.contact : nil, lateReason: "",
                    once: form.once)
                return nil
            } catch let error as Refusal { refusal = error }
        }
        return ReturnedCompletion(
            letter: letter, kept: documents.map { KeptRow($0, token: keptToken($0), words) }, refusal: refusal,
            once: form.once)
    }
}
