// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Pages

@Test func tmpPictures() throws {
    let paper = try Stationery()
    let sheet = try #require(paper.assets.answer(paper.assets.stylesheet, ifNoneMatch: nil))
    _ = sheet
    let css = Assets.sheet(embeddedText)
    for entry in storybook(paper) where ["preparation", "watch", "service", "inbox", "me", "evaluation-qr"].contains(entry.template) {
        let html = paper.templates.render(entry.sample.page, in: .thai)
            .replacing(/<link rel="stylesheet"[^>]*>/, with: "<style>\(css)</style>")
        try html.write(toFile: "/tmp/svc/\(entry.template)-\(entry.sample.name).html", atomically: true, encoding: .utf8)
    }
}
