// SPDX-License-Identifier: Apache-2.0

// Studio: broadcasts while they are live.
//
// There is
//   One broadcast for each stream key: one publisher at a time, who may drop and return; packaged by HLS as it comes;
//   the audience counted; figures and plain sentences for whoever watches over it.
// There is not yet
//   The desk's side (a matter's key, the officer's console, going on and off air apart from publishing, figures in the
//   report); SRT; a ladder made here; restreaming; slate, markers and captions by hand; loudness; take-over by a
//   second publisher (it is refused); ending the playlist (it stays open for as long as the program runs); several
//   languages named by the encoder. A viewer's token is drawn by the wire or the player and not signed, so whoever
//   wants to can count more than once.
//
// Nothing here knows a socket, a clock or a key: the wire compares keys, in constant time, and tells the answer.

/// Who publishes: a number that the wire gives each connection, never twice.
public struct PublisherNumber: Hashable, Sendable {
    /// The number.
    public var number: Int

    /// The publisher of this number.
    public init(_ number: Int) { self.number = number }
}

/// Why a publisher is not let in. The sentence is shown by many encoders.
public enum Rejection: String, Hashable, Sendable {
    /// No broadcast has this key.
    case wrongKey
    /// Somebody else is sending with this key.
    case taken

    /// One plain sentence in Thai and English.
    public var sentence: String {
        switch self {
        case .wrongKey: "สตรีมคีย์ไม่ถูกต้อง · The stream key is not known here."
        case .taken: "มีผู้ส่งสัญญาณด้วยคีย์นี้อยู่แล้ว · Somebody is already publishing with this key."
        }
    }
}
