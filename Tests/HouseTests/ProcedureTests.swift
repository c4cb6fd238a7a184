// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Testing

/// The published procedure is a table; the program contains that table; these tests keep the two equal.
@Suite("The procedure")
struct ProcedureTests {
    /// The published rows, first five columns, from the fixture.
    private func published() throws -> [[String]] {
        try Tree.lines("Tests/Fixtures/procedure-table.md").filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().prefix(5).map {
                String($0).trimmed
            }
        }
    }

    @Test("equals the published table, row by row and column by column")
    func equalsThePublishedTable() throws {
        let ours = Desk.procedure.map {
            [$0.label, $0.wording, $0.side.wording, $0.paper?.wording ?? "", $0.limit?.wording ?? ""]
        }
        let rows = try published()
        #expect(rows.count == 11)
        for (index, row) in rows.dropLast().enumerated() {
            #expect(index < ours.count ? ours[index] == row : false, "row \(index + 1)")
        }
        #expect(rows.last == ["(จบ)", "", "", "", ""])
        #expect(ours.count == rows.count - 1)
    }

    @Test("every step of the table is a stage's, or the clock's, or told on the way")
    func everyStepIsWaitedFor() {
        let waited = Set(Stage.allCases.compactMap(\.step))
        #expect(Set(Step.allCases).subtracting(waited) == [.networkNotice, .phoneNotice, .report])
        #expect(Desk.procedure.map(\.step).count == Set(Desk.procedure.map(\.step)).count)
    }

    @Test("every stage but the ends leads on, and every stage can be reached")
    func stagesAreConnected() {
        for stage in Stage.allCases {
            let leads = moves.contains {
                $0.from.contains(stage) && [$0.to, $0.or].contains { $0 != nil && $0 != stage }
            }
            #expect(leads == !stage.isFinal, "\(stage)")
            let isReached = moves.contains { $0.to == stage || $0.or == stage }
            #expect(isReached == (stage != .letterAwaited), "\(stage)")
        }
        for name in Act.Name.allCases { #expect(moves.contains { $0.act == name }, "\(name)") }
    }

    private func words() throws -> [String: String] {
        let data = Data(try Tree.text("Sources/Pages/Words/th.json").utf8)
        return try JSONDecoder().decode([String: String].self, from: data)
    }

    @Test("docs/procedure.md is what the table prints")
    func procedureDocument() throws {
        try Tree.compare(ProcedureText(words: try words()).procedureDocument(), with: "docs/procedure.md")
    }

    @Test("docs/stages.md is what the moves print")
    func stagesDocument() throws {
        let printed = ProcedureText(words: try words()).stagesDocument()
        for stage in Stage.allCases {
            #expect(!printed.contains("| stage.\(stage.rawValue) |"), "\(stage) has no word")
        }
        try Tree.compare(printed, with: "docs/stages.md")
    }
}
