import API

/// Answers what the pages ask of the node's operator's port.
package struct PagesDoor: Sendable {
    /// Where the pages are shown.
    package enum Audience: String, CaseIterable, Sendable {
        /// Where the port listens on this machine alone, and to whoever calls it by a name of this machine.
        case loopback
        case always
        case never
    }

    private let audience: Audience
    private let transcoder: RESTTranscoder
    private let inspection: @Sendable () -> [UInt8]
    private let slots = RequestSlots(running: PagesLimits.restRunningMax, waiting: PagesLimits.restWaitingMax)

    /// `listens` is the host that the port is bound to. `nil` where nobody is shown anything.
    package init?(
        _ audience: Audience, listens host: String, transcoder: RESTTranscoder,
        inspection: @escaping @Sendable () -> [UInt8]
    ) {
        guard audience == .always || audience == .loopback && Self.isLoopback(host) else { return nil }
        (self.audience, self.transcoder, self.inspection) = (audience, transcoder, inspection)
    }

    /// `nil` if there is no such page.
    package func answer(_ request: OperatorRequest) async -> OperatorPage? {
        let file = PageFile.all.first { $0.path == request.path }
        let isREST = request.path.hasPrefix(Self.restPrefix)
        guard file != nil || isREST || request.path == Self.inspectionPath else { return nil }
        // A page of somewhere else whose name was made to lead here reads nothing (DNS rebinding).
        guard audience == .always || Self.isLoopback(Self.name(of: request.host)) else {
            return page(.misdirected, type: "text/plain; charset=utf-8", Array("this is not that host\n".utf8))
        }
        guard file != nil || Self.isOwn(request) else {
            return page(.forbidden, type: "text/plain; charset=utf-8", Array("only this node's pages ask this\n".utf8))
        }
        if let file { return page(.ok, type: file.contentType, Array(file.text.utf8CodeUnits)) }
        guard isREST else { return page(.ok, type: "application/json", inspection()) }
        guard await slots.acquire() else {
            return page(.unavailable, type: "application/json", Array(#"{"message":"too many requests"}"#.utf8))
        }
        defer { slots.release() }
        let target = "/" + request.target.dropFirst(Self.restPrefix.count)
        let answer = await transcoder.respond(to: RESTRequest("GET", target, client: request.client))
        return page(Status(rawValue: answer.status), type: "application/json", answer.body)
    }

    private static let restPrefix = "/rest/"
    private static let inspectionPath = "/inspector.json"

    // MARK: - Answers

    private struct Status: RawRepresentable {
        var rawValue: Int
        static let ok = Status(rawValue: 200)
        static let forbidden = Status(rawValue: 403)
        static let misdirected = Status(rawValue: 421)
        static let unavailable = Status(rawValue: 503)
    }

    /// Only files of this origin run, style and are asked; nothing is made from text; nobody frames it.
    package static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    private func page(_ status: Status, type: String, _ body: [UInt8]) -> OperatorPage {
        OperatorPage(
            status: status.rawValue, contentType: type,
            headers: [
                ("Content-Security-Policy", Self.policy), ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Cross-Origin-Opener-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ], body: body)
    }

    // MARK: - Hosts

    /// Whether a page of this origin asks, or what is no browser's page.
    ///
    /// The attack: a page of somewhere else has its visitor's browser ask this port. It may not read the answer, but a
    /// contract query among many takes a lane of the enclave's, and one of the answers that its lease has.
    static func isOwn(_ request: OperatorRequest) -> Bool {
        guard ["", "none", "same-origin"].contains(request.site) else { return false }
        let own = ["http://", "https://"].map { $0 + request.host.lowercased() }
        return request.origin.isEmpty || own.contains(request.origin.lowercased())
    }

    /// Of `Host`, without the port.
    static func name(of host: String) -> String {
        if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" })
    }

    /// Whether only this machine can be meant.
    static func isLoopback(_ name: String) -> Bool {
        if name == "::1" || name.lowercased() == "localhost" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// A file of the pages.
struct PageFile: Sendable {
    var path: String
    var contentType: String
    var text: StaticString
}

extension StaticString {
    /// They stand in the program's image.
    fileprivate var utf8CodeUnits: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
