// SPDX-License-Identifier: Apache-2.0

/// What the other end of the wire did that the protocol, or our limits, do not allow. The connection ends.
public enum Violation: Error, Hashable, Sendable {
    case noPackets(skippedBytes: Int)
    case noProgram(bytes: Int)
    case tooManyStreams
    case frameTooLong(bytes: Int)
    case tooMuchHeld(bytes: Int)
    case scrambled

    /// One plain English sentence for the console and the log.
    public var reason: String {
        switch self {
        case .noPackets(let bytes): "This is not MPEG-TS: in \(bytes) bytes no packet begins."
        case .noProgram(let bytes): "In \(bytes) bytes of MPEG-TS no program was announced."
        case .tooManyStreams: "The program has more streams than are taken."
        case .frameTooLong(let bytes): "A frame has more than \(bytes) bytes, which is more than is taken."
        case .tooMuchHeld(let bytes): "More than \(bytes) bytes of unfinished frames were sent."
        case .scrambled: "The stream is scrambled, and cannot be read here."
        }
    }
}
