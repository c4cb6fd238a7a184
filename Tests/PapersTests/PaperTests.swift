// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Papers

@Suite struct QRCodeTests {
    @Test func sizeFollowsTheLength() throws {
        // Version 1 holds 14 bytes at level M, version 40 holds 2,331 (ISO/IEC 18004 table 7).
        for (length, size) in [(1, 21), (14, 21), (15, 25), (26, 25), (2331, 177)] {
            let rows = try QRCode.matrix(String(repeating: "a", count: length))
            #expect(rows.count == size)
            #expect(Set(rows.map(\.count)) == [size])
        }
        #expect(throws: QRFault.tooLong) { try QRCode.matrix(String(repeating: "a", count: 2332)) }
        #expect(throws: QRFault.empty) { try QRCode.matrix("") }
    }

    @Test func hasItsThreeEyes() throws {
        let rows = try QRCode.matrix("sanyan")
        let eye = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
        for (top, left) in [(0, 0), (0, 14), (14, 0)] {
            #expect(rows[top..<top + 7].map { $0[left..<left + 7].map { $0 ? "#" : "." }.joined() } == eye)
        }
    }

    @Test func thePictureIsOnePathWithAQuietZone() throws {
        let svg = try QRCode.svg("sanyan", quietZone: 4, label: "ลิงก์ <ติดตาม>")
        let start = """
            <svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 29 29" \
            shape-rendering="crispEdges"><title>ลิงก์ &lt;ติดตาม&gt;</title>\
            <rect width="29" height="29" fill="#fff"/><path fill="#000" d="M4 4h7v1h-7z
            """
        #expect(svg.hasPrefix(start))
        #expect(svg.components(separatedBy: "<path").count == 2)
        #expect(!svg.contains("style"))
    }

    /// By a real reader, where `scripts/setup.sh --tests` has put one.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zbarimg")),
        arguments: ["http://127.0.0.1:8080/follow/AAAAAAAAAQIAAAAAawzJANrnzvaBEbbfxoxGATsQDTU", "ห้องประชุม ก&<ข>"])
    func aReaderReadsIt(text: String) throws {
        let rows = try QRCode.matrix(text)
        let (zoom, size) = (4, (rows.count + 8) * 4)
        var picture = Array("P5 \(size) \(size) 255\n".utf8)
        for y in 0..<size {
            for x in 0..<size {
                let (row, column) = (y / zoom - 4, x / zoom - 4)
                let isInside = rows.indices.contains(row) && rows.indices.contains(column)
                picture.append(isInside && rows[row][column] ? 0 : 255)
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID()).pgm")
        try Data(picture).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A left-over in /tmp fails no test.
        #expect(try output("/usr/bin/zbarimg", ["--nodbus", "-q", "--raw", file.path]) == text + "\n")
    }
}

@Suite struct SpreadsheetTests {
    @Test func theWholeFile() {
        var sheet = Spreadsheet(header: ["เลขทะเบียนรับ", "เรื่อง"])
        sheet.add(["1/2569", "ขอ \"ถ่ายทอดสด\", ด่วน"])
        sheet.add(["2/2569", "สอง\r\nบรรทัด"])
        #expect(
            sheet.csv
                == "\u{FEFF}เลขทะเบียนรับ,เรื่อง\r\n1/2569,\"ขอ \"\"ถ่ายทอดสด\"\", ด่วน\"\r\n2/2569,\"สอง\r\nบรรทัด\"\r\n")
        #expect(Array(sheet.bytes.prefix(3)) == [0xEF, 0xBB, 0xBF])
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+66", "'+66"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), (" =x", "' =x"),
        ("\t=x", "'\t=x"), ("＝x", "'＝x"), ("=a,b", "\"'=a,b\""), ("=\u{301}x", "'=\u{301}x"),
        ("-5", "-5"), ("-5.25", "-5.25"), ("12", "12"), ("ก-ข", "ก-ข"), ("", ""), ("-", "'-"),
    ]) func formulasAreTamedAndNumbersLeft(text: String, field: String) {
        #expect(Spreadsheet.cell(text) == field)
    }
}

@Suite struct ForeignReferenceTests {
    @Test(arguments: [
        "<img src=\"http://example.ac.th/a.png\">", "<img alt=x SRC = 'file:///etc/passwd'>", "<img src=a.png>",
        "<link rel=attachment href=\"file:///etc/passwd\">", "<style>@import 'x.css';</style>",
        "<style>p { background: url( 'x.png' ) }</style>", "<p style=\"background:URL(//x)\">",
        "<image xlink:href=\"x\"/>",
        "<object data=\"x\">", "<base\nhref=\"http://x/\">", "<svg><use href=\"x.svg#a\"/></svg>",
    ]) func isFound(document: String) {
        #expect(foreignReference(in: document) != nil)
    }

    @Test(arguments: [
        "<img src=\"data:image/png;base64,AAAA\">", "<a href=\"https://example.ac.th/\">x</a>", "<use href=\"#a\"/>",
        "<p>url(x) src=\"x\" @import x</p>", "<p data-x=\"1\" class=\"src\">&lt;img src=x&gt;</p>",
        "<style>p { background: url(data:image/png;base64,AA) }</style>",
    ]) func isNotImagined(document: String) {
        #expect(foreignReference(in: document) == nil)
    }

    @Test func ourOwnPapersHaveNone() {
        var memo = Sample.memo()
        memo.emblem = "data:image/png;base64,AAAA"
        memo.parts += Sample.charts
        #expect(foreignReference(in: memo.document) == nil)
    }
}

@Suite struct ChartTests {
    @Test func barsAsTheyAre() throws {
        let chart = Charts.bars(
            id: "u", title: "ก<", description: "ข",
            [.init("คณะ", 4, text: "4"), .init("กอง", 1, text: "1 (ช้า)", isOver: true)])
        try expectGolden(chart.svg + "\n" + chart.paper + "\n", "bars.svg")
    }

    @Test func columnsAndStripsAsTheyAre() throws {
        let columns = Charts.columns(
            id: "w", title: "ก", description: "ข", series: ["ก", "ข"], [.init("1", [1, 2]), .init("2", [0, 0])])
        let strip = Charts.strip(
            id: "l", title: "ก", description: "ข",
            [.init("รับ", values: [1, 2, 99], median: 2, ninetieth: 99, limit: 5, text: "2")])
        try expectGolden(columns.svg + "\n", "columns.svg")
        try expectGolden(strip.svg + "\n", "strip.svg")
    }

    @Test func nothingToShowIsStillAPicture() {
        #expect(Charts.bars(id: "a", title: "t", description: "d", []).svg.hasPrefix("<svg"))
        #expect(Charts.bars(id: "a", title: "t", description: "d", [.init("x", 0, text: "0")]).svg.hasSuffix("</svg>"))
        #expect(Charts.columns(id: "a", title: "t", description: "d", series: [], []).svg.hasPrefix("<svg"))
        #expect(Charts.strip(id: "a", title: "t", description: "d", []).svg.hasPrefix("<svg"))
    }

    @Test func numbersAreShort() {
        #expect(
            [0, 1, 1.25, -1.25, 0.04, -0.5, 12.96].map(Charts.short) == ["0", "1", "1.3", "-1.3", "0", "-0.5", "13"])
    }
}

/// Runs a program to its end and gives what it printed.
func output(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
}
