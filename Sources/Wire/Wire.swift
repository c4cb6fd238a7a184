// SPDX-License-Identifier: Apache-2.0

// Wire: sockets around the studio's machines.
//
// There is
//   RTMP in, on one event loop of its own with the pump, the only loop that calls the machines' `take`.
//   HTTP/1.1 out, on event loops of its own. Each of them has its own table of the same shared bytes, so delivering
//   takes no lock; the pump hands all of them what is new in one go, once per read.
//   One recorder for each broadcast, on a queue of its own: a slow disk stops nobody.
// There is not yet
//   TLS and HTTP/2 (put a proxy in front), RTMPS, SRT, byte ranges, more than the first rendition in the recording,
//   repairing or offering recordings, bandwidth limits for each address.
//
// No key and no token is ever logged.

public import HLS
import NIOCore
import NIOHTTP1
import NIOPosix

/// A running studio: listens for encoders and viewers until it is stopped.
public final class Station: Sendable {
    /// What to serve, and where.
    public struct Plan: Sendable {
        /// One broadcast: its name in addresses and the key to publish with.
        public struct Entry: Sendable {
            /// Letters, digits, `.`, `_` and `-`.
            public var name: String
            /// What the encoder has to know.
            public var key: String

            /// A broadcast of this name and key; nil when the name cannot be in an address or the key is empty.
            public init?(name: String, key: String) {
                guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Route.isPlain), !key.isEmpty,
                    name != ".", name != ".."
                else { return nil }
                (self.name, self.key) = (name, key)
            }
        }

        /// The broadcasts; their names differ.
        public var broadcasts: [Entry]
        /// Where viewers come.
        public var http: (host: String, port: Int)
        /// Where encoders come.
        public var rtmp: (host: String, port: Int)
        /// Recordings are written below it; nil records nothing.
        public var folder: String?
        /// How finely streams are cut.
        public var configuration = Configuration()
        /// How many viewers' connections may be open at once.
        public var viewerConnections = 20_000
        /// How many encoders' connections may be open at once.
        public var encoderConnections = 64
        /// Where faults and comings and goings are told, one line each.
        public var log: @Sendable (String) -> Void = { _ in }

        /// These broadcasts at these places.
        public init(
            broadcasts: [Entry], http: (host: String, port: Int), rtmp: (host: String, port: Int), folder: String?
        ) {
            (self.broadcasts, self.http, self.rtmp, self.folder) = (broadcasts, http, rtmp, folder)
        }
    }

    private let media: MultiThreadedEventLoopGroup
    private let delivery: MultiThreadedEventLoopGroup
    private let pump: Pump
    private let listeners: [any NIOCore.Channel]
    /// Where viewers come, with the port that was really taken.
    public let httpPort: Int
    /// Where encoders come, with the port that was really taken.
    public let rtmpPort: Int

    /// Starts listening.
    /// - Throws: what the system says when an address cannot be had, or the recordings' folder not be made.
    public init(_ plan: Plan) async throws {
        media = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        delivery = MultiThreadedEventLoopGroup(numberOfThreads: max(1, System.coreCount - 1))
        let names = plan.broadcasts.map(\.name)
        let loop = media.next()
        let outlets = delivery.makeIterator().map { Outlet(loop: $0, names: names, limit: plan.viewerConnections) }
        let pump = try Pump(plan, loop: loop, outlets: outlets)
        self.pump = pump
        for outlet in outlets { outlet.start(pump) }
        do {
            let viewers = try await Station.viewers(plan, delivery, outlets)
            let encoders = try await Station.encoders(plan, media, pump)
            listeners = [viewers, encoders]
            httpPort = viewers.localAddress?.port ?? plan.http.port
            rtmpPort = encoders.localAddress?.port ?? plan.rtmp.port
        } catch {
            try await delivery.shutdownGracefully()
            try await media.shutdownGracefully()
            throw error
        }
    }

    /// Closes the doors, then the books.
    public func stop() async throws {
        for listener in listeners { try await listener.close() }
        try await pump.loop.submit { [pump] in pump.stop() }.get()
        try await delivery.shutdownGracefully()
        try await media.shutdownGracefully()
    }

    private static func viewers(
        _ plan: Plan, _ group: MultiThreadedEventLoopGroup, _ outlets: [Outlet]
    ) async throws -> any NIOCore.Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 2_048)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let outlet = outlets.first(where: { $0.loop === channel.eventLoop }) else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
                }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // A viewer that takes nothing, or asks nothing, for a minute is gone.
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(60)))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ViewerPort(outlet))
                }
            }
            .bind(host: plan.http.host, port: plan.http.port).get()
    }

    private static func encoders(
        _ plan: Plan, _ group: MultiThreadedEventLoopGroup, _ pump: Pump
    ) async throws -> any NIOCore.Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2_048, initial: 65_536, maximum: 262_144)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EncoderPort(pump))
                }
            }
            .bind(host: plan.rtmp.host, port: plan.rtmp.port).get()
    }
}
