// SPDX-License-Identifier: Apache-2.0
import ICE
import Media
import Testing

@Suite("Checks and their answers")
struct ICETests {
    static let home = TransportAddress(v4: 0xC000_0201, port: 32_853)
    static let start = Tick(milliseconds: 1_000)

    /// RFC 5769, 2.1: a request with its integrity, as every implementation reads it.
    static let sample: [UInt8] = hex(
        """
        000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1\
        51263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf
        """)

    static func hex(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8).map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func agent(remote: String? = nil) -> Agent {
        Agent(
            local: Credentials(fragment: "evtj", password: "VOkJxbRl1RmTxUk/WvJxBt"),
            remote: remote.map { Credentials(fragment: $0, password: "0123456789012345678901") }, at: start)
    }

    @Test("the RFC's own request is read and found to be signed")
    func vector() {
        var agent = Self.agent(remote: "h6vY")
        // It says that the other side is controlled, which against a lite agent is a conflict (RFC 8445, 7.3.1.1).
        let reply = agent.ask(Self.sample, from: Self.home)
        #expect(reply.kind == 0x0111)
        #expect(reply.error == 487)
        #expect(reply.isSigned(with: "VOkJxbRl1RmTxUk/WvJxBt"))
        #expect(agent.refused == 0)
        #expect(Self.sample.withUnsafeBytes { Binding.key(of: $0) } == 0x6576_746A)
    }

    @Test("a check is answered with the address it came from", arguments: [true, false])
    func mapped(isV6: Bool) {
        var agent = Self.agent(remote: "peer")
        let address =
            isV6 ? TransportAddress(v6: (0x2001_0DB8_1234_5678, 0x0011_2233_4455_6677), port: 32_853) : Self.home
        let reply = agent.ask(Check(user: "evtj:peer").bytes, from: address)
        #expect(reply.kind == 0x0101)
        #expect(reply.address == address)
        #expect(reply.isSigned(with: "VOkJxbRl1RmTxUk/WvJxBt"))
        #expect(agent.told() == [.proved(address), .selected(address)])
    }

    @Test("what is not signed with the password is dropped and counted")
    func unsigned() {
        var agent = Self.agent(remote: "peer")
        var wrong = Check(user: "evtj:peer")
        wrong.password = "VOkJxbRl1RmTxUk/WvJxBT"
        #expect(agent.ask(wrong.bytes, from: Self.home).isEmpty)
        var nothing = Check(user: "evtj:peer")
        nothing.password = nil
        #expect(agent.ask(nothing.bytes, from: Self.home).isEmpty)
        #expect(agent.ask(Check(user: "evtj:other").bytes, from: Self.home).isEmpty)
        #expect(agent.ask(Check(user: "evt:peer").bytes, from: Self.home).isEmpty)
        #expect(agent.refused == 4)
        #expect(agent.told() == [])
        #expect(agent.selected == nil)
    }

    @Test("a check cut at any index, or with any byte changed, moves nothing and traps nothing")
    func hostile() {
        let whole = Check(user: "evtj:peer", isNominating: true).bytes
        for count in 0..<whole.count {
            var agent = Self.agent(remote: "peer")
            #expect(agent.ask(Array(whole[..<count]), from: Self.home).isEmpty)
            _ = whole[..<count].withUnsafeBytes { Binding.key(of: $0) }
            #expect(agent.selected == nil)
        }
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] where whole[index] != value {
                var agent = Self.agent(remote: "peer")
                var bytes = whole
                bytes[index] = value
                #expect(agent.ask(bytes, from: Self.home).isEmpty)
                #expect(agent.selected == nil)
            }
        }
    }

    @Test("an answer is never longer than the question")
    func noAmplification() {
        var agent = Self.agent()
        let unknown = Check(user: "evtj:p", unknown: [0x7001, 0x7002, 0x7003]).bytes
        let reply = agent.ask(unknown, from: Self.home)
        #expect(reply.error == 420)
        #expect(reply.bytes.count <= unknown.count)
    }

    @Test("before a nomination the latest address is followed, afterwards only the nominated one")
    func addressChange() {
        var agent = Self.agent(remote: "peer")
        let wifi = TransportAddress(v4: 0x0A00_0001, port: 1)
        let mobile = TransportAddress(v4: 0x0A00_0002, port: 2)
        _ = agent.ask(Check(user: "evtj:peer").bytes, from: wifi)
        _ = agent.ask(Check(user: "evtj:peer").bytes, from: mobile)
        #expect(agent.selected == mobile)
        _ = agent.ask(Check(user: "evtj:peer", isNominating: true).bytes, from: wifi)
        _ = agent.ask(Check(user: "evtj:peer").bytes, from: mobile)
        #expect(agent.selected == wifi)
        _ = agent.ask(Check(user: "evtj:peer", isNominating: true).bytes, from: mobile)
        #expect(agent.selected == mobile)
        #expect(
            agent.told() == [
                .proved(wifi), .selected(wifi), .proved(mobile), .selected(mobile), .selected(wifi), .selected(mobile),
            ])
    }

    @Test("a restart keeps the old password until the first check with the new")
    func restart() {
        var agent = Self.agent(remote: "peer")
        _ = agent.ask(Check(user: "evtj:peer", isNominating: true).bytes, from: Self.home)
        _ = agent.told()
        let fresh = Credentials(fragment: "newF", password: "abcdefghijklmnopqrstuv")
        agent.restart(local: fresh, remote: Credentials(fragment: "newP", password: "x"), at: Self.start)
        #expect(agent.ask(Check(user: "evtj:peer").bytes, from: Self.home).kind == 0x0101)
        #expect(agent.selected == Self.home)
        let away = TransportAddress(v4: 0x0A00_0009, port: 9)
        var check = Check(user: "newF:newP")
        check.password = fresh.password
        #expect(agent.ask(check.bytes, from: away).isSigned(with: fresh.password))
        #expect(agent.told() == [.restarted, .proved(away), .selected(away)])
        #expect(agent.ask(Check(user: "evtj:peer").bytes, from: Self.home).isEmpty)
    }

    @Test("consent ends half a minute after the last check, and nothing is answered afterwards")
    func consent() {
        var agent = Self.agent(remote: "peer")
        _ = agent.ask(Check(user: "evtj:peer").bytes, from: Self.home, at: Tick(milliseconds: 20_000))
        _ = agent.told()
        agent.time(at: Tick(milliseconds: 49_999))
        #expect(agent.next() == .wake(at: Tick(milliseconds: 50_000)))
        agent.time(at: Tick(milliseconds: 50_000))
        #expect(agent.next() == .tell(.consentLost))
        #expect(agent.next() == .wake(at: nil))
        #expect(agent.ask(Check(user: "evtj:peer").bytes, from: Self.home).isEmpty)
    }

    @Test("frames over TCP come whole, however they were cut")
    func frames() {
        let packets: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300)]
        let wire = packets.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }
        for step in 1...wire.count {
            var reader = FrameReader()
            var read: [[UInt8]] = []
            for start in stride(from: 0, to: wire.count, by: step) {
                let isTaken = reader.take(wire[start..<min(start + step, wire.count)])
                #expect(isTaken)
                while let packet = reader.next() { read.append(Array(packet)) }
            }
            #expect(read == packets)
        }
        var reader = FrameReader(limit: 100)
        let isTaken = reader.take([1, 0])
        #expect(!isTaken)
        #expect(reader.isTooLong)
    }

    @Test("a pass for the relay is what coturn computes")
    func relay() {
        let pass = RelayPass(who: "seat7", expirySeconds: 1_795_000_000, secret: "north")
        #expect(pass.username == "1795000000:seat7")
        #expect(pass.password == "676wdbECar59Alsx9RdarOjQubQ=")
    }

    @Test("credentials of chance are of ICE's alphabet, and a mapped IPv4 address is an IPv4 address")
    func names() {
        let pair = Credentials(random: Array(0..<32).map { UInt8($0 * 8) })
        #expect(pair?.fragment.count == 8)
        #expect(pair?.password.count == 24)
        #expect(Credentials(random: [1, 2, 3]) == nil)
        #expect(TransportAddress(v6: (0, 0xFFFF_C000_0201), port: 32_853) == Self.home)
        #expect(Self.home.description == "192.0.2.1:32853")
        #expect(TransportAddress(v6: (0x2001_0DB8 << 32, 1), port: 5).description == "[2001:db8:0:0:0:0:0:1]:5")
    }
}
