// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import Foundation
import Secure
import Synchronization

/// Carries notices to LINE (ผู้นำส่งทาง LINE), by push messages of the Messaging API.
///
/// The key against duplicates is made from the delivery's name and goes with the first attempt already, so that one
/// whose answer was lost can be sent again; LINE remembers keys for 24 hours. What is accepted need not be shown: a
/// person who blocks the account looks the same, and the ladder climbs on until somebody presses รับทราบ.
public final class LineCarrier: Carrier {
    public let way = Way.line
    private let cabinet: any Cabinet
    private let courier: any Courier
    /// When the meter was last asked for; one asks while the others go on.
    private let metered = Mutex<Moment?>(nil)

    /// The month's messages are counted at LINE this often while messages go out.
    static let meterEvery = Length.minutes(10)

    public init(cabinet: any Cabinet, courier: any Courier) {
        self.cabinet = cabinet
        self.courier = courier
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        do {
            guard let calls = try await calls() else { return .never(Trouble(.notSetUp)) }
            let carriage = try await carry(delivery, calls)
            await keepMeter(calls, after: carriage, at: now)
            return carriage
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let calls = try await calls(evenWhenOff: true) else { return Trouble(.notSetUp) }
            let account = try await account(calls, at: now)
            try await cabinet.keep(account)
            if let quota = account.quota, account.used >= quota {
                return Trouble(.quotaUsed, "\(account.used)/\(quota)")
            }
            return try await endpointTrouble(calls)
        } catch let fault as PostFault {
            return Trouble(fault)
        } catch let trouble as Trouble {
            return trouble
        } catch {
            return Trouble(.ourFault)
        }
    }

    // MARK: Carrying

    /// The settings, when the way is on and both secrets are there.
    private func calls(evenWhenOff: Bool = false) async throws -> LineCalls? {
        let record = try await cabinet.way(.line)
        guard record.isOn || evenWhenOff, let settings = LineSettings(json: record.settings), settings.isComplete
        else { return nil }
        return LineCalls(settings: settings, courier: courier)
    }

    private func carry(_ delivery: Delivery, _ calls: LineCalls) async throws -> Carriage {
        if case .reply(let reply, let token) = delivery.freight {
            let body = try LineTalk.reply(reply, token: token, office: try await cabinet.office().address)
            // A reply's token is good once, so the same reply cannot be given twice.
            return await Self.sent { () async throws(PostFault) in
                try await calls.post("/v2/bot/message/reply", body, retryKey: nil)
            }
        }
        guard case .person(let person) = delivery.to, let user = try await cabinet.reach(of: person, by: .line)
        else { return .never(Trouble(.noReach)) }
        let body: [UInt8]
        switch delivery.freight {
        case .notice(let id):
            guard let notice = try await cabinet.notice(id), notice.person == person else {
                return .never(Trouble(.rejected))
            }
            body = try await push(notice, to: user, calls.settings)
        case .trial: body = try LineTalk.push(saying: LineTalk.trial, to: user)
        case .check:
            // Asks after the profile and disturbs nobody: who has blocked or left the account has none.
            return await Self.sent { () async throws(PostFault) in try await calls.get("/v2/bot/profile/\(user)") }
        default: return .never(Trouble(.rejected))
        }
        let key = NameUUID.text(delivery.id, in: "line")
        return await Self.sent { () async throws(PostFault) in
            try await calls.post("/v2/bot/message/push", body, retryKey: key)
        }
    }

    private static func sent(_ ask: () async throws(PostFault) -> Incoming) async -> Carriage {
        do throws(PostFault) {
            return LineCalls.carriage(try await ask())
        } catch {
            return LineCalls.carriage(error)
        }
    }

    private func push(_ notice: Notice, to user: String, _ settings: LineSettings) async throws -> [UInt8] {
        var matter: Matter?
        if let id = notice.matter { matter = try await cabinet.matter(id) }
        let text = NoticeText(notice, matter: matter)
        return try LineTalk.push(
            settings.isReduced ? text.withoutContent : text, notice: notice, to: user,
            office: try await cabinet.office().address)
    }
}

// MARK: - The meter

extension LineCarrier {
    /// Counts the month's messages now and then, and at once when LINE says that they are used up.
    private func keepMeter(_ calls: LineCalls, after carriage: Carriage, at now: Moment) async {
        let isUsedUp = if case .never(let why) = carriage { why.kind == .quotaUsed } else { false }
        guard isUsedUp || isAccepted(carriage) else { return }
        let isMine = metered.withLock { last in
            guard isUsedUp || last.map({ now - $0 >= Self.meterEvery }) ?? true else { return false }
            last = now
            return true
        }
        guard isMine else { return }
        // A meter that cannot be read hinders no message; the next one reads it again.
        if let account = try? await account(calls, at: now) { try? await cabinet.keep(account) }
    }

    private func isAccepted(_ carriage: Carriage) -> Bool { if case .accepted = carriage { true } else { false } }

    /// Asks LINE who we are and how much is left.
    private func account(_ calls: LineCalls, at now: Moment) async throws -> LineAccount {
        let bot: LineAnswer.Bot = try await ask(calls, "/v2/bot/info")
        let quota: LineAnswer.Quota = try await ask(calls, "/v2/bot/message/quota")
        let used: LineAnswer.Consumption = try await ask(calls, "/v2/bot/message/quota/consumption")
        return LineAccount(
            name: bot.displayName, basicID: bot.basicId, quota: quota.type == "limited" ? quota.value ?? 0 : nil,
            used: used.totalUsage, at: now)
    }

    /// Whether LINE sends what people write to this office, and nowhere else.
    private func endpointTrouble(_ calls: LineCalls) async throws -> Trouble? {
        let answer = try await calls.get("/v2/bot/channel/webhook/endpoint")
        if answer.status == 404 { return Trouble(.notSetUp, "webhook") }
        guard answer.status == 200 else { throw LineCalls.trouble(answer) }
        guard let endpoint = LineAnswer.read(LineAnswer.Endpoint.self, answer.body) else {
            throw Trouble(.nonsense, "webhook")
        }
        let ours = try await cabinet.office().address + "/hooks/line"
        if endpoint.endpoint != ours { return Trouble(.notSetUp, "webhook: \(endpoint.endpoint) ≠ \(ours)") }
        return endpoint.active ? nil : Trouble(.notSetUp, "webhook: off")
    }

    private func ask<Value: Decodable>(_ calls: LineCalls, _ path: String) async throws -> Value {
        let answer = try await calls.get(path)
        guard answer.status == 200 else { throw LineCalls.trouble(answer) }
        guard let value = LineAnswer.read(Value.self, answer.body) else { throw Trouble(.nonsense, path) }
        return value
    }
}

extension LineSettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        guard let read = LineAnswer.read(LineSettings.self, Array(json.utf8)) else { return nil }
        self = read
    }
}
