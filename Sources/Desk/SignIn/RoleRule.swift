// SPDX-License-Identifier: Apache-2.0

/// One line of the table from groups to roles (กฎการให้บทบาท): who is in the group has the role.
public struct RoleRule: Hashable, Codable, Sendable {
    /// The group or unit as the other end writes it, its short name (`cn=av,ou=groups,dc=example` is also `av`), or `*`
    /// for everybody.
    public var group: String
    public var role: Role

    public init(group: String, role: Role) {
        self.group = group
        self.role = role
    }

    /// Whether the rule speaks of one of the groups. Capitals, and spaces behind the commas of a long name, do not matter.
    public func covers(_ groups: [String]) -> Bool {
        if group == "*" { return true }
        let wanted = plainGroup(group)
        return groups.contains { group in
            let plain = plainGroup(group)
            return plain == wanted || shortGroup(plain) == wanted
        }
    }
}

extension [RoleRule] {
    /// The roles that groups give.
    public func roles(for groups: [String]) -> Set<Role> {
        Set(filter { $0.covers(groups) }.map(\.role)).intersection(Role.held)
    }
}

private func plainGroup(_ text: String) -> String {
    var plain = ""
    for character in text.lowercased() {
        if character == " ", plain.isEmpty || plain.last == "," || plain.last == "=" { continue }
        plain.append(character)
    }
    while plain.last == " " { plain.removeLast() }
    return plain
}

/// The value of a distinguished name's first part (RFC 4514); nil for what is none.
private func shortGroup(_ plain: String) -> String? {
    guard let equals = plain.firstIndex(of: "="), !plain[..<equals].contains(",") else { return nil }
    var value = ""
    var isEscaped = false
    for character in plain[plain.index(after: equals)...] {
        if isEscaped {
            value.append(character)
            isEscaped = false
        } else if character == "\\" {
            isEscaped = true
        } else if character == "," || character == "+" {
            break
        } else {
            value.append(character)
        }
    }
    return value.isEmpty ? nil : value
}
