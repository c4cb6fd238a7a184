// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a broadcast, by a code for metrics and a plain sentence for people.
public enum Fault: Hashable, Sendable {
    /// Key frames are so far apart that segments are cut without one.
    case keyFramesTooFar(seconds: Int64)
    /// Pictures come, and no key frame that anybody could begin with.
    case noKeyFrames
    /// The encoder sends fewer pictures than a part needs.
    case pictureTooLong
    /// Sound was missing.
    case soundGap(milliseconds: Int64)
    /// More sound came than its clock has time for.
    case soundAhead
    /// A configuration or a frame cannot be used.
    case unusable(String)
    /// The encoder's clock jumped.
    case clockJumped(milliseconds: Int64)
    /// A track carries a codec that is not taken.
    case unknownCodec(String)
    /// The publisher sends more tracks than are listed.
    case tooManyTracks
    /// The publisher broke off.
    case publisherAway
    /// The publisher was dropped for what it sent.
    case publisherBroke(String)
    /// Somebody tried a key that is not known here.
    case wrongKey
    /// Packets of the line never came, or too late.
    case packetsLost(Int)
    /// A second publisher was refused.
    case secondPublisher
    /// The recording could not be written.
    case recordingFailed(String)
    /// The recordings' disk is nearly full.
    case diskLow(freeBytes: Int64)
    /// The oldest recording that might go was deleted to make room.
    case recordingForgotten(String)
    /// Nothing has been heard for ten seconds.
    case noSound
    /// Louder or quieter than a broadcast should be, in hundredths of LUFS.
    case tooLoud(lufs: Int)
    case tooQuiet(lufs: Int)
    /// The ladder of qualities is not being made.
    case ladderDown(String)
    /// Somebody else does not get the stream.
    case restreamDown(String)

    /// A word that stays: the label in metrics.
    public var code: String {
        switch self {
        case .keyFramesTooFar: "key-frames-too-far"
        case .noKeyFrames: "no-key-frames"
        case .pictureTooLong: "picture-too-long"
        case .soundGap: "sound-gap"
        case .soundAhead: "sound-ahead"
        case .unusable: "unusable"
        case .clockJumped: "clock-jumped"
        case .unknownCodec: "unknown-codec"
        case .tooManyTracks: "too-many-tracks"
        case .publisherAway: "publisher-away"
        case .publisherBroke: "publisher-broke"
        case .wrongKey: "wrong-key"
        case .packetsLost: "packets-lost"
        case .secondPublisher: "second-publisher"
        case .recordingFailed: "recording-failed"
        case .diskLow: "disk-low"
        case .recordingForgotten: "recording-forgotten"
        case .noSound: "no-sound"
        case .tooLoud: "too-loud"
        case .tooQuiet: "too-quiet"
        case .ladderDown: "ladder-down"
        case .restreamDown: "restream-down"
        }
    }

    /// One sentence in Thai, with what to do where something can be done.
    public var thai: String {
        switch self {
        case .keyFramesTooFar(let seconds):
            "คีย์เฟรมห่างกัน \(seconds) วินาที โปรดตั้งที่โปรแกรมส่งสัญญาณให้เป็น 2 วินาที"
        case .noKeyFrames: "มีภาพเข้ามาแต่ไม่มีคีย์เฟรม ผู้ชมจึงยังไม่เห็น โปรดตั้งคีย์เฟรมทุก 2 วินาทีที่โปรแกรมส่งสัญญาณ"
        case .pictureTooLong: "ภาพมาน้อยเกินไป โปรดตรวจอัตราเฟรมและเครื่องส่งสัญญาณ"
        case .soundGap(let milliseconds): "เสียงขาดไป \(milliseconds) มิลลิวินาที"
        case .soundAhead: "เสียงมามากกว่าเวลาที่นาฬิกาของเสียงบอก"
        case .unusable(let reason): "ใช้สัญญาณที่ส่งมาไม่ได้: \(reason)"
        case .clockJumped(let milliseconds): "นาฬิกาของโปรแกรมส่งสัญญาณกระโดดไป \(milliseconds) มิลลิวินาที"
        case .unknownCodec(let name): "ไม่รับรูปแบบ \(name) โปรดใช้ H.264 หรือ HEVC กับ AAC"
        case .tooManyTracks: "ผู้ส่งสัญญาณส่งภาพหรือเสียงมามากเกินไป ผู้ชมจะไม่ได้รับทั้งหมด"
        case .publisherAway: "สัญญาณจากต้นทางขาดหาย กำลังรอให้ส่งกลับมา"
        case .publisherBroke(let reason): "ตัดการเชื่อมต่อของผู้ส่งสัญญาณ: \(reason)"
        case .wrongKey: "มีผู้ส่งสัญญาณมาด้วยสตรีมคีย์ที่ไม่ถูกต้อง"
        case .packetsLost(let count):
            "สัญญาณหายระหว่างทาง \(count) แพ็กเก็ตในหนึ่งวินาที โปรดตรวจเครือข่าย หรือเพิ่มค่า latency ของ SRT"
        case .secondPublisher: "มีผู้ส่งสัญญาณรายที่สองใช้คีย์เดียวกัน และถูกปฏิเสธ"
        case .recordingFailed(let reason): "บันทึกไม่ได้: \(reason)"
        case .diskLow(let bytes):
            "ดิสก์สำหรับบันทึกเหลือที่ว่าง \(bytes / 1_000_000_000) GB โปรดย้ายหรือลบไฟล์บันทึกเก่า"
        case .recordingForgotten(let file): "ลบไฟล์บันทึกเก่าที่ลบได้เพื่อให้มีที่ว่าง: \(file)"
        case .noSound: "ไม่มีเสียงมานานกว่าสิบวินาที โปรดตรวจไมโครโฟนและมิกเซอร์"
        case .tooLoud(let lufs): "เสียงดังเกินไป (\(lufs / 100) LUFS) โปรดลดลงให้ใกล้ −23 ถึง −16"
        case .tooQuiet(let lufs): "เสียงเบาเกินไป (\(lufs / 100) LUFS) โปรดเพิ่มขึ้นให้ใกล้ −23 ถึง −16"
        case .ladderDown(let reason): "ทำภาพหลายระดับคุณภาพไม่ได้ ผู้ชมยังได้ภาพเดิม: \(reason)"
        case .restreamDown(let name): "ส่งต่อไปยัง \(name) ไม่ได้ กำลังต่อใหม่"
        }
    }

    /// The same in English.
    public var english: String {
        switch self {
        case .keyFramesTooFar(let seconds): "Key frames every \(seconds) s: set 2 s in the encoder."
        case .noKeyFrames: "Pictures come without any key frame, so nobody can see them: set 2 s in the encoder."
        case .pictureTooLong: "Too few pictures come: check the frame rate and the encoder's machine."
        case .soundGap(let milliseconds): "\(milliseconds) ms of sound were missing."
        case .soundAhead: "More sound comes than its clock has time for."
        case .unusable(let reason): "What was sent cannot be used: \(reason)"
        case .clockJumped(let milliseconds): "The encoder's clock jumped by \(milliseconds) ms."
        case .unknownCodec(let name): "\(name) is not taken: use H.264 or HEVC with AAC."
        case .tooManyTracks: "The publisher sends more pictures and sounds than can be listed; viewers do not get all."
        case .publisherAway: "The signal broke off; waiting for it to return."
        case .publisherBroke(let reason): "The publisher was dropped: \(reason)"
        case .wrongKey: "Somebody tried to publish with a key that is not known here."
        case .packetsLost(let count):
            "\(count) packets were lost within a second: check the network, or raise the SRT latency."
        case .secondPublisher: "A second publisher with the same key was refused."
        case .recordingFailed(let reason): "The recording could not be written: \(reason)"
        case .diskLow(let bytes):
            "The recordings' disk has \(bytes / 1_000_000_000) GB left: move or delete old recordings."
        case .recordingForgotten(let file): "An old recording that may go was deleted to make room: \(file)"
        case .noSound: "Nothing has been heard for ten seconds: check microphone and mixer."
        case .tooLoud(let lufs): "Too loud (\(lufs / 100) LUFS): bring it down to between −23 and −16."
        case .tooQuiet(let lufs): "Too quiet (\(lufs / 100) LUFS): bring it up to between −23 and −16."
        case .ladderDown(let reason): "Other qualities are not being made; viewers have the original: \(reason)"
        case .restreamDown(let name): "\(name) does not get the stream; connecting anew."
        }
    }
}
