// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackagePlugin

/// Runs `embed` over a target's Templates, Words, Styles, Scripts, Icons and Slates.
@main struct EmbedAssets: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = target.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedText.swift")
        var files: [URL] = []
        for folder in ["Templates", "Words", "Styles", "Scripts", "Icons", "Slates"] {
            let place = root.appending(path: folder)
            guard let names = FileManager.default.enumerator(atPath: place.path) else { continue }
            for case let name as String in names {
                let file = place.appending(path: name)
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue,
                    !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
                {
                    files.append(file)
                }
            }
        }
        files.sort { $0.path < $1.path }
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of \(target.name)",
                executable: try context.tool(named: "embed").url,
                arguments: [output.path, root.path] + files.map(\.path),
                inputFiles: files,
                outputFiles: [output])
        ]
    }
}
