// SPDX-License-Identifier: Apache-2.0
public import Media

/// What a server that we publish to was asked and has not answered.
public enum SenderStep: Hashable, Sendable, CaseIterable { case handshake, connect, createStream, publish }

/// Why a connection to another server ended. The server's own words are not kept: they may have the stream key in them.
public enum SenderEnd: Hashable, Sendable {
    /// The owner wanted it.
    case stopped
    /// The server closed the connection.
    case closed
    /// It did so before it had agreed, without a word: many do when they do not know the key.
    case turnedAway
    case refused(No)
    /// The server asks to go on there (enhanced RTMP, Reconnect Request); the address is the old one when it named none.
    case moved(RTMPAddress)
    case tooSlow(SenderStep)
    /// What waits to be sent does not leave.
    case stalled
    /// The stream has this codec, and the server says that it does not take it.
    case unsupported(Codec)
    /// The stream changed to a codec that was not announced: connect anew.
    case changed(Codec)
    case violation(Violation)

    /// How the server said no.
    public enum No: Hashable, Sendable, CaseIterable {
        /// It does not know the application, or takes no connection to it.
        case address
        /// It does not know the key, or somebody else publishes with it.
        case key
        /// It knows the key and allows nothing with it now.
        case denied
        /// It wants a user name and a password first.
        case password
        /// It gave no reason that is known here.
        case unsaid

        /// By the code of `onStatus` or `_error`; nil when it is none of a refusal.
        init?(code: String) {
            switch code {
            case "NetConnection.Connect.Rejected", "NetConnection.Connect.InvalidApp", "NetConnection.Connect.Failed",
                "NetConnection.Connect.AppShutdown":
                self = .address
            case "NetStream.Publish.BadName": self = .key
            case "NetStream.Publish.Denied", "NetStream.Publish.Rejected": self = .denied
            case "NetStream.Publish.Failed", "NetStream.Failed", "NetConnection.Call.Failed": self = .unsaid
            default: return nil
            }
        }

        /// By what `onStatus` or `_error` has with it.
        init(_ information: AMF, else unsaid: No) {
            if information["description"]?.text?.contains("authmod=") == true {
                self = .password
            } else {
                self = No(code: information["code"]?.text ?? "") ?? unsaid
            }
        }
    }

    /// One plain English sentence for the console; has nothing of the address in it.
    public var english: String {
        switch self {
        case .stopped: "The sending was ended."
        case .closed: "The other server closed the connection."
        case .turnedAway: "The other server hung up without a word: check the address and the stream key."
        case .refused(.address): "The other server does not know this address: check it."
        case .refused(.key): "The other server does not take this stream key, or somebody else is using it."
        case .refused(.denied): "The other server does not allow a stream now: check that it is open over there."
        case .refused(.password): "The other server wants a user name and a password, which cannot be given here."
        case .refused(.unsaid): "The other server refused and gave no reason."
        case .moved: "The other server asked to connect anew."
        case .tooSlow: "The other server did not answer in time."
        case .stalled: "Nothing gets through to the other server any more."
        case .unsupported(let codec):
            "The other server does not take \(codec.title): let the encoder send H.264 and AAC."
        case .changed(let codec): "The stream changed to \(codec.title); connecting anew."
        case .violation(let violation): "The other server cannot be understood. \(violation.reason)"
        }
    }

    /// The same in Thai.
    public var thai: String {
        switch self {
        case .stopped: "หยุดส่งแล้ว"
        case .closed: "เซิร์ฟเวอร์ปลายทางปิดการเชื่อมต่อ"
        case .turnedAway: "เซิร์ฟเวอร์ปลายทางวางสายโดยไม่บอกเหตุผล โปรดตรวจที่อยู่และสตรีมคีย์"
        case .refused(.address): "เซิร์ฟเวอร์ปลายทางไม่รู้จักที่อยู่นี้ โปรดตรวจที่อยู่"
        case .refused(.key): "เซิร์ฟเวอร์ปลายทางไม่รับสตรีมคีย์นี้ หรือมีผู้อื่นใช้อยู่"
        case .refused(.denied): "เซิร์ฟเวอร์ปลายทางยังไม่อนุญาตให้ส่ง โปรดตรวจว่าเปิดรับที่ปลายทางแล้ว"
        case .refused(.password): "เซิร์ฟเวอร์ปลายทางต้องการชื่อผู้ใช้และรหัสผ่าน ซึ่งที่นี่ส่งให้ไม่ได้"
        case .refused(.unsaid): "เซิร์ฟเวอร์ปลายทางปฏิเสธโดยไม่บอกเหตุผล"
        case .moved: "เซิร์ฟเวอร์ปลายทางขอให้เชื่อมต่อใหม่"
        case .tooSlow: "เซิร์ฟเวอร์ปลายทางไม่ตอบภายในเวลา"
        case .stalled: "ส่งไปยังเซิร์ฟเวอร์ปลายทางไม่ผ่านแล้ว"
        case .unsupported(let codec): "เซิร์ฟเวอร์ปลายทางไม่รับ \(codec.title) โปรดให้โปรแกรมส่งสัญญาณใช้ H.264 กับ AAC"
        case .changed(let codec): "สัญญาณเปลี่ยนเป็น \(codec.title) กำลังเชื่อมต่อใหม่"
        case .violation: "อ่านสิ่งที่เซิร์ฟเวอร์ปลายทางตอบมาไม่ได้"
        }
    }
}

extension Codec {
    /// What people call it.
    fileprivate var title: String {
        switch self {
        case .avc: "H.264"
        case .hevc: "HEVC"
        case .av1: "AV1"
        case .vp9: "VP9"
        case .aac: "AAC"
        case .opus: "Opus"
        }
    }
}
