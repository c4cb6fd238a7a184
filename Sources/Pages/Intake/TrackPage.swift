// SPDX-License-Identifier: Apache-2.0

import Desk

/// The receipt (ใบรับเรื่อง) and the follow page in one: where the folder is, who is awaited, how much of the limit is left.
struct TrackPage: Page {
    static let template = "track"
    let frame: Frame
    let errors: ErrorSummary?
    let chip: ChipRow
    let receipt: [PairRow]
    let qr: Markup
    /// The link in full, to be copied.
    let address: String
    /// The same as a path, for the addresses below it.
    let path: String
    let number: String?
    let awaited: String
    let limit: LimitRow?
    let steps: [StepRow]
    let entries: [EntryRow]
    let documents: [PairRow]
    /// Where to join or watch.
    let join: String?
    /// Where the broadcast is watched.
    let watch: WatchRow?
    /// The requester's own link into the meeting.
    let enter: EnterRow?
    let hasOccasion: Bool
    let evaluation: String?
    let completion: CompletionForm?
    let withdrawal: Withdrawal?

    struct Withdrawal: Sendable {
        let reason: FieldRow
        let isOpen: Bool
        let seen: String
        let once: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        func page(_ matter: Matter, _ scene: TrackScene) -> TrackPage {
            TrackPage(
                frame: paper.frame(
                    .sample(isSignedIn: false, path: "/track/sample"), title: matter.letter.title,
                    lead: words("track.lead")), matter: matter, scene: scene, words: words)
        }
        let office = Office.unnamed
        func scene(_ change: (inout TrackScene) -> Void = { _ in }) -> TrackScene {
            var scene = TrackScene(
                token: "sample", office: office, reckoner: SampleMatter.reckoner, at: SampleMatter.now + .minutes(12))
            scene.qr =
                "<svg class=\"qr\" viewBox=\"0 0 8 8\" role=\"img\" aria-label=\"QR\"><path d=\"M1 1h2v2h-2z\"/></svg>"
            scene.documents = [SampleMatter.document, SampleMatter.photo]
            change(&scene)
            return scene
        }
        let ended: [(Act, Hand)] = [(.submit, SampleMatter.secretary), SampleMatter.approved, SampleMatter.assigned]
        return [
            Sample("received", page(SampleMatter.matter(), scene())),
            Sample(
                "to-complete",
                page(
                    SampleMatter.matter(SampleMatter.incomplete),
                    scene { $0.kept = [KeptRow(SampleMatter.document, token: "sample", words)] })),
            Sample(
                "wrong-completion",
                page(
                    SampleMatter.matter(SampleMatter.incomplete),
                    scene {
                        $0.completion = LetterForm(
                            SampleMatter.wrongForm, words: words, at: SampleMatter.now, asksContact: false)
                    })),
            Sample(
                "linked",
                page(
                    SampleMatter.matter(SampleMatter.registered, ended[0], ended[1], ended[2], SampleMatter.linked),
                    scene {
                        $0.watch = WatchRow(
                            address: "https://live.example.ac.th/watch/k7mpx3q9ra",
                            chip: ChipRow(.waiting, words("console.phase.awaited")))
                        $0.enter = EnterRow(
                            address: "https://live.example.ac.th/room/m4kz8wq2tu#pass=sample",
                            chip: ChipRow(.waiting, words("meet.phase.awaited")),
                            opens: words("track.enter.opens", "จ. 30 พ.ย. 69 08:45 น."))
                    })),
            Sample(
                "returned",
                page(
                    SampleMatter.matter(
                        SampleMatter.registered, ended[0], SampleMatter.declined, (.sendBack, SampleMatter.secretary)),
                    scene())),
            Sample(
                "to-evaluate",
                page(SampleMatter.matter(), scene { $0.evaluation = "/evaluate/sample" })),
        ]
    }
}

/// What the follow page shows besides the matter itself.
struct TrackScene {
    let token: String
    let office: Office
    let reckoner: Reckoner
    let at: Moment
    var qr = ""
    var documents: [Document] = []
    var evaluation: String?
    var watch: WatchRow?
    var enter: EnterRow?
    /// A completion as it was typed, when it was not accepted.
    var completion: LetterForm?
    var kept: [KeptRow] = []
    var withdrawalReason: String?
    var refusal: Refusal?
    var once = "sample"

    init(token: String, office: Office, reckoner: Reckoner, at: Moment) {
        self.token = token
        self.office = office
        self.reckoner = reckoner
        self.at = at
    }
}

extension TrackPage {
    init(frame: Frame, matter: Matter, scene: TrackScene, words: Words) {
        let phrases = Phrases(words)
        self.frame = frame
        path = "/track/\(scene.token)"
        address = scene.office.address + path
        qr = Markup(scene.qr)
        chip = ChipRow(matter.stage, phrases)
        number = matter.incoming?.description
        awaited = phrases.awaited(matter.stage)
        limit = scene.reckoner.deadline(of: matter).map { LimitRow($0, at: scene.at, phrases) }
        steps = procedureSteps(of: matter, phrases)
        entries = matter.folder.reversed().compactMap { publicEntry($0, phrases) }
        documents = scene.documents.map { document in
            PairRow(
                words("document.kind.\(document.kind.rawValue)"),
                "\(document.name) (\(fileSize(document.bytes, words)))",
                link: "/track/\(scene.token)/documents/\(document.id)")
        }
        join = matter.stage.isFinal ? nil : matter.link
        watch = scene.watch
        enter = scene.enter
        hasOccasion = !matter.stage.isFinal
        evaluation = scene.evaluation
        receipt = TrackPage.receipt(matter, phrases)
        let completion = TrackPage.completion(matter, scene, words)
        let withdrawal = TrackPage.withdrawal(matter, scene, words)
        self.completion = completion.map(\.part)
        self.withdrawal = withdrawal
        errors =
            completion?.errors
            ?? ErrorSummary(
                lines: scene.refusal.map {
                    [ErrorRow(field: "main", text: $0.sentence(words) + " " + $0.remedy(words))]
                } ?? [])
    }

    private static func receipt(_ matter: Matter, _ phrases: Phrases) -> [PairRow] {
        let words = phrases.words
        let letter = matter.letter
        var rows = [PairRow(words("field.title"), letter.title), PairRow(words("field.unit"), letter.unit)]
        if let at = matter.receivedAt { rows.append(PairRow(words("track.received_at"), phrases.moment(at))) }
        if let number = matter.incoming { rows.append(PairRow(words("track.incoming"), number.description)) }
        if !matter.outgoing.isEmpty {
            rows.append(PairRow(words("track.outgoing"), matter.outgoing.map(\.description).joined(separator: ", ")))
        }
        return rows + [
            PairRow(words("letter.service"), phrases.service(matter.service)),
            PairRow(words("track.when"), phrases.span(letter.span)), PairRow(words("field.place"), letter.place),
        ]
    }

    private static func completion(
        _ matter: Matter, _ scene: TrackScene, _ words: Words
    ) -> (part: CompletionForm, errors: ErrorSummary?)? {
        guard matter.stage == .toComplete else { return nil }
        let letter = scene.completion ?? LetterForm(matter.letter, contact: nil, words: words)
        let part = CompletionForm(
            matter, letter: letter, asksContact: matter.missing.contains(.contact), kept: scene.kept, once: scene.once)
        return (part, letter.errors(part.groups, refusal: scene.refusal))
    }

    private static func withdrawal(_ matter: Matter, _ scene: TrackScene, _ words: Words) -> Withdrawal? {
        guard offers(matter, to: [.requester]).contains(.withdraw) else { return nil }
        let typed = scene.withdrawalReason
        return Withdrawal(
            reason: FieldRow(
                "reason", words("track.withdraw.reason"), .area, value: typed ?? "",
                error: scene.refusal == .reasonMissing ? words("refusal.reason_missing") : nil),
            isOpen: typed != nil, seen: String(matter.folder.count), once: scene.once)
    }
}

/// What a requester may read of an entry: roles and no names, no notes but the reasons that are theirs to know.
private func publicEntry(_ entry: Entry, _ phrases: Phrases) -> EntryRow? {
    let words = phrases.words
    var text: String
    var note: String?
    switch entry.fact {
    case .received: text = words("track.entry.received")
    case .registered(let number, _, _): text = words("track.entry.registered", number)
    case .returnedForCompletion(let number, let missing):
        let lacking = PaperCheck.allCases.filter(missing.contains).map(phrases.paper).joined(separator: ", ")
        text = words("track.entry.returned_for_completion", number, lacking)
        note = entry.note
    case .completed: text = words("track.entry.completed")
    case .submitted: text = words("track.entry.submitted")
    case .approved: text = words("track.entry.approved")
    case .declined(let reason):
        text = words("track.entry.declined", phrases.declineReason(reason))
        note = entry.note
    case .sentBack(let number): text = words("track.entry.sent_back", number)
    case .assigned: text = words("track.entry.assigned")
    case .networkNotified: text = words("track.entry.network_notified")
    case .linked: text = words("track.entry.linked")
    case .opened: text = words("track.entry.opened")
    case .ended: text = words("track.entry.ended")
    case .aired(let figures): text = words("track.entry.aired", figures.peak)
    case .met(let figures): text = words("track.entry.met", figures.people)
    case .evaluated: text = words("track.entry.evaluated")
    case .lapsed: text = words("track.entry.lapsed")
    case .amended: text = words("track.entry.amended")
    case .withdrawn: text = words("track.entry.withdrawn")
    case .voided: text = words("track.entry.voided")
    case .ticked, .unticked, .networkAcknowledged, .overridden, .incidentLogged: return nil
    }
    return EntryRow(
        text, when: phrases.moment(entry.at), iso: entry.at.iso, who: phrases.role(entry.role),
        note: note.flatMap { $0.isEmpty ? nil : $0 })
}
