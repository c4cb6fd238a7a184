// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("ปุ่มที่แต่ละบทบาทเห็น")
struct OfferTests {
    // swift-format-ignore
    static let table: [(Stage, Role, [Act.Name])] = [
        (.letterAwaited, .requester,   [.receive]),
        (.toRegister,    .secretariat, [.register, .returnForCompletion, .withdraw]),
        (.toRegister,    .requester,   [.withdraw]),
        (.toRegister,    .executive,   []),
        (.toComplete,    .requester,   [.complete, .withdraw]),
        (.toSubmit,      .secretariat, [.submit, .amend, .withdraw, .void]),
        (.toDecide,      .executive,   [.approve, .decline]),
        (.toDecide,      .officer,     []),
        (.toReturn,      .secretariat, [.sendBack]),
        (.toAssign,      .secretariat, [.assign, .amend, .withdraw]),
        (.toPrepare,     .officer,     [.tick, .untick, .notifyNetwork, .link, .override]),
        (.toPrepare,     .network,     []),
        (.toPrepare,     .secretariat, [.assign, .link, .amend, .withdraw]),
        (.ready,         .officer,     [.untick, .notifyNetwork, .link, .open]),
        (.inService,     .officer,     [.link, .logIncident, .end]),
        (.inService,     .network,     [.logIncident]),
        (.toEvaluate,    .requester,   [.evaluate]),
        (.toEvaluate,    .sanyan,      [.lapse, .air, .meet]),
        (.toEvaluate,    .secretariat, []),
    ]

    @Test("ตามตาราง", arguments: table.indices)
    func offered(_ index: Int) {
        let (stage, role, expected) = Self.table[index]
        #expect(offers(Samples.matter(at: stage), to: [role]) == expected, "\(stage) \(role)")
    }

    @Test("งานเครือข่ายเห็นปุ่มรับทราบเมื่อได้รับแจ้งแล้วและยังไม่ได้รับทราบ")
    func acknowledging() {
        #expect(offers(ground(.toPrepare, for: .acknowledgeNetwork), to: [.network]) == [.acknowledgeNetwork])
        #expect(offers(Samples.matter(at: .ready), to: [.network]) == [])
    }

    @Test("เรื่องที่จบแล้วไม่มีปุ่ม", arguments: Stage.allCases.filter(\.isFinal))
    func nothingAtAnEnd(_ stage: Stage) {
        // What the studio tells late is no button of anybody's.
        #expect(offers(Samples.matter(at: stage), to: Set(Role.allCases).subtracting([.sanyan])) == [])
    }

    @Test("ผู้ดูแลระบบไม่มีปุ่มเดินเรื่อง", arguments: Stage.allCases)
    func administratorsHaveNone(_ stage: Stage) {
        #expect(offers(Samples.matter(at: stage), to: [.administrator]) == [])
    }

    @Test("ทุกปุ่มที่เสนอ กดแล้วไม่ถูกบอกว่าผิดขั้นหรือผิดบทบาท", arguments: Stage.allCases)
    func offersAreHonest(_ stage: Stage) {
        for role in Role.allCases {
            for name in offers(Samples.matter(at: stage), to: [role]) {
                let matter = ground(stage, for: name)
                switch refusal(
                    decideSample(act(name, for: matter, at: Samples.now), in: matter, by: Samples.hand(role)))
                {
                case .notNow, .notYourRole: Issue.record("\(role) was offered \(name) at \(stage)")
                default: break
                }
            }
        }
    }
}
