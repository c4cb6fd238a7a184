// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Secure

/// Where slow work on purpose is done: one password at a time, so that a crowd at the door takes one thread and 19 MiB,
/// and never the threads on which pages are answered.
private let passwordQueue = DispatchQueue(label: "passwords", qos: .userInitiated)

/// Does blocking work on a thread of its own and waits for it without holding a thread of the pages.
func offLoop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        passwordQueue.async { continuation.resume(returning: work()) }
    }
}

/// What an unknown name is checked against, so that the answer takes as long as for a known one.
private let nobodysHash: String = {
    // Without memory for a hash the check below fails at once; it would fail for everybody else, too.
    (try? PasswordHash.make(Token.random())) ?? ""
}()

/// Whether the password is the one of `hash`; false for nil, after the same work.
func isPassword(_ password: String, of hash: String?) async -> Bool {
    await offLoop {
        let unknown = nobodysHash
        let isRight = PasswordHash.verify(password, against: hash ?? unknown)
        return isRight && hash != nil
    }
}

/// The hash under which a password is kept.
func passwordHash(_ password: String) async throws -> String {
    let made: Result<String, PasswordFault> = await offLoop {
        do throws(PasswordFault) { return .success(try PasswordHash.make(password)) } catch { return .failure(error) }
    }
    return try made.get()
}
