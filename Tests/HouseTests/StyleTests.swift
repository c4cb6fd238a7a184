// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The promises of STYLE.md that a machine can keep.
@Suite("Style")
struct StyleTests {
    /// Tables and fixtures grow by rows; nothing is hidden in them.
    private static let mayBeLong: Set<String> = ["Tests/DeskTests/DeadlineTests.swift"]

    private static let code = [".swift", ".py", ".sh", ".js", ".css"]

    @Test("a file has at most 400 lines")
    func length() throws {
        for file in Tree.files(endings: Self.code) where !Self.mayBeLong.contains(file) {
            let count = try Tree.lines(file).count
            if count > 400 { Issue.record("\(file) has \(count) lines; what is it hiding?") }
        }
    }

    @Test("the licence stands in the first lines")
    func licence() throws {
        for file in Tree.files(endings: Self.code) {
            let head = try Tree.lines(file).prefix(2)
            let isMarked = head.contains { $0.contains("SPDX-License-Identifier: Apache-2.0") }
            let mayBeSecond = head.first?.hasPrefix("#!") == true
            let isFirst = head.first?.contains("SPDX-License-Identifier: Apache-2.0") == true
            if !isMarked || !(isFirst || mayBeSecond) { Issue.record("\(file) does not begin with its licence") }
        }
    }

    @Test("nothing is forced")
    func nothingForced() throws {
        // Split, so that this line does not find itself.
        let forced = "try" + "! "
        for file in Tree.files(endings: [".swift"]) {
            if try Tree.text(file).contains(forced) { Issue.record("\(file) forces a try") }
        }
    }

    @Test("a promise that the compiler does not check has its reason beside it")
    func uncheckedHasItsReason() throws {
        let marks = ["@unchecked " + "Sendable", "nonisolated(" + "unsafe)", "@preconcurrency " + "import"]
        for file in Tree.files(endings: [".swift"]) {
            let lines = try Tree.lines(file)
            for (index, line) in lines.enumerated() where marks.contains(where: { line.contains($0) }) {
                let above = lines[max(0, index - 4)...index]
                if !above.contains(where: { $0.contains("//") }) {
                    Issue.record("\(file):\(index + 1) gives no reason")
                }
            }
        }
    }

    @Test("types are named by the office and the specifications, never by their pattern")
    func names() throws {
        let banned = [
            "Manager", "Service", "Helper", "Util", "Utils", "Utility", "Controller", "Repository", "Info", "Data",
            "Factory",
            "Handler", "Wrapper", "Impl",
        ]
        // What the office itself calls its service.
        let allowed: Set<String> = ["Service"]
        let pattern = /\b(?:struct|enum|class|actor|protocol|typealias)\s+([A-Z][A-Za-z0-9]*)/
        for file in Tree.files(["Sources"], endings: [".swift"]) {
            for line in try Tree.lines(file) where !line.contains("//") {
                for match in line.matches(of: pattern) {
                    let name = String(match.1)
                    if let word = banned.first(where: { name.hasSuffix($0) }), !allowed.contains(name) {
                        Issue.record("\(file) names a type \(name); \(word) says nothing")
                    }
                }
            }
        }
    }

    @Test("colours have names: absolute ones stand in tokens.css, and on paper")
    func colours() throws {
        let pattern = /#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(/
        for file in Tree.files(["Sources/Pages/Styles"], endings: [".css"]) {
            if ["tokens.css", "print.css"].contains(where: { file.hasSuffix("/" + $0) }) { continue }
            var isPrint = false
            for (index, line) in try Tree.lines(file).enumerated() {
                if line.contains("@media print") { isPrint = true }
                if let match = line.firstMatch(of: pattern), !isPrint {
                    Issue.record("\(file):\(index + 1) writes \(match.0); give it a name in tokens.css")
                }
            }
        }
    }

    @Test("the watch page takes the office's colours word for word")
    func oneSetOfTokens() throws {
        #expect(try Tree.text("Sources/Wire/Styles/tokens.css") == Tree.text("Sources/Pages/Styles/tokens.css"))
        #expect(try Tree.text("Sources/Wire/Styles/icon.svg") == Tree.text("Sources/Pages/Styles/icon.svg"))
    }

    @Test("nobody real can be called or written to")
    func nobodyReal() throws {
        let mail = /[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/
        let phone = /\b0[0-9][- ]?[0-9]{3,4}[- ]?[0-9]{4}\b/
        let endings = Self.code + [".md", ".json", ".mustache", ".html", ".txt", ".ics"]
        for file in Tree.files(endings: endings) {
            for (index, line) in try Tree.lines(file).enumerated() {
                for match in line.matches(of: mail) where !Self.isInvented(String(match.1)) {
                    Issue.record("\(file):\(index + 1) has a mail address that may be somebody's")
                }
                for match in line.matches(of: phone) where match.0.contains(where: { "123456789".contains($0) }) {
                    // A run of digits inside a longer number is no telephone.
                    if line.contains("\"0") || line.contains("โทร") {
                        Issue.record("\(file):\(index + 1) has a telephone number that may be somebody's")
                    }
                }
            }
        }
    }

    /// RFC 2606 and RFC 6761 keep these names free; one-letter domains are parsers' test cases.
    private static func isInvented(_ domain: String) -> Bool {
        let labels = domain.lowercased().split(separator: ".")
        return labels.contains("example") || ["test", "invalid", "localhost"].contains(labels.last ?? "")
            || labels.dropLast().allSatisfy { $0.count == 1 }
            // A calendar's UID in front of this machine's own address is nobody's mail.
            || domain == "127.0.0.1"
    }
}
