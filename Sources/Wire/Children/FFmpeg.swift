// SPDX-License-Identifier: Apache-2.0
import Matroska

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The ffmpeg of this machine, if it has one. Everything that needs it says so and goes on without it.
struct FFmpeg: Sendable {
    /// What people read when there is none.
    static let missing = "เครื่องนี้ยังไม่มีโปรแกรม ffmpeg · This machine has no ffmpeg (apt install ffmpeg)"

    private let name: String

    /// `name` is a path, or looked for on PATH; by itself `$SANYAN_FFMPEG` or `ffmpeg`.
    init(_ name: String? = nil) { self.name = name ?? FFmpeg.variable("SANYAN_FFMPEG") ?? "ffmpeg" }

    /// Where it is now. Asked each time it is needed: it may have been installed meanwhile.
    var path: String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        let folders = (FFmpeg.variable("PATH") ?? "/usr/local/bin:/usr/bin").split(separator: ":")
        return folders.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    /// Whatever it does: only what is said, and nothing of a keyboard.
    static let quiet = ["-hide_banner", "-nostdin", "-loglevel", "error"]

    /// How it decodes what a file has: of the layers of VP9 libvpx shows the largest, where ffmpeg's own decoder shows each.
    static func decoding(_ content: MatroskaFile.Content?) -> [String] {
        content == .vp9 ? ["-c:v", "libvpx-vp9"] : []
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
