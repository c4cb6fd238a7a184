// SPDX-License-Identifier: Apache-2.0

/// What one airing came to (ตัวเลขการถ่ายทอด): numbers only, so that the folder keeps them for good.
///
/// A broadcast that broke down and was opened anew has several, known apart by when they opened.
public struct AirFigures: Hashable, Codable, Sendable {
    /// When its first picture went on air.
    public var opened: Moment
    /// When it was over.
    public var ended: Moment
    /// The most who watched at once.
    public var peak: Int
    /// How many watched, in the mean of its minutes.
    public var average: Int
    /// What all of them watched together.
    public var viewerMinutes: Int
    /// The most who watched at once in each stretch of `curveMinutes`, from the opening on.
    public var curve: [Int]
    public var curveMinutes: Int
    /// How often the signal was away.
    public var interruptions: Int
    /// How many incidents were logged meanwhile; the desk counts them in the folder.
    public var incidents: Int

    public init(
        opened: Moment, ended: Moment, peak: Int, average: Int, viewerMinutes: Int, curve: [Int],
        curveMinutes: Int = 1, interruptions: Int, incidents: Int = 0
    ) {
        self.opened = opened
        self.ended = ended
        self.peak = peak
        self.average = average
        self.viewerMinutes = viewerMinutes
        self.curve = curve
        self.curveMinutes = curveMinutes
        self.interruptions = interruptions
        self.incidents = incidents
    }

    /// The longest curve that a folder takes: a day by the minute.
    public static let longestCurve = 1440

    public var span: Span { Span(start: opened, end: ended) }

    /// The same with a curve that the folder takes: stretches are joined, the highest of each joint stays.
    public var shortened: AirFigures {
        guard curve.count > Self.longestCurve else { return self }
        let stride = (curve.count + Self.longestCurve - 1) / Self.longestCurve
        var shorter = self
        shorter.curveMinutes *= stride
        shorter.curve = Swift.stride(from: 0, to: curve.count, by: stride).map { start in
            curve[start..<min(start + stride, curve.count)].max() ?? 0
        }
        return shorter
    }

    /// Whether the numbers can be those of an airing.
    var isSound: Bool {
        ended >= opened && ended - opened <= .days(40) && (0...10_000_000).contains(peak)
            && (0...peak).contains(average)
            && (0...1_000_000_000_000).contains(viewerMinutes) && curve.count <= Self.longestCurve
            && curve.allSatisfy { (0...peak).contains($0) } && (1...10_000).contains(curveMinutes)
            && (0...1_000_000).contains(interruptions)
    }
}

/// How a matter's broadcast or meeting stands with the procedure.
public enum AirTime: String, Hashable, Sendable, CaseIterable {
    /// A trial: whoever has the address may look or come in, nobody is told and nothing is counted.
    case trial
    /// The occasion itself.
    case occasion
    /// Nothing more goes on air, nobody comes in; recordings may be seen.
    case over
}

extension Matter {
    /// Asks for a broadcast (ถ่ายทอดสด), with or without a meeting.
    public var isBroadcast: Bool { service != .meeting }

    /// Whether it has a key, a console and a watch link: an approved matter that asks for a broadcast.
    public var hasStudio: Bool { isBroadcast && decision?.isApproval == true }

    /// How the broadcast stands at a moment; nil while the matter has none, and when it was called off.
    ///
    /// It is a trial until the matter is ready and its set-up time has come, or somebody has opened the occasion.
    public func airTime(at now: Moment) -> AirTime? {
        hasStudio ? liveTime(at: now) : nil
    }

    /// The same for whatever is live: a broadcast, a meeting.
    func liveTime(at now: Moment) -> AirTime? {
        switch stage {
        case .toAssign, .toPrepare: return .trial
        case .ready: return now < (assignment?.held(around: letter.span) ?? letter.span).start ? .trial : .occasion
        case .inService: return .occasion
        case .toEvaluate, .closed: return .over
        default: return nil
        }
    }

    /// Minutes on air, of all airings.
    public var airMinutes: Int { airings.reduce(0) { $0 + $1.span.length.wholeMinutes } }
    public var viewerMinutes: Int { airings.reduce(0) { $0 + $1.viewerMinutes } }
    public var peakAudience: Int { airings.map(\.peak).max() ?? 0 }
    public var interruptions: Int { airings.reduce(0) { $0 + $1.interruptions } }

    /// How many watched in the mean of all minutes on air.
    public var averageAudience: Int {
        guard let only = airings.first else { return 0 }
        guard airings.count > 1, airMinutes > 0 else { return only.average }
        return (viewerMinutes + airMinutes / 2) / airMinutes
    }
}
