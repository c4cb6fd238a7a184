// SPDX-License-Identifier: Apache-2.0
import CNGHTTP2

/// An answer's status and fields as nghttp2 wants them, laid out once for all who get the answer.
// The pairs point into `bytes`, which nobody writes to after `init` and which lives as long as they do; nghttp2 copies
// what it is given.
final class FieldBlock: @unchecked Sendable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let pairs: [nghttp2_nv]

    init(status: Int, _ fields: [(name: String, value: String)]) {
        let all = [(name: ":status", value: String(status))] + fields
        let flat = all.flatMap { Array($0.name.utf8) + Array($0.value.utf8) }
        bytes = .allocate(capacity: max(1, flat.count))
        _ = bytes.initialize(from: flat)
        var place = bytes.baseAddress
        pairs = all.map { name, value in
            defer { place = place.map { $0 + name.utf8.count + value.utf8.count } }
            return nghttp2_nv(
                name: place, value: place.map { $0 + name.utf8.count }, namelen: name.utf8.count,
                valuelen: value.utf8.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
        }
    }

    deinit { bytes.deallocate() }

    func withPairs(_ use: (UnsafeBufferPointer<nghttp2_nv>) -> Void) { pairs.withUnsafeBufferPointer(use) }
}
