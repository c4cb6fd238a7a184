// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// One encoder's connection: bytes in, bytes out, nothing else.
final class EncoderPort: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pump: Pump
    private var publisher: Publisher?

    init(_ pump: Pump) { self.pump = pump }

    func channelActive(context: ChannelHandlerContext) {
        publisher = pump.open(context.channel)
        if publisher == nil { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let publisher { pump.received(unwrapInboundIn(data), from: publisher) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let publisher { pump.closed(publisher) }
        publisher = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
