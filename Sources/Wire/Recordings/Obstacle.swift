// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why something cannot be done with a recording, in words for whoever asked.
enum Obstacle: Error, Hashable, Sendable {
    /// There is none of that name.
    case unknown
    /// It is still being written.
    case stillOpen
    /// Between the two marks there is nothing.
    case nothingBetween
    /// The disk has no room for it.
    case noRoom
    /// What the system says.
    case failed(Int32)

    /// One sentence in Thai.
    var thai: String {
        switch self {
        case .unknown: "ไม่มีไฟล์บันทึกนี้แล้ว"
        case .stillOpen: "กำลังบันทึกอยู่ ทำได้เมื่อจบการถ่ายทอด"
        case .nothingBetween: "ระหว่างจุดเริ่มและจุดจบไม่มีภาพ โปรดเลือกช่วงใหม่"
        case .noRoom: "ที่ว่างในดิสก์ไม่พอ โปรดลบไฟล์บันทึกเก่าก่อน"
        case .failed(let code): "ทำไม่สำเร็จ: \(Obstacle.words(code))"
        }
    }

    /// The same in English.
    var english: String {
        switch self {
        case .unknown: "There is no such recording any more."
        case .stillOpen: "It is still being recorded: this can be done when the broadcast is over."
        case .nothingBetween: "There is no picture between the two marks: choose others."
        case .noRoom: "The disk has no room for it: delete an old recording first."
        case .failed(let code): "It could not be done: \(Obstacle.words(code))."
        }
    }

    /// What the system calls it.
    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
