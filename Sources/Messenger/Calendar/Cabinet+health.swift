// SPDX-License-Identifier: Apache-2.0
import Desk

extension Cabinet {
    /// Notes how a calendar took what was carried. Losing this note loses nothing but a line of the settings page.
    func noteHealth(
        _ way: Way, _ to: Delivery.Recipient, calendar: String, _ carriage: Carriage, at now: Moment
    ) async {
        let news: CalendarNews? =
            switch carriage {
            case .accepted: .taken
            case .later(let trouble, _), .never(let trouble): trouble.kind == .changedThere ? nil : .trouble(trouble)
            }
        guard let news else { return }
        do { try await note(news, of: calendar, way, to, at: now) } catch {
            // The delivery itself carries the trouble, too.
        }
    }
}
