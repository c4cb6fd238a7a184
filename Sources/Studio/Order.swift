// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS

/// What the desk, or the officer at the console through it, asks of a running studio. One line of JSON each.
public enum Order: Codable, Hashable, Sendable {
    /// Opens a broadcast, or changes what it is to be. A key that is no longer in the plan drops its publisher.
    case put(Plan)
    /// Nothing more will come: the playlist ends, the audience is thanked, the figures are told.
    case close(name: String)
    /// On air, or off it, whoever publishes.
    case air(name: String, isOn: Bool)
    /// Shows this picture instead of the publisher's; nil goes back to what comes in.
    case slate(name: String, Slate?)
    /// A marker in the stream, now.
    case mark(name: String, text: String)
    /// A line of live captions.
    case caption(name: String, text: String)
    /// Lets the publisher go, so that another can come.
    case drop(name: String)
    /// What becomes of something the audience wrote.
    case judge(name: String, remark: Int, Verdict)
    /// The office writes to the audience.
    case say(name: String, text: String)
    /// Makes a new file of a recording from `from` to `to`, in milliseconds of its own time, without encoding anew.
    case trim(name: String, recording: String, from: Int64, to: Int64)
    /// Deletes a recording for good.
    case erase(name: String, recording: String)
    /// Opens a meeting, or changes what it is to be. Who is inside stays.
    case meeting(MeetingPlan)
    /// A meeting is over: everybody goes, and what it came to is told.
    case closeMeeting(name: String)
    /// A meeting that is over needs not be known any more: its room goes, and what people brought into it. Its recordings
    /// stay on the disk.
    case withdrawMeeting(name: String)
    /// What a meeting that is over wrote down of its people goes: its event logs.
    case forgetMeeting(name: String)
    /// Everybody who waits in a meeting's lobby is let in.
    case admitAll(name: String)
    /// Nobody is let into a meeting any more, or people are again.
    case lockMeeting(name: String, isLocked: Bool)
    /// A meeting is recorded, or not any more; as when a host asks for it.
    case recordMeeting(name: String, isOn: Bool)
    /// A meeting is put on air as `speaker`, `side`, `grid` or `one`, or taken off it; as when a host asks for it.
    case airMeeting(name: String, isOn: Bool, layout: String)
    /// Makes one film of a meeting's recording, laid out so.
    case composeMeeting(name: String, recording: String, layout: String)
    /// Deletes a meeting's recording for good.
    case eraseMeeting(name: String, recording: String)
    /// Asks for `Bulletin.state` of every broadcast and `Bulletin.meeting` of every meeting now.
    case report
}

/// A picture with sound that stands in for the publisher's.
public enum Slate: String, Codable, Hashable, Sendable, CaseIterable {
    /// Colour bars and a tone.
    case testCard
    /// "เดี๋ยวกลับมา", with quiet.
    case backSoon
}

/// What becomes of a remark.
public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable { case show, hide, answered }

/// What the studio tells the desk. One line of JSON each.
public enum Bulletin: Codable, Hashable, Sendable {
    /// The first line: where encoders and viewers come.
    case hello(Doors)
    /// How a broadcast is, about once a second while anything happens in it.
    case state(State)
    /// Its first picture went on air, in milliseconds since 1970.
    case opened(name: String, at: Int64)
    /// It is over, with its last state.
    case ended(State)
    /// How a meeting is, every two seconds while anything changes in it.
    case meeting(MeetingState)
    /// The first person came in, in milliseconds since 1970.
    case meetingOpened(name: String, at: Int64)
    /// A meeting is over, with what it came to.
    case meetingEnded(MeetingReport)
    /// Somebody tried out their devices and their line at a meeting's door.
    case meetingChecked(name: String, DeviceCheck)
    /// An order could not be carried out, with the sentence in Thai and English.
    case refused(Order, thai: String, english: String)

    /// The doors that are really open; a door that is not has port 0.
    public struct Doors: Codable, Hashable, Sendable {
        public var http: Int
        public var https: Int
        public var rtmp: Int
        public var rtmps: Int
        public var srt: Int
        /// Where the media of meetings comes and goes.
        public var udp: Int

        /// Doors at these ports.
        public init(http: Int, https: Int = 0, rtmp: Int, rtmps: Int = 0, srt: Int = 0, udp: Int = 0) {
            (self.http, self.https, self.rtmp, self.rtmps, self.srt) = (http, https, rtmp, rtmps, srt)
            self.udp = udp
        }

        /// Reads what a studio of another version wrote.
        public init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            http = try box.decode(Int.self, forKey: .http)
            https = try box.decode(Int.self, forKey: .https)
            rtmp = try box.decode(Int.self, forKey: .rtmp)
            rtmps = try box.decode(Int.self, forKey: .rtmps)
            srt = try box.decode(Int.self, forKey: .srt)
            udp = try box.decodeIfPresent(Int.self, forKey: .udp) ?? 0
        }
    }
}

/// Everything that is known of a broadcast at one moment, for the console and the desk.
public struct State: Codable, Hashable, Sendable {
    /// Where it stands.
    public enum Phase: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody publishes.
        case awaited
        /// Somebody publishes and only the console sees it.
        case rehearsing
        /// The audience sees the publisher.
        case onAir
        /// The audience sees a slate.
        case slated
        /// It is over.
        case ended
    }

    /// What is wrong, in words.
    public struct Complaint: Codable, Hashable, Sendable {
        public var code: String
        public var thai: String
        public var english: String
        public init(_ fault: Fault) { (code, thai, english) = (fault.code, fault.thai, fault.english) }
    }

    /// One more picture or sound that comes in or is made here.
    public struct Track: Codable, Hashable, Sendable {
        /// `v0`, `a0`: the stem of its playlist.
        public var id: String
        public var codecs: String
        public var width: Int
        public var height: Int
        public init(id: String, codecs: String, width: Int, height: Int) {
            (self.id, self.codecs, self.width, self.height) = (id, codecs, width, height)
        }

        init(_ source: Source, _ format: FMP4.Track.Format) {
            id = (source.isPicture ? "v" : "a") + String(source.number)
            switch format {
            case .video(let video): (codecs, width, height) = (video.codecs, video.width, video.height)
            case .audio(let audio): (codecs, width, height) = (audio.codecs, 0, 0)
            }
        }
    }

    /// Something beside the stream that works or does not: a restream, the ladder.
    public struct Companion: Codable, Hashable, Sendable {
        public enum Condition: String, Codable, Hashable, Sendable, CaseIterable {
            case resting, starting, working, waiting
        }
        public var name: String
        public var condition: Condition
        /// Why it waits; empty while all is well.
        public var reason: String
        public init(name: String, condition: Condition, reason: String = "") {
            (self.name, self.condition, self.reason) = (name, condition, reason)
        }
    }

    /// Loudness after EBU R 128, in hundredths of LUFS; nil before there is any.
    public struct Loudness: Codable, Hashable, Sendable {
        public var momentary: Int?
        public var shortTerm: Int?
        public var integrated: Int?
        /// In hundredths of dBTP (here: of the highest sample).
        public var peak: Int?
        public init(momentary: Int? = nil, shortTerm: Int? = nil, integrated: Int? = nil, peak: Int? = nil) {
            (self.momentary, self.shortTerm, self.integrated, self.peak) = (momentary, shortTerm, integrated, peak)
        }
    }

    /// How the line to the encoder does, where its protocol says so (SRT); packets count since it connected.
    public struct Line: Codable, Hashable, Sendable {
        /// There and back.
        public var roundTripMilliseconds: Int
        /// How long packets are held back, so that lost ones can be sent again.
        public var latencyMilliseconds: Int
        public var packets: Int64
        /// Packets that were missing at first; nearly all are sent again in time.
        public var lost: Int64
        /// Packets that never came, or too late.
        public var missing: Int64
        public init(
            roundTripMilliseconds: Int, latencyMilliseconds: Int, packets: Int64, lost: Int64, missing: Int64
        ) {
            (self.roundTripMilliseconds, self.latencyMilliseconds) = (roundTripMilliseconds, latencyMilliseconds)
            (self.packets, self.lost, self.missing) = (packets, lost, missing)
        }

        /// Hundredths of a per cent of all packets that were missing at first.
        public var lossBasisPoints: Int { packets + lost > 0 ? Int(clamping: lost * 10_000 / (packets + lost)) : 0 }
    }

    /// A recording on the disk.
    public struct Recording: Codable, Hashable, Sendable {
        /// Its file's name without a folder.
        public var file: String
        public var bytes: Int64
        public var milliseconds: Int64
        /// When it began, in milliseconds since 1970.
        public var startedAt: Int64
        public var isOpen: Bool
        public init(file: String, bytes: Int64, milliseconds: Int64, startedAt: Int64, isOpen: Bool) {
            (self.file, self.bytes, self.milliseconds) = (file, bytes, milliseconds)
            (self.startedAt, self.isOpen) = (startedAt, isOpen)
        }
    }

    /// Something the audience wrote.
    public struct Remark: Codable, Hashable, Sendable {
        public enum Standing: String, Codable, Hashable, Sendable { case waiting, shown, hidden, answered }
        public var number: Int
        public var from: String
        public var text: String
        public var isQuestion: Bool
        public var isOffice: Bool
        public var at: Int64
        public var standing: Standing
        public init(
            number: Int, from: String, text: String, isQuestion: Bool, isOffice: Bool, at: Int64, standing: Standing
        ) {
            (self.number, self.from, self.text, self.isQuestion) = (number, from, text, isQuestion)
            (self.isOffice, self.at, self.standing) = (isOffice, at, standing)
        }
    }

    public var name: String
    public var phase = Phase.awaited
    /// The officer put it on air (or the plan does so by itself).
    public var isOnAir = false
    /// Somebody publishes.
    public var isReceiving = false
    public var slate: Slate?
    /// Since when it does, in milliseconds since 1970.
    public var receivingSince: Int64?
    /// `OBS 29.0.2 · RTMP`, as the publisher names itself.
    public var publisher = ""
    public var tracks: [Track] = []
    public var bitsPerSecond: Int64 = 0
    /// Pictures per second, in thousandths.
    public var milliPictures: Int64 = 0
    public var keyFrameMilliseconds: Int64?
    /// Nil where the protocol says nothing of it.
    public var line: Line?
    public var loudness = Loudness()
    /// Frames that could not be used or were missing.
    public var drops = 0
    public var complaints: [Complaint] = []

    /// When its first picture went on air and when it was over, in milliseconds since 1970.
    public var openedAt: Int64?
    public var endedAt: Int64?
    public var viewers = 0
    public var peak = 0
    /// The mean of the audience over the minutes on air.
    public var average = 0
    public var viewerMinutes: Int64 = 0
    /// The highest audience of each minute since it was opened.
    public var curve: [Int] = []
    public var interruptions = 0
    public var markers: [String] = []

    public var helpers: [Companion] = []
    public var recordings: [Recording] = []
    /// Free bytes on the recordings' disk; nil when it is not known.
    public var freeBytes: Int64?
    /// The newest remarks, at most 100.
    public var remarks: [Remark] = []

    /// A broadcast of which nothing is known.
    public init(name: String) { self.name = name }
}
