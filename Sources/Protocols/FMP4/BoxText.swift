// SPDX-License-Identifier: Apache-2.0

/// Boxes as indented text, one box or field a line, so that a test can compare whole files as text.
///
/// Known small boxes are told by their fields; other content is hexadecimal; of `mdat` only the size is told.
public func boxText(_ bytes: ArraySlice<UInt8>, indent: Int = 0) -> String {
    var text = ""
    var rest = bytes
    let margin = String(repeating: "  ", count: indent)
    while !rest.isEmpty {
        guard rest.count >= 8 else { return text + margin + "stray \(hexText(rest))\n" }
        let size = Int(number(rest.prefix(4)))
        let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
        guard size >= 8, size <= rest.count else { return text + margin + "\(type) broken, size \(size)\n" }
        let content = rest.dropFirst(8).prefix(size - 8)
        text += margin + "\(type) \(size)"
        if let header = containers[type], content.count >= header {
            if header > 0 { text += " " + hexText(content.prefix(header)) }
            text += "\n" + boxText(content.dropFirst(header), indent: indent + 1)
        } else if type == "mdat" {
            text += "\n"
        } else {
            text += " " + (fieldText(type, content) ?? hexText(content)) + "\n"
        }
        rest = rest.dropFirst(size)
    }
    return text
}

/// Boxes that hold boxes, and how many bytes stand before those.
private let containers = [
    "moov": 0, "trak": 0, "mdia": 0, "minf": 0, "dinf": 0, "stbl": 0, "mvex": 0, "moof": 0, "traf": 0, "stsd": 8,
    "dref": 8, "avc1": 78, "hvc1": 78, "av01": 78, "vp09": 78, "mp4a": 28, "Opus": 28,
]

private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

private func hexText(_ bytes: ArraySlice<UInt8>) -> String { bytes.map { hex($0) }.joined() }

private func fieldText(_ type: String, _ content: ArraySlice<UInt8>) -> String? {
    var rest = content
    func take(_ count: Int) -> UInt64 {
        defer { rest = rest.dropFirst(count) }
        return number(rest.prefix(count))
    }
    switch type {
    case "mfhd":
        _ = take(4)
        return "sequence \(take(4))"
    case "tfdt":
        _ = take(4)
        return "time \(take(8))"
    case "tfhd":
        let flags = take(4)
        var text = "track \(take(4))"
        if flags & 0x08 != 0 { text += " duration \(take(4))" }
        if flags & 0x20 != 0 { text += " flags \(String(take(4), radix: 16))" }
        return text
    case "trun":
        let flags = take(4)
        let count = take(4)
        var text = "frames \(count) offset \(take(4))"
        if flags & 0x04 != 0 { text += " first \(String(take(4), radix: 16))" }
        for _ in 0..<min(count, 10_000) {
            text += ";"
            if flags & 0x100 != 0 { text += " duration \(take(4))" }
            if flags & 0x200 != 0 { text += " size \(take(4))" }
            if flags & 0x400 != 0 { text += " flags \(String(take(4), radix: 16))" }
            if flags & 0x800 != 0 { text += " offset \(Int32(truncatingIfNeeded: take(4)))" }
        }
        return text
    default: return nil
    }
}
