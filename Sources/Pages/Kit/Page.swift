// SPDX-License-Identifier: Apache-2.0

/// A page: one struct of finished strings, flags and rows for one template of the same name.
///
/// No logic and no dictionaries inside; the tag test compares the template's tags with the stored properties.
public protocol Page: Sendable {
    /// The template's name below `Templates`, without `.html`.
    static var template: String { get }
    /// What surrounds the page.
    var frame: Frame { get }
    /// Pages for the storybook and the tests; together they fill every array and every optional of the page.
    static func samples(_ paper: Stationery) -> [Sample]
}

/// One page with sample values, for the storybook and the tests.
public struct Sample: Sendable {
    /// Latin lower-case words with hyphens: `two-conflicts`.
    public let name: String
    public let page: any Page

    public init(_ name: String, _ page: any Page) {
        self.name = name
        self.page = page
    }
}

/// What surrounds every page: names, menu, language switch, notices, styles and scripts. Shown by `layout.html`.
public struct Frame: Sendable {
    public var title: String
    /// A line under the heading; nil for none.
    public var lead: String?
    public var officeName: String
    public var menu: [MenuRow]
    public var personName: String?
    public var roleName: String?
    /// The loud banner of the demo office.
    public var demoBanner: String?
    /// What just happened, said once at the top of the page.
    public var notice: NoticeRow?
    public var languages: [LanguageRow]
    /// Where the language switch comes back to.
    public var path: String
    public var language: String
    public var styles: String
    public var icon: String
    /// The picture that a telephone of Apple puts on its home screen.
    public var touchIcon: String
    /// Some of the person's devices ring no more; nil while all do.
    public var alarm: String?
    /// Addresses of ES modules.
    public var scripts: [String]
    /// The sign-out button is shown.
    public var isSignedIn: Bool

    /// One item of the menu.
    public struct MenuRow: Sendable, Hashable {
        public let label: String
        public let path: String
        public let isHere: Bool
        /// How many things wait there, as "3"; nil for none.
        public let count: String?

        public init(_ label: String, path: String, isHere: Bool = false, count: String? = nil) {
            self.label = label
            self.path = path
            self.isHere = isHere
            self.count = count
        }
    }

    /// One language of the switch.
    public struct LanguageRow: Sendable, Hashable {
        public let code: String
        public let name: String
        public let isHere: Bool
    }
}

/// A notice at the top of a page. `tone` is one of good, plain, warn, bad; colour, icon and word go together.
public struct NoticeRow: Sendable, Hashable {
    public let tone: String
    public let icon: String
    public let text: String

    public enum Tone: String, Sendable { case good, plain, warn, bad }

    public init(_ tone: Tone, _ text: String) {
        self.tone = tone.rawValue
        self.text = text
        icon =
            switch tone {
            case .good: "✓"
            case .plain: "i"
            case .warn, .bad: "!"
            }
    }
}
