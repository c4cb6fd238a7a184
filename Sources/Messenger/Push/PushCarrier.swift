// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials
import Secure

/// Carries notices to the devices of a person (ผู้นำส่งทางพุช): Web Push, RFC 8030, 8291 and 8292.
///
/// A delivery goes to every device of the person; one that ends in `/d12` goes to that device alone. What one device has
/// taken counts as accepted; a device whose service was busy is then given a delivery of its own.
public struct PushCarrier: Carrier {
    public let way = Way.push
    private let cabinet: any Cabinet
    private let courier: any Courier
    private let seal: Seal
    private let passes = VapidPasses()

    /// The longest a push service is asked to keep something (one of them takes no more).
    static let longestLife = Length.days(28)

    /// - Parameter secret: the office's key, which seals what a device answers with.
    public init(cabinet: any Cabinet, courier: any Courier, secret: [UInt8]) {
        self.cabinet = cabinet
        self.courier = courier
        seal = Seal(key: secret)
    }

    public func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        do {
            let record = try await cabinet.way(.push)
            guard record.isOn, let settings = PushSettings(json: record.settings), settings.isComplete else {
                return .never(Trouble(.notSetUp))
            }
            guard case .person(let person) = delivery.to else { return .never(Trouble(.noReach)) }
            let devices = try await cabinet.devices(of: person).filter { $0.subscription != nil }
            let addressed = Self.addressed(by: delivery.id)
            let meant = devices.filter { addressed == nil || $0.id == addressed }
            guard !meant.isEmpty else { return .never(Trouble(.noReach)) }
            let (notice, matter) = try await subject(of: delivery)
            if case .notice = delivery.freight, notice?.person != person { return .never(Trouble(.rejected)) }
            let parcel = Parcel(delivery: delivery, notice: notice, matter: matter, settings: settings, at: now)
            return try await conclude(await send(parcel, to: meant), delivery, at: now)
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    /// Sees to the key and asks a device of the person, if there is one, without a sound.
    public func probe(for person: Person?, at now: Moment) async -> Trouble? {
        do {
            guard let settings = PushSettings(json: try await cabinet.way(.push).settings), settings.isComplete,
                let key = try? TokenKey(stored: settings.key), key.publicPoint.map(Base64URL.text) == settings.publicKey
            else { return Trouble(.notSetUp) }
            guard let person, let device = try await cabinet.devices(of: person.id).first(where: { !$0.isGone }) else {
                return Trouble(.noReach)
            }
            let delivery = Delivery(
                id: "probe/d\(device.id)", way: .push, freight: .check, to: .person(person.id), matter: nil, due: now,
                stale: now + .minutes(1))
            let parcel = Parcel(delivery: delivery, notice: nil, matter: nil, settings: settings, at: now)
            switch await send(parcel, to: device) {
            case .accepted: return nil
            case .later(let trouble, _), .never(let trouble): return trouble
            }
        } catch {
            return Trouble(.ourFault)
        }
    }

    // MARK: To whom, and what

    /// `d12` at the end of a delivery's name: the one device that is meant.
    static func addressed(by id: Delivery.ID) -> Device.ID? {
        guard let last = id.split(separator: "/").last, case .device(let device) = PushBearer(mark: String(last))
        else { return nil }
        return device
    }

    private func subject(of delivery: Delivery) async throws -> (Notice?, Matter?) {
        guard case .notice(let id) = delivery.freight, let notice = try await cabinet.notice(id) else {
            return (nil, nil)
        }
        guard let matter = notice.matter else { return (notice, nil) }
        return (notice, try await cabinet.matter(matter))
    }

    // MARK: Out

    /// What is the same for every device.
    private struct Parcel: Sendable {
        let delivery: Delivery
        let notice: Notice?
        let matter: Matter?
        let settings: PushSettings
        let at: Moment

        /// RFC 8030 section 5.2: after so many seconds it makes no sense any more.
        var secondsLeft: Int {
            let left = min(delivery.stale.map { $0 - at } ?? .days(1), PushCarrier.longestLife)
            return max(0, Int(left.milliseconds / 1000))
        }

        var urgency: String {
            switch delivery.freight {
            case .check: "low"
            case .trial: "high"
            default: notice?.kind.isUrgent == true ? "high" : "normal"
            }
        }

        /// RFC 8030 section 5.4: the same for every attempt, so that one that still waits is replaced.
        var topic: String {
            let name = delivery.id.split(separator: "/")
            let isForOne = PushCarrier.addressed(by: delivery.id) != nil
            let whole = isForOne ? name.dropLast().joined(separator: "/") : delivery.id
            return Base64URL.text(Array(Digest.sha256("push topic \(whole)").prefix(24)))
        }
    }

    private func send(_ parcel: Parcel, to devices: [Device]) async -> [(Device, Carriage)] {
        guard devices.count > 1 else {
            var all: [(Device, Carriage)] = []
            for device in devices { all.append((device, await send(parcel, to: device))) }
            return all
        }
        return await withTaskGroup(of: (Device, Carriage).self) { group in
            for device in devices { group.addTask { (device, await send(parcel, to: device)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func send(_ parcel: Parcel, to device: Device) async -> Carriage {
        guard let subscription = device.subscription else { return .never(Trouble(.gone)) }
        guard let message = PushMessage(parcel.delivery.freight, parcel.notice, parcel.matter, to: device) else {
            return .never(Trouble(.rejected))
        }
        guard parcel.settings.takes(endpoint: subscription.endpoint) else { return .never(Trouble(.unsafeAddress)) }
        do {
            let answer = try await post(message, parcel, subscription)
            let isTooLarge = answer.status == 413
            let heard = isTooLarge ? try await post(message.short, parcel, subscription) : answer
            let carriage = Self.carriage(heard)
            if case .never(let why) = carriage, why.kind == .gone {
                try await cabinet.note(gone: device.id, at: parcel.at)
            }
            if case .accepted = carriage, parcel.delivery.freight == .check {
                try await cabinet.note(checked: device.id, at: parcel.at)
            }
            return carriage
        } catch let fault as PostFault {
            return fault == .badAddress || fault == .unsafeAddress ? .never(Trouble(fault)) : .later(Trouble(fault))
        } catch let fault as PushFault {
            // Keys that are none came with the subscription: nothing can ever be sealed for it.
            return .never(Trouble(fault == .tooLong ? .tooLarge : .rejected))
        } catch is TokenFault {
            return .never(Trouble(.notSetUp))
        } catch {
            return .later(Trouble(.ourFault))
        }
    }

    private func post(
        _ message: PushMessage, _ parcel: Parcel, _ subscription: Device.Subscription
    ) async throws -> Incoming {
        let keys = try PushKeys(
            point: Base64URL.bytes(subscription.point) ?? [], secret: Base64URL.bytes(subscription.secret) ?? [])
        let text = try message.text(sealedBy: seal, until: (parcel.delivery.stale ?? parcel.at) + .days(7))
        let pass = try passes.header(for: subscription.endpoint, parcel.settings, at: parcel.at)
        let outgoing = Outgoing(
            "POST", subscription.endpoint,
            headers: [
                HeaderLine("Authorization", pass), HeaderLine("Content-Encoding", "aes128gcm"),
                HeaderLine("Content-Type", "application/octet-stream"), HeaderLine("TTL", "\(parcel.secondsLeft)"),
                HeaderLine("Urgency", parcel.urgency), HeaderLine("Topic", parcel.topic),
            ], body: try PushCoding.seal(text, to: keys), timeoutSeconds: 20, answerLimit: 16_384,
            mayStayInside: parcel.settings.mayStayInside)
        return try await courier.send(outgoing)
    }

    // MARK: Back

    /// What a push service's answer means (RFC 8030 sections 5, 7.3 and 8.4).
    static func carriage(_ answer: Incoming) -> Carriage {
        let said = "HTTP \(answer.status)"
        return switch answer.status {
        case 200, 201, 202: .accepted()
        case 404, 410: .never(Trouble(.gone, said))
        case 413: .never(Trouble(.tooLarge, said))
        case 401: .later(Trouble(.wrongCredentials, said), after: .minutes(5))
        case 403: .never(Trouble(.notAllowed, said))
        case 429, 500...599: .later(Trouble(.busy, said), after: answer.retryAfter)
        default: .never(Trouble(.rejected, said))
        }
    }

    private func conclude(
        _ outcomes: [(Device, Carriage)], _ delivery: Delivery, at now: Moment
    ) async throws -> Carriage {
        var accepted = 0
        var later: [(device: Device, trouble: Trouble, after: Length?)] = []
        var refused: [Trouble] = []
        for (device, carriage) in outcomes {
            switch carriage {
            case .accepted: accepted += 1
            case .later(let trouble, let after): later.append((device, trouble, after))
            case .never(let trouble): refused.append(trouble)
            }
        }
        if accepted > 0 {
            try await cabinet.issue(
                later.map { late in
                    Delivery(
                        id: "\(delivery.id)/d\(late.device.id)", way: .push, freight: delivery.freight,
                        to: delivery.to, matter: delivery.matter, due: now + (late.after ?? .seconds(15)),
                        stale: delivery.stale)
                })
            return .accepted(reference: outcomes.count > 1 ? "\(accepted)/\(outcomes.count)" : "")
        }
        if let first = later.first { return .later(first.trouble, after: later.compactMap(\.after).max()) }
        let isGone = refused.allSatisfy { $0.kind == .gone }
        return .never(refused.first { isGone || $0.kind != .gone } ?? Trouble(.noReach))
    }
}

extension PushSettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        guard let read = try? JSONDecoder().decode(PushSettings.self, from: Data(json.utf8)) else { return nil }
        self = read
    }
}

extension Device {
    fileprivate var isGone: Bool { subscription == nil }
}
