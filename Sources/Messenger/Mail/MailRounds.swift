// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Logging
public import Post
import Secure

/// Looks into the office's mailbox now and then (คนรับไปรษณีย์): letters wait for the secretariat, reports end deliveries,
/// and everything else is set aside with its reason.
///
/// A mail is kept under its place at the server before the next one is fetched, so a crash loses none and doubles none.
public struct MailRounds: Sendable {
    private let cabinet: any Cabinet
    private let shelf: any Shelf
    private let office: PostOffice
    private let logger: Logger
    private let now: @Sendable () -> Moment

    /// Mails beyond this stay in the mailbox, and the secretariat is told.
    static let largestMail = 60 << 20
    private static let pause = Length.minutes(1)
    /// So many in one round, so that an old mailbox does not hold up the rest.
    private static let mostAtOnce = 200

    public init(
        cabinet: any Cabinet, shelf: any Shelf, office: PostOffice, logger: Logger,
        now: @escaping @Sendable () -> Moment
    ) {
        self.cabinet = cabinet
        self.shelf = shelf
        self.office = office
        self.logger = logger
        self.now = now
    }

    /// Fetches once a minute until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            if let trouble = await fetch() {
                logger.notice("the mailbox could not be read", metadata: ["trouble": "\(trouble.kind.rawValue)"])
            }
            // Cancelled means that the program ends.
            try? await Task.sleep(for: .milliseconds(Self.pause.milliseconds))
        }
    }

    /// Fetches what has come since the last time; nil when that went well, or when no mailbox is set up.
    @discardableResult
    public func fetch() async -> Trouble? {
        do {
            let record = try await cabinet.way(.mail)
            guard record.isOn, let settings = MailSettings(json: record.settings), settings.fetches else { return nil }
            let mailbox = Mailbox(settings.folder, at: MailServer(settings.mailbox), through: office)
            let standing = try await mailbox.standing()
            let last = try await cabinet.lastMail(in: settings.mailboxName, validity: standing.validity)
            if standing.next <= last + 1 { return nil }
            for uid in try await mailbox.uids(from: last + 1).prefix(Self.mostAtOnce) {
                if Task.isCancelled { return nil }
                let place = MailIn.Place(mailbox: settings.mailboxName, validity: standing.validity, uid: uid)
                try await take(place, from: mailbox, settings)
            }
            return nil
        } catch let fault as MailFault {
            return Trouble(fault)
        } catch {
            logger.error("a mail could not be kept", metadata: ["error": "\(error)"])
            return Trouble(.ourFault)
        }
    }

    /// Tries the mailbox as it is set up.
    public func probe() async -> Trouble? {
        do {
            let record = try await cabinet.way(.mail)
            guard let settings = MailSettings(json: record.settings), settings.fetches else { return nil }
            _ = try await Mailbox(settings.folder, at: MailServer(settings.mailbox), through: office).standing()
            return nil
        } catch let fault as MailFault {
            return Trouble(fault)
        } catch {
            return Trouble(.ourFault)
        }
    }

    private func take(_ place: MailIn.Place, from mailbox: Mailbox, _ settings: MailSettings) async throws {
        switch await Self.bytes(of: place, in: mailbox) {
        // Somebody has taken it out of the mailbox meanwhile.
        case .success(nil): return
        case .success(let bytes?): try await take(bytes, from: place, settings)
        case .failure(.nonsense): try await cabinet.keep(MailIn(place: place, at: now(), aside: .tooLarge))
        case .failure(let fault): throw fault
        }
    }

    private static func bytes(of place: MailIn.Place, in mailbox: Mailbox) async -> Result<[UInt8]?, MailFault> {
        do throws(MailFault) {
            return .success(try await mailbox.mail(place.uid, validity: place.validity, limit: largestMail))
        } catch {
            return .failure(error)
        }
    }

    private func take(_ bytes: [UInt8], from place: MailIn.Place, _ settings: MailSettings) async throws {
        guard let read = ReceivedMail(bytes) else {
            return try await cabinet.keep(MailIn(place: place, at: now(), aside: .unreadable))
        }
        let aside = MailSorting(settings).aside(read)
        if let report = read.report, let trouble = MailSorting.trouble(report), let mark = MailSorting.mark(in: read) {
            _ = try await cabinet.cameBack(mark, trouble, at: now())
        }
        var mail = MailIn(
            place: place, at: now(), written: read.second.map { Moment(milliseconds: $0 * 1000) },
            from: read.from.address, fromName: read.from.name, subject: read.subject,
            text: String(read.text.prefix(MailIn.longestText)),
            mark: read.id.isEmpty ? "" : Hex.text(Digest.sha256(read.id)), aside: aside)
        if aside == nil { (mail.documents, mail.leftOut) = try await shelve(read.attachments) }
        try await cabinet.keep(mail)
    }

    /// Puts attachments on the shelf; the names of those that it does not take.
    private func shelve(_ attachments: [Mail.Attachment]) async throws -> ([Document.ID], [String]) {
        var (documents, leftOut) = ([Document.ID](), [String]())
        for attachment in attachments {
            let name = attachment.name.isEmpty ? attachment.kind : String(attachment.name.prefix(200))
            let upload = try await shelf.begin()
            do {
                try await upload.write(attachment.bytes)
                if attachment.bytes.isEmpty { throw DocumentFault.empty }
                let kept = try await upload.finish()
                let document = try await cabinet.record(
                    hash: kept.hash, name: name, kind: kept.kind, bytes: kept.bytes, at: now())
                documents.append(document.id)
            } catch is DocumentFault {
                await upload.abandon()
                leftOut.append(name)
            }
        }
        return (documents, leftOut)
    }
}
