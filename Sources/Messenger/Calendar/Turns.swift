// SPDX-License-Identifier: Apache-2.0
import Desk

/// One after the other for the same thing: two deliveries about one matter in one calendar would meet each other's versions.
actor Turns {
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    func take<Result: Sendable>(_ name: String, _ body: @Sendable () async -> Result) async -> Result {
        if waiting[name] == nil {
            waiting[name] = []
        } else {
            await withCheckedContinuation { waiting[name]?.append($0) }
        }
        let result = await body()
        if waiting[name]?.isEmpty == false {
            waiting[name]?.removeFirst().resume()
        } else {
            waiting[name] = nil
        }
        return result
    }
}

extension Delivery {
    /// Deliveries of the same turn bring the same matter into the same calendar.
    var turn: String { "\(matter?.description ?? "") \(way.rawValue) \(to.mark)" }
}
