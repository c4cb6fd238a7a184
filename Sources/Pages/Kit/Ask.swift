// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
public import Logging
import NIOCore

/// What the site answered, in plain types.
public struct Answer: Sendable, Hashable {
    public let status: Int
    /// By lower-case name; lines of the same name are joined with a line end.
    public let headers: [String: String]
    public let body: String
}

extension Site {
    /// Asks the whole site one thing without a connection: every middleware and route runs, no port is opened.
    ///
    /// For tests and for the storybook. `bytes` are a body that is no text. An answer that streams is waited for until it ends.
    public func ask(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String = "", bytes: [UInt8]? = nil,
        logger: Logger = Logger(label: "ask", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws -> Answer {
        guard let verb = HTTPRequest.Method(method) else { throw HTTPError(.methodNotAllowed) }
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let request = Request(
            head: HTTPRequest(
                method: verb, scheme: "http", authority: "office.example.ac.th", path: path, headerFields: fields),
            body: .init(buffer: bytes.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: body)))
        let response = try await router().buildResponder().respond(to: request, context: Visit(logger: logger))
        let basket = Basket()
        try await response.body.write(basket)
        var answered: [String: String] = [:]
        for field in response.headers {
            let name = field.name.canonicalName
            answered[name] = answered[name].map { $0 + "\n" + field.value } ?? field.value
        }
        return Answer(status: response.status.code, headers: answered, body: await basket.text)
    }
}

/// Collects what a response writes.
private final actor Basket: ResponseBodyWriter {
    private var bytes: [UInt8] = []
    var text: String { String(decoding: bytes, as: UTF8.self) }

    nonisolated func write(_ buffer: ByteBuffer) async throws { await add(Array(buffer.readableBytesView)) }
    nonisolated func finish(_ trailingHeaders: HTTPFields?) async throws {}

    private func add(_ more: [UInt8]) { bytes += more }
}
