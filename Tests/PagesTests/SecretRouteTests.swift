// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// Secret letters: who opens them, and what everybody else's lists show.
@Suite struct SecretRouteTests {
    let office: OfficeFixture
    let matter: Matter
    /// Words that nobody else may read.
    let title = "สอบสวนข้อเท็จจริงเรื่องเก้าอี้หาย"
    let unit = "คณะเก้าอี้ศาสตร์"
    let place = "ห้องสอบสวนกลาง"
    let others = [Samples.malee, Samples.narong, Samples.prasert]

    init() async throws {
        office = try await OfficeFixture()
        var letter = Samples.letter()
        (letter.title, letter.unit, letter.place) = (title, unit, place)
        letter.reference = "กส 77/2569"
        var matter = try await office.matter(at: .toRegister, letter: letter)
        let classified = Classification(origin: .internal, service: .meeting, secrecy: .secret)
        let notice = NetworkNotice(megabitsPerSecond: 20)
        let acts: [(Act, Role)] = [
            (.register(classified, papers: Samples.allPapers), .secretariat), (.submit, .secretariat),
            (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
            (.notifyNetwork(notice, note: ""), .officer), (.link("https://meet.example/j/77"), .officer),
        ]
        for (act, role) in acts {
            matter = try await office.cabinet.perform(
                act, on: matter.id, by: Samples.hand(role), at: Samples.now, seen: nil, contact: nil, lateReason: "",
                once: nil)
        }
        self.matter = matter
    }

    @Test func onlyThoseWhoHaveItInHandOpenTheFolder() async throws {
        let path = "/matters/\(matter.id)"
        for person in [Samples.somsri, Samples.wichai, Samples.anan] {
            let page = try await office.get(path, as: person)
            #expect(page.status == 200 && page.text.contains(title), "\(person.username)")
        }
        for person in others {
            for below in ["", "/preparation"] {
                let page = try await office.get(path + below, as: person)
                #expect(page.status == 403, "\(person.username) \(below)")
                #expect(page.text.contains("เรื่องนี้มีชั้นความลับ"))
                for word in [title, unit, place] { #expect(!page.text.contains(word)) }
            }
        }
        #expect(try await office.get(path + "/service", as: Samples.malee).status == 403)
        #expect(try await office.post(path + "/opening", ["once": "a"], as: Samples.malee).status == 403)
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func listsShowThatSomethingIsBookedAndNotWhat() async throws {
        let day = "2026-11-30"
        let lists = [
            "/desk", "/matters", "/matters?ids=\(matter.id)&of=x", "/calendar", "/calendar?view=week&at=\(day)",
            "/calendar?view=day&at=\(day)", "/watch", "/inbox", "/register/incoming", "/register/incoming.csv",
            "/reports/2569-11", "/reports/2569-11.csv",
        ]
        var shown: [Person: Set<String>] = [:]
        for person in others {
            for path in lists {
                let page = try await office.get(path, as: person)
                guard page.status == 200 else { continue }
                for word in [title, unit, "77/2569", "meet.example"] {
                    #expect(!page.body.contains(word), "\(person.username) \(path) \(word)")
                }
                let watches = person == Samples.narong
                #expect(watches || !page.body.contains(place), "\(person.username) \(path)")
                if page.body.contains("เรื่องลับ") { shown[person, default: []].insert(path) }
            }
        }
        let everybody = Set(lists.filter { $0.hasPrefix("/matters") || $0.hasPrefix("/calendar") })
        #expect(shown[Samples.malee] == everybody.union(["/watch"]))
        #expect(shown[Samples.narong] == everybody.union(["/desk", "/watch"]))
        #expect(shown[Samples.prasert] == everybody.union(["/register/incoming", "/register/incoming.csv"]))
        for path in ["/matters", "/calendar", "/register/incoming"] {
            #expect(try await office.get(path, as: Samples.somsri).text.contains(title), "\(path)")
        }
        #expect(try await office.get("/matters", as: Samples.anan).text.contains(title))
    }

    @Test func nothingIsFoundByTheWordsOfWhatMayNotBeRead() async throws {
        let word = OfficeFixture.encoded("เก้าอี้หาย")
        func finds(_ path: String, _ person: Person) async throws -> Bool {
            try await office.get(path, as: person).body.contains("/matters/\(matter.id)\"")
        }
        #expect(try await finds("/matters?text=\(word)", Samples.somsri))
        #expect(try await finds("/register/incoming?q=\(word)", Samples.somsri))
        #expect(try await !finds("/matters?text=\(word)", Samples.malee))
        #expect(try await !finds("/register/incoming?q=\(word)", Samples.prasert))
        #expect(try await finds("/matters", Samples.malee))
    }

    @Test func theNetworkSectionIsToldWhenAndWhereAndAcknowledges() async throws {
        for errand in try await office.cabinet.errands(of: matter.id) where errand.errand.kind == .networkNotice {
            _ = try await office.cabinet.deliver(
                [Handing(errand.errand.id, to: [Samples.narong.id], isLate: false)], at: Samples.now)
        }
        let inbox = try await office.get("/inbox", as: Samples.narong)
        #expect(inbox.text.contains("เรื่องลับ") && inbox.text.contains(place))
        #expect(!inbox.text.contains(title))
        let board = try await office.get("/watch", as: Samples.narong)
        #expect(board.text.contains("เรื่องลับ") && board.text.contains(place))
        let wall = try await office.get("/watch?wall=1", as: Samples.somsri)
        #expect(wall.text.contains("เรื่องลับ") && !wall.text.contains(title))
        let done = try await office.post(
            "/matters/\(matter.id)/network", ["once": "n", "back": "/watch"], as: Samples.narong)
        #expect(done.status == 303)
        #expect(try await office.now(matter.id).networkAcknowledgedAt != nil)
    }
}
