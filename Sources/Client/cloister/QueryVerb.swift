import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

/// A verb under `query` that shows what a node answers at one path: all of it for programs, and for people a table
/// where it is a list.
protocol QueryVerb: ParsableArguments {
    static var word: String { get }
    static var about: String { get }
    /// How people are shown a list; `nil` for an answer that is none.
    static var table: AnswerTable? { get }
    /// Of the node's REST interface.
    func path() throws -> String
    /// The same, where the node must be asked something before.
    func path(asking client: ChainClient) async throws -> String
}

extension QueryVerb {
    func path(asking client: ChainClient) async throws -> String { try path() }
    static var table: AnswerTable? { nil }
}

/// The command of such a verb.
struct Ask<Verb: QueryVerb>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Verb.word, abstract: Verb.about)
    }

    @OptionGroup var verb: Verb
    @OptionGroup var options: Query.Options

    func run() async throws {
        let client = options.node.client
        let answer = try await client.get(verb.path(asking: client))
        guard options.output.output == .text, let table = Verb.table else { return options.output.show(answer) }
        for line in table.lines(answer) { print(line) }
    }
}

/// Of long lists.
struct PageOptions: ParsableArguments {
    @Option(help: "How many are shown.") var limit: UInt32 = 100
    @Option(help: "Where to go on, as the end of the last page said.") var pageKey: String?

    /// - Parameter more: other parts of the query, which need no escapes.
    func path(_ path: String, _ more: [String] = []) -> String {
        var parts = more + ["pagination.limit=\(limit)"]
        if let pageKey { parts.append("pagination.key=" + escaped(pageKey)) }
        return path + "?" + parts.joined(separator: "&")
    }
}

/// A text as a part of a path or of a query.
func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }

/// The validator's address, checked, as a part of a path.
func validatorPath(_ text: String) throws -> String { try validator(text).string ?? "" }

/// The account's address, checked, as a part of a path.
func accountPath(_ text: String) throws -> String { try account(text).string ?? "" }
