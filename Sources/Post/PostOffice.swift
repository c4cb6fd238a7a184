// SPDX-License-Identifier: Apache-2.0

// Post (ไปรษณีย์): everything that leaves for servers outside and comes from them, by libcurl on one thread: HTTP for
// carriers, SMTP and IMAP for mail. See docs/decisions/0013-one-courier.md.

import CCurl
public import Envelope
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Carries requests to servers outside (ที่ทำการไปรษณีย์), many at once, over connections that it keeps.
///
/// No redirect is followed and no proxy asked. A request that may not stay inside leads nowhere but outside: what counts is
/// the address that is really connected to, whatever a name or another request on the same connection says.
public final class PostOffice: Courier {
    private let thread: PostThread
    private let closing: Mutex<pthread_t?>
    /// A file of certificates that are trusted beside the system's own.
    let authorities: String?

    /// Why there is no post office.
    public struct Unopened: Error {}

    /// Opens a post office.
    ///
    /// - Parameters:
    ///   - authorities: a PEM file of authorities that are trusted beside the system's own: a university's, a test's.
    ///   - atOnce: so many exchanges at most go on at the same time; the others wait for their turn.
    /// - Throws: `Unopened` when the system has no more threads or memory.
    public init(authorities: String? = nil, atOnce: Int = 256) throws(Unopened) {
        guard let (thread, handle) = PostThread.begin(atOnce: atOnce) else { throw Unopened() }
        self.thread = thread
        self.authorities = authorities
        closing = Mutex(handle)
    }

    deinit { close() }

    /// Ends everything that is under way; what is asked for afterwards is not done.
    public func close() {
        let handle = closing.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let handle else { return }
        thread.close()
        pthread_join(handle, nil)
    }

    /// Sends one request and gives the answer whatever its status.
    ///
    /// A task that is cancelled meanwhile ends the exchange, with `.timedOut`.
    public func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
        let transfer = try Transfer.http(outgoing, authorities: authorities)
        let end = await carry(transfer)
        return try transfer.incoming(end)
    }

    /// Has an exchange done.
    func carry(_ transfer: Transfer) async -> Transfer.End { await thread.carry(transfer) }
}
