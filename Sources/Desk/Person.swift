// SPDX-License-Identifier: Apache-2.0

/// What somebody may do at the desk (บทบาท). A person may hold several.
public enum Role: String, Codable, Hashable, Sendable, CaseIterable {
    /// ผู้ขอใช้บริการ: has no account, acts through a signed link.
    case requester
    /// สำนักงานเลขานุการ
    case secretariat
    /// ผู้บริหาร
    case executive
    /// เจ้าหน้าที่นักวิชาการโสตทัศนศึกษา
    case officer
    /// งานเครือข่าย
    case network
    /// ผู้ดูแลระบบ
    case administrator
    /// The program itself, when a clock acts.
    case sanyan

    /// The roles that an account can hold.
    public static let held: [Role] = [.secretariat, .executive, .officer, .network, .administrator]
}

/// A person of the office (บุคลากร) with an account.
public struct Person: Hashable, Codable, Sendable, Identifiable {
    public typealias ID = Identifier<Person>
    public var id: ID
    /// Signs in with this; lower-case ASCII letters, digits, dot and hyphen.
    public var username: String
    /// Full name as papers print it, with its title.
    public var name: String
    /// Position (ตำแหน่ง), printed under a signature.
    public var position: String
    public var roles: Set<Role>
    /// Inside telephone number; may be empty.
    public var phone: String
    /// Mail address; may be empty.
    public var mail: String
    /// A person who left stays in the folders but cannot sign in.
    public var isActive: Bool

    public init(
        id: ID, username: String, name: String, position: String = "", roles: Set<Role>, phone: String = "",
        mail: String = "", isActive: Bool = true
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.position = position
        self.roles = roles
        self.phone = phone
        self.mail = mail
        self.isActive = isActive
    }
}

/// Whose hand an act comes from.
public enum Hand: Hashable, Sendable {
    /// Somebody signed in, with the roles the roster gives at this moment.
    case person(Person.ID, Set<Role>)
    /// The holder of a matter's signed link.
    case requester
    /// The program's own clock.
    case sanyan

    public init(_ person: Person) { self = .person(person.id, person.isActive ? person.roles : []) }

    public var roles: Set<Role> {
        switch self {
        case .person(_, let roles): roles.subtracting([.requester, .sanyan])
        case .requester: [.requester]
        case .sanyan: [.sanyan]
        }
    }

    public var person: Person.ID? {
        if case .person(let id, _) = self { id } else { nil }
    }
}

/// The person to talk to about a letter (ผู้ประสานงาน). Personal data: kept beside the folder, never in it.
public struct Contact: Hashable, Codable, Sendable {
    public var name: String
    public var phone: String
    public var mail: String

    public init(name: String, phone: String, mail: String) {
        self.name = name
        self.phone = phone
        self.mail = mail
    }

    /// What remains after the contact has been forgotten.
    public static let forgotten = Contact(name: "", phone: "", mail: "")
}

/// A physical room that can be booked (ห้อง).
public struct Room: Hashable, Codable, Sendable, Identifiable {
    public typealias ID = Identifier<Room>
    public var id: ID
    public var name: String
    public var building: String
    public var seats: Int
    /// What the network section reserves for an occasion here, in Mbit/s.
    public var megabitsPerSecond: Int
    public var isActive: Bool

    public init(id: ID, name: String, building: String, seats: Int, megabitsPerSecond: Int = 20, isActive: Bool = true)
    {
        self.id = id
        self.name = name
        self.building = building
        self.seats = seats
        self.megabitsPerSecond = megabitsPerSecond
        self.isActive = isActive
    }
}
