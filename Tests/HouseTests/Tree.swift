// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The project's own files, as the house tests read them.
enum Tree {
    static let root: URL = {
        // Tests/HouseTests/Tree.swift is two folders below.
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()

    /// Paths below the root, sorted; hidden folders and what building leaves behind are passed over.
    static func files(
        _ folders: [String] = ["Sources", "Tests", "Tools", "Plugins", "scripts", "docs"], endings: [String]
    )
        -> [String]
    {
        folders.flatMap { folder -> [String] in
            let walk = FileManager.default.enumerator(atPath: root.appending(path: folder).path) ?? .init()
            return walk.compactMap { $0 as? String }.filter { path in
                endings.contains { path.hasSuffix($0) } && !path.hasPrefix(".") && !path.contains("/.")
                    && !path.contains("__pycache__") && !path.contains("node_modules")
            }.map { "\(folder)/\($0)" }
        }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func lines(_ path: String) throws -> [String] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Compares a kept text with a printed one; writes it instead when `SANYAN_GOLDEN` is set.
    static func compare(_ printed: String, with path: String) throws {
        if ProcessInfo.processInfo.environment["SANYAN_GOLDEN"] != nil {
            try printed.write(to: root.appending(path: path), atomically: true, encoding: .utf8)
        }
        let kept = try text(path)
        guard printed != kept else { return }
        let pairs = zip(
            printed.split(separator: "\n", omittingEmptySubsequences: false),
            kept.split(separator: "\n", omittingEmptySubsequences: false))
        let first = pairs.first { $0 != $1 }
        Issue.record(
            "\(path) is not what the tables print; run with SANYAN_GOLDEN=write. First difference: \(first.map { "printed «\($0)», kept «\($1)»" } ?? "one of them is longer")"
        )
    }
}
