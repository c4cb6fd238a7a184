// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

extension Trouble {
    /// What hindered a request, for who has to mend it.
    public init(_ fault: PostFault) {
        switch fault {
        case .badAddress: self.init(.rejected)
        case .unsafeAddress: self.init(.unsafeAddress)
        case .unreachable(let why): self.init(.unreachable, why)
        case .timedOut: self.init(.timedOut)
        case .cut: self.init(.unreachable)
        case .tooLarge: self.init(.nonsense)
        }
    }
}
