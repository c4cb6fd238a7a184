// SPDX-License-Identifier: Apache-2.0

/// What is asked for (ประเภทบริการ), 3.1.1 and 3.1.2 of the procedure.
public enum Service: String, Codable, Hashable, Sendable, CaseIterable {
    /// การประชุมออนไลน์
    case meeting
    /// การถ่ายทอดสดออนไลน์
    case broadcast
    /// ทั้งสองอย่าง
    case both
}

/// How urgent a letter is (ชั้นความเร็ว), regulation of the Prime Minister's Office on secretarial work, B.E. 2526, item 28.
public enum Urgency: String, Codable, Hashable, Sendable, CaseIterable {
    /// ปกติ
    case normal
    /// ด่วน
    case urgent
    /// ด่วนมาก
    case veryUrgent
    /// ด่วนที่สุด
    case mostUrgent
}

/// How secret a letter is (ชั้นความลับ), rule on official secrets B.E. 2544, item 12.
public enum Secrecy: String, Codable, Hashable, Sendable, CaseIterable {
    /// ปกติ
    case open
    /// ลับ
    case confidential
    /// ลับมาก
    case secret
    /// ลับที่สุด
    case topSecret
}

/// A letter of request (หนังสือขอความอนุเคราะห์): what a unit asks of the centre.
///
/// It names units and occasions, never persons; the person to call is the matter's `Contact`.
public struct Letter: Hashable, Codable, Sendable {
    public enum Origin: String, Codable, Hashable, Sendable, CaseIterable {
        /// หนังสือภายใน
        case `internal`
        /// หนังสือภายนอก
        case external
    }

    public var origin: Origin
    /// The requesting unit (หน่วยงานที่ขอ).
    public var unit: String
    /// The letter's own number (ที่); empty when it has none.
    public var reference: String
    /// The date the letter bears (ลงวันที่).
    public var dated: Day?
    /// เรื่อง
    public var title: String
    public var service: Service
    /// When the occasion begins and ends; set-up and tear-down come on top.
    public var span: Span
    /// Where, in the requester's own words.
    public var place: String
    /// How many people are expected, on the spot and away together.
    public var expectedAudience: Int
    /// Anything else the requester wants known.
    public var remarks: String
    /// The requester wants a recording (asks the Copyright Act's and the Personal Data Protection Act's questions).
    public var wantsRecording: Bool

    public init(
        origin: Origin, unit: String, reference: String = "", dated: Day? = nil, title: String, service: Service,
        span: Span, place: String, expectedAudience: Int, remarks: String = "", wantsRecording: Bool = false
    ) {
        self.origin = origin
        self.unit = unit
        self.reference = reference
        self.dated = dated
        self.title = title
        self.service = service
        self.span = span
        self.place = place
        self.expectedAudience = expectedAudience
        self.remarks = remarks
        self.wantsRecording = wantsRecording
    }

    /// What is wrong with the letter as typed; empty when it may be received.
    ///
    /// - Parameter now: an occasion may not lie in the past.
    public func faults(at now: Moment) -> [LetterFault] {
        var faults: [LetterFault] = []
        for (text, limit, field) in [
            (unit, 200, LetterField.unit), (title, 300, .title), (place, 200, .place),
        ] {
            if text.trimmed.isEmpty { faults.append(.missing(field)) }
            if text.count > limit { faults.append(.tooLong(field, limit: limit)) }
        }
        if reference.count > 100 { faults.append(.tooLong(.reference, limit: 100)) }
        if remarks.count > 4000 { faults.append(.tooLong(.remarks, limit: 4000)) }
        if !(1...1_000_000).contains(expectedAudience) { faults.append(.audienceOutOfRange) }
        if span.end <= span.start {
            faults.append(.endsBeforeStart)
        } else if span.length > .days(31) {
            faults.append(.tooLongAnOccasion)
        }
        if span.start < now { faults.append(.inThePast) }
        if span.start > now + .days(731) { faults.append(.tooFarAhead) }
        if let dated, dated > Day(of: now) { faults.append(.datedInTheFuture) }
        return faults
    }
}

/// A place on the form to which a fault can be pinned.
public enum LetterField: String, Codable, Hashable, Sendable, CaseIterable {
    case unit, reference, dated, title, place, remarks, start, end, audience, contactName, contactPhone, contactMail,
        file
}

/// What is wrong with a letter as typed.
public enum LetterFault: Hashable, Sendable {
    case missing(LetterField)
    case tooLong(LetterField, limit: Int)
    case audienceOutOfRange
    case endsBeforeStart
    case tooLongAnOccasion
    case inThePast
    case tooFarAhead
    case datedInTheFuture
    /// A contact without a telephone or a mail address cannot be reached.
    case unreachableContact
    case malformedMail

    /// Where on the form the fault is shown.
    public var field: LetterField {
        switch self {
        case .missing(let field), .tooLong(let field, _): field
        case .audienceOutOfRange: .audience
        case .endsBeforeStart, .tooLongAnOccasion: .end
        case .inThePast, .tooFarAhead: .start
        case .datedInTheFuture: .dated
        case .unreachableContact: .contactPhone
        case .malformedMail: .contactMail
        }
    }
}

extension Contact {
    /// What is wrong with the contact as typed; empty when the requester can be reached.
    public var faults: [LetterFault] {
        var faults: [LetterFault] = []
        if name.trimmed.isEmpty { faults.append(.missing(.contactName)) }
        if name.count > 200 { faults.append(.tooLong(.contactName, limit: 200)) }
        if phone.count > 50 { faults.append(.tooLong(.contactPhone, limit: 50)) }
        if mail.count > 254 { faults.append(.tooLong(.contactMail, limit: 254)) }
        if phone.trimmed.isEmpty, mail.trimmed.isEmpty { faults.append(.unreachableContact) }
        if !mail.trimmed.isEmpty {
            let halves = mail.trimmed.split(separator: "@", omittingEmptySubsequences: false)
            let isAddress =
                halves.count == 2 && !halves[0].isEmpty && halves[1].contains(".") && !mail.trimmed.contains(" ")
            if !isAddress { faults.append(.malformedMail) }
        }
        return faults
    }
}

/// A file that came with a matter (เอกสาร): a scan, a PDF, a photo as evidence. Its bytes lie in the archive by their hash.
public struct Document: Hashable, Codable, Sendable, Identifiable {
    public typealias ID = Identifier<Document>

    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case pdf, jpeg, png, docx

        public var mediaType: String {
            switch self {
            case .pdf: "application/pdf"
            case .jpeg: "image/jpeg"
            case .png: "image/png"
            case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
        }
    }

    public var id: ID
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    public var hash: String
    /// The name it came with, for the person's eyes only.
    public var name: String
    public var kind: Kind
    public var bytes: Int

    public init(id: ID, hash: String, name: String, kind: Kind, bytes: Int) {
        self.id = id
        self.hash = hash
        self.name = name
        self.kind = kind
        self.bytes = bytes
    }

    /// The largest file that is taken, in bytes.
    public static let largest = 50 * 1024 * 1024
}
