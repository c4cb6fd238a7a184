// SPDX-License-Identifier: Apache-2.0

/// The body of a PATCH that trickles candidates or restarts ICE (`application/trickle-ice-sdpfrag`, RFC 8840, 9; RFC 9725,
/// 4.3). A lite agent needs none of its candidates: it learns addresses by checks.
public struct TrickleFragment: Hashable, Sendable {
    /// Credentials it names; new ones ask for a restart.
    public let fragment: String?
    /// Credentials it names.
    public let password: String?
    /// How many candidates it has.
    public let candidateCount: Int
    /// Whether no more will come.
    public let isEnd: Bool

    /// Reads it.
    public init(_ text: String) throws(Violation) {
        guard text.utf8.count <= 64 * 1024 else { throw .tooLong }
        var transport = Offer.Transport()
        var count = 0
        var end = false
        try Piece.reading(text) { bytes throws(Violation) in
            var (rest, number) = (bytes, 0)
            while let line = rest.cutLine() {
                number += 1
                guard let (letter, said) = line.said else { throw .malformed(line: number) }
                guard letter == UInt8(ascii: "a") else { continue }
                var value = said
                guard let name = value.cut(":") else { throw .malformed(line: number) }
                if name == "candidate" { count += 1 }
                if name == "end-of-candidates" { end = true }
                guard transport.take(name, value) else { throw .malformed(line: number) }
            }
        }
        fragment = transport.fragment
        password = transport.password
        candidateCount = count
        isEnd = end
    }

    /// Whether it asks for a restart: it names credentials that are not these.
    public func isRestart(from fragment: String) -> Bool {
        guard let named = self.fragment, password != nil else { return false }
        return named != fragment
    }

    /// What is answered to a restart: our new credentials and where we are (RFC 9725, 4.3.2).
    public static func text(for side: OurSide, mid: String, kind: String = "audio") -> String {
        let lines =
            [
                "a=ice-lite", "a=ice-options:trickle", "a=ice-ufrag:\(side.fragment)", "a=ice-pwd:\(side.password)",
                "m=\(kind) 9 UDP/TLS/RTP/SAVPF 0", "a=mid:\(mid)",
            ] + side.candidates.enumerated().map { "a=candidate:" + $1.line($0) } + ["a=end-of-candidates"]
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}
