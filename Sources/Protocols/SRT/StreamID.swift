// SPDX-License-Identifier: Apache-2.0

// SRT: how a publisher says who it is. The transport itself is libsrt's.
//
// Implemented
//   "SRT Access Control (Stream ID) Guidelines" of the SRT draft (draft-sharabayko-srt, appendix B): the `#!::` form
//     with its keys u, r, h, s, t and m, and the rejection codes; and `publish:KEY`, which many encoders' users know.
// Not implemented
//   The nested `#!:{` form; playing.

/// What a caller says of itself in SRTO_STREAMID.
public struct StreamID: Hashable, Sendable {
    /// The longest that libsrt takes, in bytes.
    public static let longest = 512

    /// The stream key.
    public let key: String
    /// Who it says it is, if it does.
    public let user: String?

    /// A publisher's.
    /// - Throws: `RejectionReason` for one that is no publisher's, or cannot be read.
    public init(_ text: String) throws(RejectionReason) {
        guard text.utf8.count <= StreamID.longest else { throw .badRequest }
        if text.hasPrefix("#!::") {
            let words = try StreamID.words(text.dropFirst(4))
            // Without a mode it wants to play; bidirectional is for files.
            guard words["m"] == "publish" else { throw .badMode }
            guard words["t"] == nil || words["t"] == "stream" else { throw .unsupportedMedia }
            guard let key = words["r"] else { throw .badRequest }
            (self.key, user) = (String(key), words["u"].map(String.init))
            return
        }
        guard let colon = text.firstIndex(of: ":") else { throw .badRequest }
        switch text[..<colon] {
        case "publish": break
        case "request", "read", "play": throw .badMode
        default: throw .badRequest
        }
        let key = text[text.index(after: colon)...]
        guard !key.isEmpty else { throw .badRequest }
        (self.key, user) = (String(key), nil)
    }

    /// `m=publish,r=KEY`: no key twice, none without a value.
    private static func words(_ text: Substring) throws(RejectionReason) -> [Substring: Substring] {
        var words: [Substring: Substring] = [:]
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { throw .badRequest }
            let value = word[word.index(after: equals)...]
            guard !value.isEmpty, words.updateValue(value, forKey: word[..<equals]) == nil else {
                throw .badRequest
            }
        }
        return words
    }
}

/// Why a caller is not let in; its encoder shows the number.
public enum RejectionReason: Int32, Error, Hashable, Sendable, CaseIterable {
    /// The stream id cannot be read.
    case badRequest = 1400
    /// The key is not known here.
    case unauthorized = 1401
    /// Too many are connected.
    case overload = 1402
    /// It wants to play, which is not offered here.
    case badMode = 1405
    /// Somebody else publishes with this key.
    case conflict = 1409
    /// It is no stream.
    case unsupportedMedia = 1415

    /// One plain English sentence for the log.
    public var sentence: String {
        switch self {
        case .badRequest: "Its stream id is not publish:KEY."
        case .unauthorized: "Its key is not known here."
        case .overload: "Too many are connected."
        case .badMode: "It wants to play, which is not offered here."
        case .conflict: "Somebody else publishes with its key."
        case .unsupportedMedia: "It does not send a stream."
        }
    }
}
