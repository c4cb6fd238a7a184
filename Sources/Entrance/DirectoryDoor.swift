// SPDX-License-Identifier: Apache-2.0
public import Desk
import Dispatch
import Synchronization

/// Sign-in by a directory that speaks LDAP: whoever can bind there with a password is believed.
///
/// The library blocks, so every question is asked on a thread of its own, a few at a time.
public final class DirectoryDoor: Sendable {
    private let threads = DispatchQueue(label: "directory", qos: .userInitiated, attributes: .concurrent)
    private let busy = Mutex(0)

    /// So many questions are asked at once; more are turned away, so that a directory that does not answer holds up
    /// few threads and nobody for long.
    static let mostAtOnce = 8
    /// A list of names is looked up for at most so long.
    static let lookUpSeconds: UInt64 = 15
    public static let mostLookedUp = 300

    public init() {}

    /// Who signs in with a name and a password.
    ///
    /// - Throws: `.wrongPassword` or `.noSuchPerson` when the directory does not believe it.
    public func signIn(
        _ settings: DirectorySettings, username: String, password: String
    ) async throws(EntranceFault) -> Outsider {
        try await ask { () throws(EntranceFault) in
            try DirectoryInquiry(settings).signIn(username, password: password)
        }
    }

    /// Those of the names that the directory knows, without their passwords.
    public func lookUp(
        _ settings: DirectorySettings, usernames: [String]
    ) async throws(EntranceFault) -> [Outsider] {
        try await ask { () throws(EntranceFault) in
            let until = DispatchTime.now().uptimeNanoseconds + Self.lookUpSeconds * 1_000_000_000
            let inquiry = try DirectoryInquiry(settings)
            var found: [Outsider] = []
            for username in usernames.prefix(Self.mostLookedUp) where DispatchTime.now().uptimeNanoseconds < until {
                do throws(EntranceFault) {
                    found.append(try inquiry.lookUp(username))
                } catch {
                    guard error.kind == .noSuchPerson || error.kind == .severalPeople else { throw error }
                }
            }
            return found
        }
    }

    /// Tries the settings step by step; with a username also whether that person is found, and in which groups.
    public func probe(_ settings: DirectorySettings, username: String) async -> [EntranceFinding] {
        do throws(EntranceFault) {
            return try await ask { () throws(EntranceFault) in DirectoryProbe(settings).findings(username) }
        } catch {
            return [EntranceFinding(.line, fault: error)]
        }
    }

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable () throws(EntranceFault) -> Value
    ) async throws(EntranceFault) -> Value {
        let isFree = busy.withLock { count in
            guard count < Self.mostAtOnce else { return false }
            count += 1
            return true
        }
        guard isFree else { throw EntranceFault(.crowded) }
        defer { busy.withLock { $0 -= 1 } }
        let answer: Result<Value, EntranceFault> = await withCheckedContinuation { continuation in
            threads.async {
                do throws(EntranceFault) {
                    continuation.resume(returning: .success(try question()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try answer.get()
    }
}
