// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// An invented meeting for the sample pages.
enum MeetingSamples {
    typealias State = MeetingState

    static let title = "ขอความอนุเคราะห์จัดประชุมสภาวิชาการผ่านระบบออนไลน์ ครั้งที่ 9/2569"
    static let start = SampleOffice.monday + .days(7)
    static let contact = Contact(name: "นางสาวดวงใจ ประสานดี", phone: "ต่อ 2345", mail: "duangjai@example.ac.th")

    static let plan: MeetPlan = {
        var settings = MeetSettings()
        (settings.isLegal, settings.records, settings.keepsDays, settings.quorum) = (true, true, 180, 12)
        settings.agenda = ["เรื่องแจ้งเพื่อทราบ", "รับรองรายงานการประชุม", "เรื่องเพื่อพิจารณา"]
        settings.domains = ["example.ac.th"]
        return MeetPlan(
            matter: Matter.ID(12), name: "m4kz8wq2tu", passKey: String(repeating: "0b", count: 32), settings: settings)
    }()

    static let invitees: [Invitee] = {
        let until = start + .days(1)
        func invitee(_ id: Int64, _ role: MeetRole, _ who: Invitee.Who) -> Invitee {
            Invitee(
                id: .init(id), matter: Matter.ID(12), role: role, who: who, until: until, invitedAt: start - .days(4))
        }
        var sent = invitee(2, .host, .named(name: "รองศาสตราจารย์มานะ ใจกว้าง", mail: "mana@example.ac.th"))
        sent.mailedAt = start - .days(3)
        var back = invitee(4, .speaker, .named(name: "นายวิทยากร ภายนอก", mail: "guest@example.com"))
        back.revokedAt = start - .days(2)
        return [
            invitee(1, .cohost, .contact), sent, invitee(3, .speaker, .named(name: "นางสาวปิติ ยินดีช่วย", mail: "")),
            back, invitee(5, .listener, .anybody), invitee(6, .listener, .forgotten),
            invitee(7, .speaker, .named(name: "นายชูใจ ใส่ใจ", mail: "chujai@example.ac.th")),
        ]
    }()

    /// A matter whose folder says what it takes, seen at a time of its meeting.
    static func matter(_ time: AirTime, isClosed: Bool = false) -> Matter {
        let monday = SampleOffice.monday
        let letter = Letter(
            origin: .internal, unit: "กองบริการการศึกษา", title: title, service: .both,
            span: Span(start: start, end: start + .hours(3)), place: "ห้องประชุมสภาวิชาการ", expectedAudience: 38,
            wantsRecording: true)
        var matter = Matter(id: Matter.ID(12), letter: letter)
        let how = Assignment(
            officers: [.init(1), .init(2)], rooms: [.init(2)], setUpMinutes: 60, tearDownMinutes: 30)
        matter.then(
            .received(revision: 1, documents: [], via: .web, keyingSeconds: nil), .toRegister, .requester, at: monday)
        matter.then(.approved, .toAssign, .executive, at: monday + .hours(26))
        matter.then(
            .assigned(how, checklist: SampleOffice.office.checklist(for: .meeting)), .toPrepare, .secretariat,
            at: monday + .hours(27))
        if time == .trial { return matter }
        matter.then(.overridden, .ready, .officer, at: monday + .days(3))
        if time == .occasion { return matter }
        matter.then(.opened, .inService, .officer, at: start - .minutes(5))
        matter.then(.incidentLogged(.minor), .inService, .officer, at: start + .minutes(41), "ไมโครโฟนห้องประชุมเสียงเบา")
        matter.then(.ended(Summary(audience: 31)), .toEvaluate, .officer, at: start + .hours(3))
        matter.then(.met(MeetFigures(of: sitting)), .toEvaluate, .sanyan, at: start + .hours(3))
        if isClosed {
            matter.then(
                .evaluated(Evaluation(overall: 5, signal: 4, staff: 5)), .closed, .requester, at: start + .hours(5))
        }
        return matter
    }

    static let sitting: Sitting = {
        func stay(_ from: Int, _ to: Int) -> Span { Span(start: start + .minutes(from), end: start + .minutes(to)) }
        return Sitting(
            opened: start - .minutes(12), ended: start + .minutes(168), peak: 5,
            attendance: [
                .init(
                    invitee: .init(2), name: "รองศาสตราจารย์มานะ ใจกว้าง", role: .host, isIdentified: true,
                    stays: [stay(-12, 168)], lossBasisPoints: 4, roundTripMilliseconds: 12, consented: true,
                    consentedAt: start - .minutes(12)),
                .init(
                    invitee: .init(1), name: "นางสาวดวงใจ ประสานดี", role: .cohost, isIdentified: true,
                    stays: [stay(-10, 60), stay(62, 167)], lossBasisPoints: 130, roundTripMilliseconds: 44,
                    interruptions: 1),
                .init(
                    invitee: .init(3), name: "นางสาวปิติ ยินดีช่วย", role: .speaker, isIdentified: true,
                    stays: [stay(2, 150)], lossBasisPoints: 20, roundTripMilliseconds: 31),
                .init(
                    invitee: .init(7), name: "นายชูใจ ใส่ใจ", role: .speaker, isIdentified: true, stays: [stay(5, 165)],
                    roundTripMilliseconds: 25),
                .init(name: "ผู้เข้าร่วมรับฟัง", role: .listener, stays: [stay(30, 90)], roundTripMilliseconds: 60),
            ],
            votes: [
                .init(
                    question: "รับรองรายงานการประชุม ครั้งที่ 8/2569", isSecret: false, isFormal: true, quorum: 3, present: 4,
                    opened: start + .minutes(20), closed: start + .minutes(22),
                    choices: [.init(text: "รับรอง", count: 3), .init(text: "งดออกเสียง", count: 1)],
                    ballots: [.init(name: "นายชูใจ ใส่ใจ", choice: "รับรอง")]),
                .init(
                    question: "เลือกกรรมการสรรหา", isSecret: true, isFormal: true, quorum: 12, present: 4,
                    opened: start + .minutes(90), closed: start + .minutes(95),
                    choices: [.init(text: "เห็นชอบ", count: 4), .init(text: "ไม่เห็นชอบ", count: 0)]),
                .init(
                    question: "พักกี่นาที", isSecret: false, isFormal: false, present: 5, opened: start + .minutes(60),
                    closed: start + .minutes(61), choices: [.init(text: "10", count: 4), .init(text: "15", count: 1)]),
            ],
            marks: [
                .init(at: start, text: "เรื่องแจ้งเพื่อทราบ"), .init(at: start + .minutes(19), text: "รับรองรายงานการประชุม"),
                .init(at: start + .minutes(35), text: "เรื่องเพื่อพิจารณา"),
            ], messages: 42)
    }()

    static func now(_ time: AirTime) -> Desk.Moment {
        switch time {
        case .trial: SampleOffice.monday + .days(3)
        case .occasion: start - .minutes(8)
        case .over: start + .hours(6)
        }
    }

    // MARK: What the studio says

    static let open: State = {
        var state = State(name: plan.name)
        state.phase = .open
        state.openedAt = (start - .minutes(12)).milliseconds
        (state.people, state.speakers, state.waiting, state.hands) = (17, 9, 2, 3)
        (state.peak, state.troubled, state.interruptions, state.groups) = (18, 1, 4, 0)
        (state.hasHost, state.isRecording, state.isOnAir, state.isLocked) = (true, true, true, true)
        state.complaints = [Studio.State.Complaint(.restreamDown("YouTube"))]
        state.recordings = [recording(-9, .init(), isOpen: true)]
        state.freeBytes = 214_000_000_000
        return state
    }()

    /// Nothing is wrong.
    static let quiet: State = {
        var state = open
        (state.waiting, state.troubled, state.complaints, state.isOnAir) = (0, 0, [], false)
        (state.isLocked, state.isRecording) = (false, false)
        return state
    }()

    static let tested: State = {
        var state = State(name: plan.name)
        (state.phase, state.people, state.speakers, state.peak, state.hasHost) = (.open, 2, 2, 2, true)
        state.openedAt = (now(.trial) - .minutes(6)).milliseconds
        return state
    }()

    static let over: State = {
        var state = open
        (state.phase, state.people, state.endedAt) = (.over, 0, (start + .minutes(168)).milliseconds)
        (state.isRecording, state.isOnAir) = (false, false)
        state.recordings = [
            recording(-9, .init()), recording(30, .init(stage: .making, percent: 42)),
            recording(60, .init(stage: .made, percent: 100, file: "film.mp4", bytes: 640_000_000)),
            recording(90, .init(stage: .failed, reason: "ไม่มีพื้นที่พอ · There is no room.")),
        ]
        return state
    }()

    private static func recording(
        _ minutes: Int, _ film: MeetingRecording.Film, isOpen: Bool = false
    ) -> MeetingRecording {
        MeetingRecording(
            name: "20261130T02\((60 + minutes) % 60)00Z", bytes: 1_900_000_000, milliseconds: 1_800_000,
            startedAt: (start + .minutes(minutes)).milliseconds, isOpen: isOpen, film: film)
    }

    static let check: DeviceCheck = {
        var check = DeviceCheck()
        (check.key, check.name) = ("p1", "นายอนันต์ เสียงใส")
        (check.camera, check.microphone, check.speaker, check.height) = (true, true, false, 720)
        (check.upKilobits, check.downKilobits) = (18_400, 92_300)
        (check.roundTripMilliseconds, check.lossPerMille, check.way) = (9, 1, "udp")
        return check
    }()

    /// What else a sample shows.
    enum Turn {
        case usual
        /// All checks but one are done, and that one is late; the form comes back.
        case late
        /// The occasion has begun, is put on air, and is looked at by an officer who is not assigned.
        case begun
        /// The names have been forgotten.
        case forgotten
    }

    static func page(
        _ paper: Stationery, _ time: AirTime, _ sight: MeetingSight, roles: Set<Role> = [.officer],
        _ turn: Turn = .usual
    ) -> MeetingPage {
        let visit = Visit.sample(path: "/matters/12/room")
        let words = paper.words(visit)
        let isOver = time == .over
        var plan = plan
        // Its keeping by law is over, so that its names may go.
        if isOver { plan.settings.isLegal = false }
        if isOver { plan.settings.door = .open }
        plan.settings.isAired = turn == .begun
        var matter = matter(time, isClosed: isOver)
        if turn == .late { matter.thenNearlyReady(but: "meeting-test") }
        if turn == .begun { matter.then(.opened, .inService, .officer, at: start - .minutes(10)) }
        let wrong = ReturnedForm(
            place: "evidence", form: Form(fields: [FormField(name: "check", value: "meeting-test")]),
            error: ErrorRow(field: "check", text: words("meet.nothingMeasured")))
        let scene = MeetingScene(
            matter: matter, plan: plan, doors: ConsoleSamples.doors, sight: sight,
            person: Person(
                id: .init(roles == [.officer] && turn != .begun ? 1 : 9), username: "anan", name: "นายอนันต์ เสียงใส",
                roles: roles),
            ticket: "awzJAAJblIWVgxye57VGMKE", invited: 4,
            sittings: !isOver ? [] : [turn == .forgotten ? sitting.forgotten : sitting],
            officeAddress: "https://sanyan.example.ac.th", now: now(time) + .days(turn == .late ? 5 : 0))
        let drawing = MeetingDrawing(
            scene: scene, phrases: Phrases(words), thai: paper.words(.thai), reckoner: SampleOffice.reckoner,
            once: "once", returned: turn == .late ? wrong : nil)
        var page = drawing.page(
            paper.frame(
                visit, title: words("meet.console"), lead: title,
                scripts: ["enhance.js", "clock.js", "copy.js", "console.js", "inbox.js"]))
        // No studio stands behind a sample: nothing is heard.
        page.livePath = ""
        return page
    }
}
