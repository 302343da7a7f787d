/// Finds the method of a path. Templates are those of google.api.http: literals, `{field}` for one segment, and
/// `{field=**}` for all that are left.
package struct RouteTable: Sendable {
    package struct Match {
        package var method: MethodDescriptor
        package var variables: [RequestTarget.Parameter]
    }

    private enum Segment: Sendable, Equatable {
        case literal(String)
        case variable(String)
        case rest(String)

        /// Where two templates differ, the more definite one is asked first.
        var rank: Int {
            switch self {
            case .literal: 0
            case .variable: 1
            case .rest: 2
            }
        }
    }

    private struct Route: Sendable {
        var segments: [Segment]
        var method: MethodDescriptor
    }

    private let routes: [HTTPRule.Verb: [Route]]

    /// Of two methods with templates of the same shape, the later one is found, as in the original's router.
    package init(_ methods: [MethodDescriptor]) {
        var routes: [HTTPRule.Verb: [Route]] = [:]
        for method in methods.reversed() {
            guard let rule = method.http else { continue }
            routes[rule.verb, default: []].append(Route(segments: RouteTable.segments(rule.template), method: method))
        }
        self.routes = routes.mapValues(RouteTable.inOrder)
    }

    private static func inOrder(_ routes: [Route]) -> [Route] {
        routes.enumerated().sorted { left, right in
            let ranks = (left.element.segments.map(\.rank), right.element.segments.map(\.rank))
            if ranks.0 == ranks.1 { return left.offset < right.offset }
            return ranks.0.lexicographicallyPrecedes(ranks.1)
        }.map(\.element)
    }

    package func match(verb: HTTPRule.Verb, _ segments: [String]) -> Match? {
        for route in routes[verb] ?? [] {
            if let variables = RouteTable.variables(of: route.segments, in: segments) {
                return Match(method: route.method, variables: variables)
            }
        }
        return nil
    }

    private static func segments(_ template: String) -> [Segment] {
        template.split(separator: "/").map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(String(part)) }
            let inner = part.dropFirst().dropLast()
            return inner.hasSuffix("=**") ? .rest(String(inner.dropLast(3))) : .variable(String(inner))
        }
    }

    private static func variables(of template: [Segment], in segments: [String]) -> [RequestTarget.Parameter]? {
        var variables: [RequestTarget.Parameter] = []
        for (index, segment) in template.enumerated() {
            guard index < segments.count else { return nil }
            switch segment {
            case .literal(let text):
                guard segments[index] == text else { return nil }
            case .variable(let name):
                guard !segments[index].isEmpty else { return nil }
                variables.append(RequestTarget.Parameter(name: name, value: segments[index]))
            case .rest(let name):
                let value = segments[index...].joined(separator: "/")
                return variables + [RequestTarget.Parameter(name: name, value: value)]
            }
        }
        return template.count == segments.count ? variables : nil
    }
}
