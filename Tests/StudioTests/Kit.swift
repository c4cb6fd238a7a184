// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Media
import RTMP
import Studio
import Testing

/// A broadcast with a clock that only the test moves.
struct Evening {
    var broadcast: Broadcast
    var milliseconds: Int64 = 1_000
    var told: [Presentation.News] = []
    /// What the audience has, and what the console has.
    var program = Kept()
    var rehearsal = Kept()
    var words: [Broadcast.Output] = []
    /// What the console alone sees.
    var preview: [Presentation.News] = []
    /// What is sent on.
    var sent: [Signal] = []
    var wake: Instant?

    init(_ change: (inout Plan) -> Void = { _ in }) {
        var plan = Plan(name: "hall", title: "พิธีเปิด", keyHashes: ["aa"])
        change(&plan)
        broadcast = Broadcast(plan)
    }

    mutating func take(_ input: Broadcast.Input) {
        program.begin()
        rehearsal.begin()
        let wall = WallTime(milliseconds: 1_795_000_000_000 + milliseconds)
        broadcast.take(input, at: Instant(milliseconds: milliseconds), wall: wall)
        while true {
            switch broadcast.next() {
            case .tell(.program, let news):
                told.append(news)
                program.keep(news)
            case .tell(.preview, let news):
                preview.append(news)
                rehearsal.keep(news)
            case .program(let signal): sent.append(signal)
            case .wake(let at):
                wake = at
                return
            case let other: words.append(other)
            }
        }
    }

    mutating func knock(_ number: Int, isKeyGood: Bool = true) {
        take(.knock(PublisherNumber(number), isKeyGood: isKeyGood, program: "test"))
    }

    /// A publisher sends the recorded publish, in real time of the test's clock.
    mutating func publish(_ number: Int, _ name: String = "ffmpeg-avc-aac.rtmp") throws {
        var last: Int64?
        for news in try Footage.told(name) {
            if case .ended = news { continue }
            if case .sample(let sample) = news {
                milliseconds += max(0, sample.dtsMilliseconds - (last ?? sample.dtsMilliseconds))
                last = max(last ?? sample.dtsMilliseconds, sample.dtsMilliseconds)
            }
            if let signal = news.signal { take(.signal(PublisherNumber(number), signal)) }
        }
    }

    mutating func leave(_ number: Int) { take(.left(PublisherNumber(number), broke: nil)) }

    /// Lets time pass, waking the broadcast whenever it asked to be.
    mutating func pass(_ span: Int64) {
        let end = milliseconds + span
        while let wake, wake.milliseconds <= end {
            milliseconds = max(milliseconds, wake.milliseconds)
            take(.time)
        }
        milliseconds = end
    }

    /// Every playlist keeps every rule, and what is sent on has one clock.
    func expectRules(_ place: SourceLocation = #_sourceLocation) {
        #expect(program.breaches.prefix(5) == [], sourceLocation: place)
        #expect(rehearsal.breaches.prefix(5) == [], sourceLocation: place)
        #expect(unsteady.prefix(5) == [], sourceLocation: place)
    }

    /// Where what is sent on runs backwards, jumps by more than a frame or two, or begins without a key frame.
    private var unsteady: [String] {
        var last: [TrackID: Int64] = [:]
        var wantsKey = false
        var faults: [String] = []
        for (place, signal) in sent.enumerated() {
            switch signal {
            case .configuration(let track, _, _): wantsKey = wantsKey || track.kind == .video
            case .sample(let sample):
                let step = sample.microseconds - (last[sample.track] ?? sample.microseconds - 1)
                // Sound may begin a little after its picture.
                if !(1...(sample.track.kind == .video ? 90_000 : 150_000)).contains(step) {
                    faults.append("\(place): \(sample.track) steps by \(step) µs")
                }
                last[sample.track] = sample.microseconds
                guard sample.track.kind == .video else { continue }
                if wantsKey, !sample.isKey { faults.append("\(place): no key frame after a configuration") }
                wantsKey = false
            default: break
            }
        }
        return faults
    }

    mutating func state() -> State { broadcast.state(at: Instant(milliseconds: milliseconds)) }
    mutating func faults() -> [String] { state().complaints.map(\.code) }

    /// Every state of the first rendition's playlist.
    var playlists: [Playlist] {
        told.compactMap { if case .playlist("v0.m3u8", let playlist) = $0 { playlist } else { nil } }
    }

    var maps: [String] {
        told.compactMap { if case .file(let name, _) = $0, name.contains("-init") { name } else { nil } }
    }
}

func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
