// SPDX-License-Identifier: Apache-2.0
import Desk

/// Prints the two tables of the desk as documents, so that what is published and what is decided cannot differ.
///
/// `docs/procedure.md` and `docs/stages.md` are these texts; a house test compares them.
public struct ProcedureText: Sendable {
    /// The program's own words, by their keys: `stage.toDecide`, `act.approve`, `role.executive`.
    private let words: [String: String]

    public init(words: [String: String]) { self.words = words }

    private static let mark =
        "<!-- Printed from Sources/Desk by the house tests (SANYAN_GOLDEN=write). Edit the tables there. -->"

    private func word(_ key: String) -> String { words[key] ?? key }

    private func names(_ roles: Set<Role>) -> String {
        Role.allCases.filter { roles.contains($0) }.map { word("role.\($0.rawValue)") }.joined(separator: ", ")
    }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        ([line(head), line(head.map { _ in "---" })] + rows.map { line($0) }).joined(separator: "\n")
    }

    /// The published procedure, row by row, with who acts and which limit is kept.
    public func procedureDocument() -> String {
        let rows = Desk.procedure.map { row in
            [
                row.label, row.wording, row.side.wording, row.paper?.wording ?? "", row.limit?.wording ?? "",
                names(row.roles), kept(row.step), english(row.step),
            ]
        }
        let ours = [Step.sendBack, .evaluation].map { step in
            [word("step.\(step.rawValue)"), kept(step), english(step)]
        }
        return [
            Self.mark, "# ขั้นตอนการให้บริการ · The procedure",
            "ประชุมออนไลน์และถ่ายทอดสดออนไลน์ · online meetings and live broadcasts",
            """
            The first five columns are the published table, letter for letter, misprints included. The last three are how the
            program reads it: who acts (the prose beside the table decides), which limit is kept unless the office sets its
            own, and the meaning in English. Where two limits meet, the earlier is due.
            """,
            table(
                [
                    "ขั้นตอน", "การให้บริการ", "ผู้รับผิดชอบ", "เอกสารที่เกี่ยวข้อง", "ระยะเวลาดำเนินการ", "ผู้ปฏิบัติ", "กำหนดที่ใช้",
                    "in English",
                ], rows + [["(จบ)", "", "", "", "", "", "", "end"]]),
            "## ขั้นที่ตารางไม่มีกำหนด · Steps of our own",
            table(["ขั้นตอน", "กำหนดที่ใช้", "in English"], ours),
        ].joined(separator: "\n\n") + "\n"
    }

    /// Every stage and every permitted move, with a diagram.
    public func stagesDocument() -> String {
        let stages = Stage.allCases.map { stage in
            [
                "`\(stage.rawValue)`", word("stage.\(stage.rawValue)"), names(stage.awaited),
                stage.step.map { word("step.\($0.rawValue)") } ?? "",
            ]
        }
        let rows = Desk.moves.map { move in
            [
                "`\(move.act.rawValue)`", word("act.\(move.act.rawValue)"), names(move.roles),
                move.from.map { "`\($0.rawValue)`" }.joined(separator: ", "), "`\(move.to.rawValue)`",
                move.or.map { "`\($0.rawValue)`" } ?? "", move.isOurs ? "✓" : "",
            ]
        }
        return [
            Self.mark, "# ขั้นที่รออยู่ และการเดินเรื่อง · Stages and moves",
            "A stage says who is awaited. A move that leads back to its own stage is left out of the diagram.",
            "```mermaid\n\(diagram())\n```", "## ขั้น · Stages",
            table(["stage", "ชื่อ", "รอใคร", "ขั้นตอน"], stages), "## การเดินเรื่อง · Moves",
            "“or” is where the act's content can lead instead. A tick marks a move of our own, on which the source is silent.",
            table(["act", "การกระทำ", "ใคร", "from", "to", "or", "ours"], rows),
        ].joined(separator: "\n\n") + "\n"
    }

    private func diagram() -> String {
        var lines = ["stateDiagram-v2", "    [*] --> letterAwaited"]
        var seen: Set<String> = []
        for move in Desk.moves {
            for from in move.from {
                for to in [move.to, move.or].compactMap({ $0 }) where to != from {
                    let arrow = "    \(from.rawValue) --> \(to.rawValue): \(move.act.rawValue)"
                    if seen.insert(arrow).inserted { lines.append(arrow) }
                }
            }
        }
        return (lines + Stage.allCases.filter(\.isFinal).map { "    \($0.rawValue) --> [*]" }).joined(separator: "\n")
    }

    /// The limit in force in an office that has set none of its own.
    private func kept(_ step: Step) -> String {
        let office = Office.unnamed
        switch step {
        case .calendar: return "ไม่เกิน 24 ชั่วโมง และไม่เกินกำหนดทดสอบ"
        case .phoneNotice: return "ก่อนเริ่ม \(office.reminderMinutes) นาที"
        default: break
        }
        switch office.limit(for: step)?.limit {
        case .minutes(let count): return "\(count) นาที"
        case .hours(let count): return "ไม่เกิน \(count) ชั่วโมง"
        case .days(let count): return "ภายใน \(count) วัน"
        case .workingDaysBefore(let count): return "ก่อนให้บริการ \(count) วันทำการ"
        case .minutesBefore(let count): return "ก่อนเริ่ม \(count) นาที"
        case .asTheLetterSays: return "ตามหนังสือขอความอนุเคราะห์"
        case .everyMonth: return "วันทำการแรกของเดือนถัดไป"
        case nil: return ""
        }
    }

    private func english(_ step: Step) -> String {
        switch step {
        case .letter: "an internal or external letter of request"
        case .registration: "the secretariat receives and registers the matter"
        case .submission: "the folder is put before the executives (the source misprints ผู้บริหาร as ผู้บริการ)"
        case .decision: "approved or not approved"
        case .calendar: "officers and rooms are assigned and booked"
        case .preparation: "officers prepare and test the equipment, one working day before"
        case .networkNotice: "the network section is told date, time and place, and watches"
        case .phoneNotice: "the officers are alerted before the occasion"
        case .service: "officers run the meeting or broadcast as requested"
        case .report: "summary, evaluation, report to the executives, every month"
        case .sendBack: "a declined letter goes back to the requesting unit"
        case .evaluation: "the requester is asked; without an answer the matter closes"
        }
    }
}
