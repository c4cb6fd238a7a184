// SPDX-License-Identifier: Apache-2.0

/// The filing cabinet (ตู้แฟ้ม) as the rest of the house knows it. Only `Archive` implements it, on SQLite.
///
/// Every method may throw a `Mishap`; those that change a matter throw a `Refusal` too. What has returned is on the disk.
public protocol Cabinet: Sendable {
    // MARK: Matters

    /// Receives a letter: makes the matter, its first entry and the errands in one transaction.
    ///
    /// - Parameter once: a form's one-time mark; the same mark again gives the matter it made the first time.
    func receive(
        _ letter: Letter, contact: Contact, documents: [Document.ID], via: Intake, keyingSeconds: Int?, by hand: Hand,
        at now: Moment, once: String?
    ) async throws -> Matter

    /// Does an act: reads the matter, decides, writes entries, register numbers, bookings and errands in one transaction.
    ///
    /// - Parameters:
    ///   - seen: how many entries the person had seen; nil skips that check (the clock, and forms that only add).
    ///   - contact: the corrected contact, with `.complete` and `.amend`.
    ///   - once: a form's one-time mark; the same mark again changes nothing and answers with the matter as it is.
    func perform(
        _ act: Act, on id: Matter.ID, by hand: Hand, at now: Moment, seen: Int?, contact: Contact?, lateReason: String,
        once: String?
    ) async throws -> Matter

    func matter(_ id: Matter.ID) async throws -> Matter?
    func matters(_ filter: MatterFilter) async throws -> [Matter]
    /// How many matters are at each stage.
    func counts() async throws -> [Stage: Int]
    func contact(of id: Matter.ID) async throws -> Contact?
    /// Changes the contact alone, while the matter is alive, and notes who did it when, without saying what it was.
    func correctContact(of id: Matter.ID, to contact: Contact, by hand: Hand, at now: Moment) async throws
    /// Empties the contact of a matter that has ended, and notes who did it when; a second time changes nothing.
    func forgetContact(of id: Matter.ID, by hand: Hand, at now: Moment) async throws
    /// Bookings that overlap a stretch, of every matter but one.
    func bookings(during span: Span, but id: Matter.ID?) async throws -> [Booking]
    func register(_ register: Register, year: Int, text: String, limit: Int, offset: Int) async throws -> [RegisterLine]
    /// Buddhist years in which the register has lines, newest first.
    func registerYears(_ register: Register) async throws -> [Int]

    // MARK: Documents

    /// Puts a kept file's particulars on record; the bytes are already on the shelf.
    func record(hash: String, name: String, kind: Document.Kind, bytes: Int, at now: Moment) async throws -> Document
    func documents(_ ids: [Document.ID]) async throws -> [Document]
    /// The matter that a document belongs to, if any does.
    func matter(holding document: Document.ID) async throws -> Matter.ID?

    // MARK: The roster

    func people() async throws -> [Person]
    /// Saves a person; an id of 0 makes a new one. `passwordHash` nil leaves the password as it is.
    func save(_ person: Person, passwordHash: String?, by: Person.ID?, at now: Moment) async throws -> Person
    func rooms() async throws -> [Room]
    func save(_ room: Room, by: Person.ID?, at now: Moment) async throws -> Room
    func holidays() async throws -> [Holiday]
    func save(_ holiday: Holiday, by: Person.ID?, at now: Moment) async throws
    func removeHoliday(on day: Day, by: Person.ID?, at now: Moment) async throws
    func office() async throws -> Office
    func save(_ office: Office, by: Person.ID?, at now: Moment) async throws
    func rosterChanges(limit: Int) async throws -> [RosterChange]

    // MARK: Keys

    /// The person with a username and the hash of the password, active or not.
    func credential(username: String) async throws -> (person: Person, passwordHash: String)?
    func openSession(hash: String, person: Person.ID, until: Moment) async throws
    func session(hash: String, at now: Moment) async throws -> Person?
    func closeSession(hash: String) async throws
    /// A one-time or standing key that is kept only as its hash: `welcome` for the first administrator, `feed` for a calendar.
    func keep(key hash: String, purpose: String, person: Person.ID?, until: Moment?) async throws
    func key(hash: String, purpose: String, at now: Moment) async throws -> KeyRecord?
    /// Uses a one-time key up; false when somebody else was faster.
    func spend(key hash: String, purpose: String, at now: Moment) async throws -> Bool
    /// Takes back every key of a purpose that a person holds.
    func revokeKeys(purpose: String, person: Person.ID?) async throws

    // MARK: Errands and inboxes

    /// Errands that are due and have no fate yet, earliest first.
    func dueErrands(at now: Moment, limit: Int) async throws -> [Errand]
    func nextErrandDue() async throws -> Moment?
    func issue(_ errand: Errand) async throws
    /// Carries errands into the inboxes of their addressees, gives them their fate and issues what the ladder sends out
    /// for each notice, in one transaction. An errand that has a fate already is passed over.
    ///
    /// - Returns: the new notices.
    func deliver(_ handings: [Handing], at now: Moment) async throws -> [Notice]
    func settle(_ errand: Errand.ID, _ fate: ErrandFate) async throws
    func errands(of id: Matter.ID) async throws -> [ErrandRecord]
    func inbox(of person: Person.ID, limit: Int) async throws -> [Notice]
    func unacknowledged(of person: Person.ID) async throws -> Int
    /// False when there is no such notice for that person. A second press changes nothing.
    func acknowledge(_ notice: Notice.ID, by person: Person.ID, at now: Moment) async throws -> Bool
    /// The desk has reached the person by telephone. False when somebody has acknowledged already.
    func acknowledge(_ notice: Notice.ID, onBehalfBy desk: Person.ID, at now: Moment) async throws -> Bool
    func notices(of id: Matter.ID) async throws -> [Notice]
    func notice(_ id: Notice.ID) async throws -> Notice?
    /// Notices of occasions to come whose ladder has reached the call list, and nobody has acknowledged: earliest first.
    func callList(at now: Moment) async throws -> [Notice]

    // MARK: Ways out

    func ways() async throws -> [WayRecord]
    /// How a way is set up; one that nobody has set up is off and empty.
    func way(_ way: Way) async throws -> WayRecord
    /// Sets a way up, and notes who did it when, without the settings.
    func save(_ way: Way, settings: String, isOn: Bool, by: Person.ID?, at now: Moment) async throws
    /// The address at which a person is reached on a way: a LINE user, a topic, an address for invitations; nil for none.
    func reach(of person: Person.ID, by way: Way) async throws -> String?
    /// Remembers the address at which a person is reached on a way; nil forgets it.
    func setReach(of person: Person.ID, by way: Way, to address: String?, at now: Moment) async throws
    /// Who is reached at an address on a way.
    func person(reachedAt address: String, by way: Way) async throws -> Person.ID?

    /// Deliveries whose next try is due and that are not with a carrier, earliest first: at most so many on each way.
    func waitingDeliveries(at now: Moment, limits: [Way: Int]) async throws -> [Delivery]
    /// When the next try is due of a delivery on one of these ways that is not with a carrier.
    func nextDeliveryDue(on ways: Set<Way>) async throws -> Moment?
    /// After a start: what was with a carrier when the program ended is tried again now.
    func takeBackDeliveries(at now: Moment) async throws
    /// Issues deliveries; those whose names are known already change nothing.
    func issue(_ deliveries: [Delivery]) async throws
    /// Notes that deliveries are with their carriers now. Those that are stale or known by now find their fate instead.
    ///
    /// - Returns: those that are to be carried.
    func handOver(_ ids: [Delivery.ID], at now: Moment) async throws -> [Delivery]
    /// Notes what became of attempts. `again` is when the next one is due, for those that are tried again.
    func note(_ results: [DeliveryResult]) async throws
    /// A device says that it has shown a notice.
    func shown(_ notice: Notice.ID, by way: Way, at now: Moment) async throws
    func deliveries(of id: Matter.ID) async throws -> [Delivery]
    func deliveries(of notice: Notice.ID) async throws -> [Delivery]
    /// What waits, and what was refused since a moment: for the board.
    func unfinishedDeliveries(refusedSince: Moment, limit: Int) async throws -> [Delivery]
    func delivery(_ id: Delivery.ID) async throws -> Delivery?
    /// A refused delivery is tried once more.
    func retry(_ id: Delivery.ID, at now: Moment) async throws

    // MARK: Broadcasts

    /// What stands for a matter's broadcast; nil before it is approved, and for a matter that asks for none.
    func airPlan(of id: Matter.ID) async throws -> AirPlan?
    func airPlan(named name: String) async throws -> AirPlan?
    func airPlans(of ids: [Matter.ID]) async throws -> [AirPlan]
    /// Of every matter whose occasion ends after a moment.
    func airPlans(endingAfter moment: Moment) async throws -> [AirPlan]
    /// Settles a broadcast, and notes who did it when.
    func save(_ settings: AirSettings, of id: Matter.ID, by hand: Hand, at now: Moment) async throws
    /// The keys that are good, for the officers who are assigned; notes who was shown them when, without the keys.
    func streamKeys(of id: Matter.ID, by hand: Hand, at now: Moment) async throws -> [StreamKey]
    /// Draws a new key. The others stay good until a moment, or end now; the answer is what is good then.
    func renewStreamKey(
        of id: Matter.ID, by hand: Hand, at now: Moment, oldUntil until: Moment?
    ) async throws -> [StreamKey]
    /// Remembers what an airing has come to so far, so that it is not lost with the studio; `.air` writes it in the folder.
    ///
    /// - Returns: false while another airing of the matter is remembered; nothing was written then.
    func keep(running figures: AirFigures, of id: Matter.ID) async throws -> Bool
    /// Airings that were on the last time anybody heard of them.
    func runningAirings() async throws -> [Matter.ID: AirFigures]

    // MARK: Meetings

    /// What stands for a matter's meeting; nil before it is approved, and for a matter that asks for none.
    func meetPlan(of id: Matter.ID) async throws -> MeetPlan?
    func meetPlan(named name: String) async throws -> MeetPlan?
    func meetPlans(of ids: [Matter.ID]) async throws -> [MeetPlan]
    /// Of every matter whose occasion ends after a moment.
    func meetPlans(endingAfter moment: Moment) async throws -> [MeetPlan]
    /// Settles a meeting, and notes who did it when.
    func save(_ settings: MeetSettings, of id: Matter.ID, by hand: Hand, at now: Moment) async throws
    /// Everybody who has, or had, a link, in the order in which they were invited.
    func invitees(of id: Matter.ID) async throws -> [Invitee]
    func invitee(_ id: Invitee.ID) async throws -> Invitee?
    /// Gives links to people, and notes who did it when.
    func invite(_ list: InviteeList, to id: Matter.ID, by hand: Hand, at now: Moment) async throws -> [Invitee]
    /// Takes a link back; a second time changes nothing.
    func revoke(_ invitee: Invitee.ID, of id: Matter.ID, by hand: Hand, at now: Moment) async throws
    /// Sends people their links by mail: those who have an address and a link that is good.
    ///
    /// - Parameter invitees: empty for all who were never sent theirs.
    /// - Returns: to how many.
    func mail(_ invitees: [Invitee.ID], of id: Matter.ID, by hand: Hand, at now: Moment) async throws -> Int
    /// Notes that somebody was shown links: an invited person's, or with nil the host's own.
    func noteLink(of invitee: Invitee.ID?, of id: Matter.ID, shownTo hand: Hand, at now: Moment) async throws
    /// Remembers what a sitting has come to so far, so that it is not lost with the studio; `.meet` writes it in the folder.
    ///
    /// - Returns: false while another sitting of the matter is remembered; nothing was written then.
    func keep(running figures: MeetFigures, of id: Matter.ID) async throws -> Bool
    /// Sittings that were on the last time anybody heard of them.
    func runningSittings() async throws -> [Matter.ID: MeetFigures]
    /// Keeps who was there and what was voted on, beside the folder; the same sitting again takes its place, unless it was
    /// forgotten.
    func keep(_ sitting: Sitting, of id: Matter.ID) async throws
    /// A matter's sittings, oldest first.
    func sittings(of id: Matter.ID) async throws -> [Sitting]
    /// Forgets the names that a meeting left, and notes who did it when; a second time changes nothing.
    func forgetMeeting(of id: Matter.ID, by hand: Hand, at now: Moment) async throws
    /// Forgets what has been kept as long as was settled.
    ///
    /// - Returns: of which matters.
    func forgetMeetings(at now: Moment) async throws -> [Matter.ID]

    // MARK: LINE

    /// Takes what somebody did in LINE's talk: binds, unbinds, acknowledges, and issues the answer, in one transaction.
    /// The same event a second time changes nothing.
    ///
    /// - Returns: what is answered; nil for nothing.
    @discardableResult
    func take(_ event: LineEvent, at now: Moment) async throws -> LineReply?
    /// What LINE said last about the account; nil before it was asked.
    func lineAccount() async throws -> LineAccount?
    func keep(_ account: LineAccount) async throws

    // MARK: Webhooks

    func hooks() async throws -> [Hook]
    func hook(_ id: Int64) async throws -> Hook?
    /// Saves a hook, and notes who did it when; an id of 0 makes a new one. What waits for one that is switched off is
    /// called off.
    func save(_ hook: Hook, by: Person.ID?, at now: Moment) async throws -> Hook
    func removeHook(_ id: Int64, by: Person.ID?, at now: Moment) async throws
    /// Notes what became of a request to a hook; one that has failed for days is switched off, with a record.
    func note(hook id: Int64, _ carriage: Carriage, at now: Moment) async throws

    // MARK: Reports

    func reports() async throws -> [ReportRecord]
    func save(_ report: ReportRecord) async throws

    // MARK: Devices

    /// A person's devices, the newest first; those that are gone too.
    func devices(of person: Person.ID) async throws -> [Device]
    func device(_ id: Device.ID) async throws -> Device?
    /// Remembers a device. One whose endpoint is known is given its new person, keys and names and stays the same device;
    /// lines of that person's gone devices of the same name go.
    func keep(_ device: Device) async throws -> Device
    /// A browser was given another subscription in place of one that we know.
    ///
    /// - Returns: false when the old endpoint is nobody's.
    func renew(endpoint: String, to subscription: Device.Subscription, expires: Moment?, at now: Moment) async throws
        -> Bool
    /// Takes a device off a person's list. False when there is no such device of theirs.
    func remove(_ device: Device.ID, of person: Person.ID) async throws -> Bool
    /// The push service knows a device no longer: its endpoint and keys are erased, its line stays.
    func note(gone device: Device.ID, at now: Moment) async throws
    /// The push service took a check for a device.
    func note(checked device: Device.ID, at now: Moment) async throws
    /// A device has shown something, or somebody pressed รับทราบ on it.
    func note(answered device: Device.ID, at now: Moment) async throws
    /// Live devices whose last check, or whose beginning, is before a moment.
    func devicesToCheck(before moment: Moment) async throws -> [Device]
    /// How many of each person's devices have stopped ringing (`Device.hasStopped`).
    func stoppedDevices(at now: Moment) async throws -> [Person.ID: Int]
    // MARK: Calendars outside
    /// A matter's copies in calendars outside.
    func calendarCopies(of id: Matter.ID) async throws -> [CalendarCopy]
    /// Copies on a way whose occasion ends after a moment.
    func calendarCopies(by way: Way, endingAfter moment: Moment) async throws -> [CalendarCopy]
    /// Remembers what was put into a calendar, or taken out; a drift that waited there is past.
    func keep(_ copy: CalendarCopy) async throws
    /// What stands there is as we know it, in a version that only has another name; a drift that waited there is past.
    func agree(_ copy: CalendarCopy, on etag: String, at now: Moment) async throws
    /// Notes a drift, and tells the secretariat when it is a new one. Nothing is noted when the copy is no longer of the
    /// version that was compared, or the same has been left as it is.
    /// - Returns: whether it was noted.
    func note(_ drift: Drift, over etag: String) async throws -> Bool
    /// Drifts that wait for the secretariat, oldest first.
    func openDrifts(limit: Int) async throws -> [Drift]
    func drifts(of id: Matter.ID) async throws -> [Drift]
    func drift(_ id: Drift.ID) async throws -> Drift?
    /// The secretariat says what is to be done. Putting ours back issues a delivery in the same transaction.
    /// - Returns: false when it no longer waits.
    func resolve(_ id: Drift.ID, _ fate: Drift.Fate, by: Person.ID?, at now: Moment) async throws -> Bool
    func calendarHealth() async throws -> [CalendarHealth]
    /// Notes news of a calendar; news of another calendar than before begin anew.
    func note(
        _ news: CalendarNews, of calendar: String, _ way: Way, _ to: Delivery.Recipient, at now: Moment
    ) async throws
    // MARK: Sign-in from outside
    /// How people sign in beside their passwords; a new `SignInSettings` when nobody has said so.
    func signInSettings() async throws -> SignInSettings
    /// Settles how people sign in, and notes who did it when, without the settings.
    func save(_ settings: SignInSettings, by: Person.ID?, at now: Moment) async throws
    func entranceRoster() async throws -> EntranceRoster
    /// Judges somebody whom the university vouches for, by the settings of this moment, and writes what follows: the
    /// person, their roles, the account they came by. Those who are turned away may still lose roles.
    func arrive(_ outsider: Outsider, at now: Moment) async throws -> Judgement
    /// Takes the accounts elsewhere from a person; they find their way here no more by themselves.
    func unlink(_ person: Person.ID, by: Person.ID?, at now: Moment) async throws
    func passkeys(of person: Person.ID) async throws -> [Passkey]
    /// The passkey with a credential's id.
    func passkey(credential: [UInt8]) async throws -> Passkey?
    /// Keeps a new passkey; nil when the credential is known already, or the person has enough.
    func keep(_ passkey: Passkey, at now: Moment) async throws -> Passkey?
    /// Notes that a passkey has signed; false when its number does not follow the one before.
    func use(_ passkey: Passkey.ID, count: Int, at now: Moment) async throws -> Bool
    /// Forgets a passkey of a person; false when there is no such one.
    func removePasskey(_ id: Passkey.ID, of person: Person.ID, at now: Moment) async throws -> Bool
    /// Uses a mark up that is good once: false when it has been used. Marks whose time is over are forgotten.
    func useOnce(_ hash: String, purpose: String, until: Moment, at now: Moment) async throws -> Bool

    // MARK: Mail that comes

    /// The UID of the last mail that was taken from a mailbox; 0 for none.
    func lastMail(in mailbox: String, validity: UInt32) async throws -> UInt32
    /// Keeps a mail that came, once for its place; one whose Message-ID came before is set aside as a duplicate.
    func keep(_ mail: MailIn) async throws
    /// Mails that wait for the secretariat, oldest first.
    func waitingMail(limit: Int) async throws -> [MailIn]
    /// Mails that are no letters, newest first.
    func asideMail(limit: Int) async throws -> [MailIn]
    func mail(_ id: MailIn.ID) async throws -> MailIn?
    /// False when it had a fate before.
    func settle(mail id: MailIn.ID, _ fate: MailIn.Fate, by: Person.ID?, at now: Moment) async throws -> Bool
    /// A mail that was set aside waits after all.
    func restore(mail id: MailIn.ID) async throws
    /// A mail that a server had taken from us has come back: its delivery is refused. False when there is none of that
    /// reference.
    func cameBack(_ reference: String, _ trouble: Trouble, at now: Moment) async throws -> Bool
    /// The kinds of mail that a person wants no more.
    func unwantedMail(of person: Person.ID) async throws -> Set<Nudge>
    func setMail(_ nudge: Nudge, of person: Person.ID, isWanted: Bool, at now: Moment) async throws
}

/// A kept key, without the key.
public struct KeyRecord: Hashable, Sendable {
    public var person: Person.ID?
    public var until: Moment?
    public var isSpent: Bool

    public init(person: Person.ID?, until: Moment?, isSpent: Bool) {
        self.person = person
        self.until = until
        self.isSpent = isSpent
    }
}

/// Where the bytes of documents lie, by their hash. Only `Archive` implements it.
public protocol Shelf: Sendable {
    /// Begins to take a file in. Nothing is on the shelf until `finish` has returned.
    func begin() async throws -> any ShelfUpload
    /// The path of a kept file, for reading; nil when it is not there.
    func path(of hash: String) -> String?
}

/// A file on its way to the shelf.
public protocol ShelfUpload: Sendable {
    /// Adds bytes; throws `DocumentFault.tooLarge` beyond the largest size.
    func write(_ bytes: [UInt8]) async throws
    /// Checks the kind by the bytes, flushes to the disk and moves the file to its place.
    func finish() async throws -> (hash: String, kind: Document.Kind, bytes: Int)
    /// Throws away what has come so far.
    func abandon() async
}

/// Why a file is not taken.
public enum DocumentFault: String, Error, Hashable, Sendable, CaseIterable {
    case tooLarge
    case empty
    /// Its bytes are of no kind that is taken, whatever its name says.
    case wrongKind
}
