// SPDX-License-Identifier: Apache-2.0

import Desk
import Secure

/// My page's box of devices: this one on or off, and every one with when it last answered.
struct DeviceBox: Sendable {
    /// The key that browsers subscribe with.
    let key: String
    /// Some have stopped: says what to do.
    let stopped: String?
    let hasDevices: Bool
    let rows: [Row]

    struct Row: Sendable {
        /// By it the script finds the line of its own browser: SHA-256 of the endpoint; empty for one that is gone.
        let mark: String
        let name: String
        let chip: ChipRow
        let answered: String
        let trialPath: String?
        let removalPath: String
    }

    init(_ devices: [Device], key: String, phrases: Phrases, at now: Moment) {
        let words = phrases.words
        self.key = key
        let count = devices.filter { $0.hasStopped(at: now) }.count
        stopped = count > 0 ? words("me.devicesStopped", count) : nil
        hasDevices = !devices.isEmpty
        rows = devices.map { device in
            let isGone = device.subscription == nil
            let answered = device.answeredAt.map { words("me.deviceAnswered", phrases.moment($0)) }
            return Row(
                mark: device.subscription.map { Hex.text(Digest.sha256($0.endpoint)) } ?? "", name: device.name,
                chip: Self.chip(device, words, at: now), answered: answered ?? words("me.deviceNeverAnswered"),
                trialPath: isGone ? nil : "/me/devices/\(device.id)/trial",
                removalPath: "/me/devices/\(device.id)/removal")
        }
    }

    private static func chip(_ device: Device, _ words: Words, at now: Moment) -> ChipRow {
        if device.goneAt != nil || device.subscription == nil { return ChipRow(.overdue, words("me.deviceGone")) }
        if device.hasStopped(at: now) { return ChipRow(.overdue, words("me.deviceSilent")) }
        return device.unanswered > 0 || device.answeredAt == nil
            ? ChipRow(.waiting, words("me.deviceAsked")) : ChipRow(.approved, words("me.deviceRings"))
    }

    static func sample(_ paper: Stationery, _ visit: Visit) -> DeviceBox {
        let now = SampleMatters.now
        func device(_ id: Int64, _ name: String, gone: Moment? = nil, unanswered: Int = 0, answered: Moment?) -> Device
        {
            Device(
                id: .init(id), person: .init(1),
                subscription: gone == nil
                    ? .init(endpoint: "https://push.example.com/\(id)", point: "", secret: "") : nil, name: name,
                language: "th", since: now - .days(30), answeredAt: answered,
                checkedAt: unanswered > 0 ? now - .days(2) : nil, unanswered: unanswered, goneAt: gone)
        }
        let devices = [
            device(4, "Safari · iPhone · App", answered: now - .hours(3)), device(3, "Chrome · Android", answered: nil),
            device(2, "Firefox · Windows", unanswered: 2, answered: now - .days(20)),
            device(1, "Edge · Windows", gone: now - .days(1), answered: now - .days(9)),
        ]
        return DeviceBox(devices, key: "BA", phrases: Phrases(paper.words(visit)), at: now)
    }
}

/// My page's box of a topic at ntfy.
struct TopicBox: Sendable {
    let about: String
    /// Nil while the person has none.
    let mine: Topic?

    struct Topic: Sendable {
        let pairs: [PairRow]
        /// Opens the topic in a browser, or in the app where there is one.
        let address: String
        let qr: Markup
    }

    init(_ settings: NtfySettings, topic: String?, words: Words, qrCode: (String) -> String) {
        about = words("me.topicAbout")
        mine = topic.map { name in
            let address = "\(settings.address)/\(name)"
            return Topic(
                pairs: [
                    PairRow(words("me.topicServer"), settings.address), PairRow(words("me.topicName"), name),
                ], address: address, qr: Markup(qrCode(address)))
        }
    }

    static func sample(_ words: Words, isEmpty: Bool) -> TopicBox {
        TopicBox(
            NtfySettings(address: "https://ntfy.example.ac.th"), topic: isEmpty ? nil : "sanyan-abcdefgh23456789",
            words: words, qrCode: { _ in ServicePage.sampleCode.html })
    }
}
