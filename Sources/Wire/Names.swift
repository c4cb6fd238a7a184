// SPDX-License-Identifier: Apache-2.0
import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks where a host is. The system's answer may take half a minute, so it is awaited elsewhere.
enum Names {
    private static let queue = DispatchQueue(label: "names", attributes: .concurrent)

    /// Tells on the loop the numeric addresses of `host`, best first; none when nobody knows it.
    static func find(_ host: String, on loop: Loop, done: @escaping @Sendable ([String]) -> Void) {
        queue.async {
            let addresses = find(host)
            loop.execute { done(addresses) }
        }
    }

    private static func find(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        var addresses: [String] = []
        var one = found
        while let entry = one?.pointee {
            var text = [CChar](repeating: 0, count: 128)
            let code = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, Int32(NI_NUMERICHOST))
            let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if code == 0, !addresses.contains(address) { addresses.append(address) }
            one = entry.ai_next
        }
        return addresses
    }
}
