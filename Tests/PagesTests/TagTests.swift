// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Pages

/// A misspelt tag shows nothing, so every tag of every template has to be a stored property of what fills it.
@Suite struct TagTests {
    let paper: Stationery
    let templates = Templates.named(embeddedText)

    init() throws { paper = try Stationery() }

    @Test func everyTagIsAProperty() {
        let everybody = storybook(paper).map { $0.sample.page as Any }
        for page in allPages {
            let samples = page.samples(paper).map(\.page)
            #expect(samples.allSatisfy { type(of: $0) == page }, "\(page) has samples of another page")
            var walk = TagWalk(templates: templates, page: "\(page)", everybody: everybody)
            walk.read(page.template, in: [samples.map { $0 as Any }])
            #expect(walk.faults == [])
        }
    }

    @Test func theTestItselfFindsFaults() {
        struct Row { let name: String }
        struct Leaf { let title: String; let rows: [Row]; let note: String?; let isOn: Bool }
        let samples: [Any] = [Leaf(title: "a", rows: [Row(name: "b")], note: nil, isOn: true)]
        func faults(_ text: String) -> [String] {
            var walk = TagWalk(
                templates: ["leaf": text, "part": "{{nmae}}", "layout": "{{$main}}{{/main}}"], page: "Leaf")
            walk.read("leaf", in: [samples])
            return walk.faults
        }
        #expect(faults("{{title}}{{#rows}}{{name}}{{title}}{{/rows}}{{#isOn}}{{title}}{{/isOn}}{{t.any.word}}") == [])
        #expect(faults("{{titel}}") == ["Leaf, leaf: no property titel"])
        #expect(faults("{{#rows}}{{nome}}{{/rows}}") == ["Leaf, leaf: no property nome"])
        #expect(faults("{{#rows}}{{> part}}{{/rows}}") == ["Leaf, part: no property nmae"])
        #expect(faults("{{> gone}}") == ["Leaf, leaf: no template gone"])
        #expect(faults("{{#note}}{{note}}{{/note}}") == ["Leaf, leaf: no sample fills note"])
        #expect(faults("{{{title}}}") == ["Leaf, leaf: title is shown raw but is no Markup"])
        #expect(faults("{{<layout}}{{$mian}}x{{/mian}}{{/layout}}") == ["Leaf, leaf: layout has no block mian"])
    }

    @Test func everyTemplateBelongsToAPage() {
        let used = Set(allPages.map { $0.template })
        let lone = templates.keys.filter { $0 != "layout" && !$0.hasPrefix("parts/") && !used.contains($0) }
        #expect(lone.sorted() == [])
        #expect(allPages.filter { templates[$0.template] == nil }.map { "\($0)" } == [])
    }

    @Test func everyPageStructIsListedAndHasSamples() throws {
        var names: Set<String> = []
        for (_, source) in try texts(in: "Sources/Pages", endings: [".swift"]) {
            let text = source.replacing(/(?m)^\s*\/\/.*$/, with: "")
            names.formUnion(text.matches(of: /struct (\w+): Page\b/).map { String($0.1) })
        }
        #expect(names.sorted() == allPages.map { "\($0)" }.sorted())
        #expect(allPages.filter { $0.samples(paper).isEmpty }.map { "\($0)" } == [])
        let paths = storybook(paper).map(\.path)
        #expect(Set(paths).count == paths.count)
    }

    /// Rendered pages: no missing words, no tag left, one h1, no inline code that the policy would block.
    @Test func everySampleRendersWhole() {
        for entry in storybook(paper) {
            for language in Language.allCases {
                let html = paper.templates.render(entry.sample.page, in: language)
                #expect(html.hasPrefix("<!doctype html>"), "\(entry.path)")
                #expect(html.matches(of: /⟦[^⟧]*⟧|\{\{[^}]*\}\}/).map { String($0.0) } == [], "\(entry.path)")
                #expect(html.matches(of: /<h1/).count == 1, "\(entry.path)")
                #expect(
                    html.matches(of: /<script(?![^>]*src=)|<style|\sstyle="|\son[a-z]+="/).map { String($0.0) } == [])
                let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
                #expect(Set(ids).count == ids.count, "\(entry.path): an id stands twice")
            }
        }
    }

    @Test func typedMarkupStaysText() throws {
        let page = SpecimenPage.everything(paper, .thai)
        let html = paper.templates.render(page, in: .thai)
        #expect(html.contains("value=\"พิธีไหว้ครู &lt;b&gt;2569&lt;/b&gt;\""))
        #expect(html.contains("ต้องการกล้อง 2 ตัว\n  และไมโครโฟนไร้สาย</textarea>"), "typed lines keep their indentation")
    }

    @Test func brokenTemplatesStopTheStart() {
        var files = embeddedText
        files["Templates/bad.html"] = "{{#rows}}never closed"
        #expect(throws: (any Error).self) { try Stationery(files: files) }
        files["Templates/bad.html"] = "{{t.no.such.key}}"
        #expect(throws: Words.Fault.unknownKey("no.such.key", template: "bad")) { try Stationery(files: files) }
    }
}
