// SPDX-License-Identifier: Apache-2.0
import Desk
import Pages
import Rehearsal
import Secure
import Studio
import Testing

@testable import sanyan

/// What the desk decided, in the studio's words.
@Suite struct PlacementTests {
    static let seal = Seal(key: [UInt8](repeating: 7, count: 32))
    static let letter = {
        var letter = Samples.letter(service: .broadcast)
        letter.wantsRecording = true
        return letter
    }()

    static func settled(
        _ settings: AirSettings = AirSettings(), keys: [AirKey] = [AirKey(hash: "aa", from: Samples.now)]
    )
        -> AirPlan
    {
        AirPlan(matter: Matter.ID(1), name: "k7mpx3", keys: keys, ticketKey: "00ff", settings: settings)
    }

    private func plan(
        _ stage: Stage, _ settled: AirPlan = PlacementTests.settled(), letter: Letter = PlacementTests.letter,
        at now: Moment = letter.span.start
    ) -> Placement? {
        Placement(
            settled, of: Samples.matter(at: stage, letter: letter), office: Samples.office, seal: Self.seal,
            titleOfSecrets: "ถ่ายทอดสด", at: now)
    }

    @Test func `what is settled arrives`() throws {
        var settings = AirSettings()
        settings.title = "พิธีไหว้ครู"
        settings.door = .signedIn
        settings.profile = .campus
        settings.second = .takeOver
        settings.rungs = AirRung.allCases
        settings.talk = .questions
        settings.offersFilms = true
        settings.embedders = ["https://lms.example.ac.th"]
        settings.targets = [AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/key")]
        settings.sounds = [AirSound(number: 1, name: "English", language: "en")]
        settings.srtPassphrase = "quite-secret-words"
        let placement = try #require(plan(.inService, Self.settled(settings)))
        var expected = Plan(name: "k7mpx3", title: "พิธีไหว้ครู", keyHashes: ["aa"])
        expected.door = .signedIn
        expected.profile = .campus
        expected.second = .takeOver
        expected.ticketKey = "00ff"
        expected.captionKeyHashes = [Hex.text(Digest.sha256(try #require(Self.settled().captionKey)))]
        expected.offersFilms = true
        expected.rungs = Plan.Rung.allCases
        expected.talk = .questions
        expected.embedders = ["https://lms.example.ac.th", Samples.office.address]
        expected.targets = [Plan.Target(name: "YouTube", address: "rtmps://a.example.com/live2/key")]
        expected.sounds = [Plan.Sound(number: 1, name: "English", language: "en")]
        expected.srtPassphrase = "quite-secret-words"
        expected.airsAtOnce = false
        expected.startsAt = Self.letter.span.start.milliseconds
        #expect(placement.plan == expected)
        #expect(!placement.isOver)
    }

    @Test func `both sides have the same choices`() {
        #expect(AirProfile.allCases.map { Plan.Profile($0) } == Plan.Profile.allCases)
        #expect(AirDoor.allCases.map { Plan.Door($0) } == Plan.Door.allCases)
        #expect(AirRung.allCases.map { Plan.Rung($0) } == Plan.Rung.allCases)
        #expect(AirTalk.allCases.map { Plan.Talk($0) } == Plan.Talk.allCases)
    }

    @Test func `before its time it is a trial that nobody records`() throws {
        let before = Self.letter.span.start - .days(1)
        let trial = try #require(plan(.ready, at: before)).plan
        #expect(trial.isTest)
        #expect(!trial.records)
        let real = try #require(plan(.ready)).plan
        #expect(!real.isTest)
        #expect(real.records)
        #expect(plan(.toDecide) == nil)
        #expect(plan(.withdrawn) == nil)
    }

    @Test func `only what the letter asks for is recorded`() throws {
        var settings = AirSettings()
        settings.records = false
        #expect(try #require(plan(.inService, Self.settled(settings))).plan.records == false)
        #expect(try #require(plan(.inService, letter: Samples.letter(service: .broadcast))).plan.records == false)
    }

    @Test func `a key that has run out is not told, and what is over has none`() throws {
        let now = Self.letter.span.start
        let keys = [AirKey(hash: "new", from: now), AirKey(hash: "old", from: now, until: now + .minutes(1))]
        #expect(try #require(plan(.inService, Self.settled(keys: keys))).plan.keyHashes == ["new", "old"])
        #expect(
            try #require(plan(.inService, Self.settled(keys: keys), at: now + .minutes(1))).plan.keyHashes == ["new"])
        let over = try #require(plan(.toEvaluate, Self.settled(keys: keys)))
        #expect(over.plan.keyHashes == [])
        #expect(over.plan.isOver)
        #expect(over.isOver)
    }

    @Test func `the audience is asked how it was while somebody waits for the answer`() throws {
        let asked = try #require(plan(.toEvaluate)).plan.evaluation
        #expect(asked?.hasPrefix("\(Samples.office.address)/evaluate/") == true)
        #expect(try #require(plan(.inService)).plan.evaluation == nil)
        #expect(try #require(plan(.closed)).plan.evaluation == nil)
    }

    @Test func `a secret letter's title is for nobody outside`() throws {
        var matter = Samples.matter(at: .inService, letter: Self.letter)
        let how = Classification(origin: .internal, service: .broadcast, secrecy: .secret)
        matter.append([
            Entry(
                number: matter.folder.count + 1,
                fact: .registered(RegisterNumber(number: 9, buddhistYear: 2569), how, papers: []), role: .secretariat,
                person: nil, at: Samples.now, stage: .inService)
        ])
        let placement = Placement(
            Self.settled(), of: matter, office: Samples.office, seal: Self.seal, titleOfSecrets: "ถ่ายทอดสด",
            at: Self.letter.span.start)
        #expect(placement?.plan.title == "ถ่ายทอดสด")
    }

    @Test func `figures are the state's, and sound`() throws {
        var state = State(name: "k7mpx3")
        #expect(AirFigures(state, at: Samples.now) == nil)
        state.openedAt = Samples.now.milliseconds
        state.peak = 5
        state.average = 4
        state.viewerMinutes = 99
        state.curve = [3, 7]
        state.interruptions = 2
        let so = try #require(AirFigures(state, at: Samples.now + .minutes(2)))
        #expect(
            so
                == AirFigures(
                    opened: Samples.now, ended: Samples.now + .minutes(2), peak: 7, average: 4, viewerMinutes: 99,
                    curve: [3, 7], interruptions: 2))
        state.endedAt = (Samples.now + .minutes(1)).milliseconds
        #expect(AirFigures(state, at: Samples.now + .days(1))?.ended == Samples.now + .minutes(1))
    }

    @Test func `doors have the addresses that people write`() {
        let settings = StudioLink.Settings(folder: "x")
        var office = Samples.office
        #expect(
            StudioDoors(settings, office: office, open: nil)
                == StudioDoors(viewers: "http://127.0.0.1:8081", rtmp: "rtmp://127.0.0.1/live"))
        office.studioAddress = "https://live.example.ac.th"
        #expect(
            StudioDoors(settings, office: office, open: Bulletin.Doors(http: 9, rtmp: 1936, srt: 8890))
                == StudioDoors(
                    viewers: "https://live.example.ac.th", rtmp: "rtmp://live.example.ac.th:1936/live",
                    srt: "srt://live.example.ac.th:8890"))
        var named = settings
        named.address = "http://[::1]:81"
        let doors = StudioDoors(named, office: office, open: Bulletin.Doors(http: 81, rtmp: 0, rtmps: 444))
        #expect(doors == StudioDoors(viewers: "http://[::1]:81", rtmp: nil, rtmps: "rtmps://[::1]:444/live"))
        #expect(doors.watch("abc", ticket: "T") == "http://[::1]:81/watch/abc?ticket=T")
    }

    @Test func `lines are cut wherever the bytes are`() throws {
        let bytes = Array("one\ntwo\n\nthree\nrest".utf8)
        for cut in 0...bytes.count {
            var reader = LineReader()
            let lines = try reader.take(Array(bytes[..<cut])) + reader.take(Array(bytes[cut...]))
            #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "two", "three"], "cut at \(cut)")
        }
        var reader = LineReader()
        #expect(throws: LineReader.TooLong.self) {
            try reader.take([UInt8](repeating: 7, count: StudioLine.longest + 1))
        }
    }
}
