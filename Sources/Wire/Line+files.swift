// SPDX-License-Identifier: Apache-2.0
import Dispatch

// Files that a line sends of are read elsewhere, so that a slow disk stops nobody.

extension Line {
    /// A piece that waits to be written.
    enum Piece {
        case slab(Slab, from: Int)
        case file(any Readable, from: Int64, count: Int)
    }

    private static let reading = DispatchQueue(label: "files", attributes: .concurrent)

    /// Reads a stretch of a file elsewhere and answers on the loop; fewer bytes say that the file ends there.
    static func read(
        _ file: any Readable, from: Int64, count: Int, on loop: Loop, done: @escaping @Sendable ([UInt8]) -> Void
    ) {
        reading.async {
            let bytes = file.read(from: from, count: count)
            loop.execute { done(bytes) }
        }
    }
}
