// SPDX-License-Identifier: Apache-2.0

/// Somebody's notices (กล่องแจ้งเตือน): what still asks for รับทราบ first, each with its own button.
struct InboxPage: Page {
    static let template = "inbox"
    let frame: Frame
    let waiting: [InboxRow]
    let seen: [InboxRow]
    /// Asks for all at once; nil below two.
    let all: AllForm?
    /// Where an open page hears of new ones.
    let lastSaid: String?

    struct AllForm: Sendable {
        /// Only what was on the page when the button was pressed.
        let upTo: String
        let button: String
    }

    struct InboxRow: Sendable {
        let id: String
        let chip: ChipRow
        let text: String
        let title: String?
        let path: String?
        let occasion: String?
        let when: String
        let iso: String
        let late: ChipRow?
        /// Where to send รับทราบ; nil when it was pressed.
        let acknowledgePath: String?
        let acknowledged: String?
    }
}
