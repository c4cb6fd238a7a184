// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import Foundation
import Secure

/// Tells programs outside of entries (ผู้นำส่งเว็บฮุก), each by its own signed request.
///
/// The body names things by their numbers: which matter, which entry, what happened, where it left the matter, in which
/// role it was done and when. Never a title, a name, a telephone or a note.
public struct HookCarrier: Carrier {
    public let way = Way.webhook
    private let cabinet: any Cabinet
    private let courier: any Courier

    public init(cabinet: any Cabinet, courier: any Courier) {
        self.cabinet = cabinet
        self.courier = courier
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        do {
            guard case .hook(let id) = delivery.to, let hook = try await cabinet.hook(id), hook.isOn
            else { return .never(Trouble(.noReach)) }
            guard let body = try await body(of: delivery) else { return .never(Trouble(.rejected)) }
            let carriage = await send(body, as: delivery.id, to: hook, at: now)
            try await cabinet.note(hook: id, carriage, at: now)
            return carriage
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    /// Hooks are tried one by one, on their own pages.
    public func probe(for person: Person?, at now: Moment) async -> Trouble? { nil }

    /// Sends one hook a request of type `hook.tested`, also one that is switched off.
    public func probe(_ id: Int64, at now: Moment) async -> Trouble? {
        do {
            guard let hook = try await cabinet.hook(id) else { return Trouble(.notSetUp) }
            let message = Message(type: "hook.tested", timestamp: now.iso8601, data: .init(hook: id))
            let carriage = await send(try message.json, as: "hook/\(id)/trial/\(now.milliseconds)", to: hook, at: now)
            switch carriage {
            case .accepted: return nil
            case .later(let trouble, _), .never(let trouble): return trouble
            }
        } catch {
            return Trouble(.ourFault)
        }
    }

    // MARK: The request

    private func body(of delivery: Delivery) async throws -> [UInt8]? {
        guard case .entry(let number) = delivery.freight, let id = delivery.matter,
            let entry = try await cabinet.matter(id)?.folder.first(where: { $0.number == number })
        else { return nil }
        let told = Message.Told(
            matter: id.number, entry: number, stage: entry.stage.rawValue, role: entry.role.rawValue)
        return try Message(type: "matter.\(entry.fact.name)", timestamp: entry.at.iso8601, data: told).json
    }

    private func send(_ body: [UInt8], as name: String, to hook: Hook, at now: Moment) async -> Carriage {
        let id = "msg_" + NameUUID.text(name, in: "hook")
        let headers = StandardWebhook.headers(id: id, at: now, body: body, secrets: hook.secrets(at: now))
        let request = Outgoing(
            "POST", hook.address,
            headers: [HeaderLine("Content-Type", "application/json"), HeaderLine("User-Agent", "Sanyan-Webhook/1")]
                + headers, body: body,
            // Whoever is failing keeps nobody else waiting.
            timeoutSeconds: hook.failingSince == nil ? 20 : 5, answerLimit: 256 * 1024,
            mayStayInside: hook.mayStayInside)
        do throws(PostFault) {
            return Self.carriage(try await courier.send(request), id: id)
        } catch {
            switch error {
            case .badAddress: return .never(Trouble(error))
            default: return .later(Trouble(error))
            }
        }
    }

    /// "Delivery success and failure" of the standard: 2xx is taken, 410 wants no more, everything else is tried again.
    private static func carriage(_ answer: Incoming, id: String) -> Carriage {
        let said = "HTTP \(answer.status)"
        return switch answer.status {
        case 200...299: .accepted(reference: id)
        case 410: .never(Trouble(.gone, said))
        case 401, 403: .later(Trouble(.notAllowed, said))
        case 413: .later(Trouble(.tooLarge, said))
        case 429, 502, 503, 504: .later(Trouble(.busy, said), after: answer.retryAfter ?? .minutes(1))
        default: .later(Trouble(.rejected, said))
        }
    }

    /// The body, by the names of docs/webhooks.md.
    private struct Message: Encodable {
        struct Told: Encodable {
            var matter: Int64?
            var entry: Int?
            var stage: String?
            var role: String?
            var hook: Int64?

            init(
                matter: Int64? = nil, entry: Int? = nil, stage: String? = nil, role: String? = nil, hook: Int64? = nil
            ) {
                (self.matter, self.entry, self.stage, self.role, self.hook) = (matter, entry, stage, role, hook)
            }
        }

        var type: String
        var timestamp: String
        var data: Told

        var json: [UInt8] {
            get throws {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return Array(try encoder.encode(self))
            }
        }
    }
}

extension Moment {
    /// `2026-11-23T02:04:00.000Z` (RFC 3339, in UTC).
    var iso8601: String {
        // A day number of the Bangkok calendar seven hours earlier is the day in Greenwich.
        let greenwich = self - .hours(7)
        let day = Day(of: greenwich)
        let milliseconds = Int((greenwich - day.start).milliseconds)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = "\(digits(day.year, 4))-\(digits(day.month, 2))-\(digits(day.dayOfMonth, 2))"
        let hour = digits(milliseconds / 3_600_000, 2)
        let minute = digits(milliseconds / 60_000 % 60, 2)
        let second = digits(milliseconds / 1000 % 60, 2)
        return "\(date)T\(hour):\(minute):\(second).\(digits(milliseconds % 1000, 3))Z"
    }
}
