// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("วัน เดือน และเวลา")
struct DayArithmeticTests {
    /// The calendar by counting: slow, and plainly right.
    private struct SlowCalendar {
        var year = 1970
        var month = 1
        var day = 1
        var weekday = 4

        mutating func step() {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            weekday = (weekday + 1) % 7
            day += 1
            if day > lengths[month - 1] {
                day = 1
                month += 1
            }
            if month > 12 {
                month = 1
                year += 1
            }
        }
    }

    @Test("ตรงกับการนับทีละวัน ตั้งแต่ พ.ศ. 2513 ถึง 2743")
    func againstCounting() {
        var slow = SlowCalendar()
        var wrong = 0
        for number in 0..<84_000 {
            let day = Day(number: number)
            let isRight =
                day.year == slow.year && day.month == slow.month && day.dayOfMonth == slow.day
                && day.weekday == slow.weekday && day.number == number
            if !isRight { wrong += 1 }
            slow.step()
        }
        #expect(wrong == 0)
    }

    @Test("วันก่อนปี 1970 ก็ถูก")
    func before1970() {
        #expect(Day(number: -1).description == "1969-12-31")
        #expect(Day(number: -1).weekday == 3)
        for number in stride(from: -700_000, to: 0, by: 997) { #expect(Day(number: number).number == number) }
    }

    @Test("ไม่มีวันที่ 31 กุมภาพันธ์")
    func noSuchDays() {
        #expect(Day(year: 2026, month: 2, day: 31) == nil)
        #expect(Day(year: 2026, month: 2, day: 29) == nil)
        #expect(Day(year: 2028, month: 2, day: 29) != nil)
        #expect(Day(year: 2100, month: 2, day: 29) == nil)
        #expect(Day(year: 2026, month: 0, day: 1) == nil)
        #expect(Day(year: 2026, month: 13, day: 1) == nil)
        #expect(Day(year: 2026, month: 1, day: 0) == nil)
        #expect(Day(year: 0, month: 1, day: 1) == nil)
    }

    @Test("วันเริ่มเที่ยงคืนกรุงเทพ ซึ่งเป็น 17:00 UTC ของวันก่อน")
    func bangkokMidnight() {
        let day = Samples.day(2569, 11, 23)
        #expect(day.start.milliseconds == 1_795_366_800_000)
        #expect(Day(of: day.start) == day)
        #expect(Day(of: day.start - .seconds(1)) == day.adding(days: -1))
        #expect(TimeOfDay(of: Samples.now).description == "09:00")
        #expect(TimeOfDay(of: day.start - .minutes(1)).description == "23:59")
        #expect(day.buddhistYear == 2569)
    }

    @Test("เดือน: พ.ศ. และ ค.ศ. เป็นเดือนเดียวกัน", arguments: ["2026-11", "2569-11"])
    func months(_ text: String) throws {
        let month = try #require(Month(text))
        #expect(month.description == "2569-11")
        #expect(month.next.description == "2569-12")
        #expect(month.next.next.description == "2570-01")
        #expect(month.previous.description == "2569-10")
        #expect(month.span.length == .days(30))
        #expect(month.span.contains(Samples.now))
        #expect(!month.span.contains(month.span.end))
    }

    @Test(
        "เดือนที่เขียนผิด",
        arguments: ["", "2569", "2569-13", "2569-00", "69-11", "2569-11-01", "2569-+1", "พ.ย. 2569", "-569-11"])
    func badMonths(_ text: String) { #expect(Month(text) == nil) }

    @Test("วันแบบ ISO ที่เขียนผิด", arguments: ["", "2026-11", "2026-11-31", "+2026-11-01", "2026-1-+1", "x"])
    func badDays(_ text: String) { #expect(Day(iso: text) == nil) }

    @Test("ช่วงเวลาที่ต่อกันพอดี ไม่ถือว่าซ้อน")
    func spans() {
        let first = Span(start: Samples.now, end: Samples.now + .hours(1))
        let second = Span(start: first.end, end: first.end + .hours(1))
        #expect(!first.overlaps(second))
        #expect(first.padded(before: .zero, after: .minutes(1)).overlaps(second))
        #expect(first.contains(first.start))
        #expect(!first.contains(first.end))
    }

    @Test("ปฏิทินวันทำการที่ไม่มีวันทำงานเลย ไม่ทำให้โต๊ะงานค้าง")
    func brokenCalendarEnds() {
        let start = Samples.day(2569, 1, 1)
        let holidays = (0..<5000).map {
            Holiday(day: start.adding(days: $0), name: "หยุด", kind: .university, source: "ทดสอบ")
        }
        let calendar = WorkingCalendar(opens: .eightThirty, closes: .halfPastFour, holidays: holidays)
        #expect(calendar.firstWorkingDay(from: start) == start.adding(days: 400))
        #expect(calendar.after(.hours(1), from: start.start).moment > start.start)
        #expect(calendar.workingDay(1, before: start.adding(days: 4000)).day < start.adding(days: 4000))
    }
}
