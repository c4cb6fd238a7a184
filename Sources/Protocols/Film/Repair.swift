// SPDX-License-Identifier: Apache-2.0
import FMP4

extension FilmIndex {
    /// The last fragments, which a power cut may have spoilt, are looked into.
    private static let doubtfulFragments = 64
    /// A frame that ends with so many zeros was never written.
    private static let suspiciousZeros = 64

    /// How many bytes of the file are whole: what is behind them is to be cut off.
    ///
    /// After a kill that is where the last whole fragment ends. After a power cut the disk may know the file's length
    /// and not what is in it, so the frames of the last fragments are looked into: a coded picture's lengths must add
    /// up, and nothing is all zeros.
    public func wholeBytes<Trouble: Error>(
        _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> Int64 {
        for index in fragments.indices.suffix(FilmIndex.doubtfulFragments) {
            let fragment = fragments[index]
            let media = try read(fragment.mediaOffset, fragment.mediaBytes)
            guard media.count == fragment.mediaBytes, let shape = try shape(index, read) else { return fragment.offset }
            var rest = media[...]
            for run in shape.runs {
                for frame in run.frames {
                    let isPicture = run.track == picture?.number
                    guard isWritten(rest.prefix(frame.byteCount), isPicture: isPicture) else { return fragment.offset }
                    rest = rest.dropFirst(frame.byteCount)
                }
            }
        }
        return end
    }

    private func isWritten(_ frame: ArraySlice<UInt8>, isPicture: Bool) -> Bool {
        let zeros = FilmIndex.suspiciousZeros
        if frame.count >= zeros, frame.suffix(zeros).allSatisfy({ $0 == 0 }) { return false }
        guard isPicture, case .video(let video)? = picture?.format, video.kind == .avc1 || video.kind == .hvc1 else {
            return true
        }
        // NAL units with lengths of four bytes (ISO/IEC 14496-15, 4.3.3).
        var rest = frame
        while !rest.isEmpty {
            guard rest.count > 4 else { return false }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard length > 0, length <= rest.count - 4 else { return false }
            rest = rest.dropFirst(4 + length)
        }
        return true
    }
}
