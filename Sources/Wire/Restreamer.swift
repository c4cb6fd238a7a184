// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FMP4
import Media
import RTMP
import Secure
import Studio

/// Sends a broadcast to everybody else who shall have it, each alone and none in the way of another or of the
/// broadcast. Nothing is connected before there is something to send. Lives on the pump's loop.
final class Restreamer {
    /// When nothing has come for so long, there is nothing to send any more: goodbye, until something comes.
    static let restMilliseconds: Int64 = 10_000

    let loop: Loop
    let trust: Trust
    /// One line for the log, without an address.
    private let log: (String) -> Void
    /// How the restreams are, whenever that changes.
    private let changed: ([State.Companion]) -> Void
    private var restreams: [Restream] = []
    private var told: [State.Companion] = []
    /// The default tracks' configurations, in the order in which they came.
    private(set) var formats: [(track: TrackID, codec: Codec, bytes: ArraySlice<UInt8>)] = []
    private(set) var picture: Picture?
    private var lastSample: Int64?
    private var restAlarm: Alarm?

    init(
        on loop: Loop, trust: Trust = .system, log: @escaping (String) -> Void,
        changed: @escaping ([State.Companion]) -> Void
    ) {
        (self.loop, self.trust, self.log, self.changed) = (loop, trust, log, changed)
    }

    /// How each is, in the plan's order.
    var helpers: [State.Companion] { restreams.map(\.helper) }

    /// Who shall have the broadcast from now on. One address is never sent to twice; who stays, stays connected.
    func put(_ targets: [Plan.Target]) {
        let before = restreams
        restreams = []
        for target in targets where !restreams.contains(where: { $0.target.address == target.address }) {
            let kept = before.first { $0.target.address == target.address }
            let restream = kept ?? Restream(target, for: self)
            restream.target = target
            restreams.append(restream)
        }
        for old in before where !restreams.contains(where: { $0 === old }) { old.want(false) }
        for restream in restreams { restream.want(lastSample != nil) }
        tell()
    }

    /// What is on, on one clock that goes on.
    func take(_ signal: Signal) {
        switch signal {
        case .configuration(let track, let codec, let bytes) where track.number == 0: learn(track, codec, bytes)
        case .trackEnded(let track): formats.removeAll { $0.track == track }
        case .sample(let sample) where sample.track.number == 0:
            let isFirst = lastSample == nil
            lastSample = loop.now.milliseconds
            if isFirst { begin() }
        default: break
        }
        for restream in restreams { restream.take(signal) }
    }

    /// The broadcast is over: says goodbye everywhere.
    func stop() {
        lastSample = nil
        formats = []
        for restream in restreams { restream.want(false) }
    }

    private func learn(_ track: TrackID, _ codec: Codec, _ bytes: ArraySlice<UInt8>) {
        formats.removeAll { $0.track == track }
        formats.append((track, codec, bytes))
        guard track.kind == .video else { return }
        picture = Picture(codec, bytes)
        if let picture { for restream in restreams { restream.show(picture) } }
    }

    private func begin() {
        for restream in restreams { restream.want(true) }
        rest(after: Restreamer.restMilliseconds)
    }

    private func rest(after milliseconds: Int64) {
        restAlarm?.cancel()
        restAlarm = loop.after(milliseconds) { [weak self] in
            guard let self, let last = lastSample else { return }
            let left = last + Restreamer.restMilliseconds - loop.now.milliseconds
            guard left <= 0 else { return rest(after: left) }
            lastSample = nil
            for restream in restreams { restream.want(false) }
        }
    }

    /// A restream is otherwise than it was.
    func tell() {
        let now = helpers
        guard now != told else { return }
        for helper in now where !told.contains(helper) && helper.condition != .resting {
            log("\(helper.name): \(helper.condition)\(helper.reason.isEmpty ? "" : ": " + helper.reason)")
        }
        told = now
        changed(now)
    }
}

/// Whom we believe when we call by TLS. Made when it is first needed, away from the loops: it reads many certificates.
final class Trust: Sendable {
    /// Whom the system believes.
    static let system = Trust()

    private let made: DispatchQueue
    private let identity: @Sendable () -> TLSIdentity?

    /// What the system believes, and in the tests one more file of certificates.
    init(file: String? = nil) {
        made = DispatchQueue(label: "trust")
        let kept = Kept(file)
        identity = { kept.identity }
    }

    /// Tells it on the loop; nil when the certificates cannot be read.
    func find(on loop: Loop, done: @escaping @Sendable (TLSIdentity?) -> Void) {
        made.async { [identity] in
            let identity = identity()
            loop.execute { done(identity) }
        }
    }

    // `identity` is asked for on one serial queue alone.
    private final class Kept: @unchecked Sendable {
        private let file: String?
        init(_ file: String?) { self.file = file }
        // A system without certificates is told apart by nil: the restream says that nobody can be believed.
        lazy var identity = try? TLSIdentity(trusting: file)
    }
}

extension Picture {
    /// What a decoder configuration says of its pictures; nil when it says nothing, as VP9's.
    init?(_ codec: Codec, _ configuration: ArraySlice<UInt8>) {
        // What cannot be read here is unusable to the packager too, which says so.
        let format: VideoFormat? =
            switch codec {
            case .avc: try? .avc(configuration)
            case .hevc: try? .hevc(configuration)
            case .av1: try? .av1(configuration)
            case .vp9, .aac, .opus: nil
            }
        guard let format else { return nil }
        self.init(
            width: format.width, height: format.height,
            milliPicturesPerSecond: format.frameRate.map { Int64($0.thousandths) })
    }
}
