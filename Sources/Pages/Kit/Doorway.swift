// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging

/// The doorway: every request passes it first. Chooses the language, gives the visit its reference number, writes one
/// line to the access log, and puts the security headers on whatever comes back.
struct Doorway: RouterMiddleware {
    let office: @Sendable (Language) -> String?
    let isDemo: Bool

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        var visit = context
        visit.path = request.uri.path
        visit.language = Language(
            cookie: request.cookie(Language.cookieName), acceptLanguage: request.headers[.acceptLanguage])
        visit.isSecure = request.headers[.forwardedProto] == "https"
        visit.isDemo = isDemo
        visit.officeName = office(visit.language)
        visit.logger[metadataKey: "reference"] = "\(visit.reference)"
        let began = ContinuousClock.now
        var response = try await next(request, visit)
        for (name, value) in securityHeaders where response.headers[name] == nil { response.headers[name] = value }
        response.headers[.reference] = visit.reference
        let took = began.duration(to: .now)
        visit.logger.info(
            "visit",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(loggedPath(request.uri.path))",
                "status": "\(response.status.code)", "milliseconds": "\(took / .milliseconds(1))",
            ])
        return response
    }
}

/// Headers of every answer. The referrer policy is `same-origin` and not `no-referrer`, because the latter makes
/// browsers send `Origin: null` with our own forms (Fetch, "append a request Origin header"), which the guard refuses.
let securityHeaders: [(HTTPField.Name, String)] = [
    (
        .contentSecurityPolicy,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"
    ),
    (.xContentTypeOptions, "nosniff"),
    (.referrerPolicy, "same-origin"),
    (.crossOriginOpenerPolicy, "same-origin"),
    (.crossOriginResourcePolicy, "same-origin"),
    (.permissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
]

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name(constant: "Referrer-Policy")
    static let crossOriginOpenerPolicy = HTTPField.Name(constant: "Cross-Origin-Opener-Policy")
    static let crossOriginResourcePolicy = HTTPField.Name(constant: "Cross-Origin-Resource-Policy")
    static let permissionsPolicy = HTTPField.Name(constant: "Permissions-Policy")
    static let forwardedProto = HTTPField.Name(constant: "X-Forwarded-Proto")
    static let secFetchSite = HTTPField.Name(constant: "Sec-Fetch-Site")
    static let serviceWorkerAllowed = HTTPField.Name(constant: "Service-Worker-Allowed")
    /// The reference number, for a person who reads headers.
    static let reference = HTTPField.Name(constant: "X-Reference")

    private init(constant: String) {
        guard let name = HTTPField.Name(constant) else { preconditionFailure("\(constant) is not a field name") }
        self = name
    }
}

/// First segments whose next segment is a secret that opens a page.
private let secretPlaces: Set<Substring> = ["track", "evaluate", "feed", "welcome", "mail-off", "seat"]

/// The path as the access log may show it: without a query, and cut where a secret begins.
func loggedPath(_ path: String) -> String {
    let plain = path.prefix { $0 != "?" && $0 != "#" }
    let segments = plain.split(separator: "/")
    guard let first = segments.first, secretPlaces.contains(first), segments.count > 1 else { return String(plain) }
    return "/\(first)/…"
}

/// Refuses a state-changing request that another site's page has caused.
struct CrossSiteGuard: RouterMiddleware {
    func handle(
        _ request: Request, context visit: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        guard
            isSignedHook(request.uri.path)
                || isOurOwn(
                    method: request.method.rawValue, fetchSite: request.headers[.secFetchSite],
                    origin: request.headers[.origin], host: request.head.authority ?? request.headers[.host])
        else { throw Sentence("error.crossSite", status: .forbidden) }
        return try await next(request, visit)
    }
}

/// Where other programs call, signed: their own proof is checked before anything is read, and no cookie opens them.
private let signedHooks: Set<String> = ["/hooks/line"]

/// Whether a path is a hook that proves by its signature who calls; only these pass without the guard.
func isSignedHook(_ path: String) -> Bool { signedHooks.contains(path) }

extension HTTPField.Name {
    static let host = HTTPField.Name(constant: "Host")
}

/// Whether a request may change something: asked by one of our own pages, or by a program that is no browser.
///
/// `Sec-Fetch-Site` cannot be set by a page and decides where it is sent (https and loopback); else `Origin` has to
/// name our host; a browser that sends neither still leaves the SameSite=Lax cookie behind on a foreign form.
func isOurOwn(method: String, fetchSite: String?, origin: String?, host: String?) -> Bool {
    if ["GET", "HEAD", "OPTIONS"].contains(method) { return true }
    if let fetchSite { return fetchSite == "same-origin" || fetchSite == "none" }
    guard let origin else { return true }
    guard let host, let scheme = origin.firstRange(of: "://") else { return false }
    let name = origin[..<scheme.lowerBound]
    let port = name == "https" ? ":443" : ":80"
    func plain(_ text: some StringProtocol) -> String {
        let lower = text.lowercased()
        return lower.hasSuffix(port) ? String(lower.dropLast(port.count)) : lower
    }
    return (name == "https" || name == "http") && plain(origin[scheme.upperBound...]) == plain(host)
}
