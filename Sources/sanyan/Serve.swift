// SPDX-License-Identifier: Apache-2.0

import Archive
import ArgumentParser
import Desk
import Foundation
import Rehearsal
import Secure

/// `sanyan serve`: the office, for real work.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves the office.")

    @Option(name: .customLong("data"), help: "The office's folder: its database, its files, its key.")
    var folder = "var/office"
    @Option(name: .customLong("http"), help: "Where the pages are served.")
    var place = HostPort.usual
    @OptionGroup var studio: StudioOptions

    func run() async throws {
        let house = try House(at: folder)
        try await house.serve(at: place, studio: studio, isDemo: false) { address in
            Voice.say("สัญญาณ · \(address)   (\(folder))")
            guard try await house.cabinet.people().isEmpty else { return }
            var office = try await house.cabinet.office()
            office.address = address
            let now = House.wallClock()
            try await house.cabinet.save(office, by: nil, at: now)
            let token = Token.random()
            try await house.cabinet.revokeKeys(purpose: "welcome", person: nil)
            try await house.cabinet.keep(
                key: Hex.text(Digest.sha256(token)), purpose: "welcome", person: nil, until: now + .days(1))
            Voice.say(
                """
                ยังไม่มีผู้ใช้งาน: เปิดลิงก์นี้ (ใช้ได้ครั้งเดียว ภายใน 24 ชั่วโมง) เพื่อสร้างผู้ดูแลระบบคนแรก
                There is nobody yet. Open this link (once, within 24 hours) to make the first administrator:
                \(address)/welcome/\(token)
                """)
        }
    }
}

/// `sanyan demo`: an invented office with one matter at every stage, on this machine only.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves an invented office, on this machine only.")

    @Option(name: .customLong("data"), help: "A folder to keep the demo in; without one it is fresh each time.")
    var folder: String?
    @Option(name: .customLong("http"), help: "Where the pages are served; a loopback address.")
    var place = HostPort.usual
    @OptionGroup var studio: StudioOptions

    func run() async throws {
        guard place.isLoopback, studio.http.isLoopback, studio.rtmp.isLoopback, studio.srt?.isLoopback ?? true else {
            throw ValidationError(
                "the demo lets everybody in, so it listens on a loopback address only, not on \(place)")
        }
        let folder = folder ?? FileManager.default.temporaryDirectory.path + "/sanyan-demo-\(Token.random(bytes: 6))"
        defer { if self.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let house = try House(at: folder)
        if try await house.cabinet.people().isEmpty {
            Voice.say("กำลังจัดสำนักงานสาธิต …")
            // Nobody knows this password: the demo's people sign in with one press.
            let hash = try PasswordHash.make(Token.random())
            try await DemoOffice.furnish(
                cabinet: house.cabinet, passwordHash: hash, address: "http://\(place)", now: House.wallClock())
        }
        try await house.serve(at: place, studio: studio, isDemo: true) { address in
            var office = try await house.cabinet.office()
            office.address = address
            try await house.cabinet.save(office, by: nil, at: House.wallClock())
            Voice.say(
                """

                  สัญญาณ · สำนักงานสาธิต (บุคคลและเรื่องทั้งหมดสมมุติขึ้น)
                  An invented office; nothing here is real.

                  → \(address)

                  กด Ctrl-C เพื่อหยุด
                """)
        }
    }
}

/// `sanyan storybook`: every page with sample data, for who writes or draws them.
struct Storybook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves every page with sample data.")

    @Option(name: .customLong("http"), help: "Where the pages are served; a loopback address.")
    var place = HostPort.usual

    func run() async throws {
        guard place.isLoopback else {
            throw ValidationError("the storybook listens on a loopback address only, not on \(place)")
        }
        try await serveStorybook(at: place)
    }
}

/// What the program says to who started it.
enum Voice {
    static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
