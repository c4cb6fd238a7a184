// SPDX-License-Identifier: Apache-2.0

// Pages (หน้าเว็บ): what people see in a browser. How to add a page, in six steps:
//
//  1. `Templates/decision.html` starts `{{<layout}}{{$main}}` and ends `{{/main}}{{/layout}}`. Tags are properties:
//     `{{name}}`, `{{#rows}}…{{/rows}}`, `{{^rows}}…{{/rows}}`, `{{#note}}…{{/note}}` for an optional (use nil for
//     "nothing": an empty string counts as something). Parts: `{{> parts/chip}}`. `{{{x}}}` only for `Markup`.
//  2. Fixed words in a template are `{{t.decision.approve}}`: the key is looked up in `Words/th.json` and `en.json`
//     when the program starts, once per language; a key that is not there stops the start (and the tests).
//  3. `DecisionPage.swift`: `struct DecisionPage: Page { static let template = "decision"; let frame: Frame; … }` of
//     finished strings, flags and arrays of row structs, and `static func samples(_ paper: Stationery) -> [Sample]`
//     that fills every array and every optional at least once. Add its name to `allPages` in `AllPages.swift`.
//  4. Words with values come from Swift: `words("decision.number", number)`; the text says `{1}`, `{2}`, …
//     Keys are written as literals, or end in an interpolation: `words("stage.\(stage.rawValue)")`.
//  5. A route is one line in `Site.swift`; its closure gets a `Visit` (language, who is signed in) and answers with
//     `paper.show(DecisionPage(frame: paper.frame(visit, title: words("decision.title")), …), to: visit)`,
//     with `.seeOther("/matters/12")` after a POST, or throws: `Sentence` (for the person; `Refusal` is spoken too), `HTTPError(.notFound)`,
//     `Mishap`; anything else becomes a page with a reference number, and the details go to the log.
//  6. A form is read by `try await Form.read(request)` or, with files, `Form.read(request, shelf: shelf)`. Show the page
//     again with `form.text("title")`. A page that streams answers with `Response.live(events)`.
//
// One CSS file per thing in `Styles/`, each inside its `@layer`; scripts are ES modules in `Scripts/`, named by
// `frame.scripts`. Everything is embedded in the binary. See the storybook at `/storybook`.
