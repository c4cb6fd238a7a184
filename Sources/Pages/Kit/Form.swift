// SPDX-License-Identifier: Apache-2.0

public import Desk
import HTTPTypes
public import Hummingbird
import NIOCore

/// One name and value of a form.
public struct FormField: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What a person filled in. Nothing typed is lost, also when a file was not taken.
public struct Form: Sendable, Hashable {
    public var fields: [FormField]
    public var files: [ReceivedFile] = []
    /// Files that were not taken, by the field's name.
    public var fileFaults: [String: DocumentFault] = [:]

    /// A file the shelf has taken.
    public struct ReceivedFile: Sendable, Hashable {
        /// The field's name.
        public let field: String
        public let fileName: String
        /// SHA-256 of its bytes, by which the shelf keeps it.
        public let hash: String
        public let kind: Document.Kind
        public let bytes: Int
    }

    public init(fields: [FormField] = []) { self.fields = fields }

    /// What was typed, without blanks at the ends; empty when the field is missing. Line ends are `\n`.
    public func text(_ name: String) -> String { texts(name).first ?? "" }

    /// Every value of a name: of check boxes, or of repeated rows.
    public func texts(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map {
            $0.value.split(separator: "\r\n", omittingEmptySubsequences: false)
                .joined(separator: "\n").trimming()
        }
    }

    /// Whether a check box was ticked.
    public func isOn(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// A whole number, or nil.
    public func number(_ name: String) -> Int? { Int(text(name)) }

    /// The first file of a field.
    public func file(_ name: String) -> ReceivedFile? { files.first { $0.field == name } }

    /// The largest body of a form without files, in bytes.
    static let plainLimit = 1_048_576
    /// The largest body of a form with files, in bytes; a file alone is limited by `MultipartLimits`.
    static let filesLimit = 210 * 1_048_576

    /// Reads a request's form; its files go to `shelf` as they arrive, or nowhere when there is none.
    public static func read(
        _ request: Request, shelf: (any Shelf)? = nil, limits: MultipartLimits = .init()
    ) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        if let boundary = Multipart.boundary(of: type) {
            return try await read(request.body, boundary: boundary, shelf: shelf, limits: limits)
        }
        guard HeaderValue(type).first.lowercased() == "application/x-www-form-urlencoded" || type.isEmpty
        else { throw FormFault.unknownType }
        let body = try await request.body.collect(upTo: plainLimit)
        return Form(fields: try FormBody().fields(body.readableBytesView))
    }

    static func read<Body: AsyncSequence>(
        _ body: Body, boundary: String, shelf: (any Shelf)?, limits: MultipartLimits
    ) async throws -> Form where Body.Element == ByteBuffer {
        var parser = try Multipart(boundary: boundary, limits: limits)
        var intake = Intake(shelf: shelf)
        var total = 0
        do {
            for try await chunk in body {
                total += chunk.readableBytes
                if total > filesLimit { throw NIOTooManyBytesError(maxBytes: filesLimit) }
                for piece in try parser.take(chunk.readableBytesView) { try await intake.take(piece) }
            }
            try parser.finish()
        } catch {
            await intake.abandon()
            throw error
        }
        return intake.form
    }
}

/// Collects a multipart body's pieces: fields into the form, files to the shelf.
private struct Intake {
    let shelf: (any Shelf)?
    var form = Form()
    private var open: (document: any ShelfUpload, field: String, fileName: String, count: Int)?

    init(shelf: (any Shelf)?) { self.shelf = shelf }

    mutating func take(_ piece: MultipartPiece) async throws {
        do {
            switch piece {
            case .field(let name, let value):
                form.fields.append(FormField(name: name, value: value))
            case .file(let name, let fileName):
                // An empty name is a file field that nobody used.
                guard let shelf, !fileName.isEmpty else { return }
                form.fileFaults[name] = nil
                openField = name
                open = (try await shelf.begin(), name, fileName, 0)
            case .bytes(let bytes):
                try await open?.document.write(bytes)
                open?.count += bytes.count
            case .fileEnd:
                guard let file = open else { return }
                if file.count == 0 { throw DocumentFault.empty }
                let kept = try await file.document.finish()
                form.files.append(
                    .init(
                        field: file.field, fileName: file.fileName, hash: kept.hash, kind: kept.kind, bytes: kept.bytes)
                )
                open = nil
            case .fileTooLarge:
                if open != nil { throw DocumentFault.tooLarge }
            }
        } catch let fault as DocumentFault {
            form.fileFaults[openField] = fault
            await abandon()
        }
    }

    private var openField = ""

    mutating func abandon() async {
        await open?.document.abandon()
        open = nil
    }
}
