// SPDX-License-Identifier: Apache-2.0

// RTMP: how an encoder sends us its picture and sound, and how we send ours to others.
//
// Implemented
//   Adobe's Real Time Messaging Protocol 1.0 (December 2012), the publishing side of a server (`PublisherMachine`) and of
//   a client (`SenderMachine`):
//     5.2 handshake (plain), 5.3 chunks in every form with extended timestamps, 5.4 control messages,
//     6 messages, 7.1 and 7.2 the commands connect, releaseStream, FCPublish, createStream, publish,
//     FCUnpublish, closeStream, deleteStream; 7.1.6 aggregate messages; acknowledgements; ping and pong.
//   AMF0 (December 2007), reading and writing, bounded; message types 17 and 15 when they carry AMF0 behind a zero.
//   Enhanced RTMP v2 (Veovera): extended video and audio headers, FourCC, CodedFrames and CodedFramesX, ModEx
//     with the nanosecond offset, Multitrack of all three kinds, Metadata, capability maps and capsEx in the reply
//     to connect, the reconnect request. Sending: one video and one audio track, no ModEx and no Multitrack.
//   The FLV file format 10.1, annex E.4, for the first bytes of audio and video messages; codec id 12 (HEVC)
//     as it was sent before the enhanced header existed (taken, never sent). Annex E.2 to E.4 as a file: `FLVWriter`.
// Not implemented
//   Playing (we only take), shared objects, values in AMF3, the digest handshake (its senders accept the plain one),
//   RTMPT and RTMPE, a server's user names and passwords (authmod), MPEG-2 TS sequence starts, multichannel configuration.
//   RTMPS is RTMP inside TLS and nothing here knows the difference.
//
// Whether a stream key is good is the owner's to say: `PublisherMachine` hands the key out and waits for `.accept`
// or `.refuse`. Comparing it in constant time, against a hash, is therefore the owner's duty and not done here.
//
// Nothing here knows a socket or a clock. Every length that a peer announces is checked before it is believed, and
// memory grows with the bytes that came, never with the bytes that were announced.

/// What one connection may cost us. The defaults carry a 4K key frame and stop a flood.
public struct Limits: Hashable, Sendable {
    /// The longest message, in bytes.
    public var messageBytes = 4 << 20
    /// How many chunk streams may be open at once.
    public var chunkStreams = 32
    /// How deep AMF values may be nested.
    public var amfDepth = 16
    /// How many keys and list members one AMF message may have in all.
    public var amfKeys = 256
    /// How many bytes may come after the handshake before the owner has accepted the publisher.
    public var bytesBeforePublish = 64 << 10
    /// The handshake must be over within this time.
    public var handshakeMilliseconds: Int64 = 5_000
    /// A connection that is silent for so long has ended.
    public var idleMilliseconds: Int64 = 10_000
    /// How many tracks one publisher may send, audio and video together.
    public var tracks = 32
    /// A server that is asked something answers within this time.
    public var answerMilliseconds: Int64 = 10_000
    /// How many bytes may wait to be sent before frames are left out.
    public var unsentBytes = 4 << 20

    /// The defaults.
    public init() {}
}
