import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

/// The wallet, developer and auditor command. Verbs and flags are those people know from `secretcli`.
@main
struct CloisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloister",
        abstract:
            "Keys, transactions and queries for a Cloister network; encryption of contract calls is done for you.",
        subcommands: [Keys.self, Tx.self, Query.self, Status.self, FaucetCommand.self, Contract.self, Demo.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ClientError {
            FileHandle.standardError.write(Data("cloister: \(error.description)\n".utf8))
            Foundation.exit(error.code == .transactionFailed ? 2 : 1)
        } catch {
            exit(withError: error)
        }
    }
}

struct HomeOptions: ParsableArguments {
    @Option(help: "Folder with keys; CLOISTER_HOME sets another default.")
    var home =
        environment("CLOISTER_HOME")
        ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cloister").path

    var keystore: Keystore { Keystore(home: URL(fileURLWithPath: home, isDirectory: true)) }
}

struct NodeOptions: ParsableArguments {
    @Option(help: "The node's REST address; CLOISTER_NODE sets another default.")
    var node = environment("CLOISTER_NODE") ?? "http://127.0.0.1:1317"

    var client: ChainClient { ChainClient(node: node) }
}

/// A variable of the user's environment that is set to something.
private func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "text or json.")
    var output = OutputFormat.text

    /// Prints `json` as it is, or as lines of `name: value`.
    func show(_ json: JSONValue) {
        switch output {
        case .json: print(JSONWriter.text(of: json))
        case .text: print(Self.lines(json).joined(separator: "\n"))
        }
    }

    private static func lines(_ json: JSONValue, indent: String = "") -> [String] {
        switch json {
        case .object(let members):
            return members.flatMap { name, value -> [String] in
                switch value {
                case .object(let inner) where !inner.isEmpty:
                    return ["\(indent)\(name):"] + lines(value, indent: indent + "  ")
                case .array(let items) where !items.isEmpty:
                    return ["\(indent)\(name):"] + items.flatMap { lines($0, indent: indent + "- ") }
                default: return ["\(indent)\(name): \(scalar(value))"]
                }
            }
        case .array(let items): return items.flatMap { lines($0, indent: indent + "- ") }
        default: return [indent + scalar(json)]
        }
    }

    private static func scalar(_ json: JSONValue) -> String {
        json.string ?? JSONWriter.text(of: json)
    }
}

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show which chain the node serves and where it stands.")
    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let info = try await node.client.get("/cosmos/base/tendermint/v1beta1/node_info")
        let block = try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        let header = block["block"]?["header"]
        output.show(
            .object([
                ("chain_id", info["default_node_info"]?["network"] ?? .null),
                ("moniker", info["default_node_info"]?["moniker"] ?? .null),
                ("latest_block_height", header?["height"] ?? .null),
                ("latest_block_time", header?["time"] ?? .null),
                ("app_hash", header?["app_hash"] ?? .null),
            ]))
    }
}
