// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// The counter (เคาน์เตอร์): what every page of the office stands on. Pages are extensions of it, one file per action.
///
/// A route's shape: `try await counter.showDecision(request, visit)`. The usual helpers are `matter(_:)`, `require(_:)`,
/// `perform(...)`, `reckoner()`, `phrases(visit)`.
public struct Counter: Sendable {
    public let paper: Stationery
    public let parts: SiteParts
    let seal: Seal
    /// What a browser keeps for us without being able to read it.
    let box: Strongbox
    let throttle = Throttle()

    public init(paper: Stationery, parts: SiteParts) {
        self.paper = paper
        self.parts = parts
        seal = Seal(key: parts.secret)
        box = Strongbox(key: parts.secret)
    }

    var cabinet: any Cabinet { parts.cabinet }
    func now() -> Moment { parts.now() }

    func words(_ visit: Visit) -> Words { paper.words(visit) }
    func phrases(_ visit: Visit) -> Phrases { Phrases(paper.words(visit)) }

    /// The frame of a page of the office; the notice comes from `?done=KEY` after a POST.
    func frame(
        _ visit: Visit, _ title: String, lead: String? = nil, notice: NoticeRow? = nil, scripts: [String] = []
    ) -> Frame {
        paper.frame(visit, title: title, lead: lead, notice: notice ?? doneNotice(visit), scripts: scripts)
    }

    /// What a POST has just done, said once: the address it went to ends in `?done=approved`, the words are `done.approved`.
    private func doneNotice(_ visit: Visit) -> NoticeRow? {
        guard let done = visit.done, done.count <= 40, done.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "_") })
        else { return nil }
        let text = words(visit)("done.\(done)")
        return text.hasPrefix("⟦") ? nil : NoticeRow(.good, text)
    }

    // MARK: Who asks

    /// The person who is signed in; sends everybody else to the sign-in page.
    func person(_ visit: Visit) throws -> Person {
        guard let person = visit.person else { throw SignInFirst(path: visit.path) }
        return person
    }

    /// The person, when one of the roles is theirs. The core checks every act again.
    @discardableResult
    func require(_ roles: Role..., visit: Visit) throws -> Person {
        let person = try person(visit)
        guard !person.roles.isDisjoint(with: roles) else { throw HTTPError(.forbidden) }
        return person
    }

    func hand(_ visit: Visit) throws -> Hand { Hand(try person(visit)) }

    // MARK: What is asked about

    /// The matter that the address names (`/matters/:id/...`).
    ///
    /// - Parameter readsLetter: false for what the network section does without reading the letter.
    func matter(_ visit: Visit, readsLetter: Bool = true) async throws -> Matter {
        let person = try person(visit)
        guard let text = visit.parameters.get("id"), let id = Matter.ID(text), let matter = try await cabinet.matter(id)
        else { throw Refusal.noSuchMatter }
        guard !readsLetter || maySee(matter, person: person) else {
            throw Sentence("secret.not_yours", status: .forbidden)
        }
        return matter
    }

    func reckoner() async throws -> Reckoner {
        let office = try await cabinet.office()
        let calendar = WorkingCalendar(
            opens: office.opens, closes: office.closes, holidays: try await cabinet.holidays())
        return Reckoner(office: office, calendar: calendar)
    }

    /// Everybody's and every room's name by number.
    func names() async throws -> Names {
        Names(people: try await cabinet.people(), rooms: try await cabinet.rooms())
    }

    /// Does an act for the person who is signed in, with the form's `seen`, `once` and `late_reason`.
    func perform(
        _ act: Act, on id: Matter.ID, form: Form, visit: Visit, contact: Contact? = nil, ignoresAge: Bool = false
    ) async throws -> Matter {
        try await cabinet.perform(
            act, on: id, by: try hand(visit), at: now(), seen: ignoresAge ? nil : form.number("seen") ?? -1,
            contact: contact, lateReason: form.text("late_reason"), once: form.once)
    }

    // MARK: Links that open a page without an account

    /// The link by which a requester follows a matter; good for half a year after the occasion.
    func trackingToken(_ matter: Matter) -> String { seal.trackingToken(matter) }

    /// The link by which the requester answers three questions; good until the matter closes by itself.
    func evaluationToken(_ matter: Matter, office: Office) -> String {
        seal.evaluationToken(matter, office: office)
    }

    /// What a signed link of `/purpose/:token` is about.
    func subject(by purpose: String, _ visit: Visit) throws -> Int64 {
        let token = visit.parameters.get("token") ?? ""
        do {
            return try seal.open(token, purpose: purpose, now: now().milliseconds / 1000)
        } catch .expired {
            throw Sentence("link.expired", status: .gone)
        } catch {
            throw Sentence("link.broken", status: .notFound)
        }
    }

    /// The matter that a signed link of `/purpose/:token` opens.
    func matter(by purpose: String, _ visit: Visit) async throws -> Matter {
        let subject = try subject(by: purpose, visit)
        guard let matter = try await cabinet.matter(Matter.ID(subject)) else { throw Refusal.noSuchMatter }
        return matter
    }

    /// A mark that makes a form sent twice count once.
    func onceMark() -> String { Token.random(bytes: 12) }

    // MARK: Files

    /// Records a form's received files, and those an earlier try of the same form had brought (`kept` fields).
    func documents(_ form: Form, field: String = "file") async throws -> [Document] {
        var documents = try await cabinet.documents(keptDocuments(form))
        for file in form.files where file.field == field {
            documents.append(
                try await cabinet.record(
                    hash: file.hash, name: String(file.fileName.prefix(200)), kind: file.kind, bytes: file.bytes,
                    at: now()))
        }
        return documents
    }

    /// What a form shown again carries in hidden `kept` fields, so that no file has to be chosen twice.
    func keptToken(_ document: Document) -> String {
        seal.sign(purpose: "kept", subject: document.id.number, expires: (now() + .days(1)).milliseconds / 1000)
    }

    private func keptDocuments(_ form: Form) -> [Document.ID] {
        form.texts("kept").prefix(20).compactMap { token in
            // A forged or old mark is simply no file; the form then asks for it again.
            (try? seal.open(token, purpose: "kept", now: now().milliseconds / 1000)).map { Document.ID($0) }
        }
    }
}

/// Names by number.
struct Names: Sendable {
    let people: [Person.ID: Person]
    let rooms: [Room.ID: Room]

    init(people: [Person], rooms: [Room]) {
        self.people = Dictionary(people.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.rooms = Dictionary(rooms.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func person(_ id: Person.ID?) -> String { id.flatMap { people[$0]?.name } ?? "–" }
    func room(_ id: Room.ID) -> String { rooms[id].map { "\($0.name) \($0.building)" } ?? "–" }
}

/// Thrown where a person has to sign in first; the sign-in page brings them back.
struct SignInFirst: Error { let path: String }

extension Form {
    /// The form's one-time mark; nil when it carries none.
    var once: String? {
        let mark = text("once")
        return mark.isEmpty || mark.count > 64 ? nil : mark
    }
}
