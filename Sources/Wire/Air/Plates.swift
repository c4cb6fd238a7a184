// SPDX-License-Identifier: Apache-2.0
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Names under pictures, as a script that ffmpeg's `ass` filter draws (Advanced SubStation Alpha 4.00+): Thai is shaped as it
/// should be, which `drawtext` does not do.
enum Plates {
    /// A name and where its picture is.
    struct Plate: Hashable {
        var name: String
        var place: Arrangement.Place
    }

    /// Debian's fonts-tlwg-loma; where it is not there, whatever knows Thai.
    private static let font = "Loma"
    private static let mostCharacters = 60

    /// A script for a picture of this size, with a plate at the lower left of each place that has a name.
    static func script(_ plates: [Plate], width: Int, height: Int) -> String {
        var lines = [
            "[Script Info]", "ScriptType: v4.00+", "PlayResX: \(width)", "PlayResY: \(height)", "WrapStyle: 2", "",
            "[V4+ Styles]",
            "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, "
                + "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
            "Style: plate,\(font),20,&H00FFFFFF,&H60201008,&H60201008,0,3,4,0,1,0,0,0,1", "",
            "[Events]", "Format: Layer, Start, End, Style, Text",
        ]
        for plate in plates where !plate.name.isEmpty {
            let size = max(12, min(30, plate.place.height / 16))
            let (x, y) = (plate.place.x + size / 2 + 4, plate.place.y + plate.place.height - size / 2 - 4)
            let clip =
                "\(plate.place.x),\(plate.place.y),\(plate.place.x + plate.place.width),"
                + "\(plate.place.y + plate.place.height)"
            lines.append(
                "Dialogue: 0,0:00:00.00,99:00:00.00,plate,{\\an1\\pos(\(x),\(y))\\clip(\(clip))\\fs\(size)}\(plain(plate.name))"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Nothing of a name is an instruction.
    private static func plain(_ name: String) -> String {
        let kept = name.unicodeScalars.filter { $0.value >= 0x20 && !"{}\\".unicodeScalars.contains($0) }
        return String(String(String.UnicodeScalarView(kept)).prefix(mostCharacters))
    }

    /// As a filter's argument: what ends an argument is marked, twice (the graph is read, then the filter's options).
    static func filter(_ path: String) -> String {
        var text = ""
        for character in path {
            if "\\':".contains(character) {
                text += "\\\\\\\(character)"
            } else if "[],;".contains(character) {
                text += "\\\(character)"
            } else {
                text.append(character)
            }
        }
        return "ass=\(text)"
    }

    /// Writes a script; answers whether it is there.
    static func write(_ script: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Array(script.utf8).withUnsafeBytes { RecordingFile.write($0, file) } == 0
    }
}
