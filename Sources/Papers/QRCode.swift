// SPDX-License-Identifier: Apache-2.0
import CQRencode
import Glibc

/// Why a text did not become a QR code.
public enum QRFault: Error, Hashable, Sendable {
    /// More than version 40 holds: about 2,300 bytes at level M.
    case tooLong
    case empty
    /// libqrencode said no, with its error number.
    case failed(errno: Int32)
}

/// QR codes (ISO/IEC 18004, by libqrencode): level M, so that a code survives a fold and a coffee ring.
public enum QRCode {
    /// The modules row by row, true for dark, without a quiet zone. The text is put in as its UTF-8.
    public static func matrix(_ text: String) throws(QRFault) -> [[Bool]] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            throw errno == ERANGE ? .tooLong : .failed(errno: errno)
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        // The lowest bit of a module's byte is its colour.
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width)
        return (0..<width).map { row in (0..<width).map { modules[row * width + $0] & 1 == 1 } }
    }

    /// An SVG picture of the code: one path, one unit to a module, black on white whatever the page's colours are.
    ///
    /// `quietZone` is in modules; the standard asks for 4. `label` is what is read to those who do not see it.
    public static func svg(
        _ text: String, quietZone: Int = 4, label: String = "QR code"
    ) throws(QRFault) -> String {
        let rows = try matrix(text)
        let size = rows.count + 2 * quietZone
        let path = rows.enumerated().map { strokes(of: $1, row: $0 + quietZone, from: quietZone) }.joined()
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 \(size) \(size)" \
            shape-rendering="crispEdges"><title>\(html(label))</title>\
            <rect width="\(size)" height="\(size)" fill="#fff"/><path fill="#000" d="\(path)"/></svg>
            """
    }

    /// Every run of dark modules of a row as one rectangle of the path.
    private static func strokes(of modules: [Bool], row: Int, from left: Int) -> String {
        var path = ""
        var column = 0
        while column < modules.count {
            var end = column
            while end < modules.count, modules[end] { end += 1 }
            if end > column { path += "M\(left + column) \(row)h\(end - column)v1h-\(end - column)z" }
            column = end + 1
        }
        return path
    }
}
