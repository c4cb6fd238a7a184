// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Pages

/// The package's own folder, found from this file's place in it.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The text of every file of a folder of the package, by its path, with one of the endings.
func texts(in folder: String, endings: [String]) throws -> [String: String] {
    let root = packageFolder.appending(path: folder)
    var texts: [String: String] = [:]
    let walker = try #require(FileManager.default.enumerator(atPath: root.path))
    for case let name as String in walker where endings.contains(where: name.hasSuffix) {
        texts[folder + "/" + name] = try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
    return texts
}
