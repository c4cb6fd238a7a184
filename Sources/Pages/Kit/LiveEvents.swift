// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore

/// One server-sent event (WHATWG HTML, 9.2): something an open page wants to know at once.
public struct LiveEvent: Sendable, Hashable {
    /// The kind, as `inbox`; letters only.
    public var name: String
    /// What the page's script reads; may have several lines.
    public var text: String
    /// Comes back as `Last-Event-ID` when the browser connects again.
    public var id: String?

    public init(_ name: String, _ text: String, id: String? = nil) {
        self.name = name
        self.text = text
        self.id = id
    }

    /// The event as it goes over the wire.
    var wire: String {
        func line(_ text: String) -> String { String(text.filter { !$0.isNewline }) }
        var wire = "event: \(line(name))\n"
        if let id { wire += "id: \(line(id))\n" }
        for part in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            wire += "data: \(part)\n"
        }
        return wire + "\n"
    }
}

extension Response {
    /// A stream of events until the source ends or the browser leaves. A comment every `keepAlive` lets proxies, and
    /// us, notice a line that went dead.
    public static func live<Events: AsyncSequence & Sendable>(
        _ events: Events, keepAlive: Duration = .seconds(20)
    ) -> Response where Events.Element == LiveEvent, Events.AsyncIterator: SendableMetatype {
        let body = ResponseBody { writer in
            let (lines, feed) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(256))
            let source = Task {
                defer { feed.finish() }
                for try await event in events { feed.yield(event.wire) }
            }
            let pulse = Task {
                while true {
                    try await Task.sleep(for: keepAlive)
                    feed.yield(": still here\n\n")
                }
            }
            defer {
                source.cancel()
                pulse.cancel()
            }
            try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
            for await line in lines { try await writer.write(ByteBuffer(string: line)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }
}
