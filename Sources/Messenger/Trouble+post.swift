// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

extension Trouble {
    /// What hindered a request, for who has to mend it.
    // Kinds that are called as faults are must be named in full: `.unsafeAddress` alone would be this initialiser again.
    public init(_ fault: PostFault) {
        switch fault {
        case .badAddress: self.init(.rejected)
        case .unsafeAddress: self.init(Kind.unsafeAddress)
        case .unreachable(let why): self.init(.unreachable, why)
        case .timedOut: self.init(.timedOut)
        case .cut: self.init(.unreachable)
        case .tooLarge: self.init(Kind.nonsense)
        }
    }
}
