// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Testing

@testable import Archive

/// A folder as it was written on the first day must be read for ever. A fixture is never edited; a new kind of fact gets
/// a new fixture.
@Suite struct FixtureTests {
    /// What `Fixtures/folder-1.json` holds: JSON texts as the archive stores them in its columns.
    struct Stored: Codable {
        var letter: String
        var office: String
        var facts: [String]
        var kinds: [String]
        var addressees: [String]
        var fates: [String]
    }

    static let number = RegisterNumber(number: 123, buddhistYear: 2569)
    static let facts: [Fact] = [
        .received(revision: 1, documents: [Document.ID(1), Document.ID(2)], via: .counter, keyingSeconds: 240),
        .received(revision: 1, documents: [], via: .web, keyingSeconds: nil),
        .registered(
            number, Classification(origin: .external, service: .both, urgency: .veryUrgent, secrecy: .confidential),
            papers: Set(PaperCheck.allCases)),
        .returnedForCompletion(number, missing: [.signature, .attachment]),
        .completed(revision: 2, documents: [Document.ID(3)]), .submitted, .approved, .declined(.outsideMission),
        .sentBack(number),
        .assigned(
            Assignment(
                officers: [Person.ID(3)], rooms: [Room.ID(1), Room.ID(2)], setUpMinutes: 60, tearDownMinutes: 30),
            checklist: [
                Check(id: "sound", thai: "เสียง", english: "Sound", needsEvidence: true),
                Check(id: "uplink", thai: "ขาออก", english: "Uplink", isSystemTest: true),
            ]),
        .ticked("sound", Evidence(value: "-16 LUFS", photo: Document.ID(4))), .ticked("uplink", Evidence()),
        .unticked("sound"), .networkNotified(NetworkNotice(megabitsPerSecond: 20)), .networkAcknowledged,
        .linked("https://meet.example.ac.th/abc?d=e/f"), .overridden, .opened, .incidentLogged(.interrupted),
        .ended(Summary(audience: 180)), .ended(Summary()),
        .evaluated(Evaluation(overall: 5, signal: 4, staff: 3)), .lapsed, .amended(revision: 3, approvalStands: false),
        .withdrawn, .voided(number),
    ]
    /// Kinds of facts that came later; `Fixtures/folder-2.json` holds them.
    static let later: [Fact] = [
        .aired(
            AirFigures(
                opened: monday, ended: monday + .minutes(93), peak: 382, average: 240, viewerMinutes: 22_320,
                curve: [12, 382, 0], curveMinutes: 31, interruptions: 2, incidents: 1))
    ]
    /// Meetings; `Fixtures/folder-3.json` holds them.
    static let latest: [Fact] = [
        .met(
            MeetFigures(
                opened: monday, ended: monday + .minutes(93), peak: 17, people: 21, identified: 12, personMinutes: 1400,
                curve: [5, 17, 0], curveMinutes: 31, interruptions: 2, lossBasisPoints: 43, votes: 2, incidents: 1))
    ]
    static let meeting: MeetSettings = {
        var settings = MeetSettings()
        (settings.title, settings.door, settings.lobby) = ("สภาวิชาการ", .signedIn, .everybody)
        (settings.domains, settings.freedoms, settings.isWebinar) = (["example.ac.th"], [.chat], true)
        (settings.earlyMinutes, settings.agenda, settings.quorum) = (30, ["แจ้งเพื่อทราบ"], 12)
        (settings.records, settings.consent, settings.keepsDays) = (true, "ยินยอมให้บันทึก", 120)
        (settings.isLegal, settings.isAired) = (true, true)
        return settings
    }()
    static let sitting = Sitting(
        opened: monday, ended: monday + .minutes(93), peak: 17,
        attendance: [
            .init(
                invitee: Invitee.ID(4), name: "นายมานะ ใจกว้าง", role: .host, isIdentified: true,
                stays: [Span(start: monday, end: monday + .minutes(90))], lossBasisPoints: 20,
                roundTripMilliseconds: 31, interruptions: 1, consented: true)
        ],
        votes: [
            .init(
                question: "รับรองรายงาน", isSecret: false, isFormal: true, quorum: 3, present: 4, opened: monday,
                closed: monday + .minutes(1), choices: [.init(text: "รับรอง", count: 4)],
                ballots: [.init(name: "นายมานะ ใจกว้าง", choice: "รับรอง")])
        ], marks: [.init(at: monday, text: "แจ้งเพื่อทราบ")], messages: 3)
    static let invited: [Invitee.Who] = [.named(name: "มานะ", mail: "m@example.ac.th"), .contact, .anybody, .forgotten]
    static let settings: AirSettings = {
        var settings = AirSettings()
        settings.title = "พิธีไหว้ครู"
        settings.door = .signedIn
        settings.profile = .campus
        settings.second = .takeOver
        settings.rungs = [.p480, .sound]
        settings.talk = .questions
        settings.embedders = ["https://lms.example.ac.th"]
        settings.targets = [AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/key")]
        settings.records = false
        settings.mayForget = true
        return settings
    }()
    static let kinds: [Errand.Kind] = [
        .awaiting(.toDecide), .assignment, .reminder, .change, .withdrawal, .networkNotice, .lapse,
        .draftReport(Month(of: monday)),
    ]
    static let addressees: [Errand.Addressee] = [.person(Person.ID(3)), .role(.executive), .sanyan]
    static let fates: [ErrandFate] = [
        .carried(at: monday, late: true), .dropped(at: monday, why: .stale), .dropped(at: monday, why: .cancelled),
        .dropped(at: monday, why: .refused),
    ]
    static let office: Office = {
        var office = Office.unnamed
        office.limits = [
            .decision: OfficeLimit(.hours(8), counting: .working), .preparation: OfficeLimit(.workingDaysBefore(2)),
        ]
        return office
    }()

    @Test func `the first day's folder is read as it was meant`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appendingPathComponent("Fixtures/folder-1.json"))
        let stored = try JSONDecoder().decode(Stored.self, from: bytes)
        #expect(try stored.facts.map { try JSON.value(Fact.self, $0) } == Self.facts)
        #expect(try JSON.value(Letter.self, stored.letter) == letter())
        #expect(try JSON.value(Office.self, stored.office) == Self.office)
        #expect(try stored.kinds.map { try JSON.value(Errand.Kind.self, $0) } == Self.kinds)
        #expect(try stored.addressees.map { try JSON.value(Errand.Addressee.self, $0) } == Self.addressees)
        #expect(try stored.fates.map { try JSON.value(ErrandFate.self, $0) } == Self.fates)
    }

    /// What `Fixtures/folder-2.json` holds: broadcasts.
    struct Broadcasts: Codable {
        var facts: [String]
        var settings: String
    }

    @Test func `the first broadcasts are read as they were meant`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appendingPathComponent("Fixtures/folder-2.json"))
        let stored = try JSONDecoder().decode(Broadcasts.self, from: bytes)
        #expect(try stored.facts.map { try JSON.value(Fact.self, $0) } == Self.later)
        #expect(try JSON.value(AirSettings.self, stored.settings) == Self.settings)
        #expect(try JSON.value(AirSettings.self, "{}") == AirSettings(), "what is not written stays as usual")
    }

    /// What `Fixtures/folder-3.json` holds: meetings.
    struct Meetings: Codable {
        var facts: [String]
        var settings: String
        var sitting: String
        var invited: [String]
    }

    @Test func `the first meetings are read as they were meant`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appendingPathComponent("Fixtures/folder-3.json"))
        let stored = try JSONDecoder().decode(Meetings.self, from: bytes)
        #expect(try stored.facts.map { try JSON.value(Fact.self, $0) } == Self.latest)
        #expect(try JSON.value(MeetSettings.self, stored.settings) == Self.meeting)
        #expect(try JSON.value(MeetSettings.self, "{}") == MeetSettings(), "what is not written stays as usual")
        #expect(try JSON.value(Sitting.self, stored.sitting) == Self.sitting)
        #expect(try stored.invited.map { try JSON.value(Invitee.Who.self, $0) } == Self.invited)
    }

    @Test func `what is written today is read today`() throws {
        #expect(try Self.latest.map { try JSON.value(Fact.self, JSON.text($0)) } == Self.latest)
        #expect(try JSON.value(MeetSettings.self, JSON.text(Self.meeting)) == Self.meeting)
        #expect(try JSON.value(Sitting.self, JSON.text(Self.sitting)) == Self.sitting)
        #expect(try Self.later.map { try JSON.value(Fact.self, JSON.text($0)) } == Self.later)
        #expect(try JSON.value(AirSettings.self, JSON.text(Self.settings)) == Self.settings)
        #expect(try Self.facts.map { try JSON.value(Fact.self, JSON.text($0)) } == Self.facts)
    }

    @Test func `every kind of fact is in a fixture`() {
        #expect(Set((Self.facts + Self.later + Self.latest).map(kind)) == Set(1...25))
    }

    /// The compiler asks here for a number when there is a new kind of fact; then it needs a fixture too.
    private func kind(_ fact: Fact) -> Int {
        switch fact {
        case .received: 1
        case .registered: 2
        case .returnedForCompletion: 3
        case .completed: 4
        case .submitted: 5
        case .approved: 6
        case .declined: 7
        case .sentBack: 8
        case .assigned: 9
        case .ticked: 10
        case .unticked: 11
        case .networkNotified: 12
        case .networkAcknowledged: 13
        case .linked: 14
        case .overridden: 15
        case .opened: 16
        case .incidentLogged: 17
        case .ended: 18
        case .evaluated: 19
        case .lapsed: 20
        case .amended: 21
        case .withdrawn: 22
        case .voided: 23
        case .aired: 24
        case .met: 25
        }
    }
}

extension FixtureTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["WRITE_FIXTURE"] != nil, "writes a fixture when asked to"))
    func `write the fixture`() throws {
        let path = ProcessInfo.processInfo.environment["WRITE_FIXTURE"] ?? ""
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        if path.hasSuffix("folder-3.json") {
            let stored = Meetings(
                facts: try Self.latest.map { try JSON.text($0) }, settings: try JSON.text(Self.meeting),
                sitting: try JSON.text(Self.sitting), invited: try Self.invited.map { try JSON.text($0) })
            return try encoder.encode(stored).write(to: URL(fileURLWithPath: path))
        }
        let stored = Stored(
            letter: try JSON.text(letter()), office: try JSON.text(Self.office),
            facts: try Self.facts.map { try JSON.text($0) },
            kinds: try Self.kinds.map { try JSON.text($0) }, addressees: try Self.addressees.map { try JSON.text($0) },
            fates: try Self.fates.map { try JSON.text($0) })
        try encoder.encode(stored).write(to: URL(fileURLWithPath: path))
    }
}
