// SPDX-License-Identifier: Apache-2.0
import CLDAP
import Dispatch
import Glibc
import Synchronization

/// Watches over a line: when its time is over, the line is cut.
///
/// The library's own limits do not cover the handshake of TLS: a server that takes the call and says nothing would hold
/// the thread for ever (OpenLDAP 2.5 with GnuTLS). So it tells us its socket, and whoever waits there finds it ended.
final class DirectoryWatch: Sendable {
    private struct State {
        var socket: Int32?
        var due: UInt64 = 0
        var wasConnected = false
        var isCut = false
    }
    private let state = Mutex(State())

    /// A connection was made, whatever came of it.
    var wasConnected: Bool { state.withLock { $0.wasConnected } }
    /// It took too long.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Cuts the line in so many seconds, unless it is set anew.
    func set(seconds: Int) {
        let due = DispatchTime.now() + .seconds(seconds)
        state.withLock { $0.due = due.uptimeNanoseconds }
        DispatchQueue.global().asyncAfter(deadline: due) { [self] in
            state.withLock { state in
                guard state.due == due.uptimeNanoseconds, let socket = state.socket else { return }
                state.isCut = true
                shutdown(socket, Int32(SHUT_RDWR))
            }
        }
    }

    fileprivate func take(_ socket: Int32) {
        state.withLock {
            $0.socket = socket
            $0.wasConnected = true
        }
    }

    /// The library is about to close the socket: its number may soon be somebody else's.
    fileprivate func leave() { state.withLock { $0.socket = nil } }

    /// What the library calls. It is handed nothing but the watch, which outlives the line.
    func calls() -> UnsafeMutablePointer<ldap_conncb> {
        let calls = UnsafeMutablePointer<ldap_conncb>.allocate(capacity: 1)
        calls.initialize(
            to: ldap_conncb(
                lc_add: { _, buffer, _, _, calls in
                    var socket: Int32 = -1
                    guard let watch = calls?.pointee.lc_arg, let buffer,
                        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &socket) == 1
                    else { return 0 }
                    Unmanaged<DirectoryWatch>.fromOpaque(watch).takeUnretainedValue().take(socket)
                    return 0
                },
                lc_del: { _, _, calls in
                    guard let watch = calls?.pointee.lc_arg else { return }
                    Unmanaged<DirectoryWatch>.fromOpaque(watch).takeUnretainedValue().leave()
                }, lc_arg: Unmanaged.passUnretained(self).toOpaque()))
        return calls
    }
}
