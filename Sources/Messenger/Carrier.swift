// SPDX-License-Identifier: Apache-2.0
public import Desk

/// Carries deliveries out on one way (ผู้นำส่ง). What it needs it reads from the cabinet when it carries.
///
/// The same delivery may come a second time after a crash: the carrier gives the other end the same mark of sameness.
public protocol Carrier: Sendable {
    var way: Way { get }
    /// Tries once. Never waits longer than its time limit, and never throws: what went wrong is in the answer.
    func carry(_ delivery: Delivery, at now: Moment) async -> Carriage
    /// Tries the way as it is set up, without anybody being disturbed but, where it cannot be otherwise, the person who asks.
    ///
    /// - Returns: nil when all is well.
    func probe(for person: Person?, at now: Moment) async -> Trouble?
}
