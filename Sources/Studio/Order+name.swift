// SPDX-License-Identifier: Apache-2.0

extension Order {
    /// The broadcast or the meeting that it is about; nil for all of them.
    public var name: String? {
        switch self {
        case .put(let plan): plan.name
        case .close(let name), .air(let name, _), .slate(let name, _), .mark(let name, _), .caption(let name, _),
            .drop(let name), .judge(let name, _, _), .say(let name, _), .trim(let name, _, _, _), .erase(let name, _):
            name
        case .meeting(let plan): plan.name
        case .closeMeeting(let name), .withdrawMeeting(let name), .forgetMeeting(let name), .admitAll(let name),
            .lockMeeting(let name, _), .recordMeeting(let name, _), .airMeeting(let name, _, _),
            .composeMeeting(let name, _, _),
            .eraseMeeting(let name, _):
            name
        case .report: nil
        }
    }
}
