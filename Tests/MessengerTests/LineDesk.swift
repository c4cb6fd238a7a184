// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Logging
import Messenger
import Rehearsal
import Testing

/// An invented office with the rehearsed LINE, and Anan's account bound to it.
struct LineDesk {
    static let token = "rehearsed-token"
    static let user = "U" + String(repeating: "0123456789abcdef", count: 2)

    let post: Post
    let line: LineCourier
    let carrier: LineCarrier
    let postman: Postman
    var cabinet: SQLiteCabinet { post.cabinet }

    init(_ line: LineRehearsal = LineRehearsal(token: LineDesk.token), isReduced: Bool = false) async throws {
        post = try await Post()
        let clock = post.clock
        self.line = LineCourier(line, now: { clock.now })
        carrier = LineCarrier(cabinet: post.cabinet, courier: self.line)
        postman = Self.postman(post, carrier)
        try await setUp(isReduced: isReduced)
        try await cabinet.setReach(of: Samples.anan.id, by: .line, to: Self.user, at: post.clock.now)
    }

    static func postman(_ post: Post, _ carrier: LineCarrier) -> Postman {
        let clock = post.clock
        return Postman(
            cabinet: post.cabinet, carriers: [carrier],
            logger: Logger(label: "line", factory: { _ in SwiftLogNoOpLogHandler() }), now: { clock.now })
    }

    func setUp(token: String = LineDesk.token, isOn: Bool = true, isReduced: Bool = false) async throws {
        let settings = LineSettings(
            token: token, secret: "rehearsed-secret", address: "http://line.test", isReduced: isReduced)
        try await cabinet.save(
            .line, settings: String(decoding: try JSONEncoder().encode(settings), as: UTF8.self), isOn: isOn, by: nil,
            at: post.clock.now)
    }

    func office(at address: String) async throws {
        var office = Samples.office
        office.address = address
        try await cabinet.save(office, by: nil, at: post.clock.now)
    }

    /// Anan is assigned: what waits for LINE then.
    func assigned(_ letter: Letter = Samples.letter()) async throws -> (matter: Matter, delivery: Delivery) {
        let matter = try await post.matter(at: .toPrepare, letter: letter)
        return (matter, try #require(try await deliveries(of: matter).first))
    }

    func deliveries(of matter: Matter) async throws -> [Delivery] {
        try await cabinet.deliveries(of: matter.id).filter { $0.way == .line }
    }

    /// Time passes, and the postman looks once.
    func pass(_ length: Length) async throws {
        post.clock.set(post.clock.now + length)
        try await postman.carryDue()
    }

    var shown: [LineRehearsal.Shown] { get async { await line.line.shown } }
}
