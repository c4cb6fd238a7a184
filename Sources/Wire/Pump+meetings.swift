// SPDX-License-Identifier: Apache-2.0
import Studio

extension Pump {
    /// Hands on what is asked of a meeting. `why` says why it cannot be done; nil when it is done or on its way.
    func askRooms(_ order: Order) -> (isTheirs: Bool, why: (thai: String, english: String)?) {
        switch order {
        case .meeting(let plan): return (true, put(plan))
        case .closeMeeting(let name): rooms?.close(name)
        case .forgetMeeting(let name): rooms?.forget(name)
        case .withdrawMeeting(let name):
            hasMeetings[name] = nil
            rooms?.withdraw(name)
        case .admitAll, .lockMeeting, .recordMeeting, .airMeeting, .composeMeeting, .eraseMeeting: rooms?.obey(order)
        default: return (false, nil)
        }
        return (true, nil)
    }

    /// Opens a meeting, or changes it. Answers why it cannot be.
    private func put(_ plan: MeetingPlan) -> (thai: String, english: String)? {
        guard Route.isName(plan.name) else { return ("ชื่อนี้ใช้เป็นที่อยู่ไม่ได้", "That name cannot be in an address.") }
        guard let rooms else { return ("ห้องส่งนี้ไม่มีพอร์ตของการประชุม", "This studio has no port for meetings.") }
        rooms.put(plan)
        return nil
    }
}
