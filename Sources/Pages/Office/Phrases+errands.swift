// SPDX-License-Identifier: Apache-2.0

import Desk

extension Phrases {
    /// What a notice or an errand is about.
    func kind(_ kind: Errand.Kind) -> String {
        switch kind {
        case .awaiting(let stage): self.stage(stage)
        case .assignment: words("matter.kind.assignment")
        case .reminder: words("matter.kind.reminder")
        case .change: words("matter.kind.change")
        case .withdrawal: words("matter.kind.withdrawal")
        case .networkNotice: words("matter.kind.networkNotice")
        case .unanswered: words("matter.kind.unanswered")
        case .calendarEntry: words("matter.kind.calendarEntry")
        case .drift: words("matter.kind.drift")
        case .lapse: words("matter.kind.lapse")
        case .draftReport: words("matter.kind.draftReport")
        }
    }
}
