// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird

/// A cookie to hand to the browser (RFC 6265): never readable by scripts, never sent along with other sites' forms.
public struct SetCookie: Sendable, Hashable {
    public var name: String
    public var value: String
    public var path: String
    /// Nil ends with the browser; zero removes the cookie.
    public var maxAgeSeconds: Int?
    public var isSecure: Bool

    /// `value` must be of cookie characters (letters, digits, `-_.~` and the like), as tokens are.
    public init(_ name: String, _ value: String, path: String = "/", maxAgeSeconds: Int? = nil, isSecure: Bool) {
        self.name = name
        self.value = value
        self.path = path
        self.maxAgeSeconds = maxAgeSeconds
        self.isSecure = isSecure
    }

    /// A cookie that removes the one of the same name and path.
    public static func removing(_ name: String, path: String = "/", isSecure: Bool) -> SetCookie {
        SetCookie(name, "", path: path, maxAgeSeconds: 0, isSecure: isSecure)
    }

    /// The value of the `Set-Cookie` line; characters that could end it are left out.
    public var headerValue: String {
        let safe = value.unicodeScalars.filter {
            $0.value > 0x20 && $0.value < 0x7F && !"\",;\\".unicodeScalars.contains($0)
        }
        var line = "\(name)=\(String(String.UnicodeScalarView(safe))); Path=\(path); HttpOnly; SameSite=Lax"
        if let maxAgeSeconds { line += "; Max-Age=\(maxAgeSeconds)" }
        if isSecure { line += "; Secure" }
        return line
    }
}

/// The value of a cookie in a `Cookie` line; the first of that name counts.
public func cookie(_ name: String, in header: String?) -> String? {
    guard let header, header.utf8.count <= 8192 else { return nil }
    for pair in header.split(separator: ";") {
        let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count == 2, halves[0].trimming() == name { return halves[1].trimming() }
    }
    return nil
}

extension Request {
    /// The value of a cookie the browser sent.
    public func cookie(_ name: String) -> String? {
        Pages.cookie(name, in: headers[values: .cookie].joined(separator: "; "))
    }
}
