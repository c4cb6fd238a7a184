// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What a person sees when something did not work.
public struct ErrorPage: Page {
    public static let template = "error"
    public let frame: Frame
    public let code: String
    public let sentence: String
    public let remedy: String
    /// What to quote to the office; nil when the person can help themselves.
    public let reference: String?

    public static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample()
        return [
            Sample("not-found", page(for: HTTPError(.notFound), visit, paper).page),
            Sample("mishap", page(for: Mishap(doing: "writing to the disk"), visit, paper).page),
        ]
    }

    /// The page and the status of an error; nothing of the error itself reaches the page.
    static func page(
        for error: any Error, _ visit: Visit, _ paper: Stationery
    ) -> (page: ErrorPage, status: HTTPResponse.Status) {
        let words = paper.words(visit)
        let status = status(of: error)
        let sentence: String
        let remedy: String
        if let spoken = error as? any Spoken {
            (sentence, remedy) = (spoken.sentence(words), spoken.remedy(words))
        } else {
            let kind = kind(of: status)
            (sentence, remedy) = (words("error.\(kind)"), words("error.\(kind).remedy"))
        }
        let page = ErrorPage(
            frame: paper.frame(visit, title: sentence), code: String(status.code), sentence: sentence, remedy: remedy,
            reference: status.code >= 500 ? visit.reference : nil)
        return (page, status)
    }

    static func status(of error: any Error) -> HTTPResponse.Status {
        switch error {
        case let spoken as any Spoken: spoken.status
        case is Mishap: .serviceUnavailable
        case is NIOTooManyBytesError: .contentTooLarge
        case is MultipartFault, is FormFault: .badRequest
        case let answer as any HTTPResponseError: answer.status
        default: .internalServerError
        }
    }

    /// The last part of the words' key for a status.
    static func kind(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 401: "signIn"
        case 403: "forbidden"
        case 404, 410: "notFound"
        case 405: "method"
        case 409: "conflict"
        case 413: "tooLarge"
        case 429: "tooMany"
        case 503: "passing"
        case 500...: "broken"
        default: "unreadable"
        }
    }
}

/// Turns every error into a proper page in the person's language.
struct ErrorPages: RouterMiddleware {
    let paper: Stationery

    func handle(
        _ request: Request, context visit: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, visit)
        } catch let error as CancellationError {
            throw error
        } catch let error as SignInFirst {
            throw error
        } catch {
            let (page, status) = ErrorPage.page(for: error, visit, paper)
            if status.code >= 500 {
                visit.logger.error(
                    "a page failed",
                    metadata: ["reference": "\(visit.reference)", "error": "\(String(reflecting: error))"])
            }
            return paper.show(page, to: visit, status: status)
        }
    }
}
