// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Imports point inward only: this is the picture of ARCHITECTURE.md as a table.
@Suite("Borders")
struct ImportTests {
    /// Pieces of the operating system, where a target needs one by its own name.
    private static let system: Set<String> = ["Glibc", "Musl", "Darwin", "Dispatch", "Synchronization"]

    // swift-format-ignore
    private static let allowed: [String: Set<String>] = [
        "Desk":      [],
        "Protocols/Media": [],
        "Protocols/RTMP": ["Media"],
        "Protocols/FMP4": [],
        "Protocols/MPEGTS": ["Media", "FMP4"],
        "Protocols/SRT":  [],
        "Protocols/HLS":  ["FMP4"],
        "Protocols/Envelope": [],
        "Protocols/HTTP": [],
        "Protocols/ICE": ["Media"],
        "Protocols/RTP": ["Media"],
        "Protocols/SDP": ["RTP"],
        "Protocols/Matroska": ["Media"],
        "Protocols/Film": ["FMP4", "HLS"],
        "Studio":    ["Media", "FMP4", "HLS", "RTP", "SDP", "CFetch"],
        "Wire":      system.union(["Studio", "Media", "RTMP", "FMP4", "HLS", "Film", "HTTP", "Secure", "CLinux", "CZlib", "CNGHTTP2", "FoundationEssentials", "MPEGTS", "Matroska", "SRT", "CSRT", "ICE", "RTP", "SDP"]),
        "Secure":    ["CSodium", "COpenSSL", "CIPsecMB", "CJose", "CFetch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin"],
        "Post":      system.union(["Envelope", "CCurl", "CGMime", "FoundationEssentials"]),
        "Archive":   system.union(["Desk", "Secure", "GRDB", "Foundation", "FoundationEssentials"]),
        "Messenger": ["Desk", "Envelope", "Post", "Secure", "Logging", "Synchronization", "Foundation", "FoundationEssentials", "FoundationXML"],
        "Entrance":  system.union(["Desk", "Secure", "Envelope", "CLDAP", "CFIDO", "Foundation", "FoundationEssentials"]),
        "Papers":    system.union(["Desk", "CQRencode", "Foundation", "FoundationEssentials"]),
        "Pages":     system.union(["Desk", "Secure", "Studio", "Hummingbird", "Mustache", "HTTPTypes", "NIOCore", "Logging", "Foundation", "FoundationEssentials"]),
        "Rehearsal": ["Desk", "Envelope", "Secure", "Foundation", "FoundationEssentials"],
        "sanyan":    system.union(["Envelope", "Post", "Desk", "Secure", "Archive", "Messenger", "Papers", "Pages", "Rehearsal", "Wire", "Studio", "ArgumentParser", "Hummingbird", "ServiceLifecycle", "UnixSignals", "NIOCore", "NIOPosix", "Logging", "Foundation", "FoundationEssentials", "Entrance", "Post"]),
        "CSodium":   [],
        "CLDAP":     [],
        "CFIDO":     [],
        "CQRencode": [],
        "CZlib":     [],
        "COpenSSL":  [],
        "CIPsecMB":  [],
        "CJose":     [],
        "CNGHTTP2":  [],
        "CLinux":   [],
        "CFetch":   [],
        "CSRT":     [],
        "CCurl":    [],
        "CGMime":   [],
    ]

    /// What only one target may import.
    private static let owned = [
        "CSodium": "Secure", "GRDB": "Archive", "CQRencode": "Papers", "Mustache": "Pages", "ArgumentParser": "sanyan",
        "CZlib": "Wire", "COpenSSL": "Secure", "CIPsecMB": "Secure", "CJose": "Secure", "CNGHTTP2": "Wire",
        "CSRT": "Wire", "CLinux": "Wire",
        "CCurl": "Post", "CGMime": "Post", "CLDAP": "Entrance", "CFIDO": "Entrance",
    ]

    /// The room a file lies in; the protocols are one room with one target each.
    private static func target(of file: String) -> String {
        let folders = file.split(separator: "/").map(String.init)
        return folders[1] == "Protocols" ? "Protocols/\(folders[2])" : folders[1]
    }

    /// Every import below Sources: which target, which file, what.
    private static func imports() throws -> [(target: String, file: String, module: String)] {
        try Tree.files(["Sources"], endings: [".swift"]).flatMap { file in
            try Tree.lines(file).compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                    words[..<index].allSatisfy({
                        $0.hasPrefix("@") || ["public", "internal", "package", "private", "fileprivate"].contains($0)
                    })
                else { return nil }
                let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
                let named =
                    kinds.contains(words[index + 1]) && index + 2 < words.count ? words[index + 2] : words[index + 1]
                let module = String(named.split(separator: ".")[0])
                return (Self.target(of: file), file, module)
            }
        }
    }

    @Test("imports point inward only")
    func inwardOnly() throws {
        let all = try Self.imports()
        #expect(all.count > 50)
        for (target, file, module) in all {
            guard let allowed = Self.allowed[target] else {
                Issue.record("\(file) lies in \(target), of which the picture of the house knows nothing")
                continue
            }
            if !allowed.contains(module) { Issue.record("\(file) imports \(module), which \(target) must not know") }
        }
    }

    @Test("what one target owns, no other imports")
    func owners() throws {
        for (_, file, module) in try Self.imports() {
            if let owner = Self.owned[module], !file.hasPrefix("Sources/\(owner)/") {
                Issue.record("\(file) imports \(module), which only \(owner) may")
            }
        }
    }

    @Test("every target of Sources is in the picture")
    func everyTarget() throws {
        let folders = Set(
            try Tree.files(["Sources"], endings: [".swift", ".c", "module.modulemap"]).map(Self.target))
        #expect(folders.sorted() == Self.allowed.keys.sorted())
    }

    @Test("nothing in the middle asks the clock or throws dice")
    func noClockInTheMiddle() throws {
        let clocks = [
            "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "clock_gettime", ".random(",
            "SystemRandomNumberGenerator",
        ]
        for file in try Tree.files(["Sources/Desk", "Sources/Protocols"], endings: [".swift"]) {
            let text = try Tree.text(file)
            for clock in clocks where text.contains(clock) { Issue.record("\(file) asks \(clock)") }
        }
    }
}
