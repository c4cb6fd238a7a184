// SPDX-License-Identifier: Apache-2.0

/// A field of a form with label, hint and error. `{{#title}}{{> parts/field}}{{/title}}`
///
/// The kinds: a line of text (with its HTML type), an area, a select, radio buttons, check boxes, a file.
public struct FieldRow: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// `type` is an HTML input type: text, email, tel, date, time, password, number, url, search.
        case line(type: String = "text")
        case area
        case select([Option])
        /// One of several.
        case radios([Option])
        /// Any of several, all under one name.
        case checks([Option])
        /// `accept` as in HTML: `.pdf,.jpg`.
        case file(accept: String)
    }

    /// A choice of a select, of radio buttons or of check boxes.
    public struct Option: Sendable, Hashable {
        public let value: String
        public let text: String
        public let isChosen: Bool

        public init(_ value: String, _ text: String, isChosen: Bool = false) {
            self.value = value
            self.text = text
            self.isChosen = isChosen
        }
    }

    public let name: String
    public let label: String
    public let value: String
    public let hint: String?
    public let error: String?
    public let isRequired: Bool
    public let isShort: Bool
    public let type: String
    /// The HTML autocomplete token, as `name`, `email`, `current-password`.
    public let autocomplete: String?
    public let accept: String
    /// The id of a `<datalist>` with words that were typed here before.
    public let list: String?
    /// Several files may be chosen at once.
    public let isMultiple: Bool
    public let isLine: Bool
    public let isArea: Bool
    public let isSelect: Bool
    public let isRadio: Bool
    public let isCheck: Bool
    public let isFile: Bool
    public let isGroup: Bool
    public let isAlone: Bool
    public let options: [Option]
    /// The ids of hint and error, for `aria-describedby`; nil when there is neither.
    public let describedBy: String?

    public init(
        _ name: String, _ label: String, _ kind: Kind = .line(), value: String = "", hint: String? = nil,
        error: String? = nil, isRequired: Bool = true, isShort: Bool = false, autocomplete: String? = nil,
        list: String? = nil, isMultiple: Bool = false
    ) {
        self.name = name
        self.label = label
        self.value = value
        self.hint = hint
        self.error = error
        self.isRequired = isRequired
        self.isShort = isShort
        self.autocomplete = autocomplete
        self.list = list
        self.isMultiple = isMultiple
        let described = [hint.map { _ in "\(name)-hint" }, error.map { _ in "\(name)-error" }].compactMap(\.self)
        describedBy = described.isEmpty ? nil : described.joined(separator: " ")
        (isLine, type) = if case .line(let type) = kind { (true, type) } else { (false, "") }
        isArea = kind == .area
        (isFile, accept) = if case .file(let accept) = kind { (true, accept) } else { (false, "") }
        (isSelect, isRadio, isCheck, options) =
            switch kind {
            case .select(let options): (true, false, false, options)
            case .radios(let options): (false, true, false, options)
            case .checks(let options): (false, false, true, options)
            default: (false, false, false, [])
            }
        isGroup = isRadio || isCheck
        isAlone = !isGroup
    }

    /// The line of the error summary, when the field is wrong.
    public var errorRow: ErrorRow? { error.map { ErrorRow(field: name, text: $0) } }
}

/// One line of the error summary: a link to the field.
public struct ErrorRow: Sendable, Hashable {
    public let field: String
    public let text: String

    public init(field: String, text: String) {
        self.field = field
        self.text = text
    }
}

/// The error summary at the top of a form; nil where nothing is wrong. `{{#errors}}{{> parts/errors}}{{/errors}}`
public struct ErrorSummary: Sendable, Hashable {
    public let lines: [ErrorRow]

    public init?(_ fields: [FieldRow]) { self.init(lines: fields.compactMap(\.errorRow)) }

    public init?(lines: [ErrorRow]) {
        if lines.isEmpty { return nil }
        self.lines = lines
    }
}
