// SPDX-License-Identifier: Apache-2.0

import Archive
import Desk
import Foundation
import Hummingbird
import Logging
import Messenger
import Pages
import Post
import Secure
import ServiceLifecycle
import Studio
import Synchronization
import UnixSignals

/// The house (บ้าน): opens the office's folder and introduces everybody to everybody.
struct House {
    let folder: String
    let cabinet: SQLiteCabinet
    let shelf: FileShelf
    let secret: SecretKey
    let bell: Doorbell
    let outbox: Messenger.Outbox
    let ways: Ways
    /// Carries what goes to servers outside.
    let post: PostOffice
    let logger: Logger
    private let stirrer: Stirrer
    private let lock: FolderLock

    /// The wall's clock; the only place in the house that looks at it.
    static let wallClock: @Sendable () -> Moment = {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Opens a folder, making it when it is not there.
    init(at folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        lock = try FolderLock(folder)
        let logger = House.logger()
        let stirrer = Stirrer()
        cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: { stirrer.stir() })
        self.stirrer = stirrer
        shelf = try FileShelf(at: folder)
        // A university's own authority, beside the system's.
        post = try PostOffice(authorities: ProcessInfo.processInfo.environment["SANYAN_AUTHORITIES"])
        secret = try SecretKey.load(orCreateAt: folder + "/" + SQLiteCabinet.keyName)
        bell = Doorbell()
        ways = Ways(cabinet: cabinet, shelf: shelf, courier: post, secret: secret.bytes, logger: logger)
        outbox = Messenger.Outbox(
            cabinet: cabinet, bell: bell, postman: ways.postman, logger: logger, now: House.wallClock)
        stirrer.serve(outbox: outbox)
        self.folder = folder
        self.logger = logger
    }

    static func logger() -> Logger {
        var logger = Logger(label: "sanyan") { StreamLogHandler.standardError(label: $0) }
        let asked = ProcessInfo.processInfo.environment["SANYAN_LOG"].flatMap(Logger.Level.init(rawValue:))
        logger.logLevel = asked ?? .notice
        return logger
    }

    /// Serves until the process is told to stop.
    ///
    /// - Parameter ready: called once the door is open, with the address.
    func serve(
        at place: HostPort, studio: StudioOptions, isDemo: Bool,
        ready: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        try await prepare()
        let paper = try Stationery()
        let link = studio.settings(folder: folder, isDemo: isDemo).map { settings in
            StudioLink(
                cabinet: cabinet, seal: Seal(key: secret.bytes),
                titleOfSecrets: paper.words(.thai)("studio.titleOfSecrets"), settings: settings, logger: logger,
                now: House.wallClock)
        }
        if let link { stirrer.serve(studio: link) }
        let parts = SiteParts(
            cabinet: cabinet, shelf: shelf, papers: OfficePapers(), bell: PageBell(bell: bell), studio: link,
            ways: ways, door: HouseDoor(courier: post), secret: secret.bytes, now: House.wallClock, isDemo: isDemo)
        var site = Site(paper: paper, parts: parts)
        site.showsStorybook = isDemo
        let application = Application(
            router: site.router(),
            configuration: .init(address: .hostname(place.host, port: place.port), serverName: nil),
            services: [OutboxRound(outbox: outbox, bell: bell), WaysRound(ways: ways)]
                + (link.map { [StudioRound(link: $0)] as [any ServiceLifecycle.Service] } ?? []),
            onServerRunning: { channel in
                let door = HostPort(host: place.host, port: channel.localAddress?.port ?? place.port)
                do {
                    try await ready("http://\(door)")
                } catch {
                    self.logger.error("could not announce the door", metadata: ["error": "\(error)"])
                }
            },
            logger: logger)
        try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
    }

    /// What a new folder needs once, and every start makes sure of.
    private func prepare() async throws {
        let now = House.wallClock()
        if try await cabinet.holidays().isEmpty {
            for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: now) }
        }
        let month = Month(of: now)
        if try await !cabinet.matters(month.previous).isEmpty { try await outbox.scheduleDraft(of: month.previous) }
        try await outbox.scheduleDraft(of: month)
    }
}

/// Serves the storybook until the process is told to stop.
func serveStorybook(at place: HostPort) async throws {
    let application = Application(
        router: Site(paper: try Stationery()).router(),
        configuration: .init(address: .hostname(place.host, port: place.port), serverName: nil),
        onServerRunning: { _ in Voice.say("→ http://\(place)/storybook") }, logger: House.logger())
    try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
}

extension Cabinet {
    /// Matters whose occasion begins in a month.
    func matters(_ month: Month) async throws -> [Matter] {
        var filter = MatterFilter()
        filter.startsIn = month.span
        filter.limit = 0
        filter.order = .occasion
        return try await matters(filter)
    }
}

/// Keeps a second program from serving the same folder; two outboxes would ring twice. Goes with the process.
private final class FolderLock: Sendable {
    private let file: Int32

    init(_ folder: String) throws {
        file = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Mishap(doing: "open \(folder)/lock") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw Mishap(doing: "serve \(folder): another sanyan is serving it already")
        }
    }

    deinit { close(file) }
}

/// The doorbell as the pages know it.
private struct PageBell: Bell {
    let bell: Doorbell
    func notices(for person: Person.ID) async -> AsyncStream<Notice> { await bell.notices(for: person) }
}

/// Lets the cabinet wake those who are made after it: the outbox, and the link to the studio.
private final class Stirrer: Sendable {
    private let outbox = Mutex<Messenger.Outbox?>(nil)
    private let studio = Mutex<StudioLink?>(nil)

    func serve(outbox: Messenger.Outbox) { self.outbox.withLock { $0 = outbox } }
    func serve(studio: StudioLink) { self.studio.withLock { $0 = studio } }

    func stir() {
        studio.withLock { $0 }?.stir()
        guard let outbox = outbox.withLock({ $0 }) else { return }
        Task { await outbox.stir() }
    }
}

/// Runs the link to the studio beside the server.
private struct StudioRound: ServiceLifecycle.Service {
    let link: StudioLink

    func run() async { await cancelWhenGracefulShutdown { await link.run() } }
}

/// Runs the ways out of the house beside the server.
private struct WaysRound: ServiceLifecycle.Service {
    let ways: Ways

    func run() async { await cancelWhenGracefulShutdown { await ways.run() } }
}

/// Runs the outbox beside the server, and lets open pages go when the server stops.
private struct OutboxRound: ServiceLifecycle.Service {
    let outbox: Messenger.Outbox
    let bell: Doorbell

    func run() async {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await outbox.run() }
        } onGracefulShutdown: {
            Task { await bell.close() }
        }
    }
}
