// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Rehearsal
import Secure
import Testing

@testable import Messenger

/// An invented office whose occasions go into a rehearsed Google Calendar.
struct GoogleDesk {
    static let calendar = "office@group.calendar.google.example.com"
    static let account = "sanyan@project.example.com"

    let post: Post
    let stage: GoogleStage
    let carrier: GoogleCarrier

    init(
        role: String = "writer", delegated: Bool = false, settings: GoogleSettings? = nil, isOn: Bool = true
    ) async throws {
        post = try await Post()
        let clock = post.clock
        let key = try #require(try TokenKey(pem: Self.pem).publicKey(named: "one"))
        let people = Set(Samples.people.map(\.mail))
        let google = GoogleRehearsal(
            accounts: [
                .init(
                    mail: Self.account, keys: "{\"keys\":[\(key)]}",
                    delegated: delegated ? ["https://www.googleapis.com/auth/calendar.events"] : [])
            ], people: people, calendars: [Self.calendar: .init(roles: [Self.account: role])])
        stage = GoogleStage(google, now: { clock.now })
        carrier = GoogleCarrier(cabinet: post.cabinet, courier: stage)
        let settings =
            settings ?? GoogleSettings(keyFile: Self.keyFile, calendar: Self.calendar, isDelegated: delegated)
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try await post.cabinet.save(.google, settings: text, isOn: isOn, by: nil, at: post.clock.now)
    }

    /// The key file as Google writes it.
    static var keyFile: String {
        let fields = [
            "type": "service_account", "client_email": account, "private_key_id": "one", "private_key": pem,
            "token_uri": "https://elsewhere.example.com/token",
        ]
        // Strings alone are always JSON.
        return (try? JSONEncoder().encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The deliveries of the matter's calendar errands, in order; those of an earlier look are left out.
    func deliveries(of matter: Matter, after known: [Delivery.ID] = []) async throws -> [Delivery] {
        try await post.outbox.carryDue()
        return try await post.cabinet.deliveries(of: matter.id).filter {
            $0.freight == .calendarEntry && $0.fate == nil && !known.contains($0.id)
        }
    }

    /// Carries what waits for the matter, once each.
    @discardableResult
    func carry(_ matter: Matter) async throws -> [Carriage] {
        var carriages: [Carriage] = []
        for delivery in try await deliveries(of: matter) {
            let carriage = await carrier.carry(delivery, at: post.clock.now)
            carriages.append(carriage)
            let again: Moment? = if case .later = carriage { post.clock.now } else { nil }
            try await post.cabinet.note([
                DeliveryResult(id: delivery.id, carriage: carriage, at: post.clock.now, again: again)
            ])
        }
        return carriages
    }

    func copy(of matter: Matter, to: Delivery.Recipient = .office) async throws -> CalendarCopy? {
        try await post.cabinet.calendarCopies(of: matter.id).first { $0.way == .google && $0.to == to }
    }

    func event(of matter: Matter, in calendar: String = GoogleDesk.calendar) async throws -> [String: GoogleValue]? {
        guard let copy = try await post.cabinet.calendarCopies(of: matter.id).first(where: { $0.calendar == calendar })
        else { return nil }
        return await stage.google.event(copy.event, in: calendar)
    }

    func rounds() -> CalendarRounds {
        let clock = post.clock
        return CalendarRounds(
            cabinet: post.cabinet, google: carrier, caldav: CalDAVCarrier(cabinet: post.cabinet, courier: stage),
            logger: Logger(label: "rounds", factory: { _ in SwiftLogNoOpLogHandler() }), now: { clock.now })
    }

    /// Made for these tests; it opens nothing.
    static let pem = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCERAVrWXjY+UI/
        5unlVsSYxr42k6KsROgb9EA6ao8UIZWZ0i2BbkwwUUptUwUxd4+4pOayRZJbkAXX
        phrYXVrxHi4mopiYg9crRs74y6la+/3YiRYQLQrHMFyKHqBtVQJB8vI95TEXrj/S
        RVI43yV70Ln9bP3xxvnvY5ScstkwFv05lkCnEoWf2XyguERKBkgf6g5sF1qJHguW
        PGjUkZX0C+v1HlN4aCoOAMCSkV+RjKRnYt6gPXSCW+GrxcRxtI8cpIPpn+9CgxgB
        RRrAuLhoFZkBIfpOPsQCkoLuQ+ZcTl2ZMl9VrN4W/LopPQZzgxGFm6I1LMSHy0Yq
        qjRYICz3AgMBAAECggEACq2fLmKD0iiVg6k12vEdYCQzeR6ENJo/jvoyMUUnFf38
        IPYJ/HgWKJR3iMn6EltPvB18Dop1XXUMM7PSWQN4cxz3puDbpvyF45WM4iM3IgRU
        IyY2JMouI5Sw8+mzFACX9RETI5IcW4gS2PwFvletpAhe66nf+qQQy5Xjip8Zz7r9
        sg412eIudP6JbbMrRcMqVmASe0BNoDF6aoVDvU9TFgRC2NWNkTDsnq75b4xWtgqF
        1JplcKjcc/3ineAxHvQGeeYzxBw0VaCo2cbxOteC5OmJim5lsr4zu13ZpxRGKYiE
        qKGy6i/LrMr79qPFKGwf/dMSjASNMI8a1gXqloyIKQKBgQC5vsMqqXr3tSotR1bY
        3McGRHGq+jW57WrpSRJL7JIg4IK3171ZKLwStwXYQHAUynydpMsnjcL1o0PD470f
        3Vrk9rpoVVzDG9jLo2X84scEcs9+B6E9ZhGrjaMedq3/q2OcbtRnhwR4PmpYU8ui
        jx0Ndzalxt6gRClAB1WxkFXCwwKBgQC2SvovSnkB7uT+7GQIoT0fn6XT+HKj7DSt
        TxEiWIk8Zu7p1zPdSw1NynGvQDDDL+ZG9azbW4YaMP31oloSypTqESxcl5oxoGZY
        DfN8a3rib0cNFwUopsQH4cVk5+/V3N18784YhTmOgiykbawKnUKgiF4Y+R1Dg9ME
        lWIgJrbhvQKBgFgeQtKTcq3fOXIfnPjmzFiR0ecOKrzZAFZJ/y8bvTtxpzH2XHLW
        21p5j4FHGKUUZsgW7PYHz8zetoBRI2Dhj4R99HMYxBgfttrs2q59G3Nl0D/2+Kx7
        JrjfSdpi7SsUsP3+qi+vIxS0b5kVr86f3GWN/9Pno6gejf89O48wbS8nAoGBAIvd
        w0/9qBLfpTwjTC2C6U8WQzn8aplzZoeDHvZnUATURYON5vFn4HFLXybD7aYVXm4b
        meFEvAPkizaotsusO83MF2mDuH9TPrNZIPTZ0pNiJfXZL9AdBFO32qitfMtuh1KQ
        /GS784lwP6h5rYMHXlOlze0DVnyy7Hmb1IouqitRAoGBAJNj1UDPGcBP5hntGtgs
        LT3SgKL2kla/ciJ7ICMd66aYcFbTg7E4W9OwCw11bOWhU7x5c97EWNC7PeeqwX7f
        VGshsVRwBn+thFQo4AV+yfvrdoxCBAd4ozC7v4hHhxLcvn0LXhNyvA5bXokf+5dE
        XRFcpH4E6QfB8NTlhS2jguR3
        -----END PRIVATE KEY-----
        """
}
