// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

/// The rehearsed LINE as a courier: no socket, and the mishaps of a line that can be asked for.
public actor LineCourier: Courier {
    /// What happens to the next request on its way.
    public enum Mishap: Hashable, Sendable {
        /// No connection at all.
        case unreachable
        /// No answer in time; LINE took the request, or never got it.
        case timedOut(wasTaken: Bool)
        /// The connection was cut after LINE took the request.
        case cutAfterAcceptance
    }

    public private(set) var line: LineRehearsal
    public private(set) var requests: [Outgoing] = []
    private var mishaps: [Mishap] = []
    private let now: @Sendable () -> Moment

    public init(_ line: LineRehearsal, now: @escaping @Sendable () -> Moment) {
        self.line = line
        self.now = now
    }

    /// Changes the rehearsed service.
    public func change(_ change: @Sendable (inout LineRehearsal) -> Void) { change(&line) }

    /// The next requests meet these, one each.
    public func suffer(_ mishaps: Mishap...) { self.mishaps += mishaps }

    public func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
        requests.append(outgoing)
        switch mishaps.isEmpty ? nil : mishaps.removeFirst() {
        case nil: return line.answer(outgoing, at: now())
        case .unreachable: throw .unreachable("refused")
        case .timedOut(let wasTaken):
            if wasTaken { _ = line.answer(outgoing, at: now()) }
            throw .timedOut(wasSent: true)
        case .cutAfterAcceptance:
            _ = line.answer(outgoing, at: now())
            throw .cut
        }
    }
}
