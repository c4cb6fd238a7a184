// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Testing

@testable import Secure

/// Handshakes with a client like a browser.
@Suite struct DTLSTests {
    static let all = "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM"

    /// Carries datagrams to and fro until nothing more comes, losing those whose number `loses` names.
    static func shake(
        _ client: DTLSClient, _ server: DTLSHandshake, loses: (Int) -> Bool = { _ in false }
    ) -> [DTLSHandshake.Step] {
        var (steps, number): ([DTLSHandshake.Step], Int) = ([], 0)
        var toServer = client.step()
        for _ in 0..<50 where !toServer.isEmpty {
            var toClient: [[UInt8]] = []
            for datagram in toServer {
                number += 1
                if loses(number) { continue }
                steps.append(datagram.withUnsafeBytes { server.take($0) })
                while let answer = server.next() { toClient.append(answer) }
            }
            toServer = []
            for datagram in toClient {
                number += 1
                if !loses(number) { toServer += client.step(datagram) }
            }
        }
        return steps
    }

    private static func keys(_ steps: [DTLSHandshake.Step]) -> [SRTPPair] {
        steps.compactMap { if case .done(let pair) = $0 { pair } else { nil } }
    }

    @Test(arguments: [
        (all, SRTPProfile.aeadAES128GCM), ("SRTP_AEAD_AES_256_GCM", .aeadAES256GCM),
        ("SRTP_AES128_CM_SHA1_80", .aes128CMSHA1_80),
        ("SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM", .aeadAES256GCM),
    ]) func theBestOfferedProtectionIsChosenAndBothHaveItsKeys(offered: String, chosen: SRTPProfile) throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: offered))
        let steps = Self.shake(client, try DTLSHandshake(identity, peer: client.fingerprint))
        let pairs = Self.keys(steps)
        let pair = try #require(pairs.first)
        #expect(pairs.count == 1)
        #expect(client.isDone)
        #expect(pair.peer.profile == chosen)
        let (key, salt) = (chosen.keyBytes, chosen.saltBytes)
        let material = client.material(2 * (key + salt))
        let pieces = [0, key, 2 * key, 2 * key + salt, 2 * (key + salt)]
        let cut = (0..<4).map { Array(material[pieces[$0]..<pieces[$0 + 1]]) }
        #expect(pair.peer == SRTPMaster(chosen, key: cut[0], salt: cut[2]))
        #expect(pair.ours == SRTPMaster(chosen, key: cut[1], salt: cut[3]))
    }

    /// Browsers' hellos do not fit into one datagram any more.
    @Test func aHelloInPiecesIsUnderstood() throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: Self.all, unit: 256))
        let server = try DTLSHandshake(identity, peer: client.fingerprint)
        #expect(Self.keys(Self.shake(client, server)).count == 1)
    }

    /// As GStreamer has it.
    @Test func aCertificateOfRSAIsGoodToo() throws {
        let client = try #require(DTLSClient(profiles: Self.all, hasRSA: true))
        let server = try DTLSHandshake(try DTLSIdentity(), peer: client.fingerprint)
        #expect(Self.keys(Self.shake(client, server)).count == 1)
    }

    @Test func anotherCertificateThanTheOffersIsRefused() throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: Self.all))
        let other = try #require(Fingerprint([UInt8](repeating: 7, count: 32)))
        let server = try DTLSHandshake(identity, peer: other)
        let steps = Self.shake(client, server)
        #expect(Self.keys(steps).isEmpty)
        #expect(steps.last == .failed(.wrongCertificate))
        #expect([UInt8]([22]).withUnsafeBytes { server.take($0) } == .failed(.wrongCertificate))
    }

    @Test func noCertificateIsRefused() throws {
        let client = try #require(DTLSClient(profiles: Self.all, shows: false))
        let steps = Self.shake(client, try DTLSHandshake(try DTLSIdentity(), peer: client.fingerprint))
        #expect(Self.keys(steps).isEmpty)
        guard case .failed(.refused) = steps.last else { return #expect(Bool(false), "\(steps)") }
    }

    @Test func noProtectionInCommonIsRefused() throws {
        let client = try #require(DTLSClient(profiles: ""))
        let steps = Self.shake(client, try DTLSHandshake(try DTLSIdentity(), peer: client.fingerprint))
        #expect(steps.last == .failed(.noProfile))
    }

    @Test func whatIsLostIsSentAgainAfterFiftyMilliseconds() throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: Self.all))
        let server = try DTLSHandshake(identity, peer: client.fingerprint)
        #expect(server.waitMilliseconds == nil)
        for hello in client.step() { _ = hello.withUnsafeBytes { server.take($0) } }
        while server.next() != nil {}
        let wait = try #require(server.waitMilliseconds)
        #expect((1...50).contains(wait))
        server.repeatUnanswered()
        #expect(server.next() == nil, "nothing is repeated before its time")
    }

    /// The client's last flight comes twice when ours was lost; it must be answered again.
    @Test func theLastFlightIsSentAgain() throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: Self.all))
        let server = try DTLSHandshake(identity, peer: client.fingerprint)
        var toServer = client.step()
        var steps: [DTLSHandshake.Step] = []
        while Self.keys(steps).isEmpty, !toServer.isEmpty {
            var toClient: [[UInt8]] = []
            for datagram in toServer {
                steps.append(datagram.withUnsafeBytes { server.take($0) })
                while let answer = server.next() { toClient.append(answer) }
            }
            toServer = []
            // What the server says last is lost.
            if Self.keys(steps).isEmpty { for datagram in toClient { toServer += client.step(datagram) } }
        }
        #expect(!client.isDone)
        var again: [[UInt8]] = []
        var flight: [[UInt8]] = []
        for _ in 0..<5_000_000 where flight.isEmpty { flight = client.repeatUnanswered() }
        for datagram in flight {
            #expect(datagram.withUnsafeBytes { server.take($0) } == .stays)
            while let answer = server.next() { again.append(answer) }
        }
        for datagram in again { _ = client.step(datagram) }
        #expect(client.isDone)
    }

    @Test func goodbyeIsHeardBothWays() throws {
        let identity = try DTLSIdentity()
        let client = try #require(DTLSClient(profiles: Self.all))
        let server = try DTLSHandshake(identity, peer: client.fingerprint)
        _ = Self.shake(client, server)
        for datagram in client.goodbye() { #expect(datagram.withUnsafeBytes { server.take($0) } == .ended) }
        let second = try #require(DTLSClient(profiles: Self.all))
        let other = try DTLSHandshake(identity, peer: second.fingerprint)
        _ = Self.shake(second, other)
        other.sayGoodbye()
        while let datagram = other.next() { _ = second.step(datagram) }
        #expect(second.isOver)
    }

    @Test func anythingElseIsNoHandshake() throws {
        let identity = try DTLSIdentity()
        var dice = Packets(seed: 5)
        let client = try #require(DTLSClient(profiles: Self.all))
        let hello = client.step()
        for round in 0..<600 {
            let server = try DTLSHandshake(identity, peer: client.fingerprint)
            var bytes = round % 2 == 0 ? dice.bytes(dice.below(1_500)) : hello[0]
            if round % 2 == 1 { for _ in 0...dice.below(6) { bytes[dice.below(bytes.count)] = UInt8(dice.below(256)) } }
            if round % 3 == 0 { bytes = Array(bytes.prefix(dice.below(bytes.count + 1))) }
            let step = bytes.withUnsafeBytes { server.take($0) }
            #expect(Self.keys([step]).isEmpty)
        }
    }

    @Test func fingerprintsAsSDPWritesThem() throws {
        let identity = try DTLSIdentity()
        let text = identity.fingerprint.description
        #expect(text.utf8.count == 95)
        #expect(Fingerprint(text: text) == identity.fingerprint)
        #expect(Fingerprint(text: text.lowercased()) == identity.fingerprint)
        for wrong in ["", "AB", String(text.dropLast()), text + ":00", text.replacing(":", with: " ")] {
            #expect(Fingerprint(text: wrong) == nil)
        }
        #expect(try DTLSIdentity().fingerprint != identity.fingerprint)
    }
}
