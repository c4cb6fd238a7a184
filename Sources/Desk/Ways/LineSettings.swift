// SPDX-License-Identifier: Apache-2.0

/// How the office's LINE Official Account is reached (Messaging API); kept sealed, as JSON.
public struct LineSettings: Hashable, Codable, Sendable {
    /// The channel access token: signs us in at LINE.
    public var token: String
    /// The channel secret: by it LINE signs what it sends us.
    public var secret: String
    /// Where LINE's interface is; another one only for rehearsals.
    public var address: String
    /// Nothing of a matter goes abroad: a message only says that there is one (Personal Data Protection Act, section 28).
    public var isReduced: Bool

    /// LINE's own address.
    public static let realAddress = "https://api.line.me"

    public init(
        token: String = "", secret: String = "", address: String = LineSettings.realAddress, isReduced: Bool = false
    ) {
        self.token = token
        self.secret = secret
        self.address = address
        self.isReduced = isReduced
    }

    /// What an older program has not written is as usual.
    public init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: CodingKeys.self)
        token = try keyed.decodeIfPresent(String.self, forKey: .token) ?? ""
        secret = try keyed.decodeIfPresent(String.self, forKey: .secret) ?? ""
        address = try keyed.decodeIfPresent(String.self, forKey: .address) ?? Self.realAddress
        isReduced = try keyed.decodeIfPresent(Bool.self, forKey: .isReduced) ?? false
    }

    /// Both secrets are there.
    public var isComplete: Bool { !token.isEmpty && !secret.isEmpty }
}

/// What LINE said last about the account: what it is called, and how many messages it may still send this month.
public struct LineAccount: Hashable, Codable, Sendable {
    /// The account's name as friends see it.
    public var name: String
    /// As `@123abcde`: by it people find the account.
    public var basicID: String
    /// Messages that may be sent in the month; nil when LINE sets no limit.
    public var quota: Int?
    /// Messages sent in the month, also from elsewhere.
    public var used: Int
    /// When LINE said so.
    public var at: Moment

    public init(name: String, basicID: String, quota: Int?, used: Int, at: Moment) {
        self.name = name
        self.basicID = basicID
        self.quota = quota
        self.used = used
        self.at = at
    }

    /// Whole per cent of the month's messages that are used; nil when there is no limit.
    public var usedPercent: Int? {
        quota.map { $0 > 0 ? Int((Double(max(0, used)) / Double($0) * 100).rounded(.down)) : 100 }
    }

    /// From this share on the administrator is told.
    public static let warningPercent = 80

    /// Little is left of the month's messages: said only in the month in which LINE said it.
    public func isLow(at now: Moment) -> Bool {
        Month(of: at) == Month(of: now) && (usedPercent ?? 0) >= Self.warningPercent
    }

    /// Where a telephone adds the account as a friend (LINE URL scheme).
    public var friendAddress: String { "https://line.me/R/ti/p/\(Self.escaped(basicID))" }

    /// Opens the talk with the account, with a text that only has to be sent (LINE URL scheme).
    public func talkAddress(saying text: String) -> String {
        "https://line.me/R/oaMessage/\(Self.escaped(basicID))/?\(Self.escaped(text))"
    }

    /// Everything but letters and digits of ASCII as `%40` (RFC 3986, section 2.1).
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}

/// Something that a person did in the talk with the office's account, as LINE's webhook tells it.
public struct LineEvent: Hashable, Sendable {
    public enum What: Hashable, Sendable {
        /// Added the account as a friend, or blocks it no longer.
        case followed
        /// Blocks the account.
        case unfollowed
        /// Sent what may be the code from their page; only its SHA-256, in hexadecimal digits.
        case code(hash: String)
        /// Wrote something else.
        case wrote
        /// Pressed รับทราบ under a notice.
        case acknowledged(Notice.ID)
    }

    /// LINE's `webhookEventId`; the same event may come twice.
    public var id: String
    /// LINE's number of the user, `U` and 32 hexadecimal digits.
    public var user: String
    /// When it happened, by LINE's clock.
    public var at: Moment
    public var what: What
    /// By it an answer is free of charge; good for about a minute, once.
    public var replyToken: String?

    public init(id: String, user: String, at: Moment, what: What, replyToken: String?) {
        self.id = id
        self.user = user
        self.at = at
        self.what = what
        self.replyToken = replyToken
    }

    /// The purpose under which the code of a person's page is kept.
    public static let codePurpose = "line"
    /// How long a code is good.
    public static let codeLife = Length.minutes(10)
    /// A code has so many characters.
    public static let codeLength = 8
    /// An answer that has not left within this time is not sent any more: its token is no longer good.
    public static let replyLife = Length.seconds(50)
    /// Events are remembered so long, and so many of them, so that none counts twice.
    public static let memory = Length.days(7)
    public static let memoryLimit = 20_000
}

/// What the office answers in the talk.
public enum LineReply: String, Hashable, Codable, Sendable, CaseIterable {
    /// To a new friend, and to whatever was written: where the code is found.
    case howTo
    /// The account is the person's from now on.
    case bound
    /// The code is wrong, used or too old.
    case wrongCode
    case acknowledged
    /// The notice under the button is somebody else's, or the account is nobody's.
    case notYours
}
