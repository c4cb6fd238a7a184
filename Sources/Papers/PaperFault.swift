// SPDX-License-Identifier: Apache-2.0

/// Why a paper was not printed; what lies under the `Mishap` that is thrown.
public enum PaperFault: Error, Hashable, Sendable {
    /// The program could not be started: not installed, or not allowed. `scripts/setup.sh` installs it.
    case notStarted(reason: String)
    /// It took longer than its limit and was ended.
    case tooSlow(limitSeconds: Int)
    /// It ended with an error; the last of what it said, which may quote the document: keep it out of pages.
    case failed(code: Int32, said: String)
    /// It ended well and wrote something else than a PDF.
    case notAPaper(said: String)
    /// The document wanted something from elsewhere: a mistake of ours, and the tag that made it.
    case wouldFetch(tag: String)
}
