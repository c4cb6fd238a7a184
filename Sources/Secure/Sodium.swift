// SPDX-License-Identifier: Apache-2.0
import CSodium

/// The cipher library of the house (libsodium); this target is the only one that touches it.
public enum Sodium {
    /// A static is set up once, by whichever thread comes first, and everybody else waits for it.
    private static let code = sodium_init()

    /// Readies libsodium. Costs nothing after the first call, may be called from any thread, and everything in this
    /// target calls it for itself; `sanyan` calls it at start so that a broken machine is found out then.
    ///
    /// Stops the program when libsodium cannot be readied: it has no randomness, and nothing safe can follow.
    public static func start() {
        precondition(code >= 0, "libsodium could not be readied")
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    Sodium.start()
    return left.count == right.count && sodium_memcmp(left, right, left.count) == 0
}

/// Whether two texts have the same UTF-8, in a time that depends on their lengths only. Unlike `==`, canonically
/// equivalent texts of different bytes are different here.
public func constantTimeEquals(_ left: String, _ right: String) -> Bool {
    constantTimeEquals(Array(left.utf8), Array(right.utf8))
}
