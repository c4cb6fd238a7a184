// SPDX-License-Identifier: Apache-2.0
import Media

/// What the encoder said of itself in `connect` (specification 7.2.1.1, enhanced RTMP "Enhancing NetConnection").
public struct Caller: Hashable, Sendable {
    /// The application: the first part of the address's path, usually `live`.
    public var app: String
    /// The address as the encoder has it. May hold the stream key: not for a log.
    public var address: String
    /// The program, as it names itself.
    public var program: String
    /// The FourCCs it says it knows; `*` is all.
    public var fourCCs: [String]
    /// Whether it will go on elsewhere when it is asked to reconnect (capsEx bit 1).
    public var canReconnect: Bool

    init(_ properties: AMF) {
        app = properties["app"]?.text ?? ""
        address = properties["tcUrl"]?.text ?? ""
        program = properties["flashVer"]?.text ?? ""
        fourCCs = Caller.fourCCs(in: properties)
        let flags = properties["capsEx"]?.number ?? 0
        canReconnect = Int(exactly: flags.rounded(.down)).map { $0 & 1 != 0 } ?? false
    }

    /// Every FourCC in the list and in the maps, once.
    static func fourCCs(in properties: AMF) -> [String] {
        var codes = (properties["fourCcList"].flatMap(Caller.texts)) ?? []
        for map in ["videoFourCcInfoMap", "audioFourCcInfoMap"] {
            codes += properties[map]?.properties?.map(\.key) ?? []
        }
        var seen: Set<String> = []
        return codes.filter { seen.insert($0).inserted }
    }

    private static func texts(_ value: AMF) -> [String]? {
        switch value {
        case .list(let members): members.compactMap(\.text)
        case .array(let properties): properties.compactMap(\.value.text)
        default: nil
        }
    }

    /// The stream key: the publish name up to `?`; else what the address has behind `?`; else the last part of an
    /// application with slashes, which is where some hardware encoders put it.
    func key(publishName: String) -> String {
        let name = publishName.prefix { $0 != "?" }
        if !name.isEmpty { return String(name) }
        if let mark = address.firstIndex(of: "?") {
            let query = address[address.index(after: mark)...]
            let named = query.split(separator: "&").first { $0.hasPrefix("key=") }
            return String(named?.dropFirst(4) ?? query)
        }
        return app.lastIndex(of: "/").map { String(app[app.index(after: $0)...]) } ?? ""
    }
}

/// What we answer.
enum Reply {
    /// capsEx: reconnect, multitrack, ModEx, nanosecond offset.
    static let capabilities: Double = 15
    /// capsEx: reconnect alone.
    static let canReconnect: Double = 1
    /// A FourCC's flag "can forward" (enhanced RTMP, FourCcInfoMask).
    static let canForward: Double = 4

    /// `_result` of connect: success, and exactly what is taken here.
    static func connected(_ transaction: Double) -> Message {
        let properties: [AMF.Property] = [
            .init("fmsVer", .string("FMS/3,5,1,516")),
            .init("capabilities", .number(31)),
            .init("fourCcList", .list(Codec.allCases.map { .string($0.rawValue) })),
            .init("videoFourCcInfoMap", infoMap(.video)),
            .init("audioFourCcInfoMap", infoMap(.audio)),
            .init("capsEx", .number(capabilities)),
        ]
        let information: [AMF.Property] = [
            .init("level", .string("status")),
            .init("code", .string("NetConnection.Connect.Success")),
            .init("description", .string("Connection succeeded.")),
            .init("objectEncoding", .number(0)),
        ]
        return .command([.string("_result"), .number(transaction), .object(properties), .object(information)])
    }

    private static func infoMap(_ kind: TrackID.Kind) -> AMF {
        .object(Codec.allCases.filter { $0.kind == kind }.map { .init($0.rawValue, .number(canForward)) })
    }

    /// `_result` with one value.
    static func result(_ transaction: Double, _ value: AMF) -> Message {
        .command([.string("_result"), .number(transaction), .null, value])
    }

    /// `onStatus` (7.2.2).
    static func status(
        stream: UInt32, level: String, code: String, description: String, more: [AMF.Property] = []
    ) -> Message {
        let information: [AMF.Property] = [
            .init("level", .string(level)), .init("code", .string(code)),
            .init("description", .string(description)),
        ]
        return .command([.string("onStatus"), .number(0), .null, .object(information + more)], stream: stream)
    }
}
