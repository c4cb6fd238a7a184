// SPDX-License-Identifier: Apache-2.0
import HLS
import Media
import Studio

/// Records meetings, puts them on air and makes their films, when their people or the office ask, and tells their rooms how
/// that goes. Lives on the rooms' loop; what it asks of the door hops to the door's.
// It has nothing of its own that changes: `rooms` and `door` hop wherever they have to.
final class Producer: RoomProducer, Sendable {
    /// What is wrong with recordings, at most so many things at once.
    private static let mostComplaints = 8

    private let door: MeetingDoor
    // Set before anybody has it; a weak reference is read in one piece.
    private nonisolated(unsafe) weak var rooms: RoomHouse?

    init(_ rooms: RoomHouse) {
        (self.rooms, door) = (rooms, rooms.door)
        let inRoom: @Sendable (String, @escaping @Sendable (RoomHall) -> Void) -> Void = { [weak rooms] name, work in
            guard let rooms else { return }
            rooms.loop.execute { if let hall = rooms.hall(name) { work(hall) } }
        }
        door.loop.execute { [house = door.house] in
            house.onTape = { name, isOn in inRoom(name) { $0.recording(isOn: isOn) } }
            house.onAiring = { name, condition in inRoom(name) { Producer.tell(condition, $0) } }
            house.onRecordings = { name, recordings in
                let free = house.port.shelf.flatMap { Vault.room($0.folder)?.free }
                inRoom(name) { ($0.recordings, $0.freeBytes) = (recordings, free) }
            }
            house.onTrouble = { name, fault in inRoom(name) { Producer.note(fault, $0) } }
        }
    }

    private static func tell(_ condition: AirEncoder.Condition, _ hall: RoomHall) {
        let layout = condition.layout
        if layout == nil, !condition.reason.isEmpty { hall.tellLeaders(.airFailed) }
        let address = hall.plan.broadcast.map { "/watch/\($0)" }
        hall.air(
            AirCard(
                isOn: layout != nil, layout: (layout ?? .speaker).rawValue,
                since: layout == nil ? nil : Clock.wall().milliseconds, address: layout == nil ? nil : address))
    }

    private static func note(_ fault: Fault, _ hall: RoomHall) {
        let complaint = State.Complaint(fault)
        hall.complaints.removeAll { $0.code == complaint.code }
        hall.complaints.append(complaint)
        if hall.complaints.count > mostComplaints { hall.complaints.removeFirst() }
    }

    // MARK: RoomProducer

    func record(_ isOn: Bool, _ hall: RoomHall) {
        let (name, rooms) = (hall.name, rooms)
        // How it goes is told by the recording itself.
        door.record(name, isOn) { isRecording in
            guard isOn, !isRecording else { return }
            rooms?.loop.execute { rooms?.hall(name)?.tellLeaders(.recordingFailed) }
        }
    }

    func air(_ isOn: Bool, layout: String, person: PersonNumber?, _ hall: RoomHall) {
        let source = person.flatMap { hall.assembly.source(of: $0, .screen) ?? hall.assembly.source(of: $0, .camera) }
        let (name, layout) = (hall.name, isOn ? FilmLayout(rawValue: layout) : nil)
        door.loop.execute { [house = door.house] in house.rooms[name]?.air(layout, preferring: source) }
    }

    func obey(_ order: Order, _ hall: RoomHall) {
        let rooms = rooms
        let done: @Sendable (Obstacle?) -> Void = { obstacle in
            guard let obstacle else { return }
            rooms?.tellDesk(.refused(order, thai: obstacle.thai, english: obstacle.english))
        }
        switch order {
        case .composeMeeting(let name, let recording, let layout):
            door.film(recording, of: name, FilmLayout(rawValue: layout) ?? .speaker, done: done)
        case .eraseMeeting(let name, let recording): door.erase(recording, of: name, done: done)
        default: break
        }
    }

    func noted(_ note: RoomNote, _ hall: RoomHall) {
        let (name, line) = (hall.name, JSON.encode(note))
        // What is written in a group is not the recording's; who went into one is.
        if note.group == nil || note.kind == "group" {
            door.loop.execute { [house = door.house] in house.rooms[name]?.tape?.note(line) }
        }
        if let source = note.source { own(SourceID(source), hall) }
    }

    func heard(_ news: MeetingNews, _ hall: RoomHall) {
        if case .began(let facts) = news { own(facts.source, hall) }
    }

    /// Whose a source is, when the room knows.
    private func own(_ source: SourceID, _ hall: RoomHall) {
        guard let found = hall.assembly.owner(of: source) else { return }
        let owner = TrackOwner(person: found.person.text, name: found.name, kind: found.kind)
        let name = hall.name
        door.loop.execute { [house = door.house] in house.rooms[name]?.own(source, owner) }
    }
}
