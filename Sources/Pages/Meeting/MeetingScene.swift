// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// One meeting as its console sees it at one moment.
struct MeetingScene: LiveScene {
    var matter: Matter
    var plan: MeetPlan
    let doors: StudioDoors
    var sight: MeetingSight
    let person: Person
    /// Opens recordings, for the console.
    let ticket: String?
    /// How many have a link that is good.
    let invited: Int
    var sittings: [Sitting]
    let officeAddress: String
    var now: Moment

    var state: MeetingState { sight.state ?? MeetingState(name: plan.name) }
    var time: AirTime? { matter.meetTime(at: now) }
    var roles: Set<Role> { person.roles }
    var isAssigned: Bool { matter.assignment?.officers.contains(person.id) == true }
    var path: String { "/matters/\(matter.id)/room" }
    var isOpen: Bool { sight.isThere && state.phase == .open }

    /// What was measured before the day; nil while nobody has tried anything.
    func measured(_ thai: Words) -> String? {
        guard sight.isThere else { return nil }
        var parts: [String] = []
        let phrases = Phrases(thai)
        if let check = sight.check { parts += phrases.measured(check) }
        if state.people > 0 { parts.append(thai("meet.measured.people", state.people)) }
        return parts.isEmpty ? nil : String(parts.joined(separator: " · ").prefix(200))
    }
}

extension Phrases {
    /// What an officer's devices and line could do, piece by piece. What the page wrote is not trusted to be short.
    func measured(_ check: DeviceCheck) -> [String] {
        func said(_ key: String, _ works: Bool?) -> String? {
            works.map { words($0 ? "meet.measured.\(key).works" : "meet.measured.\(key).fails") }
        }
        func mega(_ kilobits: Int) -> String { bits(Int64(min(max(0, kilobits), 10_000_000)) * 1000) }
        let camera = said("camera", check.camera).map { text in
            check.camera == true ? check.height.map { "\(text) \(min(max(0, $0), 9999))p" } ?? text : text
        }
        return [
            camera, said("microphone", check.microphone), said("speaker", check.speaker),
            check.upKilobits.map { words("meet.measured.up", mega($0)) },
            check.downKilobits.map { words("meet.measured.down", mega($0)) },
            check.roundTripMilliseconds.map { words("meet.measured.roundTrip", min(max(0, $0), 99_999)) },
            check.lossPerMille.map { words("meet.measured.loss", tenths(Double(min(max(0, $0), 1000)) / 10)) },
            check.way.flatMap { ["udp", "tcp", "relay"].contains($0) ? $0.uppercased() : nil },
        ].compactMap(\.self)
    }
}
