// SPDX-License-Identifier: Apache-2.0

// Studio: broadcasts while they are live.
//
// `Broadcast` is one broadcast as a machine: one publisher at a time, who may drop, return or be taken over; what the
// audience has (the publisher, a slate, nothing) apart from what comes in; a preview for the console; the audience counted;
// markers, captions and what the audience writes; figures and plain sentences for whoever watches over it. `Plan` says
// what it is to be, `Order` what the officer wants now, `State` how it is, `Bulletin` what the desk is told.
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
    /// Somebody else has taken over.
    case replaced
    /// The officer let it go.
    case dropped
    /// The key is no longer good.
    case revoked
    /// The broadcast is over.
    case closed

    /// One plain sentence in Thai and English.
    public var sentence: String {
        switch self {
        case .wrongKey: "สตรีมคีย์ไม่ถูกต้อง · The stream key is not known here."
        case .taken: "มีผู้ส่งสัญญาณด้วยคีย์นี้อยู่แล้ว · Somebody is already publishing with this key."
        case .replaced: "มีผู้ส่งสัญญาณรายใหม่รับช่วงต่อ · Another publisher has taken over."
        case .dropped: "เจ้าหน้าที่ตัดการเชื่อมต่อ · The officer has ended this connection."
        case .revoked: "สตรีมคีย์นี้ถูกยกเลิกแล้ว · This stream key has been revoked."
        case .closed: "การถ่ายทอดนี้จบแล้ว · This broadcast is over."
        }
    }
}
