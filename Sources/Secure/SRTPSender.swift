// SPDX-License-Identifier: Apache-2.0
import CFetch

/// Protects what goes to one peer, in place. Lives on one thread.
public final class SRTPSender {
    /// So many sources may send to one peer.
    static let mostSources = 512
    /// How the packets are protected.
    public let profile: SRTPProfile
    private let rtp: any SRTPCipher
    private let rtcp: any SRTPCipher
    /// In memory of its own: a class's variable is looked after at each access, which would cost more than what is done here.
    private let sources: UnsafeMutablePointer<SRTPSources>
    private var rtcpIndex: UInt32

    /// Keys are derived from the master key.
    /// - Throws: `SRTPFault.failed` when the cipher library would not.
    public convenience init(_ master: SRTPMaster) throws(SRTPFault) {
        try self.init(rtp: SRTPKeys(master, .rtp), rtcp: SRTPKeys(master, .rtcp), firstRTCPIndex: 1)
    }

    init(rtp: SRTPKeys, rtcp: SRTPKeys, firstRTCPIndex: UInt32) throws(SRTPFault) {
        profile = rtp.profile
        self.rtp = try rtp.cipher(isSealing: true)
        self.rtcp = try rtcp.cipher(isSealing: true)
        rtcpIndex = firstRTCPIndex
        sources = SRTPSources.alone(words: 4, limit: SRTPSender.mostSources)
    }

    deinit { SRTPSources.free(sources) }

    /// Where in memory lies what protecting a packet takes: among hundreds of peers it is far from the processor each time
    /// that a peer's turn comes, unless it was asked for before. Good for as long as the sender lives.
    public struct Memory {
        fileprivate let sender: UnsafeRawPointer
        fileprivate let cipher: UnsafeRawPointer
        fileprivate let keys: UnsafeRawBufferPointer
        fileprivate let sources: UnsafeMutablePointer<SRTPSources>
        /// An object's variables, as far as they matter here.
        private static let objectBytes = 80

        /// Asks for it.
        @inline(__always)
        public func fetch() {
            cs_fetch(sender, Memory.objectBytes)
            cs_fetch(cipher, Memory.objectBytes)
            cs_fetch(keys.baseAddress, keys.count)
            cs_fetch(sources, MemoryLayout<SRTPSources>.size)
        }

        /// Asks for what is only found through the rest, when that has come.
        @inline(__always)
        public func fetchFurther() { sources.pointee.fetch() }
    }

    public var memory: Memory {
        Memory(
            sender: Unmanaged.passUnretained(self).toOpaque(),
            cipher: Unmanaged<AnyObject>.passUnretained(rtp).toOpaque(), keys: rtp.memory, sources: sources)
    }

    /// Protects an RTP packet of `count` bytes; behind it there must be room for the profile's overhead. Answers how long
    /// it is now. The first sequence number of a source should be below 32768 (RFC 3711 section 3.3.1).
    /// - Throws: `SRTPFault`; the packet must then not be sent.
    @inline(__always)
    public func protect(rtp packet: UnsafeMutableRawBufferPointer, count: Int) throws(SRTPFault) -> Int {
        guard count + profile.rtpOverhead <= packet.count, let base = packet.bytes,
            let header = RTPHeader.bytes(base, count)
        else { throw .malformed }
        let ssrc = NetworkOrder.word(base + 8)
        let place = sources.pointee.find(ssrc)
        // Two packets under one index would lay the key open, so an index is used up whatever comes of it.
        guard let index = sources.pointee.index(of: NetworkOrder.half(base + 2), at: place), index < 1 << 48,
            sources.pointee.isNew(index, at: place)
        else { throw .usedTwice }
        guard sources.pointee.use(index, of: ssrc, at: place) else { throw .tooManySources }
        let shape = SRTPShape(base: base, header: header, count: count)
        guard rtp.seal(shape, ssrc: ssrc, index: index, trailer: nil) else { throw .failed }
        return count + profile.rtpOverhead
    }

    /// Protects a compound RTCP packet of `count` bytes; behind it there must be room for the profile's overhead.
    /// - Throws: `SRTPFault`; the packet must then not be sent.
    public func protect(rtcp packet: UnsafeMutableRawBufferPointer, count: Int) throws(SRTPFault) -> Int {
        guard count >= 8, count + profile.rtcpOverhead <= packet.count, let base = packet.bytes else {
            throw .malformed
        }
        guard rtcpIndex < 1 << 31 else { throw .usedTwice }
        let index = rtcpIndex
        rtcpIndex += 1
        let shape = SRTPShape(base: base, header: 8, count: count)
        let ssrc = NetworkOrder.word(base + 4)
        guard rtcp.seal(shape, ssrc: ssrc, index: UInt64(index), trailer: index | 1 << 31) else { throw .failed }
        return count + profile.rtcpOverhead
    }
}

/// Opens what comes from one peer, in place. Lives on one thread.
public final class SRTPReceiver {
    /// So many sources may one peer send.
    static let mostSources = 128
    /// How the packets are protected.
    public let profile: SRTPProfile
    private let rtp: any SRTPCipher
    private let rtcp: any SRTPCipher
    private let sources: UnsafeMutablePointer<SRTPSources>
    private let reporters: UnsafeMutablePointer<SRTPSources>

    /// Keys are derived from the master key.
    /// - Throws: `SRTPFault.failed` when the cipher library would not.
    public convenience init(_ master: SRTPMaster) throws(SRTPFault) {
        try self.init(rtp: SRTPKeys(master, .rtp), rtcp: SRTPKeys(master, .rtcp))
    }

    init(rtp: SRTPKeys, rtcp: SRTPKeys) throws(SRTPFault) {
        profile = rtp.profile
        self.rtp = try rtp.cipher(isSealing: false)
        self.rtcp = try rtcp.cipher(isSealing: false)
        sources = SRTPSources.alone(words: 16, limit: SRTPReceiver.mostSources)
        reporters = SRTPSources.alone(words: 2, limit: SRTPReceiver.mostSources)
    }

    deinit {
        SRTPSources.free(sources)
        SRTPSources.free(reporters)
    }

    /// Opens an SRTP packet and answers how long the RTP packet is. Its bytes are of no use when it throws.
    /// - Throws: `SRTPFault`.
    @inline(__always)
    public func open(rtp packet: UnsafeMutableRawBufferPointer) throws(SRTPFault) -> Int {
        let count = packet.count - profile.rtpOverhead
        guard let base = packet.bytes, let header = RTPHeader.bytes(base, count) else { throw .malformed }
        let ssrc = NetworkOrder.word(base + 8)
        let place = sources.pointee.find(ssrc)
        guard let index = sources.pointee.index(of: NetworkOrder.half(base + 2), at: place), index < 1 << 48,
            sources.pointee.isNew(index, at: place)
        else { throw .replayed }
        let shape = SRTPShape(base: base, header: header, count: count)
        guard rtp.open(shape, ssrc: ssrc, index: index, trailer: nil) else { throw .forged }
        // Only now: a forged packet must not move the window.
        guard sources.pointee.use(index, of: ssrc, at: place) else { throw .tooManySources }
        return count
    }

    /// Opens an SRTCP packet and answers how long the RTCP packet is. Its bytes are of no use when it throws.
    /// - Throws: `SRTPFault`.
    public func open(rtcp packet: UnsafeMutableRawBufferPointer) throws(SRTPFault) -> Int {
        let count = packet.count - profile.rtcpOverhead
        guard count >= 8, let base = packet.bytes, base[0] >> 6 == 2 else { throw .malformed }
        let behind = profile == .aes128CMSHA1_80 ? count : count + profile.tagBytes
        let trailer = NetworkOrder.word(base + behind)
        guard trailer >> 31 == 1 else { throw .unencrypted }
        let index = UInt64(trailer & 0x7FFF_FFFF)
        let ssrc = NetworkOrder.word(base + 4)
        let place = reporters.pointee.find(ssrc)
        guard reporters.pointee.isNew(index, at: place) else { throw .replayed }
        let shape = SRTPShape(base: base, header: 8, count: count)
        guard rtcp.open(shape, ssrc: ssrc, index: index, trailer: trailer) else { throw .forged }
        guard reporters.pointee.use(index, of: ssrc, at: place) else { throw .tooManySources }
        return count
    }
}

/// The header of an RTP packet (RFC 3550 section 5.1).
enum RTPHeader {
    /// How long it is, with its contributing sources and its extension; nil when the packet is too short for it.
    @inline(__always)
    static func bytes(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        guard count >= 12, base[0] >> 6 == 2 else { return nil }
        var length = 12 + 4 * Int(base[0] & 15)
        if base[0] & 0x10 != 0 {
            guard length + 4 <= count else { return nil }
            length += 4 + 4 * Int(NetworkOrder.half(base + length + 2))
        }
        return length <= count ? length : nil
    }
}

extension UnsafeMutableRawBufferPointer {
    @inline(__always)
    var bytes: UnsafeMutablePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
