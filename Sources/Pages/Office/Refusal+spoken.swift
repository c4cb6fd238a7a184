// SPDX-License-Identifier: Apache-2.0

public import Desk
public import HTTPTypes

/// A refusal has one sentence and what to do next, in the person's language: `refusal.<code>` and `refusal.<code>.remedy`.
extension Refusal: Spoken {
    public var status: HTTPResponse.Status {
        switch self {
        case .noSuchMatter: .notFound
        case .notYourRole, .administratorsOnly, .notItsOfficer: .forbidden
        case .noBroadcast, .noMeeting, .noSuchInvitee: .notFound
        case .notNow, .stalePage, .doubleBooked, .alreadyTicked, .alreadyAcknowledged, .alreadyReady, .nothingChanged,
            .folderFull, .lastAdministrator, .alreadyAired, .alreadyMet, .keptByLaw:
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
        case .airFaults(let faults): return [faults.map { $0.sentence(words) }.joined(separator: " · ")]
        case .meetFaults(let faults): return [faults.map { $0.sentence(words) }.joined(separator: " · ")]
        case .inviteeFaults(let faults): return [faults.map { $0.sentence(words) }.joined(separator: " · ")]
        case .keptByLaw(let until): return [phrases.moment(until)]
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

extension AirFault {
    /// What is wrong, and how to put it right, in one sentence.
    func sentence(_ words: Words) -> String {
        switch self {
        case .titleTooLong(let limit): words("fault.air.titleTooLong", limit)
        case .secretIsNotOpen: words("fault.air.secretIsNotOpen")
        case .tooManyEmbedders(let limit): words("fault.air.tooManyEmbedders", limit)
        case .noOrigin(let text): words("fault.air.noOrigin", text)
        case .tooManyTargets(let limit): words("fault.air.tooManyTargets", limit)
        case .targetUnnamed: words("fault.air.targetUnnamed")
        case .targetTwice: words("fault.air.targetTwice")
        case .noStreamAddress(let name): words("fault.air.noStreamAddress", name)
        case .soundUnnamed: words("fault.air.soundUnnamed")
        case .soundMalformed: words("fault.air.soundMalformed")
        case .passphraseMalformed: words("fault.air.passphraseMalformed")
        }
    }
}

extension DateFault {
    func sentence(_ words: Words) -> String { words("fault.date.\(rawValue)") }
}

extension DocumentFault {
    func sentence(_ words: Words) -> String { words("fault.document.\(rawValue)") }
}
