// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The other end sent a `multipart/form-data` body that breaks RFC 7578 or our limits.
public enum MultipartFault: Error, Hashable, Sendable {
    case noBoundary
    case malformed
    /// The body ended before its closing delimiter.
    case cutShort
    case tooManyParts
    case headerTooLarge
    case fieldTooLarge(String)
}

/// What a multipart body turned out to contain, in its order.
public enum MultipartPiece: Hashable, Sendable {
    case field(name: String, value: String)
    /// A file begins; its name is empty when the person chose none.
    case file(name: String, fileName: String)
    case bytes([UInt8])
    case fileEnd
    /// The file passed its limit; the rest of it is skipped, so that the fields after it are not lost. No `fileEnd` follows.
    case fileTooLarge
}

/// How much a multipart body may contain.
public struct MultipartLimits: Sendable {
    public var parts = 200
    public var headerBytes = 8192
    /// A whole report pasted into a field still comes back with the sentence that it is too long.
    public var fieldBytes = 262_144
    public var fileBytes = 50 * 1024 * 1024

    public init() {}
}

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) as its bytes arrive; holds at most one chunk of a file.
///
/// Not implemented: nested `multipart/mixed`, `Content-Transfer-Encoding`, `_charset_` (RFC 7578, 4.6 and 4.7), which
/// no browser sends. Text is UTF-8.
public struct Multipart {
    private enum Place { case preamble, afterDelimiter, header, field(String), file, skipping, epilogue }
    private let delimiter: [UInt8]
    private let limits: MultipartLimits
    private var place = Place.preamble
    /// Begins with a line end, so the first delimiter looks like all others.
    private var waiting: [UInt8] = [13, 10]
    private var partCount = 0
    private var fileCount = 0
    private var preambleCount = 0

    /// `boundary` is the parameter of the Content-Type: 1 to 70 characters (RFC 2046, 5.1.1).
    public init(boundary: String, limits: MultipartLimits = .init()) throws(MultipartFault) {
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .noBoundary }
        delimiter = [13, 10, 45, 45] + Array(boundary.utf8)
        self.limits = limits
    }

    /// The boundary of a `Content-Type`, when it is `multipart/form-data`.
    public static func boundary(of contentType: String) -> String? {
        let value = HeaderValue(contentType)
        return value.first.lowercased() == "multipart/form-data" ? value.parameters["boundary"] : nil
    }

    /// Takes the next bytes and gives what they complete.
    public mutating func take(_ bytes: some Collection<UInt8>) throws(MultipartFault) -> [MultipartPiece] {
        waiting.append(contentsOf: bytes)
        var pieces: [MultipartPiece] = []
        while try step(&pieces) {}
        return pieces
    }

    /// Says that no more bytes come.
    public func finish() throws(MultipartFault) {
        if case .epilogue = place { return }
        throw .cutShort
    }

    /// One step forward; false when more bytes are needed.
    private mutating func step(_ pieces: inout [MultipartPiece]) throws(MultipartFault) -> Bool {
        switch place {
        case .preamble: return try skipPreamble()
        case .afterDelimiter: return try endDelimiter()
        case .header: return try readHeader(&pieces)
        case .field(let name): return try readField(name, &pieces)
        case .file, .skipping: return readFile(&pieces)
        case .epilogue:
            waiting.removeAll()
            return false
        }
    }

    private mutating func skipPreamble() throws(MultipartFault) -> Bool {
        if let found = find(delimiter) {
            waiting.removeFirst(found + delimiter.count)
            place = .afterDelimiter
            return true
        }
        let surplus = waiting.count - (delimiter.count - 1)
        if surplus > 0 {
            waiting.removeFirst(surplus)
            preambleCount += surplus
        }
        if preambleCount > limits.headerBytes { throw .malformed }
        return false
    }

    /// After a delimiter: two hyphens end the body; blanks and a line end begin a part (RFC 2046, 5.1.1).
    private mutating func endDelimiter() throws(MultipartFault) -> Bool {
        guard waiting.count >= 2 else { return false }
        if waiting[0] == 45, waiting[1] == 45 {
            place = .epilogue
            return true
        }
        guard let line = waiting.firstIndex(of: 10) else {
            if waiting.count > 80 { throw .malformed }
            return false
        }
        guard line >= 1, waiting[line - 1] == 13, waiting[..<(line - 1)].allSatisfy({ $0 == 32 || $0 == 9 })
        else { throw .malformed }
        partCount += 1
        if partCount > limits.parts { throw .tooManyParts }
        // The line end stays: a part without header lines then begins with the blank line like the others.
        waiting.removeFirst(line - 1)
        place = .header
        return true
    }

    private mutating func readHeader(_ pieces: inout [MultipartPiece]) throws(MultipartFault) -> Bool {
        guard let end = find([13, 10, 13, 10]) else {
            if waiting.count > limits.headerBytes { throw .headerTooLarge }
            return false
        }
        if end > limits.headerBytes { throw .headerTooLarge }
        let lines = String(decoding: waiting[..<end], as: UTF8.self).split(separator: "\r\n")
        waiting.removeFirst(end + 4)
        var disposition: HeaderValue?
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            if line[..<colon].lowercased() == "content-disposition" {
                disposition = HeaderValue(line[line.index(after: colon)...])
            }
        }
        guard let disposition, disposition.first.lowercased() == "form-data", let name = disposition.parameters["name"]
        else { throw .malformed }
        if let fileName = disposition.parameters["filename"] {
            fileCount = 0
            place = .file
            pieces.append(.file(name: name, fileName: bareName(fileName)))
        } else {
            place = .field(name)
        }
        return true
    }

    private mutating func readField(
        _ name: String, _ pieces: inout [MultipartPiece]
    ) throws(MultipartFault) -> Bool {
        guard let end = find(delimiter) else {
            if waiting.count > limits.fieldBytes + delimiter.count { throw .fieldTooLarge(name) }
            return false
        }
        if end > limits.fieldBytes { throw .fieldTooLarge(name) }
        pieces.append(.field(name: name, value: String(decoding: waiting[..<end], as: UTF8.self)))
        waiting.removeFirst(end + delimiter.count)
        place = .afterDelimiter
        return true
    }

    private mutating func readFile(_ pieces: inout [MultipartPiece]) -> Bool {
        let end = find(delimiter)
        // Without a delimiter, the last bytes may be the beginning of one.
        let count = end ?? max(0, waiting.count - (delimiter.count - 1))
        if case .file = place, count > 0 {
            fileCount += count
            if fileCount > limits.fileBytes {
                place = .skipping
                pieces.append(.fileTooLarge)
            } else {
                pieces.append(.bytes(Array(waiting[..<count])))
            }
        }
        if case .file = place, end != nil { pieces.append(.fileEnd) }
        waiting.removeFirst(count + (end == nil ? 0 : delimiter.count))
        if end == nil { return false }
        place = .afterDelimiter
        return true
    }

    /// Where a run of bytes begins in what is waiting. `memchr` finds the candidates: a debug build reads 50 MB so too.
    private func find(_ run: [UInt8]) -> Int? {
        waiting.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int? in
            guard let base = bytes.baseAddress else { return nil }
            var from = 0
            while from + run.count <= bytes.count {
                guard let hit = memchr(base + from, Int32(run[0]), bytes.count - run.count + 1 - from) else {
                    return nil
                }
                let place = base.distance(to: UnsafeRawPointer(hit))
                if memcmp(base + place, run, run.count) == 0 { return place }
                from = place + 1
            }
            return nil
        }
    }
}
