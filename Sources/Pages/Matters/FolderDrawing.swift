// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// Draws the folder of one matter: every row of its page from what the folder says.
struct FolderDrawing {
    let matter: Matter
    let names: Names
    let phrases: Phrases
    let reckoner: Reckoner
    let now: Moment
    let roles: Set<Role>
    let errands: [ErrandRecord]
    let notices: [Notice]
    let deliveries: [Delivery]
    /// What stands in calendars outside, one line each.
    var calendars: [PairRow] = []

    private var words: Words { phrases.words }

    func page(
        frame: Frame, documents: [Document], contact: Contact?, forgettingPath: String?,
        tracking: MatterPage.Tracking?, live: (address: String, sight: StudioSight)? = nil,
        meeting: LiveMeeting? = nil
    ) -> MatterPage {
        let deadline = reckoner.deadline(of: matter)
        return MatterPage(
            frame: frame, number: phrases.number(matter), chips: chips, acts: acts, steps: steps(deadline),
            limit: deadline.map { LimitRow($0, at: now, phrases) },
            working: deadline.map { phrases.reckoning($0) } ?? [],
            awaited: matter.stage.isFinal
                ? phrases.awaited(matter.stage) : words("matter.awaited", phrases.awaited(matter.stage)),
            letter: registration + phrases.particulars(matter.letter), revisions: revisions,
            documents: documents.map {
                PairRow(words("matter.document"), phrases.document($0), link: documentPath($0.id))
            },
            contact: contact.flatMap { .init(contactPairs($0)) }, forgettingPath: forgettingPath,
            decision: .init(decisionPairs(matter, names, phrases)),
            assignment: .init(assignmentPairs), preparation: .init(preparationPairs), network: .init(networkPairs),
            outcome: .init(outcomePairs), watchLink: matter.link,
            broadcast: AirBox(matter, live: live, roles: roles, at: now, phrases),
            meeting: MeetBox(matter, live: meeting, roles: roles, at: now, phrases), incidents: incidents,
            told: words("matter.told", noticeLines.count), notices: noticeLines,
            deliveries: deliveryLines,
            outside: DeliveryDrawing(names: names, phrases: phrases).summary(deliveries),
            tracking: tracking, entries: phrases.timeline(matter, names: names))
    }

    private var chips: [ChipRow] {
        [
            ChipRow(matter.stage, phrases), ChipRow(matter.classification?.urgency, phrases),
            ChipRow(matter.classification?.secrecy, phrases),
        ].compactMap(\.self)
    }

    // MARK: What may be done

    /// One button for each page that offers something now; the one that the stage waits for comes first.
    private var acts: [ActRow] {
        let offered = offers(matter, to: roles)
        var paths: Set<String> = []
        let awaited = awaitedAct(at: matter.stage)
        let ordered = offered.filter { $0 == awaited } + offered.filter { $0 != awaited }
        return ordered.compactMap { act in
            let path = actPath(act, on: matter.id)
            guard paths.insert(path).inserted, let noun = actNoun(act) else { return nil }
            return ActRow(label: words("matter.go.\(noun)"), path: path, look: act == awaited ? "" : "quiet")
        }
    }

    // MARK: Where it is

    private func steps(_ deadline: Deadline?) -> [StepRow] {
        let passages = reckoner.passages(of: matter)
        return procedure.map { row in
            let place = place(row.step)
            let passage = passages.last { $0.deadline.step == (row.step == .report ? .evaluation : row.step) }
            let said: String? =
                switch place {
                case .here:
                    deadline.map { words("matter.step.until", phrases.moment($0.due)) } ?? phrases.awaited(matter.stage)
                case .done: passage.flatMap(took)
                case .ahead: nil
                }
            return StepRow(
                row: row.label.count > 2 ? "•" : row.label, place, name: phrases.step(row.step),
                placeWord: words("matter.step.\(place.rawValue)"), said: said)
        }
    }

    private func took(_ passage: Passage) -> String? {
        guard let ended = passage.ended, let length = passage.length else { return nil }
        let said = words("matter.step.took", phrases.moment(ended), phrases.length(length))
        return passage.isLate ? "\(said) · \(words("matter.step.late"))" : said
    }

    private func place(_ step: Step) -> StepRow.Place {
        let awaited: Step? =
            switch matter.stage {
            case .toComplete: .registration
            case .toReturn: .decision
            case .toEvaluate: .report
            default: matter.stage.step
            }
        if awaited == step { return .here }
        let isDone =
            switch step {
            case .letter: !matter.folder.isEmpty
            case .registration: matter.incoming != nil
            case .submission: matter.decision != nil || matter.stage == .toDecide
            case .decision: matter.decision != nil
            case .calendar: matter.assignment != nil
            case .preparation: matter.openedAt != nil || matter.stage == .ready
            case .networkNotice: matter.networkNotice != nil
            case .phoneNotice: notices.contains { $0.kind == .reminder } || matter.openedAt != nil
            case .service: matter.endedAt != nil
            case .report, .evaluation: matter.stage == .closed
            case .sendBack: matter.stage == .returned
            }
        return isDone ? .done : .ahead
    }

    // MARK: The letter

    private var registration: [PairRow] {
        var pairs: [PairRow] = []
        if let number = matter.incoming { pairs.append(PairRow(words("matter.incoming_number"), number.description)) }
        if !matter.outgoing.isEmpty {
            pairs.append(
                PairRow(words("matter.outgoing_number"), matter.outgoing.map(\.description).joined(separator: ", ")))
        }
        if let received = matter.receivedAt {
            pairs.append(PairRow(words("matter.received"), phrases.moment(received)))
        }
        return pairs
    }

    private var revisions: [MatterPage.RevisionRow] {
        let entries = matter.folder.compactMap { entry -> (Int, Entry)? in
            switch entry.fact {
            case .completed(let revision, _), .amended(let revision, _): (revision, entry)
            default: nil
            }
        }
        return entries.reversed().compactMap { revision, entry in
            guard matter.letters.indices.contains(revision - 1), revision > 1 else { return nil }
            let changes = phrases.changes(from: matter.letters[revision - 2], to: matter.letters[revision - 1])
            return MatterPage.RevisionRow(
                title: words("matter.revision", revision),
                when: "\(phrases.moment(entry.at)) · \(names.person(entry.person))", changes: changes)
        }
    }

    private func contactPairs(_ contact: Contact) -> [PairRow] {
        [
            contact.name.isEmpty ? nil : PairRow(words("field.contactName"), contact.name),
            contact.phone.isEmpty ? nil : PairRow(words("field.contactPhone"), contact.phone),
            contact.mail.isEmpty
                ? nil : PairRow(words("field.contactMail"), contact.mail, link: "mailto:\(contact.mail)"),
        ].compactMap(\.self)
    }
}
