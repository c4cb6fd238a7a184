// SPDX-License-Identifier: Apache-2.0

/// What the other end of the wire did that the protocol, or our limits, do not allow. The connection ends.
public enum Violation: Error, Hashable, Sendable {
    case notRTMP(firstByte: UInt8)
    case handshakeTooSlow
    case messageTooLong(bytes: Int)
    case tooManyChunkStreams
    case chunkWithoutHeader(chunkStream: Int)
    case headerInsideMessage(chunkStream: Int)
    case chunkSizeOutOfRange(bytes: UInt32)
    case controlMessageTooShort(type: UInt8)
    case tooMuchBeforePublish
    case amfTruncated
    case amfTooDeep
    case amfTooManyKeys
    case amfUnknownMarker(UInt8)
    case commandWithoutName
    case commandBeforeConnect(name: String)
    case publishWithoutStream
    case publishTwice
    case wantsToPlay
    case mediaTruncated(type: UInt8)
    case modifierTruncated
    case tooManyTracks
    case aggregateTruncated
    case silent

    /// One plain English sentence for the console and the log; never contains the stream key.
    public var reason: String {
        switch self {
        case .notRTMP(let byte): "This is not RTMP: the first byte is \(byte), and 3 was awaited."
        case .handshakeTooSlow: "The handshake was not finished in time."
        case .messageTooLong(let bytes): "A message of \(bytes) bytes was announced, which is more than is taken."
        case .tooManyChunkStreams: "More chunk streams were opened than are taken."
        case .chunkWithoutHeader(let id): "Chunk stream \(id) began without a full header."
        case .headerInsideMessage(let id): "On chunk stream \(id) a new message began inside another."
        case .chunkSizeOutOfRange(let bytes): "A chunk size of \(bytes) was asked for, which the protocol forbids."
        case .controlMessageTooShort(let type): "A control message of type \(type) is too short."
        case .tooMuchBeforePublish: "Too much was sent before publishing was accepted."
        case .amfTruncated: "A command ends in the middle of a value."
        case .amfTooDeep: "A command's values are nested too deep."
        case .amfTooManyKeys: "A command has too many values."
        case .amfUnknownMarker(let marker): "A command has a value of the unknown kind \(marker)."
        case .commandWithoutName: "A command has no name."
        case .commandBeforeConnect(let name): "The command \(name.prefix(32)) came before connect."
        case .publishWithoutStream: "Publishing was asked for without a stream."
        case .publishTwice: "Publishing was asked for twice on one connection."
        case .wantsToPlay: "Playing over RTMP is not offered here."
        case .mediaTruncated(let type): "A message of type \(type) ends inside its header."
        case .modifierTruncated: "A modifier of an enhanced message is cut off."
        case .tooManyTracks: "More tracks were sent than are taken."
        case .aggregateTruncated: "An aggregate message is cut off."
        case .silent: "Nothing came for too long."
        }
    }
}
