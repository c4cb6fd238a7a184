// SPDX-License-Identifier: Apache-2.0
import CCurl
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The thread on which all exchanges go on at once, and their connections are kept for the next ones.
// `tray` is behind a mutex; `multi` is made before the thread begins, touched on the thread alone but for its wake-up call,
// which libcurl allows from anywhere, and freed only after `isGone` has been set behind the mutex that every wake-up holds.
final class PostThread: @unchecked Sendable {
    private struct Parcel {
        var number: UInt64
        var transfer: Transfer
        var deadline: ContinuousClock.Instant
        var tell: @Sendable (Transfer.End) -> Void
    }

    /// What others put before the thread.
    private struct Tray {
        var arrived: [Parcel] = []
        var cancelled: [UInt64] = []
        var number: UInt64 = 0
        var isClosing = false
        var isGone = false
    }

    private let multi: UnsafeMutableRawPointer
    private let tray = Mutex(Tray())
    /// Only so many are in libcurl's hands at once; the others wait for their turn here.
    private let atOnce: Int
    private var waiting: [Parcel] = []
    private var underWay: [UnsafeMutableRawPointer: Parcel] = [:]

    /// libcurl is set up once for the whole program.
    private static let isSetUp: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private init(_ multi: UnsafeMutableRawPointer, atOnce: Int) {
        self.multi = multi
        self.atOnce = atOnce
        ccurl_multi_number(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        ccurl_multi_number(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 100)
        ccurl_multi_number(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16)
        ccurl_multi_number(multi, CURLMOPT_MAXCONNECTS, 64)
    }

    /// A thread that works until it is closed; nil when the system has none.
    static func begin(atOnce: Int) -> (PostThread, pthread_t)? {
        guard isSetUp, let multi = curl_multi_init() else { return nil }
        let new = PostThread(multi, atOnce: atOnce)
        let box = Unmanaged.passRetained(new)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<PostThread>.fromOpaque(raw).takeRetainedValue().work()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            curl_multi_cleanup(multi)
            return nil
        }
        return (new, thread)
    }

    // MARK: From anywhere

    /// Has an exchange done and waits for its end.
    func carry(_ transfer: Transfer) async -> Transfer.End {
        let deadline = ContinuousClock.now + .seconds(transfer.timeoutSeconds)
        let number = tray.withLock { tray in
            tray.number += 1
            return tray.number
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let parcel = Parcel(number: number, transfer: transfer, deadline: deadline) {
                    continuation.resume(returning: $0)
                }
                let refused: Transfer.End? = tray.withLock { tray in
                    if tray.isClosing { return .closed }
                    // A cancellation after this look finds the parcel in the tray.
                    if Task.isCancelled { return .cancelled }
                    tray.arrived.append(parcel)
                    curl_multi_wakeup(multi)
                    return nil
                }
                if let refused { parcel.tell(refused) }
            }
        } onCancel: {
            tray.withLock { tray in
                if tray.isGone { return }
                tray.cancelled.append(number)
                curl_multi_wakeup(multi)
            }
        }
    }

    /// Ends everything that is under way, and then the thread.
    func close() {
        tray.withLock { tray in
            if tray.isGone { return }
            tray.isClosing = true
            curl_multi_wakeup(multi)
        }
    }

    // MARK: On the thread

    private func work() {
        while true {
            let (arrived, cancelled, isClosing) = tray.withLock { tray in
                defer { (tray.arrived, tray.cancelled) = ([], []) }
                return (tray.arrived, tray.cancelled, tray.isClosing)
            }
            waiting += arrived
            for number in cancelled { cancel(number) }
            if isClosing { break }
            beginWhatFits()
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            tellWhatEnded()
            if waiting.isEmpty || underWay.count >= atOnce {
                // Wakes at libcurl's own time limits too, and for the limits of those that wait.
                curl_multi_poll(multi, nil, 0, waiting.isEmpty ? 60_000 : 250, nil)
            }
        }
        for parcel in underWay.values { curl_multi_remove_handle(multi, parcel.transfer.easy) }
        for parcel in Array(underWay.values) + waiting { parcel.tell(.closed) }
        (underWay, waiting) = ([:], [])
        let late = tray.withLock { tray in
            tray.isGone = true
            return tray.arrived
        }
        for parcel in late { parcel.tell(.closed) }
        curl_multi_cleanup(multi)
    }

    private func beginWhatFits() {
        let now = ContinuousClock.now
        var taken = 0
        for parcel in waiting {
            let left = now.duration(to: parcel.deadline)
            if left <= .zero {
                parcel.tell(.expired)
            } else if underWay.count < atOnce {
                parcel.transfer.set(CURLOPT_TIMEOUT_MS, max(1, Int(left / .milliseconds(1))))
                underWay[parcel.transfer.easy] = parcel
                if curl_multi_add_handle(multi, parcel.transfer.easy) != CURLM_OK {
                    end(parcel.transfer.easy, .done(CURLE_OUT_OF_MEMORY))
                }
            } else {
                break
            }
            taken += 1
        }
        waiting.removeFirst(taken)
    }

    private func cancel(_ number: UInt64) {
        if let index = waiting.firstIndex(where: { $0.number == number }) {
            waiting.remove(at: index).tell(.cancelled)
        } else if let parcel = underWay.values.first(where: { $0.number == number }) {
            curl_multi_remove_handle(multi, parcel.transfer.easy)
            end(parcel.transfer.easy, .cancelled)
        }
    }

    private func tellWhatEnded() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = ccurl_outcome(message)
            curl_multi_remove_handle(multi, easy)
            end(easy, .done(code))
        }
    }

    private func end(_ easy: UnsafeMutableRawPointer, _ how: Transfer.End) {
        underWay.removeValue(forKey: easy)?.tell(how)
    }
}
