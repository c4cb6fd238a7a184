// SPDX-License-Identifier: Apache-2.0

/// How a server of ntfy is reached, often the university's own; kept sealed, as JSON.
public struct NtfySettings: Hashable, Codable, Sendable {
    /// `https://ntfy.example.ac.th`, without a slash at the end.
    public var address: String
    /// The access token (`tk_…`) by which we may publish; empty where everybody may.
    public var token: String
    /// A notice only says that there is one: for a server that is not the university's own.
    public var isReduced: Bool

    public init(address: String = "", token: String = "", isReduced: Bool = false) {
        self.address = address
        self.token = token
        self.isReduced = isReduced
    }

    public var isComplete: Bool { !address.isEmpty }

    /// A topic is a password: whoever knows it can read along. So many random characters stand behind `sanyan-`.
    public static let topicPrefix = "sanyan-"
}
