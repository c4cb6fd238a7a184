// SPDX-License-Identifier: Apache-2.0
import RTP

/// A packet as the forwarding sees it: read once when it came in, and again when it is taken out of the ring. Numbers and
/// places only, so that it is handed about for nothing.
struct Parcel {
    /// All of it, in the memory of its ring, or of whoever handed it in.
    var bytes: UnsafeRawBufferPointer
    let packet: Packet
    /// Its number without wraps.
    let sequence: Int64
    /// Whether it was the newest of its stream when it came.
    var isNewest = false
    /// Whether decoding can begin here.
    var isKey = false
    /// Whether a frame begins here.
    var isFrameStart = false
    var temporal: UInt8 = 0
    var spatial: UInt8 = 0
    /// Whether one may step up to this temporal layer here.
    var isLayerSync = false
    /// The picture's number and the base layer's, where the format has them.
    var pictureID: UInt16?
    var baseIndex: UInt8?
    var isLongID = false
    /// Whether a structure of layers came with it.
    var bringsStructure = false
    var vp8: VP8Descriptor?
    var vp9: VP9Descriptor?
    /// Whether a layer frame ends here, when the format says so.
    var endsLayerFrame = false
    /// What is carried on: where the elements are, empty when they are not there.
    var level = 0..<0
    var orientation = 0..<0
    var playoutDelay = 0..<0
    var dependency = 0..<0
    /// Whether any of them is there.
    var hasElements = false

    /// The payload.
    var payload: UnsafeRawBufferPointer { bytes.part(packet.payload) }

    /// Reads a packet of a stream of this format. `structure` is the stream's, and becomes the one that came with it.
    init(
        _ bytes: UnsafeRawBufferPointer, _ packet: Packet, as sequence: Int64, format: PayloadFormat,
        extensions: ExtensionMap, structure: inout DependencyStructure?
    ) {
        self.bytes = bytes
        self.packet = packet
        self.sequence = sequence
        if !packet.extensions.isEmpty { readExtensions(extensions) }
        let payload = bytes.part(packet.payload)
        switch format {
        case .opus: isKey = true
        case .vp8: readVP8(payload)
        case .h264:
            isKey = H264Payload.isKey(payload)
            isFrameStart = isKey
        case .vp9: readVP9(payload)
        case .av1: readAV1(payload, &structure)
        }
    }

    private mutating func readExtensions(_ extensions: ExtensionMap) {
        let numbers = (
            extensions[.audioLevel], extensions[.videoOrientation], extensions[.playoutDelay],
            extensions[.dependencyDescriptor]
        )
        packet.forEachExtension(in: bytes) { number, range in
            if number == numbers.0 {
                level = range
            } else if number == numbers.1 {
                orientation = range
            } else if number == numbers.2 {
                playoutDelay = range
            } else if number == numbers.3 {
                dependency = range
            } else {
                return
            }
            hasElements = true
        }
    }

    private mutating func readVP8(_ payload: UnsafeRawBufferPointer) {
        guard let descriptor = VP8Descriptor(payload) else { return }
        vp8 = descriptor
        isKey = descriptor.isKey
        isFrameStart = descriptor.isStart
        temporal = descriptor.temporal
        isLayerSync = descriptor.isLayerSync
        pictureID = descriptor.pictureID
        baseIndex = descriptor.baseIndex
        isLongID = descriptor.isLongID
    }

    private mutating func readVP9(_ payload: UnsafeRawBufferPointer) {
        guard let descriptor = VP9Descriptor(payload) else { return }
        isKey = descriptor.isKey
        isFrameStart = descriptor.isStart
        temporal = descriptor.temporal
        spatial = descriptor.spatial
        isLayerSync = descriptor.isSwitchingUp
        endsLayerFrame = descriptor.isEnd
        vp9 = descriptor
        pictureID = descriptor.pictureID
        baseIndex = descriptor.baseIndex
        isLongID = descriptor.isLongID
    }

    /// Writes the picture's numbers anew into a copy of the payload.
    func rewrite(_ copy: UnsafeMutableRawBufferPointer, pictureDelta: UInt16, baseDelta: UInt8) {
        guard pictureDelta != 0 || baseDelta != 0 else { return }
        let picture = (pictureID ?? 0) &+ pictureDelta
        let base = (baseIndex ?? 0) &+ baseDelta
        if let vp8 {
            vp8.rewrite(copy, pictureID: picture, baseIndex: base)
        } else if let vp9 {
            vp9.rewrite(copy, pictureID: picture, baseIndex: base)
        }
    }

    /// The dependency descriptor where it is agreed on, else the aggregation header (AV1 RTP specification, 4.4): N marks
    /// the packet that begins a coded video sequence.
    private mutating func readAV1(_ payload: UnsafeRawBufferPointer, _ structure: inout DependencyStructure?) {
        guard !dependency.isEmpty, let descriptor = DependencyDescriptor(bytes.part(dependency), known: structure)
        else {
            guard let first = payload.first else { return }
            isKey = first & 0x08 != 0
            isFrameStart = first & 0x80 == 0
            return
        }
        isKey = descriptor.isKey
        isFrameStart = descriptor.isFirst
        endsLayerFrame = descriptor.isLast
        temporal = descriptor.temporal
        spatial = descriptor.spatial
        if let told = descriptor.structure {
            structure = told
            bringsStructure = true
        }
        isLayerSync = structure.map(descriptor.isSwitch) ?? false
    }
}
