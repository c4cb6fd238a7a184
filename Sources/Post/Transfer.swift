// SPDX-License-Identifier: Apache-2.0
import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One exchange with a server by libcurl: how it is set up, what leaves and what has come.
// Set up by who asks, touched by the post office's thread alone until that has told its end, and then by who asked again.
final class Transfer: @unchecked Sendable {
    /// How an exchange ended.
    enum End: Sendable {
        /// libcurl says how.
        case done(CURLcode)
        /// Its time was up before its turn came.
        case expired
        /// Who asked waits no longer.
        case cancelled
        /// The post office closed.
        case closed
    }

    let easy: UnsafeMutableRawPointer
    /// The exchange as a whole takes at most so long, waiting for its turn included.
    let timeoutSeconds: Int
    private let mayStayInside: Bool
    private let answerLimit: Int
    private let headLimit = 64 << 10
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var upload: [UInt8] = []
    private var uploaded = 0
    private let complaint: UnsafeMutablePointer<CChar>

    /// What has come of the answer.
    private(set) var answer: [UInt8] = []
    /// The lines above the answer as they came: a status line and header fields, or a server's replies.
    private(set) var head: [UInt8] = []
    /// The request was about to leave: from here on the other end may have taken it.
    private(set) var hasBegun = false
    /// All that was to be sent has been handed to the connection.
    private(set) var isUploaded = false
    /// An address inside was met and not connected to.
    private(set) var metInside = false
    private(set) var isTooLarge = false

    /// An exchange that is not set up but for what all have in common; nil when there is no memory.
    init?(address: String, timeoutSeconds: Int, answerLimit: Int, mayStayInside: Bool, authorities: String?) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.timeoutSeconds = max(1, timeoutSeconds)
        self.answerLimit = max(0, answerLimit)
        self.mayStayInside = mayStayInside
        complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
        complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        set(CURLOPT_URL, address)
        setWhatAllHaveInCommon(authorities)
    }

    deinit {
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        complaint.deallocate()
    }

    private func setWhatAllHaveInCommon(_ authorities: String?) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_PRIVATE, me)
        set(CURLOPT_ERRORBUFFER, complaint)
        set(CURLOPT_NOSIGNAL, 1)
        // A name server that does not answer must not hold up the thread when the exchange is given up.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_NETRC, 0)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_CONNECTTIMEOUT, min(10, timeoutSeconds))
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        // Beside the system's own authorities, which lie in a folder.
        if let authorities { set(CURLOPT_CAINFO, authorities) }
        set(CURLOPT_OPENSOCKETDATA, me)
        ccurl_on_socket(easy) { raw, _, address in
            guard let address else { return CURL_SOCKET_BAD }
            return Transfer.at(raw)?.openSocket(address) ?? CURL_SOCKET_BAD
        }
        set(CURLOPT_PREREQDATA, me)
        ccurl_before_sending(easy) { raw, remote, _, _, _ in
            Transfer.at(raw)?.begins(at: remote) ?? CURL_PREREQFUNC_ABORT
        }
        set(CURLOPT_WRITEDATA, me)
        ccurl_on_bytes(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, raw in
            Transfer.at(raw)?.take(bytes, size * count) ?? 0
        }
        set(CURLOPT_HEADERDATA, me)
        ccurl_on_bytes(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, raw in
            Transfer.at(raw)?.takeHead(bytes, size * count) ?? 0
        }
        set(CURLOPT_READDATA, me)
        ccurl_on_bytes(easy, CURLOPT_READFUNCTION) { bytes, size, count, raw in
            Transfer.at(raw)?.give(bytes, size * count) ?? 0
        }
    }

    private static func at(_ raw: UnsafeMutableRawPointer?) -> Transfer? {
        raw.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Setting up

    func set(_ option: CURLoption, _ number: Int) { ccurl_number(easy, option, number) }
    func set(_ option: CURLoption, _ text: String) { ccurl_text(easy, option, text) }
    func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer) { ccurl_pointer(easy, option, pointer) }

    /// Lines that libcurl does not copy: they live as long as the exchange.
    func set(_ option: CURLoption, _ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        lists.append(list)
        ccurl_list(easy, option, list)
    }

    /// The body of a request that libcurl sends as a form is sent: with its length, in one piece.
    func setBody(_ body: [UInt8]) {
        ccurl_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { bytes in
            // No bytes at all would mean that they are to be asked for.
            let start = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
            if let start { set(CURLOPT_COPYPOSTFIELDS, start) } else { set(CURLOPT_COPYPOSTFIELDS, "") }
        }
    }

    /// What is to be sent to a server of mail.
    func setUpload(_ bytes: [UInt8]) {
        upload = bytes
        set(CURLOPT_UPLOAD, 1)
        ccurl_large(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes.count))
    }

    // MARK: What libcurl asks and brings

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let wanted = address.pointee
        let there = ccurl_address(address).flatMap { InternetAddress($0, length: Int(wanted.addrlen)) }
        guard let there, mayStayInside || !there.isInside else {
            metInside = true
            return CURL_SOCKET_BAD
        }
        return socket(wanted.family, wanted.socktype | Int32(SOCK_CLOEXEC.rawValue), wanted.protocol)
    }

    /// Asked before every request, on a connection that was there already too.
    private func begins(at remote: UnsafeMutablePointer<CChar>?) -> Int32 {
        let there = remote.flatMap { InternetAddress(String(cString: $0)) }
        if !mayStayInside, there?.isInside ?? true {
            metInside = true
            return CURL_PREREQFUNC_ABORT
        }
        hasBegun = true
        return CURL_PREREQFUNC_OK
    }

    private func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, answer.count + count <= answerLimit else {
            isTooLarge = true
            return 0
        }
        answer.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func takeHead(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, head.count + count <= headLimit else {
            isTooLarge = true
            return 0
        }
        head.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func give(_ room: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        guard let room else { return 0 }
        let count = min(size, upload.count - uploaded)
        upload[uploaded..<(uploaded + count)].withUnsafeBytes { piece in
            UnsafeMutableRawBufferPointer(start: room, count: size).copyMemory(from: piece)
        }
        uploaded += count
        isUploaded = uploaded == upload.count
        return count
    }

    // MARK: Afterwards

    /// A number that libcurl tells about the exchange.
    func told(_ about: CURLINFO) -> Int {
        var value = 0
        ccurl_told_number(easy, about, &value)
        return value
    }

    /// What libcurl says about a failure, for the administrator.
    func words(_ code: CURLcode) -> String {
        let own = String(cString: complaint)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }
}
