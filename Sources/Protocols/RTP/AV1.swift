// SPDX-License-Identifier: Apache-2.0

/// Reads bits, high ones first.
struct BitReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Something was read beyond the end.
    private(set) var isOver = false

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func bits(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            guard position < bytes.count * 8 else {
                isOver = true
                return 0
            }
            value = value << 1 | Int(bytes[position >> 3] >> UInt8(7 - position & 7) & 1)
            position += 1
        }
        return value
    }

    mutating func flag() -> Bool { bits(1) == 1 }

    /// A number below `count` that is not a power of two (AV1 RTP specification, A.8.2 ns(n)).
    mutating func nonSymmetric(_ count: Int) -> Int {
        var width = 0
        var rest = count
        while rest != 0 {
            width += 1
            rest >>= 1
        }
        let short = (1 << width) - count
        let value = bits(max(0, width - 1))
        if value < short { return value }
        return (value << 1) + bits(1) - short
    }
}

/// Which layers a stream has and what each of its frames is for: sent with a key frame, valid until the next
/// (AV1 RTP specification, A.8.3.2).
public struct DependencyStructure: Hashable, Sendable {
    /// One kind of frame.
    public struct Template: Hashable, Sendable {
        /// Its spatial layer.
        public var spatial: UInt8
        /// Its temporal layer.
        public var temporal: UInt8
        /// What it is for each decode target: 0 not present, 1 discardable, 2 switch, 3 required.
        public var indications: [UInt8] = []
        /// How many frames back it refers.
        public var references: [UInt8] = []
        /// The next frame of each chain, as a distance.
        public var chains: [UInt8] = []
    }

    /// The number of the first template.
    public var offset: UInt8
    /// Decode targets: sets of layers somebody may want.
    public var targetCount: Int
    /// The kinds of frames.
    public var templates: [Template] = []
    /// Which chain protects each decode target.
    public var protectedBy: [UInt8] = []
    /// Chains of frames that must be whole.
    public var chainCount = 0
    /// Sizes of the spatial layers, when they are told.
    public var sizes: [Size] = []

    /// A picture's size.
    public struct Size: Hashable, Sendable {
        /// In pixels.
        public var width: Int
        /// In pixels.
        public var height: Int

        /// A size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Spatial layers.
    public var spatialCount: UInt8 { (templates.map(\.spatial).max() ?? 0) + 1 }
    /// Temporal layers.
    public var temporalCount: UInt8 { (templates.map(\.temporal).max() ?? 0) + 1 }

    /// The layers of a decode target: the highest that it has frames of.
    public func layers(of target: Int) -> (spatial: UInt8, temporal: UInt8) {
        var highest = (spatial: UInt8(0), temporal: UInt8(0))
        for template in templates where target < template.indications.count && template.indications[target] != 0 {
            highest.spatial = max(highest.spatial, template.spatial)
            highest.temporal = max(highest.temporal, template.temporal)
        }
        return highest
    }

    static let templateLimit = 64

    init?(_ reader: inout BitReader) {
        offset = UInt8(reader.bits(6))
        targetCount = reader.bits(5) + 1
        guard readLayers(&reader) else { return nil }
        for index in templates.indices {
            templates[index].indications = (0..<targetCount).map { _ in UInt8(reader.bits(2)) }
        }
        for index in templates.indices {
            while reader.flag() {
                guard !reader.isOver, templates[index].references.count < 16 else { return nil }
                templates[index].references.append(UInt8(reader.bits(4) + 1))
            }
        }
        chainCount = reader.nonSymmetric(targetCount + 1)
        if chainCount > 0 {
            protectedBy = (0..<targetCount).map { _ in UInt8(truncatingIfNeeded: reader.nonSymmetric(chainCount)) }
            for index in templates.indices {
                templates[index].chains = (0..<chainCount).map { _ in UInt8(reader.bits(4)) }
            }
        }
        if reader.flag() {
            for _ in 0..<spatialCount {
                sizes.append(Size(width: reader.bits(16) + 1, height: reader.bits(16) + 1))
            }
        }
        guard !reader.isOver else { return nil }
    }

    private mutating func readLayers(_ reader: inout BitReader) -> Bool {
        var spatial: UInt8 = 0
        var temporal: UInt8 = 0
        while templates.count < DependencyStructure.templateLimit {
            templates.append(Template(spatial: spatial, temporal: temporal))
            switch reader.bits(2) {
            case 0: break
            case 1:
                temporal += 1
                guard temporal < 8 else { return false }
            case 2:
                temporal = 0
                spatial += 1
                guard spatial < 4 else { return false }
            default: return !reader.isOver
            }
            if reader.isOver { return false }
        }
        return false
    }
}

/// What a packet says of its frame (AV1 RTP specification, A.8.3).
public struct DependencyDescriptor: Hashable, Sendable {
    /// Whether the frame begins and ends here.
    public var isFirst: Bool
    /// Whether the frame ends here.
    public var isLast: Bool
    /// The frame's number.
    public var frame: UInt16
    /// Its spatial layer.
    public var spatial: UInt8 = 0
    /// Its temporal layer.
    public var temporal: UInt8 = 0
    /// What it is for each decode target.
    public var indications: [UInt8] = []
    /// Distances to the frames that it needs.
    public var references: [UInt8] = []
    /// A structure that comes with it.
    public var structure: DependencyStructure?
    /// Decode targets that are active from here on, a bit for each; nil when nothing is said.
    public var activeTargets: UInt32?

    /// Whether decoding can begin here: a structure comes with key frames only.
    public var isKey: Bool { isFirst && structure != nil && references.isEmpty && spatial == 0 }

    /// Whether one may step up to its temporal layer here: it is a switch for a target of that layer.
    public func isSwitch(in structure: DependencyStructure) -> Bool {
        indications.indices.contains { target in
            indications[target] == 2 && structure.layers(of: target).temporal >= temporal
        }
    }

    /// Reads it; `known` is the structure that came last. Nil when it is cut, or refers to what is not known.
    public init?(_ bytes: UnsafeRawBufferPointer, known: DependencyStructure?) {
        guard bytes.count >= 3 else { return nil }
        var reader = BitReader(bytes)
        isFirst = reader.flag()
        isLast = reader.flag()
        let template = UInt8(reader.bits(6))
        frame = UInt16(reader.bits(16))
        var hasIndications = false
        var hasReferences = false
        var hasChains = false
        if bytes.count > 3 {
            let hasStructure = reader.flag()
            let hasTargets = reader.flag()
            hasIndications = reader.flag()
            hasReferences = reader.flag()
            hasChains = reader.flag()
            if hasStructure {
                guard let read = DependencyStructure(&reader) else { return nil }
                structure = read
                activeTargets = UInt32.max >> UInt32(32 - min(32, read.targetCount))
            }
            if hasTargets {
                guard let count = (structure ?? known)?.targetCount else { return nil }
                activeTargets = UInt32(truncatingIfNeeded: reader.bits(count))
            }
        }
        guard let structure = structure ?? known else { return nil }
        let index = Int((template &+ 64 &- structure.offset) & 63)
        guard index < structure.templates.count else { return nil }
        let kind = structure.templates[index]
        spatial = kind.spatial
        temporal = kind.temporal
        indications = hasIndications ? (0..<structure.targetCount).map { _ in UInt8(reader.bits(2)) } : kind.indications
        references = kind.references
        if hasReferences {
            references = []
            while true {
                let width = reader.bits(2)
                if width == 0 { break }
                guard references.count < 16, !reader.isOver else { return nil }
                references.append(UInt8(truncatingIfNeeded: min(255, reader.bits(width * 4) + 1)))
            }
        }
        if hasChains { for _ in 0..<structure.chainCount { _ = reader.bits(8) } }
        guard !reader.isOver else { return nil }
    }
}
