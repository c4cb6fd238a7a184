// SPDX-License-Identifier: Apache-2.0

/// A marker with a beginning on the world's clock (4.4.5.1): a slide, a question, the sign language's start.
public struct DateRange: Hashable, Sendable {
    /// Unique in the playlist.
    public var id: String
    /// What kind of marker; empty says nothing.
    public var kind: String
    /// Where it begins.
    public var start: WallTime
    /// How long it lasts, if that is known.
    public var milliseconds: Int64?
    /// Attributes of our own; every name begins with `X-`.
    public var attributes: [(name: String, value: String)] {
        get { pairs.map { ($0.name, $0.value) } }
        set { pairs = newValue.map { Pair(name: $0.name, value: $0.value) } }
    }

    private struct Pair: Hashable, Sendable {
        var name: String
        var value: String
    }
    private var pairs: [Pair] = []

    /// A marker of these parts.
    public init(
        id: String, kind: String = "", start: WallTime, milliseconds: Int64? = nil,
        attributes: [(name: String, value: String)] = []
    ) {
        self.id = id
        self.kind = kind
        self.start = start
        self.milliseconds = milliseconds
        self.attributes = attributes
    }

    /// When it is over.
    var end: WallTime { WallTime(milliseconds: start.milliseconds + (milliseconds ?? 0)) }

    /// The tag. Quotation marks and line breaks cannot be in a quoted string (4.2), so they become spaces.
    var tag: String {
        func quoted(_ text: String) -> String {
            "\"" + String(text.map { $0 == "\"" || $0.isNewline ? " " : $0 }) + "\""
        }
        var tag = "#EXT-X-DATERANGE:ID=\(quoted(id))"
        if !kind.isEmpty { tag += ",CLASS=\(quoted(kind))" }
        tag += ",START-DATE=\"\(start.text)\""
        if let milliseconds { tag += ",DURATION=\(seconds(milliseconds * 1000, isShort: true))" }
        for pair in pairs where pair.name.hasPrefix("X-") { tag += ",\(pair.name)=\(quoted(pair.value))" }
        return tag
    }
}
