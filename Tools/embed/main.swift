// SPDX-License-Identifier: Apache-2.0
// Writes one Swift file that holds the text of every file named on the command line.
// usage: embed OUTPUT ROOT FILE...   (a key is the file's path below ROOT)
import Foundation

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: embed OUTPUT ROOT FILE...\n".utf8))
    exit(2)
}
let root = arguments[2].hasSuffix("/") ? arguments[2] : arguments[2] + "/"

/// More number signs than any run of them after three quotes inside the text, so the literal cannot end early.
func fence(for text: String) -> String {
    var fence = "#"
    while text.contains("\"\"\"" + fence) || text.contains("\\" + fence) { fence += "#" }
    return fence
}

var output =
    "/// The text of every embedded file, by its path below the target's folder.\nlet embeddedText: [String: String] = [\n"
for path in arguments.dropFirst(3).sorted() {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let hash = fence(for: text)
    let key = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
    output += "    \"\(key)\": \(hash)\"\"\"\n\(text)\n\"\"\"\(hash),\n"
}
output += arguments.count == 3 ? "    :]\n" : "]\n"
try output.write(toFile: arguments[1], atomically: true, encoding: .utf8)
