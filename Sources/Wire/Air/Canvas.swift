// SPDX-License-Identifier: Apache-2.0
import Studio

/// A picture in planes (4:2:0), eight bits each, that others are laid into.
struct Canvas {
    let width: Int
    let height: Int
    private(set) var bytes: [UInt8]

    /// All of it in one dark colour.
    init(width: Int = Arrangement.width, height: Int = Arrangement.height) {
        (self.width, self.height) = (width, height)
        bytes = [UInt8](repeating: 128, count: width * height * 3 / 2)
        clear()
    }

    /// Nothing is on it.
    mutating func clear() {
        let place = Arrangement.Place(x: 0, y: 0, width: width, height: height)
        fill(place, luma: 28)
    }

    /// One grey in a place whose numbers are even.
    mutating func fill(_ place: Arrangement.Place, luma: UInt8) {
        for (plane, value) in [(0, luma), (1, 128), (2, 128)] as [(Int, UInt8)] {
            let shift = plane == 0 ? 0 : 1
            let stride = width >> shift
            for row in 0..<(place.height >> shift) {
                let start = offset(plane) + ((place.y >> shift) + row) * stride + (place.x >> shift)
                for column in start..<(start + place.width >> shift) where column < bytes.count {
                    bytes[column] = value
                }
            }
        }
    }

    /// Lays a picture of `from`'s size into `place`; of another size it is brought to it, each pixel from the nearest.
    mutating func lay(_ picture: [UInt8], from: Arrangement.Place, into place: Arrangement.Place) {
        guard picture.count == from.width * from.height * 3 / 2 else { return }
        var source = 0
        for plane in 0..<3 {
            let shift = plane == 0 ? 0 : 1
            let (wide, high) = (from.width >> shift, from.height >> shift)
            let (across, down) = (place.width >> shift, place.height >> shift)
            let start = offset(plane) + (place.y >> shift) * (width >> shift) + (place.x >> shift)
            bytes.withUnsafeMutableBytes { into in
                picture.withUnsafeBytes { from in
                    for row in 0..<down {
                        let line = source + (row * high / down) * wide
                        let target = start + row * (width >> shift)
                        if across == wide {
                            UnsafeMutableRawBufferPointer(rebasing: into[target..<(target + across)])
                                .copyMemory(from: UnsafeRawBufferPointer(rebasing: from[line..<(line + wide)]))
                        } else {
                            for column in 0..<across { into[target + column] = from[line + column * wide / across] }
                        }
                    }
                }
            }
            source += wide * high
        }
    }

    /// Lays a picture with a fourth plane over what is there: how much of each pixel is seen, of 255.
    mutating func cover(_ picture: [UInt8], at place: Arrangement.Place) {
        let size = place.width * place.height
        guard picture.count == size * 5 / 2 else { return }
        var source = 0
        for plane in 0..<3 {
            let shift = plane == 0 ? 0 : 1
            for row in 0..<(place.height >> shift) {
                let target = offset(plane) + ((place.y >> shift) + row) * (width >> shift) + (place.x >> shift)
                for column in 0..<(place.width >> shift) {
                    let share = Int(picture[size * 3 / 2 + (row << shift) * place.width + (column << shift)])
                    let (over, under) = (Int(picture[source]), Int(bytes[target + column]))
                    bytes[target + column] = UInt8((over * share + under * (255 - share) + 127) / 255)
                    source += 1
                }
            }
        }
    }

    private func offset(_ plane: Int) -> Int {
        plane == 0 ? 0 : width * height + (plane - 1) * (width / 2) * (height / 2)
    }
}
