// SPDX-License-Identifier: Apache-2.0

/// Something that somebody must know, in a sentence.
public enum Telling: String, Hashable, Sendable, CaseIterable {
    case muted, stopped, hardMuted, freed, askedToUnmute, allowed, disallowed, speaksMuted, movedToLobby, admitted
    case madeHost, madeCohost, madeSpeaker, madeListener, handLowered, hasFloor, floorOver, timeOver, movedGroup,
        groupsOver
    case takenOver, callEnded, over, removed, denied, barred, goneTooLong, recordingFailed, airFailed, allAgreed

    /// The word for a program.
    public var code: String { rawValue }

    /// The sentence in Thai.
    public var thai: String {
        switch self {
        case .muted: "ประธานปิดไมโครโฟนของท่าน"
        case .stopped: "ประธานปิดกล้องหรือการแชร์ของท่าน"
        case .hardMuted: "ประธานปิดไว้ ท่านเปิดเองไม่ได้จนกว่าประธานจะอนุญาต"
        case .freed: "ท่านเปิดเองได้แล้ว"
        case .askedToUnmute: "ประธานเชิญให้ท่านเปิดไมโครโฟน"
        case .allowed: "ประธานอนุญาตแล้ว"
        case .disallowed: "ประธานยกเลิกการอนุญาต"
        case .speaksMuted: "ไม่มีใครได้ยินท่าน ไมโครโฟนถูกปิดอยู่"
        case .movedToLobby: "ท่านถูกย้ายไปห้องรอ"
        case .admitted: "ท่านเข้าห้องได้แล้ว"
        case .madeHost: "ท่านเป็นประธาน"
        case .madeCohost: "ท่านเป็นผู้ช่วยประธาน"
        case .madeSpeaker: "ท่านเป็นผู้พูด เปิดไมโครโฟนและกล้องได้"
        case .madeListener: "ท่านเป็นผู้ฟัง"
        case .handLowered: "ประธานเอามือของท่านลง"
        default: thaiLater
        }
    }

    private var thaiLater: String {
        switch self {
        case .hasFloor: "เชิญพูด"
        case .floorOver: "สิ้นสุดการพูดของท่าน"
        case .timeOver: "หมดเวลา"
        case .movedGroup: "ท่านถูกย้ายกลุ่ม"
        case .groupsOver: "กลับมาประชุมรวม"
        case .takenOver: "ห้องนี้ถูกเปิดในหน้าต่างอื่นด้วยที่นั่งเดียวกัน"
        case .callEnded: "สายขาด กำลังต่อใหม่"
        case .over: "การประชุมจบแล้ว ขอบคุณ"
        case .removed: "ประธานให้ท่านออกจากห้อง"
        case .denied: "ประธานไม่ได้รับท่านเข้าห้อง"
        case .barred: "ประธานให้ท่านออกจากห้อง และกลับเข้ามาไม่ได้"
        case .goneTooLong: "ท่านหายไปนานเกินหนึ่งนาที โปรดเข้าใหม่"
        case .recordingFailed: "เริ่มบันทึกไม่ได้"
        case .allAgreed: "ทุกคนในห้องยินยอมให้บันทึกแล้ว"
        default: "ออกอากาศไม่ได้"
        }
    }

    /// The same in English.
    public var english: String {
        switch self {
        case .muted: "The chair has muted you."
        case .stopped: "The chair has stopped your camera or what you share."
        case .hardMuted: "The chair has switched it off; you cannot switch it on until the chair permits it."
        case .freed: "You can switch it on again."
        case .askedToUnmute: "The chair asks you to switch your microphone on."
        case .allowed: "The chair permits it."
        case .disallowed: "The chair has withdrawn the permission."
        case .speaksMuted: "Nobody hears you: your microphone is muted."
        case .movedToLobby: "You were moved to the lobby."
        case .admitted: "You are let in."
        case .madeHost: "You are host now."
        case .madeCohost: "You are co-host now."
        case .madeSpeaker: "You are a speaker now: you may use your microphone and camera."
        case .madeListener: "You are a listener now."
        case .handLowered: "The chair has lowered your hand."
        default: englishLater
        }
    }

    private var englishLater: String {
        switch self {
        case .hasFloor: "You have the floor."
        case .floorOver: "Your time to speak is over."
        case .timeOver: "The time is over."
        case .movedGroup: "You were moved to another group."
        case .groupsOver: "Everybody is together again."
        case .takenOver: "The room was opened in another window with the same seat."
        case .callEnded: "The connection broke and is being made anew."
        case .over: "The meeting is over. Thank you."
        case .removed: "The chair has removed you from the room."
        case .denied: "The chair has not let you in."
        case .barred: "The chair has removed you from the room, and you cannot come back."
        case .goneTooLong: "You were away for more than a minute. Please enter again."
        case .recordingFailed: "The recording could not begin."
        case .allAgreed: "Everybody here has agreed to the recording."
        default: "It could not be put on air."
        }
    }
}
