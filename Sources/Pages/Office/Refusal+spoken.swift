// SPDX-License-Identifier: Apache-2.0

public import Desk
public import HTTPTypes

/// A refusal has one sentence and what to do next, in the person's language: `refusal.<code>` and `refusal.<code>.remedy`.
extension Refusal: Spoken {
    public var status: HTTPResponse.Status {
        switch self {
        case .noSuchMatter: .notFound
        case .notYourRole, .administratorsOnly: .forbidden
        case .notNow, .stalePage, .doubleBooked, .alreadyTicked, .alreadyAcknowledged, .alreadyReady, .nothingChanged,
            .folderFull, .lastAdministrator:
            .conflict
        default: .unprocessableContent
        }
    }

    public func sentence(_ words: Words) -> String { words("refusal.\(code)", values: values(words)) }
    public func remedy(_ words: Words) -> String { words("refusal.\(code).remedy", values: values(words)) }

    private func values(_ words: Words) -> [String] {
        let phrases = Phrases(words)
        switch self {
        case .notYourRole(let act): return [phrases.act(act)]
        case .notNow(let act, let stage): return [phrases.act(act), phrases.stage(stage)]
        case .stalePage(let stage, _): return [phrases.stage(stage)]
        case .letterFaults(let faults): return [faults.map { $0.sentence(words) }.joined(separator: " · ")]
        case .papersMissing(let papers):
            return [papers.sorted { $0.rawValue < $1.rawValue }.map(phrases.paper).joined(separator: ", ")]
        case .noteTooLong(let limit): return [String(limit)]
        case .doubleBooked(let bookings):
            return [bookings.first.map { phrases.span($0.span) } ?? "–"]
        default: return []
        }
    }
}

extension LetterFault {
    /// What is wrong, and how to put it right, in one sentence.
    func sentence(_ words: Words) -> String {
        switch self {
        case .missing(let field): words("fault.missing", words("field.\(field.rawValue)"))
        case .tooLong(let field, let limit): words("fault.tooLong", words("field.\(field.rawValue)"), limit)
        case .audienceOutOfRange: words("fault.audienceOutOfRange")
        case .endsBeforeStart: words("fault.endsBeforeStart")
        case .tooLongAnOccasion: words("fault.tooLongAnOccasion")
        case .inThePast: words("fault.inThePast")
        case .tooFarAhead: words("fault.tooFarAhead")
        case .datedInTheFuture: words("fault.datedInTheFuture")
        case .unreachableContact: words("fault.unreachableContact")
        case .malformedMail: words("fault.malformedMail")
        }
    }
}

extension DateFault {
    func sentence(_ words: Words) -> String { words("fault.date.\(rawValue)") }
}

extension DocumentFault {
    func sentence(_ words: Words) -> String { words("fault.document.\(rawValue)") }
}
