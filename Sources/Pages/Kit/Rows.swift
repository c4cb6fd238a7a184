// SPDX-License-Identifier: Apache-2.0

// Rows that many pages share; each has its part in `Templates/parts`.

/// The tone of a state: what colour and icon go with its word. The tokens of the styles have the same names.
public enum StateTone: String, Sendable, CaseIterable {
    case waiting, due, overdue, approved, returned, live, done
}

/// A state as colour, icon and word. `{{#chip}}{{> parts/chip}}{{/chip}}`
public struct ChipRow: Sendable, Hashable {
    public let tone: String
    public let word: String

    public init(_ tone: StateTone, _ word: String) {
        self.tone = tone.rawValue
        self.word = word
    }
}

/// A name and a value. `<dl class="pairs">{{#pairs}}{{> parts/pair}}{{/pairs}}</dl>`
public struct PairRow: Sendable, Hashable {
    public let name: String
    public let value: String
    /// Makes the value a link.
    public let link: String?

    public init(_ name: String, _ value: String, link: String? = nil) {
        self.name = name
        self.value = value
        self.link = link
    }
}

/// An entry of the folder. `<ol class="timeline">{{#entries}}{{> parts/entry}}{{/entries}}</ol>`
public struct EntryRow: Sendable, Hashable {
    public let text: String
    /// As "จ. 23 พ.ย. 69 09.04 น."
    public let when: String
    /// The same moment for machines, ISO 8601.
    public let iso: String
    public let who: String?
    /// What the person wrote.
    public let note: String?

    public init(_ text: String, when: String, iso: String, who: String? = nil, note: String? = nil) {
        self.text = text
        self.when = when
        self.iso = iso
        self.who = who
        self.note = note
    }
}

/// A row of the published procedure on the way of one matter. `<ol class="steps">{{#steps}}{{> parts/step}}{{/steps}}</ol>`
public struct StepRow: Sendable, Hashable {
    public enum Place: String, Sendable { case done, here, ahead }

    /// The row's number in the published table.
    public let row: String
    public let place: String
    public let isHere: Bool
    public let name: String
    /// Who, when, or how much of the limit is left.
    public let said: String?
    /// The place in words, for people who hear the page.
    public let placeWord: String

    public init(row: String, _ place: Place, name: String, placeWord: String, said: String? = nil) {
        self.row = row
        self.place = place.rawValue
        isHere = place == .here
        self.name = name
        self.placeWord = placeWord
        self.said = said
    }
}

/// How much of a limit is used. `{{#limit}}{{> parts/limit}}{{/limit}}`
public struct LimitRow: Sendable, Hashable {
    public let tone: String
    public let name: String
    /// As "เหลือ 3 ชั่วโมง 20 นาที".
    public let left: String
    public let usedPercent: Int
    /// How the limit is counted and when it ends.
    public let why: String?

    /// `usedPercent` is kept between 0 and 100.
    public init(_ tone: StateTone, name: String, left: String, usedPercent: Int, why: String? = nil) {
        self.tone = tone.rawValue
        self.name = name
        self.left = left
        self.usedPercent = min(100, max(0, usedPercent))
        self.why = why
    }
}
