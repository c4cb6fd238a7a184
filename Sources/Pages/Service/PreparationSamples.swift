// SPDX-License-Identifier: Apache-2.0

import Desk

extension PreparationPage {
    static func samples(_ paper: Stationery) -> [Sample] {
        [
            Sample(
                "half-way",
                sample(paper, matter: .inPreparation, offers: [.tick, .untick, .notifyNetwork, .link, .override])),
            Sample("ready", sample(paper, matter: .ready, offers: [.untick, .notifyNetwork, .link, .open])),
            Sample("not-assigned", sample(paper, matter: .notAssigned, offers: [])),
            Sample("not-told", sample(paper, matter: .notTold, offers: [.untick, .notifyNetwork, .link, .override])),
            Sample("refused", refused(paper)),
        ]
    }

    private static func sample(
        _ paper: Stationery, matter: SampleOccasion, offers: [Act.Name], returned: ReturnedForm? = nil
    ) -> PreparationPage {
        let visit = Visit.sample(path: "/matters/12/preparation")
        let folder = matter.matter
        let drawing = PreparationDrawing(
            matter: folder, offers: offers, names: SampleOffice.names, reckoner: SampleOffice.reckoner,
            phrases: Phrases(paper.words(visit)), now: matter.now, once: "once", returned: returned)
        return drawing.page(
            paper.frame(
                visit, title: paper.words(visit)("preparation.title"), lead: folder.letter.title,
                scripts: ["enhance.js"]))
    }

    /// Too late, without evidence, with a picture that came along the first time.
    private static func refused(_ paper: Stationery) -> PreparationPage {
        let words = paper.words(.thai)
        let form = Form(fields: [
            FormField(name: "value", value: "<b>-16 LUFS</b>"), FormField(name: "note", value: "ลำโพงซ้ายเบากว่าขวา"),
        ])
        let returned = ReturnedForm(
            place: "uplink", form: form,
            error: ErrorRow(field: "check-uplink", text: Refusal.evidenceMissing.sentence(words)),
            kept: [KeptRow(SampleMatter.photo, token: "kept-mark", words)])
        return sample(
            paper, matter: .lastCheckLate, offers: [.tick, .untick, .notifyNetwork, .link, .override],
            returned: returned)
    }
}
