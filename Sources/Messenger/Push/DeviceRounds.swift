// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Logging

/// Asks every device once a week, without a sound, whether it still rings (การตรวจอุปกรณ์ประจำสัปดาห์).
///
/// Only while the office works: a browser that will not be woken in silence shows a quiet line, and that not at night.
public struct DeviceRounds: Sendable {
    private let cabinet: any Cabinet
    private let logger: Logger
    private let now: @Sendable () -> Moment

    public init(cabinet: any Cabinet, logger: Logger, now: @escaping @Sendable () -> Moment) {
        self.cabinet = cabinet
        self.logger = logger
        self.now = now
    }

    /// Looks every half hour until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            do {
                try await makeRound(at: now())
            } catch {
                logger.error("devices could not be checked", metadata: ["error": "\(error)"])
            }
            // Cancelled means that the program ends.
            try? await Task.sleep(for: .seconds(1800))
        }
    }

    /// Issues a check for every device whose week is over; the same device once a day at most.
    ///
    /// - Returns: how many devices it found.
    @discardableResult
    public func makeRound(at now: Moment) async throws -> Int {
        let office = try await cabinet.office()
        let time = TimeOfDay(of: now)
        guard office.opens <= time, time < office.closes, try await cabinet.way(.push).isOn else { return 0 }
        let devices = try await cabinet.devicesToCheck(before: now - Device.checkEvery)
        try await cabinet.issue(
            devices.map { device in
                Delivery(
                    id: "check/\(Day(of: now))/d\(device.id)", way: .push, freight: .check, to: .person(device.person),
                    matter: nil, due: now, stale: now + .days(3))
            })
        return devices.count
    }
}
