// SPDX-License-Identifier: Apache-2.0
public import Desk

/// Rings in every open page of a person (กริ่ง): new notices, as they are written.
///
/// A page that is not open loses nothing: the notice is in the inbox before the bell rings.
public actor Doorbell {
    private var listeners: [Person.ID: [Int: AsyncStream<Notice>.Continuation]] = [:]
    private var lastListener = 0
    /// So many open pages one person may have; the oldest is let go beyond it.
    private let pagesPerPerson = 20

    public init() {}

    /// New notices for a person, until the reader stops.
    public func notices(for person: Person.ID) -> AsyncStream<Notice> {
        lastListener += 1
        let number = lastListener
        let (stream, continuation) = AsyncStream.makeStream(of: Notice.self, bufferingPolicy: .bufferingNewest(50))
        continuation.onTermination = { [weak self] _ in Task { await self?.leave(person, number) } }
        if let oldest = listeners[person]?.keys.min(), (listeners[person]?.count ?? 0) >= pagesPerPerson {
            listeners[person]?.removeValue(forKey: oldest)?.finish()
        }
        listeners[person, default: [:]][number] = continuation
        return stream
    }

    public func ring(_ notices: [Notice]) {
        for notice in notices {
            for listener in listeners[notice.person, default: [:]].values { listener.yield(notice) }
        }
    }

    /// Lets every page go, so that the server can stop.
    public func close() {
        for listener in listeners.values.flatMap(\.values) { listener.finish() }
        listeners = [:]
    }

    private func leave(_ person: Person.ID, _ number: Int) {
        listeners[person]?[number] = nil
        if listeners[person]?.isEmpty == true { listeners[person] = nil }
    }
}
