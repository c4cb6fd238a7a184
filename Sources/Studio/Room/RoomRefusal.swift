// SPDX-License-Identifier: Apache-2.0

/// Why something that somebody asked for in a room is not done, with a sentence for them.
public enum RoomRefusal: String, Error, Hashable, Sendable, CaseIterable {
    // At the door.
    case wrongPass, passExpired, needsPass, needsIdentity, needsConsent, nameMissing, tooEarly, awaitsHost, isOver,
        locked,
        barred, full, noSeat
    // Inside.
    case notInside, notForYou, notForListeners, mayNotUnmute, mayNotShare, mayNotChat, mayNotWhisper, mayNotDraw,
        hardMuted
    case unknownPerson, unknownPoll, unknownDeck, unknownMessage, unknownGroup, unknownStroke
    case unreadable, empty, tooLong, tooMany, tooOften
    case pollClosed, alreadyVoted, mayNotVote, isPresenting, noGroups, mayNotRecord, notAllAgreed, mayNotAir, noFiles,
        notPDF, fileTooLarge
    case pagesFailed, diskFull

    /// The HTTP status that says it.
    public var status: Int {
        switch self {
        case .wrongPass, .passExpired, .needsPass, .needsIdentity: 401
        case .unreadable, .empty, .tooLong, .nameMissing, .notPDF: 400
        case .fileTooLarge: 413
        case .tooOften: 429
        case .full, .noSeat, .diskFull: 503
        case .unknownPerson, .unknownPoll, .unknownDeck, .unknownMessage, .unknownGroup, .unknownStroke, .tooMany,
            .pollClosed, .alreadyVoted, .isPresenting, .noGroups, .pagesFailed, .hardMuted:
            409
        default: 403
        }
    }

    /// The sentence in Thai, with what to do where something can be done.
    public var thai: String {
        switch self {
        case .wrongPass: "ลิงก์นี้ใช้กับการประชุมนี้ไม่ได้ โปรดขอลิงก์จากผู้จัด"
        case .passExpired: "ลิงก์นี้หมดอายุแล้ว โปรดขอลิงก์ใหม่จากผู้จัด"
        case .needsPass: "การประชุมนี้เข้าได้ด้วยลิงก์จากผู้จัดเท่านั้น"
        case .needsIdentity: "การประชุมนี้ต้องยืนยันตัวตน โปรดเข้าด้วยลิงก์ส่วนตัวที่สำนักงานส่งให้"
        case .needsConsent: "การประชุมนี้มีการบันทึก โปรดกดยินยอมก่อนเข้าห้อง"
        case .nameMissing: "โปรดใส่ชื่อ ไม่เกิน 60 ตัวอักษร"
        case .tooEarly: "ยังไม่ถึงเวลาเปิดห้อง"
        case .awaitsHost: "ประธานยังไม่เข้าห้อง โปรดรอสักครู่"
        case .isOver: "การประชุมนี้จบแล้ว"
        case .locked: "ห้องปิดรับผู้เข้าร่วมแล้ว โปรดติดต่อผู้จัด"
        case .barred: "ท่านไม่ได้รับอนุญาตให้เข้าห้องนี้"
        case .full: "ห้องเต็มแล้ว"
        case .noSeat: "ที่นั่งหมดแล้ว โปรดลองใหม่ในอีกสักครู่"
        default: thaiInside
        }
    }

    private var thaiInside: String {
        switch self {
        case .notInside: "ท่านยังไม่ได้อยู่ในห้อง"
        case .notForYou: "คำสั่งนี้สำหรับประธานหรือผู้ช่วยเท่านั้น"
        case .notForListeners: "ผู้ฟังเปิดไมโครโฟน กล้อง หรือแชร์จอไม่ได้ ยกมือเพื่อขอพูด"
        case .mayNotUnmute: "ประธานปิดการเปิดไมโครโฟนเอง ยกมือเพื่อขอพูด"
        case .mayNotShare: "ประธานปิดการแชร์จอและสไลด์ ยกมือเพื่อขออนุญาต"
        case .mayNotChat: "ประธานปิดการแชต ส่งข้อความถึงประธานได้"
        case .mayNotWhisper: "ประธานปิดการส่งข้อความส่วนตัว ส่งถึงประธานได้"
        case .mayNotDraw: "ประธานปิดการเขียนกระดาน"
        case .hardMuted: "ประธานปิดไมโครโฟนหรือกล้องของท่านไว้"
        case .unknownPerson: "คนนี้ไม่อยู่ในห้องแล้ว"
        case .unknownPoll: "ไม่พบการลงคะแนนนี้"
        case .unknownDeck: "ไม่พบสไลด์หรือหน้านี้"
        case .unknownMessage: "ไม่พบข้อความนี้"
        case .unknownGroup: "ไม่พบกลุ่มนี้"
        case .unknownStroke: "ไม่มีสิ่งที่จะยกเลิก"
        case .unreadable: "อ่านคำขอนี้ไม่ได้"
        case .empty: "โปรดพิมพ์ข้อความก่อนส่ง"
        case .tooLong: "ยาวหรือใหญ่เกินไป"
        case .tooMany: "มีมากเกินไปแล้ว ลบของเก่าก่อน"
        case .tooOften: "ส่งถี่เกินไป โปรดรอสักครู่แล้วลองใหม่"
        default: thaiWork
        }
    }

    private var thaiWork: String {
        switch self {
        case .pollClosed: "ปิดการลงคะแนนแล้ว"
        case .alreadyVoted: "ท่านลงคะแนนแล้ว การลงคะแนนลับแก้ไขไม่ได้"
        case .mayNotVote: "ท่านไม่มีสิทธิ์ลงคะแนนครั้งนี้"
        case .isPresenting: "มีผู้นำเสนออยู่ โปรดรอหรือขอจากประธาน"
        case .noGroups: "ยังไม่ได้แบ่งกลุ่ม"
        case .mayNotRecord: "การประชุมนี้ไม่ได้ขอบันทึกไว้"
        case .notAllAgreed: "มีผู้อยู่ในห้องที่ยังไม่ได้ยินยอมให้บันทึก ระบบถามผู้นั้นแล้ว โปรดกดบันทึกอีกครั้งเมื่อทุกคนยินยอม"
        case .mayNotAir: "การประชุมนี้ไม่ได้ขอออกอากาศไว้"
        case .noFiles: "ห้องนี้รับไฟล์ไม่ได้"
        case .notPDF: "ไฟล์นี้ไม่ใช่ PDF"
        case .fileTooLarge: "ไฟล์ใหญ่เกิน 50 MB"
        case .pagesFailed: "เปิดสไลด์จากไฟล์นี้ไม่ได้ โปรดบันทึกเป็น PDF ใหม่แล้วลองอีกครั้ง"
        default: "พื้นที่เก็บไฟล์เต็ม"
        }
    }

    /// The same in English.
    public var english: String {
        switch self {
        case .wrongPass: "This link is not for this meeting. Please ask the organiser for one."
        case .passExpired: "This link has expired. Please ask the organiser for another."
        case .needsPass: "This meeting is entered by a link of its organiser only."
        case .needsIdentity:
            "This meeting must know who you are: please use the personal link that the office sent you."
        case .needsConsent: "This meeting is recorded: please agree to it before you enter."
        case .nameMissing: "Please give a name of at most 60 characters."
        case .tooEarly: "The room does not open yet."
        case .awaitsHost: "The chair has not come yet. Please wait a moment."
        case .isOver: "This meeting is over."
        case .locked: "Nobody is let in any more. Please ask the organiser."
        case .barred: "You are not admitted to this room."
        case .full: "The room is full."
        case .noSeat: "There is no more room here just now. Please try again in a moment."
        default: englishInside
        }
    }

    private var englishInside: String {
        switch self {
        case .notInside: "You are not in the room."
        case .notForYou: "Only the chair and their assistants can do that."
        case .notForListeners: "Listeners have no microphone, camera or screen here. Raise your hand to speak."
        case .mayNotUnmute: "The chair opens microphones. Raise your hand to speak."
        case .mayNotShare: "The chair permits sharing. Raise your hand to ask for it."
        case .mayNotChat: "The chat is closed. You can write to the chair."
        case .mayNotWhisper: "Private messages are closed. You can write to the chair."
        case .mayNotDraw: "The board is closed."
        case .hardMuted: "The chair has switched that off for you."
        case .unknownPerson: "That person is not there any more."
        case .unknownPoll: "There is no such poll."
        case .unknownDeck: "There is no such deck or page."
        case .unknownMessage: "There is no such message."
        case .unknownGroup: "There is no such group."
        case .unknownStroke: "There is nothing to undo."
        case .unreadable: "That cannot be read."
        case .empty: "Please write something first."
        case .tooLong: "That is too long, or too large."
        case .tooMany: "There are too many already: remove one first."
        case .tooOften: "That is too often: please wait a moment and try again."
        default: englishWork
        }
    }

    private var englishWork: String {
        switch self {
        case .pollClosed: "That poll is closed."
        case .alreadyVoted: "You have voted. A secret vote cannot be changed."
        case .mayNotVote: "You have no vote in this one."
        case .isPresenting: "Somebody is presenting. Please wait, or ask the chair."
        case .noGroups: "There are no groups."
        case .mayNotRecord: "No recording was asked for with this meeting."
        case .notAllAgreed:
            "Somebody here has not agreed to a recording. They were asked: please try again when everybody has agreed."
        case .mayNotAir: "No broadcast was asked for with this meeting."
        case .noFiles: "This room takes no files."
        case .notPDF: "That file is no PDF."
        case .fileTooLarge: "A file may have 50 MB."
        case .pagesFailed: "No pages could be made of that file. Please save it as PDF anew and try again."
        default: "There is no more room for files."
        }
    }
}
