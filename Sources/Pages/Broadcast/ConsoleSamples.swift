// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// An invented broadcast for the sample pages.
enum ConsoleSamples {
    static let start = SampleOffice.monday + .days(7)
    static let doors = StudioDoors(
        viewers: "https://live.example.ac.th", rtmp: "rtmp://live.example.ac.th/live",
        rtmps: "rtmps://live.example.ac.th/live", srt: "srt://live.example.ac.th:8890")

    static let plan: AirPlan = {
        var settings = AirSettings()
        settings.talk = .questions
        settings.targets = [AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/sample")]
        return AirPlan(
            matter: Matter.ID(12), name: "k7mpx3q9ra",
            keys: [AirKey(hash: String(repeating: "a", count: 64), from: SampleOffice.monday)],
            ticketKey: String(repeating: "07", count: 32), settings: settings)
    }()

    /// A matter whose folder says what it takes, seen at a time of its broadcast.
    static func matter(_ time: AirTime, wantsRecording: Bool = true) -> Matter {
        let monday = SampleOffice.monday
        let letter = Letter(
            origin: .internal, unit: "คณะตัวอย่างศาสตร์",
            title: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู ประจำปีการศึกษา 2569", service: .broadcast,
            span: Span(start: start, end: start + .hours(3)), place: "หอประชุมใหญ่", expectedAudience: 800,
            wantsRecording: wantsRecording)
        var matter = Matter(id: Matter.ID(12), letter: letter)
        let how = Assignment(
            officers: [.init(1), .init(2)], rooms: [.init(2)], setUpMinutes: 60, tearDownMinutes: 30)
        matter.then(
            .received(revision: 1, documents: [], via: .web, keyingSeconds: nil), .toRegister, .requester, at: monday)
        matter.then(.approved, .toAssign, .executive, at: monday + .hours(26))
        matter.then(
            .assigned(how, checklist: SampleOffice.office.checklist(for: .broadcast)), .toPrepare, .secretariat,
            at: monday + .hours(27))
        if time == .trial { return matter }
        matter.then(.overridden, .ready, .officer, at: monday + .days(3))
        matter.then(.opened, .inService, .officer, at: start - .minutes(5))
        if time == .occasion { return matter }
        matter.then(.incidentLogged(.disturbed), .inService, .officer, at: start + .minutes(41), "ภาพค้าง 20 วินาที")
        matter.then(.ended(Summary(audience: 412)), .toEvaluate, .officer, at: start + .hours(3))
        matter.then(.aired(figures), .toEvaluate, .sanyan, at: start + .hours(3))
        return matter
    }

    static let figures = AirFigures(
        opened: start, ended: start + .hours(3), peak: 412, average: 305, viewerMinutes: 54_900, curve: curve,
        interruptions: 1, incidents: 1)

    /// People come quickly, stay, and go at the end.
    static let curve = (0..<180).map { minute in
        min(412, minute * 19, max(3, (180 - minute) * 24)) - (minute * 37 % 29)
    }.map { max(0, $0) }

    static func now(_ time: AirTime) -> Desk.Moment {
        switch time {
        case .trial: SampleOffice.monday + .days(3)
        case .occasion: start + .minutes(72)
        case .over: start + .hours(4)
        }
    }

    // MARK: What the studio says

    static var onAir: State {
        var state = rehearsing
        (state.phase, state.isOnAir) = (.onAir, true)
        state.openedAt = start.milliseconds
        (state.viewers, state.peak, state.average) = (318, 402, 287)
        state.viewerMinutes = 20_664
        state.curve = Array(curve.prefix(72))
        state.interruptions = 1
        state.markers = ["เปิดพิธี", "ประธานกล่าว"]
        state.complaints = [
            State.Complaint(.keyFramesTooFar(seconds: 10)), State.Complaint(.restreamDown("YouTube")),
        ]
        state.keyFrameMilliseconds = 10_000
        state.helpers = [
            State.Companion(name: State.Companion.ladder, condition: .working),
            State.Companion(name: "loudness", condition: .working),
            State.Companion(name: "Facebook", condition: .resting),
            State.Companion(name: "YouTube", condition: .waiting, reason: "ปลายทางไม่รับการเชื่อมต่อ · Connection refused"),
        ]
        state.recordings = [
            State.Recording(
                file: "k7mpx3q9ra-1.mp4", bytes: 2_190_000_000, milliseconds: 4_320_000,
                startedAt: start.milliseconds, isOpen: true),
            State.Recording(
                file: "k7mpx3q9ra-0.mp4", bytes: 41_000_000, milliseconds: 92_000,
                startedAt: (start - .minutes(9)).milliseconds, isOpen: false),
        ]
        state.freeBytes = 214_000_000_000
        state.remarks = [remark(1, "มะลิ", "เสียงเบาไปนิดค่ะ", isQuestion: false, .shown)]
        state.remarks += [
            remark(2, "นิสิตปี 1", "กำหนดการช่วงบ่ายเริ่มกี่โมงครับ <b>?</b>", isQuestion: true, .waiting),
            remark(3, "", "เริ่ม 13.30 น. ค่ะ", isQuestion: false, .shown, isOffice: true),
            remark(4, "ผู้ไม่หวังดี", "ข้อความที่ซ่อนไว้", isQuestion: false, .hidden),
            remark(5, "ครูพี่เลี้ยง", "ขอเอกสารได้ที่ไหน", isQuestion: true, .answered),
        ]
        return state
    }

    static var rehearsing: State {
        var state = State(name: plan.name)
        (state.phase, state.isReceiving) = (.rehearsing, true)
        state.receivingSince = (now(.trial) - .minutes(12)).milliseconds
        state.publisher = "SRT 1.5.1"
        state.tracks = [
            State.Track(id: "v0", codecs: "avc1.64001f", width: 1280, height: 720),
            State.Track(id: "a0", codecs: "mp4a.40.2", width: 0, height: 0),
        ]
        state.bitsPerSecond = 4_180_000
        state.milliPictures = 30_000
        state.keyFrameMilliseconds = 2_000
        state.line = State.Line(
            roundTripMilliseconds: 38, latencyMilliseconds: 120, packets: 412_330, lost: 530, missing: 0)
        state.loudness = State.Loudness(momentary: -1_710, shortTerm: -1_650, integrated: -1_620, peak: -240)
        return state
    }

    private static func remark(
        _ number: Int, _ from: String, _ text: String, isQuestion: Bool, _ standing: State.Remark.Standing,
        isOffice: Bool = false
    ) -> State.Remark {
        State.Remark(
            number: number, from: from, text: text, isQuestion: isQuestion, isOffice: isOffice,
            at: (start + .minutes(10 + number)).milliseconds, standing: standing)
    }
}

extension ConsolePage {
    static func samples(_ paper: Stationery) -> [Sample] {
        let words = paper.words(.thai)
        var slated = ConsoleSamples.onAir
        (slated.phase, slated.slate, slated.isReceiving, slated.complaints) = (
            .slated, .backSoon, false, [State.Complaint(.publisherAway)]
        )
        let refused = StudioSight(
            isThere: true, state: slated,
            refusal: StudioRefusal(thai: "ตัดคลิปไม่ได้: จุดสิ้นสุดอยู่หลังท้ายไฟล์", english: "The end lies behind the file's."))
        let wrong = ReturnedForm(
            place: "evidence", form: Form(fields: [FormField(name: "check", value: "uplink")]),
            error: ErrorRow(field: "check", text: words("console.nothingMeasured")))
        func sight(_ state: State) -> StudioSight { StudioSight(isThere: true, state: state) }
        var ended = ConsoleSamples.onAir
        (ended.phase, ended.isOnAir, ended.isReceiving, ended.complaints) = (.ended, false, false, [])
        ended.endedAt = (ConsoleSamples.start + .hours(3)).milliseconds
        return [
            Sample("trial", sample(paper, .trial, sight(ConsoleSamples.rehearsing))),
            Sample("trial-refused", sample(paper, .trial, sight(ConsoleSamples.rehearsing), returned: wrong, days: 5)),
            Sample("on-air", sample(paper, .occasion, sight(ConsoleSamples.onAir))),
            Sample("slated", sample(paper, .occasion, refused)),
            Sample("network", sample(paper, .occasion, sight(ConsoleSamples.onAir), roles: [.network])),
            Sample("over", sample(paper, .over, sight(ended))),
            Sample("away", sample(paper, .occasion, .away)),
        ]
    }

    private static func sample(
        _ paper: Stationery, _ time: AirTime, _ sight: StudioSight, roles: Set<Role> = [.officer],
        returned: ReturnedForm? = nil, days: Int = 0
    ) -> ConsolePage {
        let visit = Visit.sample(path: "/matters/12/console")
        var matter = ConsoleSamples.matter(time)
        if days > 0 { matter.thenNearlyReady(but: "uplink") }
        let scene = ConsoleScene(
            matter: matter, plan: ConsoleSamples.plan, doors: ConsoleSamples.doors, sight: sight, roles: roles,
            ticket: "awzJAAJblIWVgxye57VGMKE", now: ConsoleSamples.now(time) + .days(days))
        let drawing = ConsoleDrawing(
            scene: scene, phrases: Phrases(paper.words(visit)), thai: paper.words(.thai), names: SampleOffice.names,
            reckoner: SampleOffice.reckoner, once: "once", code: { _ in ServicePage.sampleCode.html },
            returned: returned)
        var page = drawing.page(
            paper.frame(
                visit, title: paper.words(visit)("console.title"), lead: matter.letter.title,
                scripts: ["enhance.js", "clock.js", "copy.js", "console.js", "inbox.js"]))
        // No studio stands behind a sample: its frame stays empty.
        page.preview?.address = "about:blank"
        return page
    }
}
