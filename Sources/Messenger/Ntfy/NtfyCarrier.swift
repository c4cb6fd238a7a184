// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials
import Secure

/// Carries notices to a server of ntfy (ผู้นำส่งทาง ntfy), each person by a topic of their own.
///
/// The server knows no mark of sameness: after a crash in the middle a notice can come a second time. รับทราบ is a
/// button under the message; it calls our own address with the message's token.
public struct NtfyCarrier: Carrier {
    public let way = Way.ntfy
    private let cabinet: any Cabinet
    private let courier: any Courier
    private let seal: Seal

    /// - Parameter secret: the office's key, which seals what the button answers with.
    public init(cabinet: any Cabinet, courier: any Courier, secret: [UInt8]) {
        self.cabinet = cabinet
        self.courier = courier
        seal = Seal(key: secret)
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        do {
            let record = try await cabinet.way(.ntfy)
            guard record.isOn, let settings = NtfySettings(json: record.settings), settings.isComplete else {
                return .never(Trouble(.notSetUp))
            }
            guard case .person(let person) = delivery.to, let topic = try await cabinet.reach(of: person, by: .ntfy)
            else { return .never(Trouble(.noReach)) }
            guard let message = try await message(delivery, to: person, topic: topic, settings, at: now) else {
                return .never(Trouble(.rejected))
            }
            return Self.carriage(try await publish(message, settings))
        } catch let fault as PostFault {
            return fault == .badAddress || fault == .unsafeAddress ? .never(Trouble(fault)) : .later(Trouble(fault))
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    /// Asks the server for its health, and sends whoever asks a quiet message, if they have a topic.
    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let settings = NtfySettings(json: try await cabinet.way(.ntfy).settings), settings.isComplete else {
                return Trouble(.notSetUp)
            }
            let health = try await courier.send(outgoing("GET", "/v1/health", settings))
            let told = try? JSONDecoder().decode([String: Bool].self, from: Data(health.body))
            guard health.status == 200, told?["healthy"] == true else {
                return Trouble(.nonsense, "HTTP \(health.status) /v1/health")
            }
            guard let person, let topic = try await cabinet.reach(of: person.id, by: .ntfy) else {
                return Trouble(.noReach)
            }
            let message = trial(topic, try await cabinet.office().address, priority: 2)
            switch Self.carriage(try await publish(message, settings)) {
            case .accepted: return nil
            case .later(let trouble, _), .never(let trouble): return trouble
            }
        } catch let fault as PostFault {
            return Trouble(fault)
        } catch {
            return Trouble(.ourFault)
        }
    }

    // MARK: The message

    /// The JSON form of a message (ntfy's "Publish as JSON").
    private struct Message: Encodable {
        struct Button: Encodable {
            var action = "http"
            var label: String
            var url: String
            var method = "POST"
            var headers = ["Content-Type": "application/x-www-form-urlencoded"]
            var body: String
            var clear = true
        }

        var topic: String
        var title: String
        var message: String
        /// 1 to 5; 3 is usual, 5 rings longest.
        var priority: Int
        var tags: [String]
        var click: String
        var actions: [Button]?
    }

    private func message(
        _ delivery: Delivery, to person: Person.ID, topic: String, _ settings: NtfySettings, at now: Moment
    ) async throws -> Message? {
        let office = try await cabinet.office().address
        switch delivery.freight {
        case .notice(let id):
            guard let notice = try await cabinet.notice(id), notice.person == person else { return nil }
            let matter = if let about = notice.matter { try await cabinet.matter(about) } else { nil as Matter? }
            let whole = NoticeText(notice, matter: matter)
            let text = settings.isReduced ? whole.withoutContent : whole
            let place = settings.isReduced ? nil : matter?.letter.place
            let lines = [text.title, place].compactMap { $0 }.filter { !$0.isEmpty }.map { $0.clipped(utf16: 200) }
            return Message(
                topic: topic, title: text.thai.clipped(utf16: 120),
                message: (lines + [text.english]).joined(separator: "\n"),
                priority: notice.kind == .reminder ? 5 : notice.kind.isUrgent ? 4 : 3, tags: ["bell"],
                click: office + text.path, actions: [button(notice, of: person, office, delivery, at: now)])
        case .trial: return trial(topic, office, priority: 4)
        default: return nil
        }
    }

    private func trial(_ topic: String, _ office: String, priority: Int) -> Message {
        Message(
            topic: topic, title: "ทดลองเสียงเรียก", message: "A trial call", priority: priority, tags: ["bell"],
            click: office + "/me", actions: nil)
    }

    private func button(
        _ notice: Notice, of person: Person.ID, _ office: String, _ delivery: Delivery, at now: Moment
    ) -> Message.Button {
        let bearer = PushBearer.topic(person)
        let until = ((delivery.stale ?? now) + .days(7)).milliseconds / 1000
        let token = seal.sign(purpose: bearer.purpose, subject: notice.id.number, expires: until)
        return Message.Button(
            label: "รับทราบ", url: office + "/push/acknowledgement", body: "by=\(bearer.mark)&token=\(token)")
    }

    private func publish(_ message: Message, _ settings: NtfySettings) async throws -> Incoming {
        let writer = JSONEncoder()
        writer.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var request = outgoing("POST", "/", settings)
        request.body = Array(try writer.encode(message))
        request.headers.append(HeaderLine("Content-Type", "application/json"))
        return try await courier.send(request)
    }

    /// The administrator typed the address, so it may lie inside.
    private func outgoing(_ method: String, _ path: String, _ settings: NtfySettings) -> Outgoing {
        let pass = settings.token.isEmpty ? [] : [HeaderLine("Authorization", "Bearer \(settings.token)")]
        return Outgoing(
            method, settings.address + path, headers: pass, timeoutSeconds: 15, answerLimit: 65_536,
            mayStayInside: true)
    }

    // MARK: The answer

    private struct Answer: Decodable {
        var id: String?
        var error: String?
    }

    static func carriage(_ answer: Incoming) -> Carriage {
        let read = try? JSONDecoder().decode(Answer.self, from: Data(answer.body))
        let said = read?.error.map { "HTTP \(answer.status): \($0)" } ?? "HTTP \(answer.status)"
        return switch answer.status {
        case 200: .accepted(reference: read?.id ?? "")
        case 401: .later(Trouble(.wrongCredentials, said), after: .minutes(5))
        case 403: .later(Trouble(.notAllowed, said), after: .minutes(5))
        case 413: .never(Trouble(.tooLarge, said))
        case 429, 500...599: .later(Trouble(.busy, said), after: answer.retryAfter)
        default: .never(Trouble(.rejected, said))
        }
    }
}

extension NtfySettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        guard let read = try? JSONDecoder().decode(NtfySettings.self, from: Data(json.utf8)) else { return nil }
        self = read
    }
}
