// SPDX-License-Identifier: Apache-2.0

/// Every page there is, one line each, by the alphabet: the storybook shows them, the tests check them.
let allPages: [any Page.Type] = [
    AmendmentPage.self,
    AssignmentPage.self,
    CalendarPage.self,
    AdminPage.self,
    ChecklistsPage.self,
    CompletionPage.self,
    ConsolePage.self,
    CounterPage.self,
    DecisionPage.self,
    DecisionsPage.self,
    DeliveriesPage.self,
    DeskPage.self,
    EntranceFormPage.self,
    EntrancePage.self,
    DriftPage.self,
    ErrorPage.self,
    EvaluatePage.self,
    EvaluationQRPage.self,
    FarewellPage.self,
    HomePage.self,
    HookPage.self,
    InboxPage.self,
    LinksPage.self,
    MailOffPage.self,
    MailPage.self,
    MatterPage.self,
    MattersPage.self,
    MePage.self,
    MeetingPage.self,
    PreparationPage.self,
    RegisterPage.self,
    RegistrationPage.self,
    ReportPage.self,
    ReportsPage.self,
    RequestPage.self,
    ReturnPage.self,
    RolesPage.self,
    ServicePage.self,
    SettingsFormPage.self,
    SeatLinksPage.self,
    SettingsListPage.self,
    SignInPage.self,
    SpecimenPage.self,
    StreamKeysPage.self,
    TrackPage.self,
    VoidPage.self,
    WatchPage.self,
    WayPage.self,
    WaysPage.self,
    WelcomePage.self,
    WithdrawalPage.self,
]

/// One sample page of the storybook with its place: `/storybook/error/not-found`.
struct StorybookEntry {
    let template: String
    let sample: Sample
    var path: String { "/storybook/\(template)/\(sample.name)" }
}

/// Every sample of every page.
func storybook(_ paper: Stationery) -> [StorybookEntry] {
    allPages.flatMap { page in page.samples(paper).map { StorybookEntry(template: page.template, sample: $0) } }
}
