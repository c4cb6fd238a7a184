// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP
import Testing

/// The other server says no, or nothing.
@Suite struct Refused {
    static func ended(_ replies: [Message], codecs: [Codec] = [.avc]) throws -> SenderMachine.News? {
        var machine = SenderMachine(
            to: try RTMPAddress("rtmp://a.example/live/key"), carrying: codecs, at: Instant(milliseconds: 0))
        var bytes: [UInt8] = [3] + [UInt8](repeating: 0, count: 3072)
        var writer = ChunkWriter()
        for reply in replies { writer.write(reply, to: &bytes) }
        machine.take(.bytes(bytes[...]), at: Instant(milliseconds: 0))
        var last: SenderMachine.News?
        while true {
            switch machine.next() {
            case .tell(let news): last = news
            case .send: break
            case .wake: return last
            }
        }
    }

    static func information(_ code: String, level: String = "error", _ description: String = "") -> AMF {
        .object([
            .init("level", .string(level)), .init("code", .string(code)), .init("description", .string(description)),
        ])
    }

    static let connected = Message.command([
        .string("_result"), .number(1), .null, information("NetConnection.Connect.Success", level: "status"),
    ])
    static let created = Message.command([.string("_result"), .number(4), .null, .number(1)])

    @Test func aStudioThatDoesNotKnowTheKey() throws {
        var duet = try Duet(codecs: [.avc], accepts: false)
        duet.reception.take(.refuse("This key is not known."))
        duet.drain()
        #expect(duet.news == [.ended(.refused(.key))])
        #expect(duet.wake == nil)
    }

    @Test func aStudioThatLetsThePublisherGo() throws {
        var duet = try Duet(codecs: [.avc])
        duet.reception.take(.stop("Another publisher took over."))
        duet.drain()
        #expect(duet.news == [.publishing, .ended(.refused(.denied))])
    }

    @Test func aStudioThatWantsUsElsewhere() throws {
        for (address, next) in [
            ("rtmp://b.example:1936/other/deep", "rtmp://b.example:1936/other/deep/a-key"),
            ("/other", "rtmp://studio.example/other/a-key"), (nil, "rtmp://studio.example/live/a-key"),
            ("nonsense", "rtmp://studio.example/live/a-key"),
        ] {
            var duet = try Duet(codecs: [.avc])
            duet.reception.take(.reconnect(address: address))
            duet.drain()
            #expect(duet.news == [.publishing, .ended(.moved(try RTMPAddress(next)))])
            #expect(duet.reception.news.last == .ended(.unpublished))
        }
    }

    @Test func refusalsOfConnect() throws {
        let rejected = Refused.information("NetConnection.Connect.Rejected")
        let user = Refused.information("NetConnection.Connect.Rejected", "[ AccessManager.Reject ] : authmod=adobe")
        for (values, no) in [
            ([.null, rejected], .address), ([rejected], .address), ([], .address), ([.null, user], .password),
        ] as [([AMF], SenderEnd.No)] {
            #expect(
                try Refused.ended([.command([.string("_error"), .number(1)] + values)]) == .ended(.refused(no)))
        }
    }

    @Test(arguments: [
        ("NetStream.Publish.BadName", "error", SenderEnd.No.key), ("NetStream.Publish.Denied", "status", .denied),
        ("Something.Else", "error", .unsaid),
    ]) func refusalsOfPublish(_ code: String, _ level: String, _ no: SenderEnd.No) throws {
        let status = Message.command(
            [.string("onStatus"), .number(0), .null, Refused.information(code, level: level)], stream: 1)
        #expect(try Refused.ended([Refused.connected, Refused.created, status]) == .ended(.refused(no)))
    }

    @Test func refusalsThatMeanNothing() throws {
        let released = Message.command([.string("_error"), .number(2), .null, Refused.information("x")])
        let start = Message.command(
            [.string("onStatus"), .number(0), .null, Refused.information("NetStream.Publish.Start", level: "status")],
            stream: 1)
        #expect(
            try Refused.ended([Refused.connected, released, Refused.created, start]) == .publishing)
    }

    @Test func aServerThatDoesNotTakeTheCodec() throws {
        func connected(_ codes: [String]) -> Message {
            .command([
                .string("_result"), .number(1),
                .object(codes.isEmpty ? [] : [.init("fourCcList", .list(codes.map { .string($0) }))]),
            ])
        }
        #expect(try Refused.ended([connected(["av01"])], codecs: [.hevc]) == .ended(.unsupported(.hevc)))
        for codes in [[], ["*"], ["hvc1", "av01"]] {
            #expect(try Refused.ended([connected(codes)], codecs: [.hevc, .aac]) == nil)
        }
        #expect(try Refused.ended([connected(["av01"])], codecs: [.avc, .aac]) == nil)
    }

    @Test func aCodecThatWasNotAnnounced() throws {
        var duet = try Duet(codecs: [.avc])
        duet.play([.configuration(TrackID(.video), .hevc, [1])])
        #expect(duet.news == [.publishing, .ended(.changed(.hevc))])
    }

    @Test func everyStepHasItsTime() throws {
        let connected = [Refused.connected, Refused.created]
        for (count, step, limit) in [(0, SenderStep.connect, 10), (1, .createStream, 10), (2, .publish, 10)] {
            var machine = SenderMachine(
                to: try RTMPAddress("rtmp://a.example/live/key"), carrying: [.avc], at: Instant(milliseconds: 0))
            var bytes: [UInt8] = [3] + [UInt8](repeating: 0, count: 3072)
            var writer = ChunkWriter()
            for reply in connected.prefix(count) { writer.write(reply, to: &bytes) }
            machine.take(.bytes(bytes[...]), at: Instant(milliseconds: 2000))
            let due = Instant(milliseconds: 2000 + Int64(limit) * 1000)
            machine.take(.time, at: Instant(milliseconds: due.milliseconds - 1))
            while case .send = machine.next() {}
            #expect(machine.next() == .wake(at: due))
            machine.take(.time, at: due)
            #expect(machine.next() == .tell(.ended(.tooSlow(step))))
            #expect(machine.next() == .wake(at: nil))
        }
    }

    @Test func badBytes() throws {
        var machine = SenderMachine(
            to: try RTMPAddress("rtmp://a.example/live/key"), carrying: [.avc], at: Instant(milliseconds: 0))
        while case .send = machine.next() {}
        #expect(machine.next() == .wake(at: Instant(milliseconds: 5000)))
        machine.take(.bytes(Array("HTTP/1.1 400 Bad Request".utf8)[...]), at: Instant(milliseconds: 0))
        #expect(machine.next() == .tell(.ended(.violation(.notRTMP(firstByte: 72)))))
        let chatter = (0..<40).map { _ in Message(chunkStream: 3, type: 99, body: [UInt8](repeating: 0, count: 2000)) }
        #expect(try Refused.ended(chatter) == .ended(.violation(.tooMuchBeforePublish)))
    }

    @Test func aServerThatHangsUp() throws {
        var duet = try Duet(codecs: [.avc], accepts: false)
        duet.take(.closed)
        #expect(duet.news == [.ended(.turnedAway)])
        duet = try Duet(codecs: [.avc])
        duet.take(.closed)
        #expect(duet.news == [.publishing, .ended(.closed)])
    }

    @Test func aServerHasLittleToSay() throws {
        var duet = try Duet(codecs: [.avc])
        duet.take(.bytes([3, 0, 0, 0, 0, 0xFF, 0xFF, 20, 0, 0, 0, 0, 2, 0, 1][...]))
        #expect(duet.news == [.publishing])
        duet = try Duet(codecs: [.avc])
        duet.take(.bytes([3, 0, 0, 0, 1, 0x11, 0x70, 20, 0, 0, 0, 0][...]))
        #expect(duet.news == [.publishing, .ended(.violation(.messageTooLong(bytes: 70_000)))])
    }

    @Test func everyEndHasASentenceWithoutTheKey() throws {
        let address = try RTMPAddress("rtmp://a.example/live/secret")
        let ends: [SenderEnd] =
            [
                .stopped, .closed, .turnedAway, .moved(address), .stalled, .unsupported(.hevc), .changed(.av1),
                .tooSlow(.publish),
            ]
            + [.violation(.silent)] + SenderEnd.No.allCases.map { .refused($0) }
        #expect(Set(ends.map(\.english)).count == ends.count)
        #expect(Set(ends.map(\.thai)).count == ends.count)
        #expect(!ends.contains { "\($0) \($0.english) \($0.thai)".contains("secret") })
    }
}
