// SPDX-License-Identifier: Apache-2.0
import Footage
import Media
import RTMP
import Testing

@Suite struct Addresses {
    @Test(arguments: [
        ("rtmp://a.example/live2/ab-cd", false, "a.example", 1935, "live2", "ab-cd"),
        ("  RTMPS://b.example:443/rtmp/FB-1?s_bl=1&a=x/y\n", true, "b.example", 443, "rtmp", "FB-1?s_bl=1&a=x/y"),
        ("rtmps://c.example/app/inst/key", true, "c.example", 443, "app/inst", "key"),
        ("rtmp://[2001:db8::1]:19350/live/k", false, "2001:db8::1", 19350, "live", "k"),
        ("rtmp://192.0.2.7//live/k", false, "192.0.2.7", 1935, "live", "k"),
    ]) func whole(
        _ text: String, _ isSecure: Bool, _ host: String, _ port: UInt16, _ application: String, _ key: String
    ) throws {
        let address = try RTMPAddress(text)
        #expect(address.isSecure == isSecure)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.application == application)
        #expect(address.key == key)
    }

    @Test(
        arguments: [
            ("", .scheme), ("https://a.example/live/k", .scheme), ("a.example/live/k", .scheme),
            ("rtmp:a/b/c", .scheme),
            ("rtmp:///live/k", .host), ("rtmp://[::1/live/k", .host), ("rtmp://:1935/live/k", .host),
            ("rtmp://a.example:0/live/k", .port), ("rtmp://a.example:70000/live/k", .port),
            ("rtmp://a.example:/live/k", .port), ("rtmp://a.example:+5/live/k", .port), ("rtmp://[::1]x/live/k", .port),
            ("rtmp://a.example", .application), ("rtmp://a.example/live", .application),
            ("rtmp://a.example/live/", .key), ("rtmp://a.example/live/?k=1", .key), ("rtmp://u:p@a/live/k", .password),
            ("rtmp://a.example/live/a key", .characters), ("rtmp://a.example/live/a\u{7}", .characters),
        ] as [(String, RTMPAddress.Flaw)]) func flawed(_ text: String, _ flaw: RTMPAddress.Flaw)
    {
        #expect(throws: flaw) { try RTMPAddress(text) }
    }

    @Test func everyFlawHasASentence() {
        #expect(Set(RTMPAddress.Flaw.allCases.map(\.english)).count == RTMPAddress.Flaw.allCases.count)
        #expect(Set(RTMPAddress.Flaw.allCases.map(\.thai)).count == RTMPAddress.Flaw.allCases.count)
    }

    @Test func anAddressIsASecret() throws {
        let address = try RTMPAddress("rtmps://a.example/live/secret")
        var dumped = ""
        dump(address, to: &dumped)
        #expect("\(address) \(String(reflecting: [address]))" == "rtmps://… [rtmps://…]")
        #expect(dumped == "- rtmps://…\n")
    }

    @Test func nobodyIsLedOutOfTLS() throws {
        let address = try RTMPAddress("rtmps://a.example/live/k")
        #expect(address.moved(to: "rtmp://b.example/live") == nil)
        #expect(address.moved(to: "rtmps://b.example/x/y") == (try RTMPAddress("rtmps://b.example/x/y/k")))
        #expect(address.moved(to: "/x?a") == (try RTMPAddress("rtmps://a.example/x/k")))
        for nonsense in ["", "/", "//b.example/live", "rtmps://b.example", "/a b"] {
            #expect(address.moved(to: nonsense) == nil)
        }
    }
}

/// FLV on a pipe.
@Suite struct FLVFile {
    @Test func everyByte() {
        var writer = FLVWriter()
        var bytes: [UInt8] = []
        let late = Int64(0x0102_0304) * 1000
        for signal in [
            Signal.configuration(TrackID(.video), .avc, [1, 2, 3]), Sending.picture(960, [9]),
            Sending.picture(1000, key: true, [9]),
            .sample(
                Sample(
                    track: TrackID(.video), microseconds: 1_000_000 + late, compositionMicroseconds: -40_000,
                    isKey: false, bytes: [8, 7])),
        ] { writer.write(signal, to: &bytes) }
        let metadata = AMF.bytes(of: [
            .string("onMetaData"),
            .array([.init("videocodecid", .number(7)), .init("encoder", .string("Sanyan"))]),
        ])
        let size = UInt8(metadata.count)
        var expected: [UInt8] = Array("FLV".utf8) + [1, 1, 0, 0, 0, 9, 0, 0, 0, 0]
        expected += [18, 0, 0, size, 0, 0, 0, 0, 0, 0, 0] + metadata + [0, 0, 0, size + 11]
        expected += [9, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0] + [0x17, 0, 0, 0, 0, 1, 2, 3] + [0, 0, 0, 19]
        expected += [9, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0] + [0x17, 1, 0, 0, 0, 9] + [0, 0, 0, 17]
        expected += [9, 0, 0, 7, 2, 3, 4, 1, 0, 0, 0] + [0x27, 1, 0xFF, 0xFF, 0xD8, 8, 7] + [0, 0, 0, 18]
        #expect(bytes == expected)
        #expect(writer.beginMicroseconds == 1_000_000)
    }

    @Test func saysWhichTracksItHas() throws {
        for (signals, flags) in [
            (try Sending.recorded(), UInt8(5)), ([Sending.configurations[1], Sending.sound(0)], 4),
        ] {
            var writer = FLVWriter()
            var bytes: [UInt8] = []
            for signal in signals { writer.write(signal, to: &bytes) }
            #expect(bytes[4] == flags)
        }
    }
}
