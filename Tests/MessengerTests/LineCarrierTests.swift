// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Messenger
import Rehearsal
import Secure
import Testing

@Suite("LINE: ถึงครั้งเดียว แม้คำตอบจะหาย") struct LineCarrierTests {
    @Test("a notice reaches its person, with a key from the first attempt on and a button that acknowledges")
    func reaches() async throws {
        let desk = try await LineDesk()
        try await desk.office(at: "https://office.example.ac.th")
        let (matter, delivery) = try await desk.assigned()
        #expect(try await desk.postman.carryDue() == 1)
        let shown = try #require(await desk.shown.first)
        #expect(await desk.shown.count == 1)
        #expect(shown.to == LineDesk.user)
        #expect(shown.retryKey == NameUUID.text(delivery.id, in: "line"))
        guard case .notice(let notice) = delivery.freight else { throw Refusal.noSuchMatter }
        #expect(shown.postbacks == ["acknowledge/\(notice)"])
        #expect(shown.links == ["https://office.example.ac.th/matters/\(matter.id)/preparation"])
        let thai = "ท่านได้รับมอบหมายงาน เริ่ม จ. 30 พ.ย. 69 09:00 น."
        let english = "You are assigned to an occasion: Monday 30 November 2026, 09:00."
        #expect(shown.altTexts == ["\(thai)\n\(matter.letter.title)\n\(english)"])
        // A template holds 160 letters: the title is what gives way.
        #expect(shown.texts == ["\(thai)\nขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการบ…\n\(english)"])
        let kept = try #require(try await desk.cabinet.delivery(delivery.id))
        #expect(kept.fate == .accepted)
        #expect(kept.reference == "500001")
        #expect(await desk.line.line.withoutRetryKey == 0)
    }

    @Test("a push whose answer is lost is sent again under the same key, and is shown once")
    func lostAnswers() async throws {
        let desk = try await LineDesk()
        let (_, delivery) = try await desk.assigned()
        await desk.line.suffer(.timedOut(wasTaken: true), .cutAfterAcceptance, .unreachable)
        for expected in [Trouble.Kind.timedOut, .unreachable, .unreachable] {
            try await desk.pass(.seconds(30))
            #expect(try await desk.cabinet.delivery(delivery.id)?.trouble?.kind == expected)
            #expect(try await desk.cabinet.delivery(delivery.id)?.fate == nil)
        }
        try await desk.pass(.seconds(30))
        let kept = try #require(try await desk.cabinet.delivery(delivery.id))
        #expect(kept.fate == .acceptedLate)
        #expect(kept.tries == 4)
        // By the number of the request that LINE accepted, which was the first.
        #expect(kept.reference == "request-1")
        #expect(await desk.shown.count == 1)
        let keys = await desk.line.requests.flatMap(\.headers).filter { $0.isNamed("X-Line-Retry-Key") }.map(\.value)
        #expect(keys == Array(repeating: NameUUID.text(delivery.id, in: "line"), count: 4))
    }

    @Test("killed between LINE's acceptance and our record, it is carried once more and shown once")
    func crashAfterAcceptance() async throws {
        let desk = try await LineDesk()
        let (_, delivery) = try await desk.assigned()
        let handed = try await desk.cabinet.handOver([delivery.id], at: desk.post.clock.now)
        guard case .accepted = await desk.carrier.carry(try #require(handed.first), at: desk.post.clock.now)
        else { throw Refusal.noSuchMatter }
        // The program dies here. The next one takes back what was out.
        try await desk.cabinet.takeBackDeliveries(at: desk.post.clock.now)
        let next = LineDesk.postman(desk.post, LineCarrier(cabinet: desk.cabinet, courier: desk.line))
        #expect(try await next.carryDue() == 1)
        #expect(try await desk.cabinet.delivery(delivery.id)?.fate == .accepted)
        #expect(await desk.shown.count == 1)
    }

    @Test("a server that fails is tried again, one that is too busy is left alone a while")
    func failures() async throws {
        let desk = try await LineDesk()
        let (_, delivery) = try await desk.assigned()
        await desk.line.change { $0.failures = [500, 502] }
        for _ in 0..<2 {
            try await desk.pass(.seconds(20))
            #expect(try await desk.cabinet.delivery(delivery.id)?.trouble?.kind == .busy)
        }
        await desk.line.change { $0.perSecond = 0 }
        try await desk.pass(.seconds(30))
        let trouble = try await desk.cabinet.delivery(delivery.id)?.trouble
        #expect(trouble == Trouble(.busy, "The API rate limit has been exceeded. Try again later."))
        await desk.line.change { $0.perSecond = 2000 }
        try await desk.pass(.seconds(60))
        #expect(try await desk.cabinet.delivery(delivery.id)?.fate == .acceptedLate)
    }

    @Test("an expired token is told on the way's page, and what waited goes as soon as a new one is typed")
    func expiredToken() async throws {
        let desk = try await LineDesk()
        let (_, delivery) = try await desk.assigned()
        let now = desk.post.clock.now
        await desk.line.change { $0.tokenUntil = now }
        try await desk.postman.carryDue()
        let said = "Authentication failed due to the following reason: expired token"
        #expect(try await desk.cabinet.delivery(delivery.id)?.trouble == Trouble(.wrongCredentials, said))
        #expect(try await desk.cabinet.way(.line).trouble == Trouble(.wrongCredentials, said))
        #expect(await desk.carrier.probe(for: nil, at: now) == Trouble(.wrongCredentials, said))
        await desk.line.change {
            $0.token = "renewed"
            $0.tokenUntil = nil
        }
        try await desk.setUp(token: "renewed")
        #expect(try await desk.postman.carryDue() == 1)
        #expect(try await desk.cabinet.delivery(delivery.id)?.fate == .accepted)
        #expect(try await desk.cabinet.way(.line).trouble == nil)
    }

    @Test("the month's messages used up: refused with that reason, and the meter says so")
    func quota() async throws {
        let desk = try await LineDesk(LineRehearsal(token: LineDesk.token, quota: 2))
        let now = desk.post.clock.now
        let (_, first) = try await desk.assigned()
        try await desk.postman.carryDue()
        #expect(try await desk.cabinet.delivery(first.id)?.fate == .accepted)
        #expect(
            try await desk.cabinet.lineAccount()
                == LineAccount(
                    name: "สำนักงานตัวอย่าง", basicID: "@123abcde", quota: 2, used: 1, at: desk.post.clock.now))
        await desk.line.change { $0.used = 2 }
        let (_, second) = try await desk.assigned(Samples.letter(inDays: 9))
        try await desk.postman.carryDue()
        let kept = try #require(try await desk.cabinet.delivery(second.id))
        #expect(kept.fate == .refused)
        #expect(kept.trouble == Trouble(.quotaUsed, "You have reached your monthly limit."))
        let account = try #require(try await desk.cabinet.lineAccount())
        #expect(account.usedPercent == 100)
        #expect(account.isLow(at: now))
        #expect(!account.isLow(at: now + .days(31)), "a new month begins with nothing used")
        #expect(await desk.carrier.probe(for: nil, at: now) == Trouble(.quotaUsed, "2/2"))
    }

    @Test("the meter is read once in ten minutes, however many notices go out")
    func meter() async throws {
        let desk = try await LineDesk(LineRehearsal(token: LineDesk.token, quota: 300))
        func ring(_ number: Int) async throws {
            try await desk.cabinet.issue([
                Delivery(
                    id: "trial/\(number)", way: .line, freight: .trial, to: .person(Samples.anan.id), matter: nil,
                    due: desk.post.clock.now)
            ])
        }
        func reads() async -> Int { await desk.line.requests.count { $0.address.hasSuffix("/consumption") } }
        for number in 1...3 { try await ring(number) }
        try await desk.postman.carryDue()
        #expect(await reads() == 1)
        desk.post.clock.set(desk.post.clock.now + .minutes(10))
        try await ring(4)
        try await desk.postman.carryDue()
        #expect(await reads() == 2)
        #expect(try await desk.cabinet.lineAccount()?.used == 4)
        #expect(await desk.shown.last?.texts == ["ทดสอบการแจ้งเตือนทาง LINE สำเร็จ\nThis is a trial: LINE reaches you."])
    }

    @Test("who has blocked the account looks like everybody else; only the check tells")
    func blocked() async throws {
        let desk = try await LineDesk()
        await desk.line.change { $0.blocked = [LineDesk.user] }
        let (_, delivery) = try await desk.assigned()
        try await desk.postman.carryDue()
        #expect(try await desk.cabinet.delivery(delivery.id)?.fate == .accepted)
        #expect(await desk.shown == [])
        let check = Delivery(
            id: "check/5", way: .line, freight: .check, to: .person(Samples.anan.id), matter: nil,
            due: desk.post.clock.now)
        try await desk.cabinet.issue([check])
        try await desk.postman.carryDue()
        #expect(try await desk.cabinet.delivery("check/5")?.trouble?.kind == .gone)
    }

    @Test(
        "an office that keeps everything at home says only that there is a job; a secret matter has no title anywhere")
    func reduced() async throws {
        let desk = try await LineDesk(isReduced: true)
        try await desk.office(at: "https://office.example.ac.th")
        _ = try await desk.assigned()
        try await desk.postman.carryDue()
        let shown = try #require(await desk.shown.first)
        #expect(shown.texts == ["ท่านมีงาน กรุณาเปิดระบบ\nYou have a job: open the app."])
        #expect(shown.altTexts == shown.texts)
        #expect(shown.links == ["https://office.example.ac.th/inbox"])

        var letter = Letter(
            origin: .internal, unit: "คณะวิทยาศาสตร์", title: "เรื่องที่ห้ามบอก", service: .meeting,
            span: Samples.letter().span, place: "ห้องประชุมราชพฤกษ์", expectedAudience: 5)
        letter.remarks = ""
        var matter = Matter(id: .init(9), letter: letter)
        matter.append([
            Entry(
                number: 1,
                fact: .registered(
                    RegisterNumber(number: 1, buddhistYear: 2569),
                    Classification(origin: .internal, service: .meeting, secrecy: .secret), papers: []),
                role: .secretariat, person: nil, at: Samples.now, stage: .toSubmit)
        ])
        let notice = Notice(
            id: .init(1), person: Samples.anan.id, kind: .assignment, matter: matter.id, due: Samples.now,
            at: Samples.now, isLate: false)
        #expect(NoticeText(notice, matter: matter).title == nil)
        #expect(NoticeText(notice, matter: matter).thai == "ท่านได้รับมอบหมายงาน เริ่ม จ. 30 พ.ย. 69 09:00 น.")
    }

    @Test("every kind of notice, with the longest title, keeps LINE's limits")
    func limits() async throws {
        let desk = try await LineDesk()
        try await desk.office(at: "https://office.example.ac.th")
        var letter = Samples.letter()
        letter.title = String(repeating: "ขอความอนุเคราะห์น้ำใจ ", count: 9)
        let matter = try await desk.post.matter(at: .ready, letter: letter)
        try await desk.postman.carryDue()
        desk.post.clock.set(letter.span.start - .minutes(5))
        try await desk.post.outbox.carryDue()
        try await desk.postman.carryDue()
        let carried = try await desk.deliveries(of: matter)
        #expect(carried.map(\.fate).allSatisfy { $0 == .accepted || $0 == .acceptedLate })
        #expect(carried.count == 2)
        #expect(await desk.shown.allSatisfy { $0.texts.allSatisfy { $0.utf16.count <= 160 } })
        #expect(await desk.shown.last?.texts.first?.hasPrefix("(แจ้งล่าช้า) ใกล้ถึงเวลา") == true)
    }

    @Test("nobody is bothered when the way is off, or the person has no account bound")
    func notReached() async throws {
        let desk = try await LineDesk()
        let (_, delivery) = try await desk.assigned()
        try await desk.cabinet.setReach(of: Samples.anan.id, by: .line, to: nil, at: desk.post.clock.now)
        try await desk.postman.carryDue()
        #expect(try await desk.cabinet.delivery(delivery.id)?.trouble == Trouble(.noReach))
        try await desk.setUp(isOn: false)
        #expect(await desk.carrier.carry(delivery, at: desk.post.clock.now) == .never(Trouble(.notSetUp)))
        #expect(await desk.line.requests == [])
    }

    @Test("the trial of the settings says what is wrong, and sends nobody anything")
    func probe() async throws {
        let desk = try await LineDesk()
        try await desk.office(at: "https://office.example.ac.th")
        let ours = "https://office.example.ac.th/hooks/line"
        func probe() async -> Trouble? { await desk.carrier.probe(for: Samples.prasert, at: desk.post.clock.now) }
        #expect(await probe() == Trouble(.notSetUp, "webhook"))
        await desk.line.change { $0.endpoint = ("https://elsewhere.example/", true) }
        #expect(await probe() == Trouble(.notSetUp, "webhook: https://elsewhere.example/ ≠ \(ours)"))
        await desk.line.change { $0.endpoint = (ours, false) }
        #expect(await probe() == Trouble(.notSetUp, "webhook: off"))
        await desk.line.change { $0.endpoint = (ours, true) }
        #expect(await probe() == nil)
        await desk.line.suffer(.unreachable)
        #expect(await probe() == Trouble(.unreachable, "refused"))
        await desk.line.change { $0.failures = [403] }
        #expect(await probe()?.kind == .notAllowed)
        #expect(await desk.shown == [])
        #expect(await desk.line.requests.allSatisfy { $0.method == "GET" && $0.mayStayInside })
    }
}
