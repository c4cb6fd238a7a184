// SPDX-License-Identifier: Apache-2.0

import Archive
import ArgumentParser
import Desk
import Foundation
import Pages

/// `sanyan migrate`: brings a folder's database to this program's version.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Brings a folder's database to this program's version.")
    @Option(name: .customLong("data"), help: "The office's folder.")
    var folder: String

    func run() throws {
        let (from, to) = try SQLiteCabinet.migrate(folder)
        Voice.say(from == to ? "version \(to), nothing to do" : "version \(from) → \(to)")
    }
}

/// `sanyan verify`: 0 when all is well.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads everything in a folder and says what is wrong; 0 when all is well.")
    @Option(name: .customLong("data"), help: "The office's folder.")
    var folder: String

    func run() async throws {
        let problems = SQLiteCabinet.verify(folder)
        for problem in problems { Voice.complain(problem) }
        guard problems.isEmpty else { throw ExitCode(1) }
        Voice.say("all is well")
    }
}

/// `sanyan backup`: a copy of everything, while the office works.
struct BackUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies everything in a folder, while the office works.")
    @Option(name: .customLong("data"), help: "The office's folder.")
    var folder: String
    @Argument(help: "A folder that does not exist yet.")
    var destination: String

    func run() async throws {
        let manifest = try Backup.make(from: folder, to: destination)
        for problem in manifest.problems { Voice.complain(problem) }
        Voice.say("\(manifest.files.count) files, \(manifest.rows.values.reduce(0, +)) rows → \(destination)")
        guard manifest.problems.isEmpty else { throw ExitCode(1) }
    }
}

/// `sanyan restore`: an office's folder out of a backup.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Makes an office's folder out of a backup.")
    @Argument(help: "The backup's folder.")
    var source: String
    @Option(name: .customLong("data"), help: "The office's folder; not there yet, or empty.")
    var folder: String

    func run() async throws {
        try Backup.restore(source, to: folder)
        let problems = SQLiteCabinet.verify(folder)
        for problem in problems { Voice.complain(problem) }
        guard problems.isEmpty else { throw ExitCode(1) }
        Voice.say("restored to \(folder); all is well")
    }
}

/// `sanyan report`: a month's report as PDF.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes a month's report as PDF.")
    @Option(name: .customLong("data"), help: "The office's folder.")
    var folder: String
    @Option(help: "The month, as 2026-11 or 2569-11.")
    var month: String
    @Option(name: .customLong("out"), help: "The PDF file.")
    var file: String

    func run() async throws {
        guard let month = Month(month) else { throw ValidationError("a month is written 2026-11 or 2569-11") }
        guard FileManager.default.fileExists(atPath: folder + "/" + SQLiteCabinet.fileName) else {
            throw ValidationError("there is no office in \(folder)")
        }
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        let office = try await cabinet.office()
        let calendar = WorkingCalendar(
            opens: office.opens, closes: office.closes, holidays: try await cabinet.holidays())
        let now = House.wallClock()
        let matters = try await cabinet.matters(month)
        let report = MonthlyReport(
            month, of: matters, reckoner: Reckoner(office: office, calendar: calendar), at: now)
        let record =
            try await cabinet.reports().first { $0.month == month } ?? ReportRecord(month: month, draftedAt: now)
        let bytes = try await OfficePapers().reportPDF(
            of: report, record: record,
            names: ReportNames(
                matters: matters, people: try await cabinet.people(), rooms: try await cabinet.rooms()),
            office: office)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        Voice.say("\(report.matters.count) matters, \(bytes.count) bytes → \(file)")
    }
}
