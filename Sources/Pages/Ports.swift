// SPDX-License-Identifier: Apache-2.0
public import Desk

/// What the pages need of the rest of the house, handed in by `sanyan`; the pages know none of these by their makers.
public struct SiteParts: Sendable {
    public var cabinet: any Cabinet
    public var shelf: any Shelf
    public var papers: any PaperRoom
    public var bell: any Bell
    /// Nil in an office that broadcasts nothing itself.
    public var studio: (any StudioRoom)?
    /// Tries ways out of the house; nil where nothing leaves it.
    public var ways: (any WayRoom)?
    /// Nil where people sign in by their passwords only.
    public var door: (any FrontDoor)?
    /// The 32-byte key that seals links.
    public var secret: [UInt8]
    /// What time it is; the only clock the pages have.
    public var now: @Sendable () -> Moment
    /// The invented office: says so loudly, and its sign-in page lists the people.
    public var isDemo: Bool

    public init(
        cabinet: any Cabinet, shelf: any Shelf, papers: any PaperRoom, bell: any Bell,
        studio: (any StudioRoom)? = nil, ways: (any WayRoom)? = nil, door: (any FrontDoor)? = nil, secret: [UInt8],
        now: @escaping @Sendable () -> Moment, isDemo: Bool
    ) {
        self.cabinet = cabinet
        self.shelf = shelf
        self.papers = papers
        self.bell = bell
        self.studio = studio
        self.ways = ways
        self.door = door
        self.secret = secret
        self.now = now
        self.isDemo = isDemo
    }
}

/// Where papers, codes and charts are made.
public protocol PaperRoom: Sendable {
    /// A QR code as an SVG picture, without inline style.
    func qrCode(_ text: String) -> String
    /// The report's charts as SVG pictures, in the order in which the page shows them.
    func charts(of report: MonthlyReport, names: ReportNames) -> [ReportChart]
    /// The monthly report as an A4 memo (บันทึกข้อความ), PDF.
    func reportPDF(of report: MonthlyReport, record: ReportRecord, names: ReportNames, office: Office) async throws
        -> [UInt8]
    /// A table that office programs open (CSV of RFC 4180): formulas tamed, Thai recognised.
    func spreadsheet(header: [String], rows: [[String]]) -> [UInt8]
    /// The paper with which a declined or incomplete letter goes back, PDF: a memo inside, a letter outside.
    func returnPDF(of matter: Matter, contact: Contact?, signer: Person?, office: Office) async throws -> [UInt8]
    /// The receipt with its QR code, PDF.
    func receiptPDF(of matter: Matter, trackingLink: String, office: Office) async throws -> [UInt8]
    /// The draft of a meeting's minutes (บันทึกการประชุม), PDF: who was there from when to when, the agenda, the votes.
    func minutesPDF(of matter: Matter, settings: MeetSettings, sittings: [Sitting], office: Office) async throws
        -> [UInt8]
    /// A calendar of occasions (RFC 5545), with an alarm before each.
    func calendarFeed(_ matters: [Matter], name: String, office: Office, at now: Moment) -> String
}

/// The names that a report prints for numbers.
public struct ReportNames: Sendable {
    public var people: [Person.ID: String]
    public var rooms: [Room.ID: String]
    /// A matter's register number and title.
    public var matters: [Matter.ID: String]

    public init(people: [Person.ID: String], rooms: [Room.ID: String], matters: [Matter.ID: String]) {
        self.people = people
        self.rooms = rooms
        self.matters = matters
    }
}

extension ReportNames {
    /// The names behind a month's numbers.
    public init(matters: [Matter], people: [Person], rooms: [Room]) {
        self.init(
            people: Dictionary(people.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }),
            rooms: Dictionary(
                rooms.map { ($0.id, "\($0.name) \($0.building)") }, uniquingKeysWith: { first, _ in first }),
            matters: Dictionary(
                matters.map { ($0.id, ($0.incoming.map { "\($0) " } ?? "") + $0.letter.title) },
                uniquingKeysWith: { first, _ in first }))
    }
}

/// One chart of the report.
public struct ReportChart: Sendable {
    /// `report.chart.<name>` is its heading.
    public var name: String
    public var svg: String

    public init(name: String, svg: String) {
        self.name = name
        self.svg = svg
    }
}

/// The ways out of the house, for the button that tries one.
public protocol WayRoom: Sendable {
    /// Tries a way as it is set up now.
    ///
    /// - Returns: what is wrong; nil when all is well.
    func probe(_ way: Way, for person: Person) async -> Trouble?
    /// Sends one webhook a request that only says that it is a test.
    func probe(hook: Int64) async -> Trouble?
}

/// Rings in open pages: new notices for a person, as they come.
public protocol Bell: Sendable {
    func notices(for person: Person.ID) async -> AsyncStream<Notice>
}
