// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Papers
import Testing

/// With the real program; nothing here is a stand-in but the programs that misbehave.
@Suite struct WeasyPrintTests {
    @Test func aMemoIsOnePageInLaksaman() async throws {
        let file = try await printed(Sample.memo().document)
        defer { try? FileManager.default.removeItem(at: file) }  // A left-over in /tmp fails no test.
        let facts = try output("/usr/bin/pdfinfo", [file.path])
        #expect(facts.contains(/Pages: +1\n/))
        #expect(facts.contains(/Page size: +595\.\d+ x 841\.\d+ pts \(A4\)/))
        let fonts = try output("/usr/bin/pdffonts", [file.path]).split(separator: "\n").dropFirst(2)
        #expect(Set(fonts.map { $0.split(separator: " ")[0].dropFirst(7) }) == ["Laksaman", "Laksaman-Bold"])
    }

    /// Letters that stand on each other read as gaps or as nothing: what the reader sees must be what was written.
    @Test func theWordsStandApartAndWhole() async throws {
        let file = try await printed(Sample.memo().document)
        defer { try? FileManager.default.removeItem(at: file) }  // As above.
        let text = try output("/usr/bin/pdftotext", ["-layout", file.path, "-"])
        #expect(text.contains("0-0000-0000"))
        #expect(text.contains("2569"))
        // The line "ที่ … วันที่ …" spans the measure: with shrunken widths it would end far earlier.
        let box = try output("/usr/bin/pdftotext", ["-bbox", file.path, "-"])
        let right = box.matches(of: /xMax="([0-9.]+)"/).compactMap { Double($0.1) }.max() ?? 0
        #expect((500...539).contains(right))
    }

    @Test func chartsAndLaterPagesAreNumbered() async throws {
        var memo = Sample.memo()
        memo.parts += Sample.charts
        let file = try await printed(memo.document)
        defer { try? FileManager.default.removeItem(at: file) }  // As above.
        #expect(try output("/usr/bin/pdfinfo", [file.path]).contains(/Pages: +2\n/))
        let second = try output("/usr/bin/pdftotext", ["-f", "2", "-layout", file.path, "-"])
        #expect(second.split(separator: "\n").first.map { $0.filter { $0 != " " } } == "-2-")
    }

    /// Nobody signs a page on which nothing stands: what is before goes there with it.
    @Test func noSignatureStandsAlone() async throws {
        var memo = Sample.memo()
        memo.enclosures = []
        var splitCount = 0
        for lines in 17...22 {
            memo.parts = [.numbered((1...lines).map { "ข้อ \($0)" }), .paragraph("จึงเรียนมาเพื่อโปรดทราบ")]
            let file = try await printed(memo.document)
            defer { try? FileManager.default.removeItem(at: file) }  // As above.
            guard try output("/usr/bin/pdfinfo", [file.path]).contains(/Pages: +2\n/) else { continue }
            splitCount += 1
            let second = try output("/usr/bin/pdftotext", ["-f", "2", "-layout", file.path, "-"])
            #expect(second.contains("เพื่อโปรด") && second.contains("เทคโนโลยีดิจิทัล"), "\(lines) lines")
        }
        #expect((1...5).contains(splitCount))
    }

    @Test func threeAtOnceAllComeOut() async throws {
        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<3 {
                group.addTask { try await WeasyPrint().pdf(PaperStyle.document(title: "\(number)", body: "")).count }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sizes.count == 3)
        #expect(sizes.allSatisfy { $0 > 500 })
    }

    @Test func aDocumentThatWouldFetchIsNotPrinted() async {
        let tag = "img src=\"http://127.0.0.1:1/x.png\""
        await #expect(fault { try await WeasyPrint().pdf("<\(tag)>") } == .wouldFetch(tag: tag))
    }

    @Test func aMissingProgramIsSaid() async {
        await #expect(
            fault { try await WeasyPrint(program: "/nowhere/weasyprint").pdf("<p>x") }
                == .notStarted(reason: "no program /nowhere/weasyprint"))
    }

    @Test func aProgramThatFailsIsQuoted() async throws {
        try await withProgram("echo 'no such font' >&2; exit 3") { program in
            await #expect(
                fault { try await WeasyPrint(program: program).pdf("<p>x") } == .failed(code: 3, said: "no such font\n")
            )
        }
    }

    @Test func whatIsNoPaperIsNotHandedOn() async throws {
        try await withProgram("cat; echo odd >&2") { program in
            await #expect(fault { try await WeasyPrint(program: program).pdf("<p>x") } == .notAPaper(said: "odd\n"))
        }
    }

    @Test func itSeesABareEnvironment() async throws {
        try await withProgram("printf %%PDF-; env | cut -d= -f1 | grep -v '^_$\\|SHLVL\\|PWD' | sort | tr '\\n' ' '") {
            program in
            let names = try await WeasyPrint(program: program).pdf("<p>x")
            #expect(
                String(decoding: names, as: UTF8.self) == "%PDF-HOME LANG PATH ftp_proxy http_proxy https_proxy ")
        }
    }

    /// One second is the shortest limit there is; the program would outlast the test's own limit.
    @Test(.timeLimit(.minutes(5))) func aSlowProgramIsKilled() async throws {
        try await withProgram("exec sleep 3600") { program in
            await #expect(
                fault { try await WeasyPrint(program: program, limitSeconds: 1).pdf("<p>x") }
                    == .tooSlow(limitSeconds: 1))
        }
    }

    @Test(.timeLimit(.minutes(5))) func anUnwantedPaperIsKilled() async throws {
        try await withProgram("exec sleep 3600") { program in
            let paper = Task { try await WeasyPrint(program: program).pdf("<p>x") }
            paper.cancel()
            await #expect(throws: CancellationError.self) { try await paper.value }
        }
    }

    /// What lies under the mishap; nil when there was none.
    private func fault(_ body: () async throws -> [UInt8]) async -> PaperFault? {
        do { _ = try await body() } catch { return (error as? Mishap)?.underlying as? PaperFault }
        return nil
    }

    private func printed(_ document: String) async throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID()).pdf")
        try Data(try await WeasyPrint().pdf(document)).write(to: file)
        return file
    }

    private func withProgram(_ script: String, _ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID()).sh")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        defer { try? FileManager.default.removeItem(at: file) }  // As above.
        try await body(file.path)
    }
}
