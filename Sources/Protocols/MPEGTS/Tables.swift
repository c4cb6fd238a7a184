// SPDX-License-Identifier: Apache-2.0

/// Puts the sections of one PID together (2.4.4.1) and lets only whole ones with a right checksum out.
struct SectionReader: Sendable {
    /// 2.4.4.5: a section of these tables has at most 1,021 bytes behind its length.
    private static let longest = 1_024

    private var held: [UInt8] = []
    private var isOpen = false
    private(set) var damaged = 0

    /// A piece is missing: what is held is worth nothing.
    mutating func forget() {
        held = []
        isOpen = false
    }

    /// The sections that became whole.
    mutating func take(_ payload: ArraySlice<UInt8>, isStart: Bool) -> [[UInt8]] {
        guard isStart else {
            guard isOpen else { return [] }
            held += payload
            return collect()
        }
        guard let pointer = payload.first, Int(pointer) < payload.count - 1 else {
            forget()
            damaged += 1
            return []
        }
        var sections: [[UInt8]] = []
        let rest = payload.dropFirst()
        if isOpen {
            held += rest.prefix(Int(pointer))
            sections = collect()
        }
        held = Array(rest.dropFirst(Int(pointer)))
        isOpen = true
        return sections + collect()
    }

    private mutating func collect() -> [[UInt8]] {
        var sections: [[UInt8]] = []
        while isOpen, held.count >= 3 {
            let length = 3 + Int(held[1] & 0x0F) << 8 + Int(held[2])
            // 0xFF is stuffing behind the last section.
            guard held[0] != 0xFF, length <= SectionReader.longest else {
                if held[0] != 0xFF { damaged += 1 }
                forget()
                break
            }
            guard held.count >= length else { break }
            let section = Array(held.prefix(length))
            held.removeFirst(length)
            if length >= 12, SectionReader.checksum(section) == 0 { sections.append(section) } else { damaged += 1 }
        }
        return sections
    }

    /// CRC-32 as annex A has it; zero over a section that carries its own.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0xFFFF_FFFF) { $0 << 8 ^ table[Int(UInt8(truncatingIfNeeded: $0 >> 24) ^ $1)] }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte) << 24) { value, _ in
            value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7
        }
    }
}

/// The first program of a program association section (2.4.4.3).
struct Association: Hashable, Sendable {
    let program: Int
    let mapPID: Int

    init?(_ section: [UInt8]) {
        // current_next_indicator: a table that is announced for later is left alone.
        guard section[0] == 0, section[5] & 1 == 1 else { return nil }
        let programs = stride(from: 8, to: section.count - 7, by: 4).map { place in
            (Int(section[place]) << 8 | Int(section[place + 1]), pid(section, at: place + 2))
        }
        // Program 0 is the network's own table.
        guard let first = programs.first(where: { $0.0 != 0 }) else { return nil }
        (program, mapPID) = first
    }
}

/// A program map section (2.4.4.8).
struct ProgramMap: Hashable, Sendable {
    /// One elementary stream as the map has it.
    struct Line: Hashable, Sendable {
        let pid: Int
        let type: UInt8
        /// Tag and body of each descriptor.
        let descriptors: [Descriptor]
    }

    struct Descriptor: Hashable, Sendable {
        let tag: UInt8
        let body: [UInt8]
    }

    let program: Int
    let lines: [Line]

    init?(_ section: [UInt8]) {
        guard section[0] == 2, section[5] & 1 == 1, section.count >= 16 else { return nil }
        program = Int(section[3]) << 8 | Int(section[4])
        let end = section.count - 4
        var place = 12 + ProgramMap.length(section, at: 10)
        var lines: [Line] = []
        while place + 5 <= end {
            let length = ProgramMap.length(section, at: place + 3)
            guard place + 5 + length <= end else { return nil }
            let descriptors = ProgramMap.descriptors(section[(place + 5)..<(place + 5 + length)])
            lines.append(Line(pid: pid(section, at: place + 1), type: section[place], descriptors: descriptors))
            place += 5 + length
        }
        self.lines = lines
    }

    private static func length(_ section: [UInt8], at place: Int) -> Int {
        Int(section[place] & 0x0F) << 8 | Int(section[place + 1])
    }

    private static func descriptors(_ bytes: ArraySlice<UInt8>) -> [Descriptor] {
        var found: [Descriptor] = []
        var rest = bytes
        while rest.count >= 2 {
            let (tag, length) = (rest[rest.startIndex], Int(rest[rest.startIndex + 1]))
            guard rest.count >= 2 + length else { break }
            found.append(Descriptor(tag: tag, body: Array(rest.dropFirst(2).prefix(length))))
            rest = rest.dropFirst(2 + length)
        }
        return found
    }
}

private func pid(_ section: [UInt8], at place: Int) -> Int {
    Int(section[place] & 0x1F) << 8 | Int(section[place + 1])
}
