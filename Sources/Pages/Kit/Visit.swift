// SPDX-License-Identifier: Apache-2.0

public import Desk
public import Hummingbird
public import Logging

/// One person's call at the counter: what the pages know about who asks, besides the request itself.
///
/// It is what Hummingbird calls a request context. Middleware fills it in on the way to a route.
public struct Visit: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The language the person reads.
    public var language = Language.thai
    /// The number a person can quote when something went wrong; it stands in the log beside the details.
    public var reference = Visit.newReference()
    /// The path asked for, without the query.
    public var path = "/"
    /// Whether the person's browser came by https, so cookies are marked Secure.
    public var isSecure = false
    /// The office's name in the person's language; nil shows the name from the words.
    public var officeName: String?
    public var isDemo = false
    /// Who is signed in, as the frame shows it; nil for a visitor.
    public var signedIn: SignedIn?
    /// Who is signed in, as the roster has it.
    public var person: Person?
    /// What a POST has just done, from the address it went to.
    public var done: String?

    /// Who is signed in, as the frame shows it.
    public struct SignedIn: Sendable {
        public var name: String
        public var role: String
        public var menu: [Frame.MenuRow]
        /// Some of their devices ring no more.
        public var alarm: String?

        public init(name: String, role: String, menu: [Frame.MenuRow], alarm: String? = nil) {
            self.name = name
            self.role = role
            self.menu = menu
            self.alarm = alarm
        }
    }

    public init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }

    /// A visit without a connection, for tests and the storybook.
    public init(logger: Logger) { coreContext = .init(source: Walk(logger: logger)) }

    private struct Walk: RequestContextSource { let logger: Logger }

    /// Eight letters and digits that cannot be mistaken for one another when read aloud.
    static func newReference() -> String {
        let letters = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
        var generator = SystemRandomNumberGenerator()
        return String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}
