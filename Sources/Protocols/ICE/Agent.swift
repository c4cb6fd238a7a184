// SPDX-License-Identifier: Apache-2.0
public import Media

/// A lite agent of one connection (RFC 8445, 2.5): it never checks, it answers checks that prove the password, follows
/// the address that the browser nominates, and notices when the browser has gone (RFC 7675).
///
/// After every `take`, `restart` and `time`, ask `next` until it answers `.wake`.
public struct Agent: Sendable {
    /// What happened.
    public enum News: Hashable, Sendable {
        /// A check from this address proved itself for the first time: replies to this address amplify nothing.
        case proved(TransportAddress)
        /// From now on everything goes here.
        case selected(TransportAddress)
        /// The first check with the new credentials came; the old ones are void.
        case restarted
        /// Nobody has asked for half a minute; nothing may be sent any more (RFC 7675, 5.1).
        case consentLost
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case tell(News)
        /// Nothing more now; come back at this instant, or when a check comes. Nil after consent was lost.
        case wake(at: Tick?)
    }

    /// Consent lasts so long without a check (RFC 7675, 5.1).
    public static let consentMicroseconds: Int64 = 30_000_000
    /// Addresses that are remembered as proved; a phone that moves has a few.
    private static let provedLimit = 8

    private struct Side: Sendable {
        let local: Credentials
        let remote: Credentials?
        let key: HMACSHA1

        init(_ local: Credentials, _ remote: Credentials?) {
            self.local = local
            self.remote = remote
            key = HMACSHA1(key: local.password.utf8)
        }
    }

    private var side: Side
    private var coming: Side?
    private var proved: [TransportAddress] = []
    private var isNominated = false
    private var deadline: Tick
    private var isOver = false
    private var outputs: [Output] = []
    private var handedOut = 0

    /// Where DTLS and media go: the first address that proved itself, then the latest that was nominated.
    public private(set) var selected: TransportAddress?
    /// Checks that were not answered: cut, unsigned, signed with another password, or for somebody else.
    public private(set) var refused = 0

    /// A connection that was agreed on at `now`. The remote credentials may be unknown yet: only ours prove.
    public init(local: Credentials, remote: Credentials?, at now: Tick) {
        side = Side(local, remote)
        deadline = now.later(by: Agent.consentMicroseconds)
    }

    /// Our credentials now; while a restart is awaited, the old ones.
    public var local: Credentials { side.local }

    /// A datagram came that looks like STUN (its first byte is below 4). How many bytes of `reply` go back to `address`;
    /// 0 when nothing does. `reply` has room for at least 128 bytes.
    public mutating func take(
        _ datagram: UnsafeRawBufferPointer, from address: TransportAddress, at now: Tick,
        reply: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard !isOver, let check = Binding(datagram), let proof = prover(of: check) else {
            refused &+= 1
            return 0
        }
        if !check.unknown.isEmpty {
            return Reply(to: check, error: 420, unknown: Array(check.unknown.prefix(8)))
                .write(to: reply, key: proof.key, askedWith: datagram.count)
        }
        // A lite agent can only be controlled, so it is the other side that must change (RFC 8445, 7.3.1.1).
        if check.isControlled {
            return Reply(to: check, error: 487).write(to: reply, key: proof.key, askedWith: datagram.count)
        }
        note(check, from: address, at: now)
        return Reply(to: check, from: address).write(to: reply, key: proof.key, askedWith: datagram.count)
    }

    /// The browser restarts (RFC 8445, 9): both passwords are good until the first check with the new one.
    public mutating func restart(local: Credentials, remote: Credentials?, at now: Tick) {
        guard !isOver else { return }
        coming = Side(local, remote)
        deadline = max(deadline, now.later(by: Agent.consentMicroseconds))
    }

    /// The instant of the last `.wake` has come.
    public mutating func time(at now: Tick) {
        guard !isOver, now >= deadline else { return }
        isOver = true
        outputs.append(.tell(.consentLost))
    }

    /// What to do next; ask until it answers `.wake`.
    public mutating func next() -> Output {
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        return .wake(at: isOver ? nil : deadline)
    }

    /// Whose password made it: the new one's check ends the old one.
    private mutating func prover(of check: Binding) -> Side? {
        if let next = coming, check.isAddressed(to: next.local.fragment, from: next.remote?.fragment),
            check.isMade(with: next.key)
        {
            side = next
            coming = nil
            isNominated = false
            outputs.append(.tell(.restarted))
            return next
        }
        guard check.isAddressed(to: side.local.fragment, from: side.remote?.fragment), check.isMade(with: side.key)
        else { return nil }
        return side
    }

    private mutating func note(_ check: Binding, from address: TransportAddress, at now: Tick) {
        deadline = now.later(by: Agent.consentMicroseconds)
        if !proved.contains(address) {
            if proved.count == Agent.provedLimit { proved.removeFirst() }
            proved.append(address)
            outputs.append(.tell(.proved(address)))
        }
        guard check.isNominating || (selected == nil || !isNominated) else { return }
        if check.isNominating { isNominated = true }
        guard selected != address else { return }
        selected = address
        outputs.append(.tell(.selected(address)))
    }
}
