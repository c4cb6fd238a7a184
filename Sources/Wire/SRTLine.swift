// SPDX-License-Identifier: Apache-2.0
import CSRT
import SRT
import Synchronization

/// How an SRT connection does: totals since it began, and how it is now.
struct SRTFigures: Hashable, Sendable {
    /// There and back, in microseconds.
    var roundTripMicroseconds: Int64 = 0
    /// How long packets are held back, so that lost ones can be sent again; the longer of what both ends want.
    var latencyMilliseconds = 0
    /// What comes, in bits per second, over the last second.
    var bitsPerSecond: Int64 = 0
    /// Data packets that came.
    var packets: Int64 = 0
    /// Packets that were missing at first.
    var lost: Int64 = 0
    /// Packets that were sent again, and came.
    var resent: Int64 = 0
    /// Packets that never came, or too late: pictures and sounds miss them.
    var dropped: Int64 = 0
    /// Packets that could not be deciphered.
    var undecipherable: Int64 = 0
    /// Bytes that were thrown away because nobody fetched them in time.
    var overflow: Int64 = 0
}

/// One publisher's SRT connection. What `on…` is called for is called on the loop that its port was given; everything
/// else may be called from anywhere.
// `inbox` is behind a mutex, `figures` and `socket` belong to the port's thread, and the closures to the loop.
final class SRTLine: @unchecked Sendable {
    private struct Inbox {
        var bytes: [UInt8] = []
        /// The loop was asked to come for them.
        var isAnnounced = false
    }

    /// What it said of itself.
    let id: StreamID
    /// The other end's numeric address.
    let peer: String
    /// The version of libsrt, or what the other end has in its place: `1.5.1`.
    let version: String

    /// Bytes came: any number of whole SRT packets.
    var onBytes: ([UInt8]) -> Void = { _ in }
    /// About once a second.
    var onFigures: (SRTFigures) -> Void = { _ in }
    /// It is over; told once, and never for a `close()` of one's own.
    var onClosed: () -> Void = {}

    let socket: SRTSOCKET
    private let hangUp: @Sendable (SRTSOCKET) -> Void
    private let execute: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let inbox = Mutex(Inbox())
    private let heldBytes: Int
    private var figures = SRTFigures()
    private var isClosed = false

    init(
        _ socket: SRTSOCKET, id: StreamID, peer: String, heldBytes: Int,
        execute: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        close: @escaping @Sendable (SRTSOCKET) -> Void
    ) {
        (self.socket, self.id, self.peer, self.heldBytes) = (socket, id, peer, heldBytes)
        (self.execute, hangUp) = (execute, close)
        version = SRTLine.version(of: socket)
    }

    /// Ends it. On the loop.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        hangUp(socket)
    }

    // MARK: On the port's thread

    /// Hands over what came. When nobody comes for it, it is thrown away: what is live cannot wait.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) {
        let (isFirst, isFull) = inbox.withLock { inbox in
            guard inbox.bytes.count + bytes.count <= heldBytes else { return (false, true) }
            inbox.bytes.append(contentsOf: bytes)
            defer { inbox.isAnnounced = true }
            return (!inbox.isAnnounced, false)
        }
        if isFull { figures.overflow += Int64(bytes.count) }
        if isFirst { execute { [self] in deliver() } }
    }

    /// Asks libsrt how it does.
    func measure() {
        var now = CBytePerfMon()
        guard srt_bistats(socket, &now, 1, 1) == 0 else { return }
        figures.roundTripMicroseconds = Int64(now.msRTT * 1_000)
        figures.latencyMilliseconds = Int(now.msRcvTsbPdDelay)
        figures.bitsPerSecond = Int64(now.mbpsRecvRate * 1_000_000)
        figures.packets = now.pktRecvTotal
        figures.lost = Int64(now.pktRcvLossTotal)
        figures.resent += Int64(now.pktRcvRetrans)
        figures.dropped = Int64(now.pktRcvDropTotal)
        figures.undecipherable = Int64(now.pktRcvUndecryptTotal)
        execute { [self, figures] in if !isClosed { onFigures(figures) } }
    }

    /// The other end is gone.
    func end() {
        execute { [self] in
            guard !isClosed else { return }
            isClosed = true
            onClosed()
        }
    }

    private func deliver() {
        let bytes = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return inbox.bytes
        }
        if !isClosed, !bytes.isEmpty { onBytes(bytes) }
    }

    /// SRTO_PEERVERSION: three numbers in three bytes.
    private static func version(of socket: SRTSOCKET) -> String {
        var number: Int32 = 0
        var length = Int32(MemoryLayout<Int32>.size)
        guard srt_getsockflag(socket, SRTO_PEERVERSION, &number, &length) == 0 else { return "" }
        return "\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }
}
