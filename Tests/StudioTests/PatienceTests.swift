// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Studio
import Testing

/// What may be told later, all at once.
struct PatienceTests {
    /// A camera's thirty pictures a second; what the audience was told at each of them.
    private struct Minute {
        var evening: Evening
        var waited = 0
        var broken = 0

        init(seconds: Double, rungs: [UInt8: Int64] = [:], airs: Bool = false, _ change: (inout Plan) -> Void) throws {
            evening = Evening(change)
            var camera = Camera()
            camera.rungs = rungs
            evening.open(&camera, 1)
            if airs { evening.take(.order(.air(name: "hall", isOn: true))) }
            for number in rungs.keys { evening.say(1, [try Camera.rung(number)]) }
            let end = evening.milliseconds + Int64(seconds * 1_000)
            var patience = 0
            while evening.milliseconds < end {
                let (signals, length) = camera.next(at: evening.milliseconds)
                let (told, seen) = (evening.told.count, evening.preview.count)
                let isKey = signals.contains {
                    if case .sample(let one) = $0 { one.track.kind == .video && one.isKey } else { false }
                }
                evening.say(1, signals)
                if patience > 0, !isKey {
                    waited += 1
                    if evening.told.count > told || evening.preview.count > seen { broken += 1 }
                    patience -= 1
                } else {
                    patience = evening.broadcast.patience
                }
                evening.milliseconds += length
            }
        }
    }

    @Test("nothing comes of a picture that could wait", arguments: Plan.Profile.allCases)
    func nothingComesOfThem(_ profile: Plan.Profile) throws {
        let minute = try Minute(seconds: 60) { $0.profile = profile }
        #expect(minute.broken == 0)
        // Of 1,800 pictures, when a part has 6, 15 or 30 of them.
        #expect(minute.waited > (profile == .campus ? 500 : 1_300))
    }

    @Test("a preview of its own is never late") func previewToo() throws {
        let minute = try Minute(seconds: 30, airs: true) { $0.airsAtOnce = false }
        #expect(minute.broken == 0)
        #expect(minute.waited > 200)
    }

    @Test("where others keep step, nobody waits") func ladder() throws {
        let minute = try Minute(seconds: 30, rungs: [104: 700]) { $0.rungs = [.p240] }
        #expect(minute.waited == 0)
    }

    @Test("a publisher that is not shown is listened to at once") func notShown() {
        var evening = Evening { $0.airsAtOnce = false }
        var camera = Camera()
        evening.open(&camera, 1)
        evening.run(&camera, 1, seconds: 5)
        #expect(evening.broadcast.patience == 0)
    }
}
