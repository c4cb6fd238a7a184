// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSRT
import SRT
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Who stands at an SRT listener and says who comes in. Called on libsrt's receiving thread, one caller at a time.
final class SRTDoor: Sendable {
    private let limit: Int
    private let knock: SRTPort.Knock
    private let count = Mutex(0)

    init(limit: Int, knock: @escaping SRTPort.Knock) { (self.limit, self.knock) = (limit, knock) }

    /// So many are connected now.
    func connected(_ count: Int) { self.count.withLock { $0 = count } }

    /// 0 to let the caller in, -1 to refuse it with the reason that was set.
    func decide(_ socket: SRTSOCKET, _ peer: UnsafePointer<sockaddr>?, _ id: UnsafePointer<CChar>?) -> Int32 {
        do throws(RejectionReason) {
            // A full house is said to nobody whose key is not good: `knock` comes first.
            let id = try StreamID(id.map { String(cString: $0) } ?? "")
            switch knock(id, SRTAddress.text(peer)) {
            case .refuse(let reason): throw reason
            case .admit: break
            case .admitKnowing(let passphrase):
                guard srt_setsockflag(socket, SRTO_PASSPHRASE, passphrase, Int32(passphrase.utf8.count)) == 0 else {
                    throw RejectionReason.unauthorized
                }
            }
            guard count.withLock({ $0 }) < limit else { throw RejectionReason.overload }
            return 0
        } catch {
            srt_setrejectreason(socket, error.rawValue)
            return -1
        }
    }
}

/// What libsrt would not do, for the log.
struct SRTFault: Error, CustomStringConvertible {
    let description: String

    /// What was being done; with what libsrt says of it when it was `asked`.
    init(_ doing: String, asked: Bool = true) {
        description = asked ? "\(doing): \(String(cString: srt_getlasterror_str()))" : doing
    }
}

/// Addresses, from libsrt's C and into it.
enum SRTAddress {
    /// What a connected caller said of itself.
    static func streamID(of socket: SRTSOCKET) -> String {
        var text = [UInt8](repeating: 0, count: StreamID.longest + 1)
        var length = Int32(text.count)
        guard srt_getsockflag(socket, SRTO_STREAMID, &text, &length) == 0 else { return "" }
        return String(decoding: text.prefix(max(0, Int(length))).prefix { $0 != 0 }, as: UTF8.self)
    }

    static func text(_ address: inout sockaddr_storage) -> String {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { text($0) }
        }
    }

    /// The numeric host of an address.
    static func text(_ address: UnsafePointer<sockaddr>?) -> String {
        guard let address else { return "" }
        let isLong = Int32(address.pointee.sa_family) == AF_INET6
        let length = isLong ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        var host = [CChar](repeating: 0, count: 64)
        guard getnameinfo(address, socklen_t(length), &host, 64, nil, 0, NI_NUMERICHOST) == 0 else { return "" }
        return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
