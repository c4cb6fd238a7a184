// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// An error that has a sentence for the person, in words of their language: what is wrong, and what to do next.
///
/// The desk's refusals conform; the error page shows them as they are.
public protocol Spoken: Error {
    var status: HTTPResponse.Status { get }
    func sentence(_ words: Words) -> String
    func remedy(_ words: Words) -> String
}

/// A sentence for a person from the pages themselves, by its key in the words; its remedy is at `KEY.remedy`.
public struct Sentence: Spoken {
    public var key: String
    public var values: [String]
    public var status: HTTPResponse.Status

    public init(_ key: String, _ values: [String] = [], status: HTTPResponse.Status = .badRequest) {
        self.key = key
        self.values = values
        self.status = status
    }

    public func sentence(_ words: Words) -> String { words(key, values: values) }
    public func remedy(_ words: Words) -> String { words(key + ".remedy", values: values) }
}
