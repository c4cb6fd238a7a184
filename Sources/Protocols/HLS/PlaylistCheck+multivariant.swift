// SPDX-License-Identifier: Apache-2.0

// The rules of a multivariant playlist (4.4.6).

extension PlaylistCheck {
    mutating func multivariant() {
        for tag in ["EXTINF", "EXT-X-TARGETDURATION", "EXT-X-PART", "EXT-X-MEDIA-SEQUENCE", "EXT-X-MAP"] {
            if let line = tags[tag]?.first { breach("4.1", line.number, "\(tag) is of a media playlist.") }
        }
        let groups = Set(
            (tags["EXT-X-MEDIA"] ?? []).map {
                "\($0.attributes?["TYPE"] ?? "") \(unquoted($0.attributes?["GROUP-ID"]) ?? "")"
            })
        for (index, line) in lines.enumerated() where line.tag == "EXT-X-STREAM-INF" {
            let attributes = line.attributes ?? [:]
            if attributes["BANDWIDTH"].flatMap({ Int($0) }) == nil {
                breach("4.4.6.2", line.number, "BANDWIDTH is missing.")
            }
            if unquoted(attributes["CODECS"])?.isEmpty ?? true { breach("4.4.6.2", line.number, "CODECS is missing.") }
            if index + 1 >= lines.count || !lines[index + 1].tag.isEmpty {
                breach("4.4.6.2", line.number, "No address follows.")
            }
            for type in ["AUDIO", "SUBTITLES", "VIDEO"] {
                guard let group = attributes[type] else { continue }
                if !groups.contains("\(type) \(unquoted(group) ?? "")") {
                    breach("4.4.6.2.1", line.number, "The group \(group) of \(type) does not exist.")
                }
            }
        }
        choices()
    }

    private mutating func choices() {
        var names: Set<String> = []
        var defaults: Set<String> = []
        for line in tags["EXT-X-MEDIA"] ?? [] {
            let attributes = line.attributes ?? [:]
            for name in ["TYPE", "GROUP-ID", "NAME"] where attributes[name] == nil {
                breach("4.4.6.1", line.number, "\(name) is missing.")
            }
            let group = "\(attributes["TYPE"] ?? "") \(attributes["GROUP-ID"] ?? "")"
            if !names.insert("\(group) \(attributes["NAME"] ?? "")").inserted {
                breach("4.4.6.1.1", line.number, "The name is there twice in its group.")
            }
            if attributes["DEFAULT"] == "YES", !defaults.insert(group).inserted {
                breach("4.4.6.1.1", line.number, "The group has two defaults.")
            }
            if attributes["DEFAULT"] == "YES", attributes["AUTOSELECT"] == "NO" {
                breach("4.4.6.1", line.number, "The default cannot be selected by itself.")
            }
            if attributes["TYPE"] == "SUBTITLES", attributes["URI"] == nil {
                breach("4.4.6.1", line.number, "Subtitles have no address.")
            }
            if attributes["TYPE"] != "SUBTITLES", attributes["FORCED"] != nil {
                breach("4.4.6.1", line.number, "FORCED is of subtitles.")
            }
        }
    }
}
