// SPDX-License-Identifier: Apache-2.0

import Desk
import Messenger
import Pages
import Papers
import Secure

/// The papers that travel by mail, made when they leave: what they say is what the folder says then.
struct MailedPapers: PaperMaker {
    let cabinet: any Cabinet
    let seal: Seal
    private let printer = WeasyPrint()

    init(cabinet: any Cabinet, secret: [UInt8]) {
        self.cabinet = cabinet
        seal = Seal(key: secret)
    }

    func returnMemo(of matter: Matter) async throws -> [UInt8]? {
        guard !matter.outgoing.isEmpty else { return nil }
        let signer = try await signer(of: matter) { fact in
            switch fact {
            case .declined, .returnedForCompletion: true
            default: false
            }
        }
        return try await OfficePapers().returnPDF(
            of: matter, contact: try await cabinet.contact(of: matter.id), signer: signer,
            office: try await cabinet.office())
    }

    func networkNotice(of matter: Matter) async throws -> [UInt8]? {
        guard matter.networkNotice != nil else { return nil }
        let signer = try await signer(of: matter) { if case .networkNotified = $0 { true } else { false } }
        let memo = NetworkMemo(of: matter, signer: signer, office: try await cabinet.office())
        return try await printer.pdf(memo.document)
    }

    func report(of month: Month) async throws -> [UInt8]? {
        guard let record = try await cabinet.reports().first(where: { $0.month == month }) else { return nil }
        let office = try await cabinet.office()
        let calendar = WorkingCalendar(
            opens: office.opens, closes: office.closes, holidays: try await cabinet.holidays())
        let matters = try await cabinet.matters(month)
        let report = MonthlyReport(
            month, of: matters, reckoner: Reckoner(office: office, calendar: calendar), at: House.wallClock())
        let names = ReportNames(
            matters: matters, people: try await cabinet.people(), rooms: try await cabinet.rooms())
        return try await OfficePapers().reportPDF(of: report, record: record, names: names, office: office)
    }

    func trackingLink(of matter: Matter, office: Office) -> String {
        "\(office.address)/track/\(seal.trackingToken(matter))"
    }

    func seatLink(of invitee: Invitee, office: Office) -> String { "\(office.address)/seat/\(seal.seatToken(invitee))" }

    /// Who did the last thing of a kind.
    private func signer(of matter: Matter, _ isIt: (Fact) -> Bool) async throws -> Person? {
        guard let id = matter.folder.last(where: { isIt($0.fact) })?.person else { return nil }
        return try await cabinet.people().first { $0.id == id }
    }
}
