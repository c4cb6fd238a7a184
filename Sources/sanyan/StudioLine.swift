// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import Studio
import Synchronization

/// One studio's line to the desk: JSON, a line each, over a Unix socket that only the office's own account can open.
struct StudioLine: Sendable {
    let number: Int
    /// The process at the other end (SO_PEERCRED, unix(7)).
    let process: pid_t?
    private let words: AsyncStream<ByteBuffer>.Continuation

    /// Longer lines are no bulletins.
    static let longest = 16 * 1024 * 1024

    init(number: Int, process: pid_t?, words: AsyncStream<ByteBuffer>.Continuation) {
        self.number = number
        self.process = process
        self.words = words
    }

    /// Sends an order. What cannot be sent is told by the line's end.
    func send(_ order: Order) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var buffer = ByteBuffer(bytes: try encoder.encode(order))
            buffer.writeInteger(UInt8(ascii: "\n"))
            words.yield(buffer)
        } catch {
            preconditionFailure("an order is always JSON: \(error)")
        }
    }

    func close() { words.finish() }
}

/// What comes in at the socket.
enum StudioNews: Sendable {
    case came(StudioLine)
    case said(Bulletin, line: Int)
    case left(line: Int)
}

/// The socket at which studios come to the desk.
struct StudioPorch {
    private let server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    private let logger: Logger

    /// A path of more bytes does not fit into an address (`sockaddr_un`, unix(7)).
    static let longestPath = 107

    /// Opens the socket; one that an earlier desk has left there is taken away.
    init(at path: String, logger: Logger) async throws {
        server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        self.logger = logger
        // The folder is the office's alone already; the socket says so too.
        chmod(path, 0o600)
    }

    /// Takes in whoever comes, until the task is cancelled.
    func run(_ hear: @escaping @Sendable (StudioNews) async -> Void) async throws {
        let numbers = Atomic(0)
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { callers in
                for try await caller in callers {
                    let number = numbers.add(1, ordering: .relaxed).newValue
                    group.addTask { await serve(caller, number, hear) }
                }
            }
        }
    }

    private func serve(
        _ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ number: Int,
        _ hear: @escaping @Sendable (StudioNews) async -> Void
    ) async {
        let (words, pen) = AsyncStream.makeStream(of: ByteBuffer.self)
        do {
            try await channel.executeThenClose { heard, said in
                let process = await peer(of: channel.channel)
                await hear(.came(StudioLine(number: number, process: process, words: pen)))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for await word in words { try await said.write(word) } }
                    group.addTask { try await read(heard, number, hear) }
                    // Whichever ends first ends the line.
                    try await group.next()
                    group.cancelAll()
                }
            }
        } catch {
            logger.debug("a studio's line broke", metadata: ["error": "\(error)"])
        }
        pen.finish()
        await hear(.left(line: number))
    }

    /// `struct ucred` of socket(7).
    private struct Peer { var process: pid_t = 0, user: uid_t = 0, group: gid_t = 0 }

    private func peer(of channel: any Channel) async -> pid_t? {
        guard let options = channel as? any SocketOptionProvider else { return nil }
        // A peer that cannot be named is served all the same; it is only not asked to end.
        let peer: Peer? = try? await options.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED)
        ).get()
        return peer?.process
    }

    private func read(
        _ chunks: NIOAsyncChannelInboundStream<ByteBuffer>, _ number: Int,
        _ hear: @Sendable (StudioNews) async -> Void
    ) async throws {
        var lines = LineReader()
        for try await chunk in chunks {
            for line in try lines.take(Array(chunk.readableBytesView)) {
                guard let bulletin = try? JSONDecoder().decode(Bulletin.self, from: Data(line)) else {
                    // A newer studio may know words that we do not; the rest of what it says is understood.
                    logger.warning("a studio said something unknown", metadata: ["bytes": "\(line.count)"])
                    continue
                }
                await hear(.said(bulletin, line: number))
            }
        }
    }
}

/// Cuts bytes into lines, however they come.
struct LineReader {
    /// A line that is longer than any bulletin.
    struct TooLong: Error {}

    private var rest: [UInt8] = []

    mutating func take(_ bytes: [UInt8]) throws(TooLong) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest + bytes[start..<end])
            rest = []
            start = end + 1
        }
        rest += bytes[start...]
        guard rest.count <= StudioLine.longest else { throw TooLong() }
        return lines.filter { !$0.isEmpty }
    }
}
