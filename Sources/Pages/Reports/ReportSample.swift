// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/reports/2569-10")
        let words = paper.words(visit)
        func figure(_ name: String, _ value: String, _ link: String? = "/matters?ids=1,2") -> Figure {
            Figure(name: name, value: value, link: link)
        }
        let remark = FieldRow(
            "remarks", words("report.remarks"), .area, value: "ควรจัดหากล้องสำรอง", hint: words("report.remarksHint"),
            error: words("report.fault.alreadyAcknowledged"), isRequired: false)
        let page = ReportPage(
            frame: paper.frame(
                visit, title: words("report.title", "ตุลาคม 2569"), lead: words("report.drawn", "จ. 2 พ.ย. 69 08:30 น.")),
            errors: ErrorSummary([remark]), state: ChipRow(.due, words("report.state.drafted")),
            preliminary: words("report.undrafted"), isEmpty: false,
            figures: [
                figure(words("report.matters"), "24"), figure(words("report.served"), "21"),
                figure(words("report.hours"), "53.0"), figure(words("report.audience"), "1,092"),
                figure(words("report.incidents"), "0", nil),
                figure(words("report.satisfaction"), "4.4"),
            ],
            charts: [ChartRow(name: "weeks", heading: words("report.chart.weeks"), svg: sampleChart)],
            tables: [
                CountTable(
                    title: words("report.byService"), column: words("report.count"),
                    rows: [figure(words("service.meeting"), "8"), figure(words("service.both"), "0", nil)]),
                CountTable(
                    title: words("report.byUnit"), column: words("report.count"),
                    rows: [figure("คณะวิทยาศาสตร์", "9"), figure("กองกิจการนิสิต", "6")]),
            ],
            limits: [
                LimitsRow(
                    step: words("step.registration"), limit: "ไม่เกิน 5 นาที", count: figure("", "23"), median: "4 นาที",
                    ninetieth: "5 นาที", percent: "100.0%", isKept: true, late: figure("", "0", nil)),
                LimitsRow(
                    step: words("step.decision"), limit: "ไม่เกิน 24 ชั่วโมง", count: figure("", "23"), median: "15 ชั่วโมง",
                    ninetieth: "1 วัน 4 ชั่วโมง", percent: "78.3%", isKept: false, late: figure("", "5")),
            ],
            late: [
                LateRow(
                    matter: "7/2569 ขอใช้ห้องประชุมออนไลน์", path: "/matters/7", step: words("step.decision"),
                    by: "4 ชั่วโมง 48 นาที", reason: "ผู้บริหารเดินทางไปราชการต่างจังหวัด")
            ],
            loads: [LoadRow(name: "นายอนันต์ เสียงใส", count: figure("", "11"), hours: "24.7")],
            signatures: [PairRow(words("report.draftedAt"), "จ. 2 พ.ย. 69 08:30 น.")], remarks: nil,
            acts: Acts(remark: remark, canPresent: true, canAcknowledge: false), path: "/reports/2569-10",
            earlier: "/reports/2569-09", later: "/reports/2569-11")
        let read = ReportPage(
            frame: page.frame, errors: nil, state: ChipRow(.approved, words("report.state.presented")),
            preliminary: nil,
            isEmpty: true, figures: page.figures, charts: [], tables: [], limits: [], late: [], loads: [],
            signatures: page.signatures, remarks: "ควรจัดหากล้องสำรอง",
            acts: Acts(remark: nil, canPresent: false, canAcknowledge: true), path: page.path, earlier: nil, later: nil)
        return [Sample("drafted", page), Sample("presented", read)]
    }

    private static let sampleChart = Markup(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 60" class="chart" role="img" aria-label="8">\
        <rect class="bar" x="200" y="4" width="300" height="22"/><text x="192" y="20" text-anchor="end">1–7</text>\
        <text x="506" y="20">8</text></svg>
        """)
}
