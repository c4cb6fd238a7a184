// SPDX-License-Identifier: Apache-2.0
import CLinux
import ICE
import Testing

@testable import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("A place of datagrams") struct PlaceTests {
    @Test(
        "is the same there and back",
        arguments: [
            TransportAddress(v4: 0x7F00_0001, port: 8_189), TransportAddress(v4: 0xC000_0201, port: 1),
            TransportAddress(v6: (0x2001_0DB8_0000_0000, 1), port: 65_535),
        ], [false, true])
    func roundTrip(address: TransportAddress, onV6: Bool) {
        let socket = address.socketAddress(onV6: onV6)
        #expect(TransportAddress(socket) == address)
        #expect(socket.count == (address.isV6 || onV6 ? 28 : 16))
    }
}

@Suite("Many datagrams at once") struct DatagramTests {
    private struct Pair {
        let out: Datagrams
        let into: Datagrams
        let place: UnsafeMutablePointer<cs_address>

        init() throws {
            let files = (cs_udp("127.0.0.1", 0, 0), cs_udp("127.0.0.1", 0, 0))
            try #require(files.0 >= 0 && files.1 >= 0)
            (out, into) = (try Datagrams(files.0), try Datagrams(files.1))
            let address = TransportAddress(v4: 0x7F00_0001, port: UInt16(cs_port(files.1)))
            place = .allocate(capacity: 1)
            place.initialize(to: address.socketAddress(onV6: false))
        }

        /// Sends packets of these lengths, filled with their number, in one go.
        func send(_ lengths: [Int]) {
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: lengths.reduce(0, +), alignment: 8)
            defer { room.deallocate() }
            var start = 0
            let letters = lengths.enumerated().map { number, length in
                for place in start..<(start + length) { room[place] = UInt8(truncatingIfNeeded: number) }
                defer { start += length }
                return cs_letter(bytes: room.baseAddress.map { $0 + start }, count: UInt32(length), to: place)
            }
            out.send(letters, letters.count)
        }

        /// What came, as lengths and first bytes; loopback delivers before `send` returns.
        func received() -> [(length: Int, first: UInt8)] {
            var found: [(Int, UInt8)] = []
            while case let count = into.take(), count > 0 {
                for place in 0..<count { found.append((Int(into.came[place].count), into.came[place].bytes[0])) }
            }
            return found
        }
    }

    @Test(
        "come out one by one, whatever was sent in one piece",
        arguments: [
            [100], [1_200, 1_200, 1_200], [1_200, 1_200, 700, 1_200, 1_200, 300], [5, 6, 7, 7, 7, 6, 6, 9],
            Array(repeating: 1_100, count: 200), [1_300, 20, 1_300, 20, 20],
        ])
    func pieces(lengths: [Int]) throws {
        let pair = try Pair()
        defer { pair.place.deallocate() }
        pair.send(lengths)
        let found = pair.received()
        #expect(found.map(\.length) == lengths)
        #expect(found.map(\.first) == lengths.indices.map { UInt8(truncatingIfNeeded: $0) })
        #expect(pair.out.sent == lengths.count)
        #expect(pair.out.dropped == 0)
    }

    @Test("one that is longer than anything of ours has no bytes") func tooLong() throws {
        let pair = try Pair()
        defer { pair.place.deallocate() }
        pair.send([3_000])
        #expect(pair.received().map(\.length) == [0])
    }
}

@Suite("An address of a call") struct CallRouteTests {
    @Test(
        "names the way, the meeting and the session",
        arguments: [
            ("/whip/hall", Route.call(.whip, name: "hall", session: nil)),
            ("/whep/hall", .call(.whep, name: "hall", session: nil)),
            ("/whip/hall/abc", .call(.whip, name: "hall", session: "abc")),
            ("/whep/hall/abc", .call(.whep, name: "hall", session: "abc")),
            ("/whip", .nothing), ("/whip/hall/abc/d", .nothing),
        ])
    func route(path: String, route: Route) { #expect(Route(path: path) == route) }
}
