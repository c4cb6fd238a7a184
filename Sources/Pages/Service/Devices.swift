// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// What a form or a service worker says of a browser's subscription, looked at before it is believed.
struct TypedSubscription {
    let subscription: Device.Subscription
    let expires: Moment?

    /// Nil when the endpoint may not be called, or the keys are none.
    init?(_ form: Form, _ settings: PushSettings) {
        let endpoint = form.text("endpoint")
        guard settings.takes(endpoint: endpoint), let point = Base64URL.bytes(form.text("point")),
            let secret = Base64URL.bytes(form.text("secret")), (try? PushKeys(point: point, secret: secret)) != nil
        else { return nil }
        subscription = Device.Subscription(
            endpoint: endpoint, point: form.text("point"), secret: form.text("secret"))
        // Milliseconds since 1970 (Push API, `expirationTime`); most browsers say nothing.
        expires = Int64(form.text("expires")).map { Moment(milliseconds: $0) }
    }
}

extension Counter {
    /// How Web Push is set up; nil while it is off.
    func pushSettings() async throws -> PushSettings? {
        let record = try await cabinet.way(.push)
        guard record.isOn, let settings = SettingsText.read(PushSettings.self, record.settings), settings.isComplete
        else { return nil }
        return settings
    }

    /// POST /me/devices: this browser takes notices from now on.
    func keepDevice(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let settings = try await pushSettings() else { throw HTTPError(.notFound) }
        let form = try await Form.read(request)
        guard let typed = TypedSubscription(form, settings) else {
            throw Sentence("me.deviceStrange", status: .unprocessableContent)
        }
        let name = DeviceName.text(request.headers[.userAgent] ?? "", isInstalled: form.isOn("installed"))
        _ = try await cabinet.keep(
            Device(
                person: person.id, subscription: typed.subscription, name: name, language: visit.language.rawValue,
                since: now(), expires: typed.expires))
        return .seeOther("/me?done=device_on#devices")
    }

    /// POST /me/devices/:device/trial: "ring my phone now".
    func ringDevice(_ visit: Visit) async throws -> Response {
        let (person, device) = try await myDevice(visit)
        return try await ring(person, way: .push, last: PushBearer.device(device.id).mark, back: "devices")
    }

    /// POST /me/devices/:device/removal
    func removeDevice(_ visit: Visit) async throws -> Response {
        let (person, device) = try await myDevice(visit)
        _ = try await cabinet.remove(device.id, of: person.id)
        return .seeOther("/me?done=device_off#devices")
    }

    private func myDevice(_ visit: Visit) async throws -> (Person, Device) {
        let person = try person(visit)
        guard let id = visit.parameters.get("device").flatMap({ Device.ID($0) }),
            let device = try await cabinet.device(id), device.person == person.id
        else { throw HTTPError(.notFound) }
        return (person, device)
    }

    /// Issues a trial call; it makes no sense a minute later.
    private func ring(_ person: Person, way: Way, last: String, back: String) async throws -> Response {
        guard await throttle.allows("ring \(person.id)", limit: 10, within: .minutes(1), at: now()) else {
            throw HTTPError(.tooManyRequests)
        }
        let trial = Delivery(
            id: "trial/\(Token.random(bytes: 9))/\(last)", way: way, freight: .trial, to: .person(person.id),
            matter: nil,
            due: now(), stale: now() + .minutes(1))
        try await cabinet.issue([trial])
        return .seeOther("/me?done=device_rung#\(back)")
    }

    // MARK: A topic at ntfy

    /// POST /me/topic: a fresh topic; the one before is heard no more.
    func makeTopic(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard try await ntfySettings() != nil else { throw HTTPError(.notFound) }
        // 24 letters are 118 bits: nobody guesses a topic.
        let topic = NtfySettings.topicPrefix + Token.word(letters: 24)
        try await cabinet.setReach(of: person.id, by: .ntfy, to: topic, at: now())
        return .seeOther("/me?done=topic_made#topic")
    }

    /// POST /me/topic/trial
    func ringTopic(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        return try await ring(person, way: .ntfy, last: PushBearer.topic(person.id).mark, back: "topic")
    }

    /// POST /me/topic/removal
    func removeTopic(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        try await cabinet.setReach(of: person.id, by: .ntfy, to: nil, at: now())
        return .seeOther("/me?done=topic_removed#topic")
    }

    /// How ntfy is set up; nil while it is off.
    func ntfySettings() async throws -> NtfySettings? {
        let record = try await cabinet.way(.ntfy)
        guard record.isOn, let settings = SettingsText.read(NtfySettings.self, record.settings), settings.isComplete
        else { return nil }
        return settings
    }
}

/// What a list of devices calls a browser: `Chrome · Android`, from what it says of itself (RFC 9110 section 10.1.5).
enum DeviceName {
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
        ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]

    static func text(_ agent: String, isInstalled: Bool) -> String {
        let agent = agent.prefix(500)
        func first(_ words: [(String, String)]) -> String { words.first { agent.contains($0.0) }?.1 ?? "?" }
        return "\(first(browsers)) · \(first(systems))" + (isInstalled ? " · App" : "")
    }
}
