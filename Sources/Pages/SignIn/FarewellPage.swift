// SPDX-License-Identifier: Apache-2.0

/// Signed out here; the provider is next.
struct FarewellPage: Page {
    static let template = "farewell"
    let frame: Frame
    /// Where one signs out at the provider.
    let address: String

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(isSignedIn: false, path: "/sign-out")
        let words = paper.words(visit)
        let frame = paper.frame(
            visit, title: words("farewell.title"), lead: words("farewell.lead", "มหาวิทยาลัยตัวอย่าง"))
        return [Sample("leaving", FarewellPage(frame: frame, address: "https://sso.example.ac.th/logout"))]
    }
}
