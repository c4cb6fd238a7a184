// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Every target of ours is built alike: Swift 6 mode, imports internal unless said, members visible only where imported.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Intel's AES-GCM is in Debian for x86 alone; elsewhere OpenSSL's does it.
#if arch(x86_64)
    let wideCiphers: [Target] = [.systemLibrary(name: "CIPsecMB", providers: [.apt(["libipsec-mb-dev"])])]
#else
    let wideCiphers: [Target] = []
#endif

let package = Package(
    name: "sanyan",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "sanyan", targets: ["sanyan"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The core: decides things; knows no socket, clock, database or page.
        .target(name: "Desk", swiftSettings: house),

        // The languages that encoders and players speak: pure machines, no socket, no clock.
        .target(name: "Media", path: "Sources/Protocols/Media", swiftSettings: house),
        .target(name: "RTMP", dependencies: ["Media"], path: "Sources/Protocols/RTMP", swiftSettings: house),
        .target(name: "FMP4", path: "Sources/Protocols/FMP4", swiftSettings: house),
        .target(name: "SRT", path: "Sources/Protocols/SRT", swiftSettings: house),
        .target(
            name: "MPEGTS", dependencies: ["Media", "FMP4"], path: "Sources/Protocols/MPEGTS", swiftSettings: house),
        .target(name: "Matroska", dependencies: ["Media"], path: "Sources/Protocols/Matroska", swiftSettings: house),
        .target(name: "HLS", dependencies: ["FMP4"], path: "Sources/Protocols/HLS", swiftSettings: house),
        .target(name: "Film", dependencies: ["FMP4", "HLS"], path: "Sources/Protocols/Film", swiftSettings: house),

        // Requests to servers outside and their answers, as values.
        .target(name: "Envelope", path: "Sources/Protocols/Envelope", swiftSettings: house),
        .target(name: "HTTP", path: "Sources/Protocols/HTTP", swiftSettings: house),

        // How browsers meet: addresses that prove themselves, what each side can do, and the packets.
        .target(name: "ICE", dependencies: ["Media"], path: "Sources/Protocols/ICE", swiftSettings: house),
        .target(name: "RTP", dependencies: ["Media"], path: "Sources/Protocols/RTP", swiftSettings: house),
        .target(name: "SDP", dependencies: ["RTP"], path: "Sources/Protocols/SDP", swiftSettings: house),

        // Broadcasts and meetings while they are live. CFetch is one instruction that Swift has no word for.
        .systemLibrary(name: "CFetch"),
        .target(
            name: "Studio", dependencies: ["Media", "FMP4", "HLS", "RTP", "SDP", "CFetch"],
            exclude: ["Meeting/README.md", "Room/README.md"],
            swiftSettings: house),

        // The shore: does things.
        .target(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CSRT", pkgConfig: "srt", providers: [.apt(["libsrt-openssl-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Wire",
            dependencies: [
                "Studio", "Media", "RTMP", "FMP4", "MPEGTS", "Matroska", "HLS", "Film", "HTTP", "SRT", "Secure",
                "ICE", "RTP", "SDP", "CLinux",
                "CSRT", "CZlib", "CNGHTTP2",
            ],
            exclude: ["Scripts", "Slates", "Styles", "Templates"],
            swiftSettings: house,
            plugins: ["EmbedAssets"]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CJose", providers: [.apt(["libcjose-dev"])]),
        .target(
            name: "Secure",
            dependencies: ["CSodium", "COpenSSL", "CJose", "CFetch"] + wideCiphers.map { .byName(name: $0.name) },
            swiftSettings: house),
        .target(
            name: "Archive",
            dependencies: ["Desk", "Secure", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: house),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .target(name: "Post", dependencies: ["Envelope", "CCurl", "CGMime"], swiftSettings: house),
        .target(
            name: "Messenger",
            dependencies: ["Desk", "Envelope", "Post", "Secure", .product(name: "Logging", package: "swift-log")],
            swiftSettings: house),
        // The way in from outside: OpenID providers, directories, passkeys.
        .systemLibrary(name: "CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap-dev"])]),
        .systemLibrary(name: "CFIDO", pkgConfig: "libfido2", providers: [.apt(["libfido2-dev"])]),
        .target(
            name: "Entrance", dependencies: ["Desk", "Secure", "Envelope", "CLDAP", "CFIDO"], swiftSettings: house),
        .target(name: "Papers", dependencies: ["Desk", "CQRencode"], swiftSettings: house),
        .target(
            name: "Pages",
            dependencies: [
                "Desk", "Secure", "Studio",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Templates", "Words", "Styles", "Scripts", "Icons"],
            swiftSettings: house,
            plugins: ["EmbedAssets"]),

        // The test kit, the demo office, and the program that introduces everybody.
        .target(name: "Rehearsal", dependencies: ["Desk", "Envelope", "Secure"], swiftSettings: house),
        .executableTarget(
            name: "sanyan",
            dependencies: [
                "Desk", "Secure", "Archive", "Entrance", "Envelope", "Post", "Messenger", "Papers", "Pages",
                "Rehearsal",
                "Wire", "Studio",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        // Templates, words, styles and scripts become Swift string literals: one binary, nothing beside it.
        .executableTarget(name: "embed", path: "Tools/embed", swiftSettings: house),
        // Works under load until the integration tests kill it.
        .executableTarget(
            name: "victim", dependencies: ["Archive", "Desk"], path: "Tools/victim", swiftSettings: house),
        // Rings thousands of telephones while it is killed, and for the benchmark.
        .executableTarget(
            name: "ringer",
            dependencies: [
                "Archive", "Desk", "Messenger", "Post", .product(name: "Logging", package: "swift-log"),
            ], path: "Tools/ringer", swiftSettings: house),
        .plugin(name: "EmbedAssets", capability: .buildTool(), dependencies: ["embed"]),

        // Recorded and composed publishes, for every test that wants an encoder.
        .target(
            name: "Footage", dependencies: ["Media", "RTMP", "FMP4", "HLS"], path: "Tests/Footage",
            exclude: ["Fixtures"],
            swiftSettings: house),

        .testTarget(name: "RTMPTests", dependencies: ["Media", "RTMP", "Footage"], swiftSettings: house),
        .testTarget(name: "MatroskaTests", dependencies: ["Media", "Matroska"], swiftSettings: house),
        .testTarget(name: "FMP4Tests", dependencies: ["Media", "FMP4", "RTMP", "Footage"], swiftSettings: house),
        .testTarget(name: "SRTTests", dependencies: ["SRT"], swiftSettings: house),
        .testTarget(name: "MPEGTSTests", dependencies: ["Media", "MPEGTS", "FMP4", "Footage"], swiftSettings: house),
        .testTarget(name: "HLSTests", dependencies: ["Media", "HLS", "FMP4", "RTMP", "Footage"], swiftSettings: house),
        .testTarget(
            name: "FilmTests", dependencies: ["Media", "Film", "HLS", "FMP4", "RTMP", "Footage"], swiftSettings: house),
        .testTarget(
            name: "StudioTests", dependencies: ["Studio", "Media", "RTMP", "FMP4", "HLS", "Footage"],
            swiftSettings: house),
        .testTarget(
            name: "MeetingTests", dependencies: ["Studio", "Media", "RTP", "SDP"], swiftSettings: house),
        .testTarget(name: "RoomTests", dependencies: ["Studio", "Media", "HLS", "RTP"], swiftSettings: house),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: house),
        .testTarget(name: "ICETests", dependencies: ["ICE", "Media"], swiftSettings: house),
        .testTarget(name: "RTPTests", dependencies: ["RTP", "Media"], swiftSettings: house),
        .testTarget(name: "SDPTests", dependencies: ["SDP", "RTP"], exclude: ["Fixtures"], swiftSettings: house),
        .testTarget(
            name: "WireTests", dependencies: ["Wire", "HTTP", "Secure", "CLinux", "ICE", "Matroska", "RTP", "Studio"],
            swiftSettings: house),
        .testTarget(name: "DeskTests", dependencies: ["Desk", "Rehearsal"], swiftSettings: house),
        .testTarget(name: "PostTests", dependencies: ["Post", "Envelope"], swiftSettings: house),
        // Debian's libsrtp2, which our SRTP is compared with.
        .systemLibrary(
            name: "CSRTP2", path: "Tests/CSRTP2", pkgConfig: "libsrtp2", providers: [.apt(["libsrtp2-dev"])]),
        .testTarget(name: "SecureTests", dependencies: ["Secure", "COpenSSL", "CSRTP2"], swiftSettings: house),
        .testTarget(
            name: "ArchiveTests",
            dependencies: ["Archive", "Desk", "Secure", "Rehearsal", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Fixtures"],
            swiftSettings: house),
        .testTarget(
            name: "MessengerTests",
            dependencies: [
                "Messenger", "Desk", "Archive", "Envelope", "Post", "Rehearsal", "Secure",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "EntranceTests", dependencies: ["Entrance", "Desk", "Secure", "Envelope"], swiftSettings: house),
        .testTarget(name: "PapersTests", dependencies: ["Papers", "Desk", "Rehearsal"], swiftSettings: house),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "Pages", "Desk", "Secure", "Archive", "Rehearsal", "Studio",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "DayTests",
            dependencies: [
                "Desk", "Archive", "Messenger", "Rehearsal", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "SanyanTests",
            dependencies: [
                "sanyan", "Desk", "Archive", "Pages", "Secure", "Studio", "Rehearsal",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(name: "HouseTests", dependencies: ["Desk", "Rehearsal"], swiftSettings: house),
        // Starts the program, or a browser, for the tests below.
        .target(name: "Stagehands", path: "Tests/Stagehands", swiftSettings: house),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Archive", "Desk", "Entrance", "Envelope", "Messenger", "Post", "Rehearsal", "Stagehands", "HLS",
                "Media", "RTMP", "sanyan",
                "Footage", "Secure", "Studio", "Wire", "Film", "FMP4", "MPEGTS", "Matroska",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "BrowserTests", dependencies: ["Stagehands"], exclude: ["Scripts", "requirements.txt"],
            swiftSettings: house),
    ] + wideCiphers,
    swiftLanguageModes: [.v6]
)
