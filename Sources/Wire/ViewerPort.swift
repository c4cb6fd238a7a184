// SPDX-License-Identifier: Apache-2.0
import HLS
import NIOCore
import NIOHTTP1

/// One viewer's connection.
// Lives on its outlet's loop, like everything that holds it.
final class ViewerPort: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let mostBodyBytes = 65_536

    private let outlet: Outlet
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var bodyBytes = 0
    private var turn: UInt64 = 0
    private var isWaiting = false

    init(_ outlet: Outlet) { self.outlet = outlet }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if !outlet.admit() { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isWaiting = false
        outlet.left()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, bodyBytes) = (head, 0)
        case .body(let bytes):
            // Nothing here takes a body.
            bodyBytes += bytes.readableBytes
            if bodyBytes > ViewerPort.mostBodyBytes { context.close(promise: nil) }
        case .end: if let head { answer(head) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Answering

    func isAwaiting(_ turn: UInt64) -> Bool { isWaiting && self.turn == turn }

    private func answer(_ head: HTTPRequestHead) {
        turn &+= 1
        switch head.method {
        case .GET, .HEAD: break
        case .OPTIONS: return send(ViewerPort.options)
        default: return send(ViewerPort.notAllowed)
        }
        let mark = head.uri.firstIndex(of: "?") ?? head.uri.endIndex
        let query = head.uri[mark...].dropFirst()
        switch Route(path: head.uri[..<mark]) {
        case .health: send(.sentence(.ok, "ok"))
        case .metrics: metrics()
        case .watch(let name): send(outlet.hall(name) == nil ? .notFound : WatchPage.page(name))
        case .asset(let name): send(WatchPage.assets[name] ?? .notFound)
        case .live(let name, let token, let thing): live(name, token, thing, query, head)
        case .nothing: send(.notFound)
        }
    }

    private func live(
        _ name: String, _ token: Substring?, _ thing: Route.Thing, _ query: Substring, _ head: HTTPRequestHead
    ) {
        guard let hall = outlet.hall(name) else { return send(.notFound) }
        guard let reload = Reload(query: query) else {
            return send(.sentence(.badRequest, "A parameter that begins with _HLS_ cannot be read."))
        }
        let now = Clock.now()
        if case .file = thing, let token { hall.seen[Route.number(of: token)] = now }
        let ask = Ask(
            thing: thing, reload: reload, zips: ViewerPort.zips(head.headers),
            doorway: token == nil ? "/live/\(name)/" : nil)
        switch hall.answer(ask) {
        case .send(let body): send(body)
        case .wait:
            isWaiting = true
            hall.wait(self, turn: turn, ask, since: now)
        }
    }

    /// Whether gzip is taken (RFC 9110, 12.5.3); a weight of 0 says it is not.
    private static func zips(_ headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "accept-encoding"].contains {
            let words = $0.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            return words.first == "gzip" && !words.dropFirst().contains { ["q=0", "q=0.0", "q=0.00"].contains($0) }
        }
    }

    private func metrics() {
        guard let context, let pump = outlet.pump else { return send(.notNow) }
        isWaiting = true
        let turn = turn
        let me = NIOLoopBound(self, eventLoop: context.eventLoop)
        pump.metrics().hop(to: context.eventLoop).whenSuccess { text in
            guard me.value.isAwaiting(turn) else { return }
            me.value.send(
                Body(
                    [ByteBuffer(string: text)], type: "text/plain; version=0.0.4; charset=utf-8", cache: "no-store"))
        }
    }

    /// Sends the answer to the request at hand.
    func send(_ body: Body) {
        guard let context, let head else { return }
        isWaiting = false
        self.head = nil
        var headers = body.headers
        let staysOpen = head.isKeepAlive
        if !staysOpen { headers.add(name: "connection", value: "close") }
        if staysOpen, head.version.major == 1, head.version.minor == 0 {
            headers.add(name: "connection", value: "keep-alive")
        }
        let answer = HTTPResponseHead(version: .http1_1, status: body.status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD {
            for piece in body.pieces { context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil) }
        }
        guard !staysOpen else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        let done = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        done.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    }

    private static let options = Body(
        [], type: "text/plain", cache: "max-age=86400", status: .noContent,
        more: [
            ("access-control-allow-methods", "GET, HEAD, OPTIONS"), ("access-control-allow-headers", "*"),
            ("access-control-max-age", "86400"),
        ])
    private static let notAllowed = Body.sentence(
        .methodNotAllowed, "Only GET and HEAD.", more: [("allow", "GET, HEAD, OPTIONS")])
}
