/// The command of users, contract authors and auditors: verbs and flags in, lines for a person or JSON for a program
/// out.
///
/// All that it knows of the chain is `WalletClient`'s; here are arguments, questions and words. It shows nothing of a
/// stranger's that could act on a terminal, and it never prints a key or a mnemonic unless that is what was asked for.
import ArgumentParser
import CProgramVersion
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
        version: String(cString: cloister_program_version()),
        subcommands: [
            Keys.self, Tx.self, Query.self, Status.self, EvidenceCommand.self, Audit.self, Watch.self,
            FaucetCommand.self,
            Contract.self,
            Demo.self, Research.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ClientError {
            Complaint(error).show()
            Foundation.exit(error.code == .transactionFailed ? 2 : 1)
        } catch {
            let text = message(for: error)
            guard OutputFormat.isJSONAsked, exitCode(for: error) != .success, !text.isEmpty else {
                exit(withError: error)
            }
            Complaint(code: exitCode(for: error) == .validationFailure ? "usage" : "failed", text).show()
            Foundation.exit(exitCode(for: error).rawValue)
        }
    }
}

/// An error as it is shown: a line that may quote anybody, with lines of our own below it; or JSON, where that is asked
/// for.
private struct Complaint {
    private let code: String
    private let text: String
    private let details: [String]

    init(code: String, _ text: String) { (self.code, self.text, details) = (code, text, []) }

    init(_ error: ClientError) {
        let names: [ClientError.Code: String] = [
            .unreachable: "unreachable", .refused: "refused", .notFound: "not_found",
            .transactionFailed: "transaction_failed", .invalidInput: "invalid_input", .badAnswer: "bad_answer",
            .timedOut: "timed_out", .evidenceRefused: "evidence_refused", .keyChanged: "key_changed",
            .stale: "stale_answer",
        ]
        (code, text, details) = (names[error.code] ?? "failed", error.description, error.details)
    }

    func show() {
        if OutputFormat.isJSONAsked {
            var members: [(String, JSONValue)] = [("code", .string(code)), ("message", .string(text))]
            if !details.isEmpty { members.append(("details", .array(details.map { .string($0) }))) }
            say(Rendering.json(.object([("error", .object(members))])))
        } else {
            say(
                (["cloister: " + Rendering.line(text)] + details.map { "  " + Rendering.line($0) }).joined(
                    separator: "\n"))
        }
    }
}

/// To the user, beside the output that programs read.
func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

// MARK: - Options

struct HomeOptions: ParsableArguments {
    @Option(help: "Folder with keys and known chains; CLOISTER_HOME sets another default.")
    var home =
        environment("CLOISTER_HOME")
        ?? URL(
            fileURLWithPath: environment("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path,
            isDirectory: true
        ).appendingPathComponent(".cloister").path

    var url: URL { URL(fileURLWithPath: home, isDirectory: true) }
}

extension Keystore.Backend: ExpressibleByArgument {}

struct KeyringOptions: ParsableArguments {
    @Option(
        help: """
            test (mnemonics in clear) or file (under a passphrase); CLOISTER_KEYRING_BACKEND sets another default than what \
            the folder has.
            """)
    var keyringBackend: Keystore.Backend?
    @OptionGroup var home: HomeOptions

    var keystore: Keystore {
        get throws {
            var backend = keyringBackend
            if backend == nil, let name = environment("CLOISTER_KEYRING_BACKEND") {
                backend = Keystore.Backend(rawValue: name)
                guard backend != nil else {
                    throw ClientError(.invalidInput, "CLOISTER_KEYRING_BACKEND is \(name), and neither test nor file")
                }
            }
            return Keystore(
                home: home.url, backend: backend ?? Keystore.backend(of: home.url), passphrase: Prompt.passphrase)
        }
    }
}

struct NodeOptions: ParsableArguments {
    @Option(help: "The node's REST address; CLOISTER_NODE sets another default.")
    var node = environment("CLOISTER_NODE") ?? "http://127.0.0.1:1317"

    var client: ChainClient { ChainClient(node: node) }
}

/// Which network is meant, and what the user knows of it.
struct NetworkOptions: ParsableArguments {
    @Option(help: "The chain's id; asked of the node if not given.") var chainID: String?
    @Option(
        help: """
            The measurement (64 hexadecimal digits) that the network's enclave must have, where the chain is used first; \
            CLOISTER_EXPECT_MEASUREMENT sets a default.
            """)
    var expectMeasurement: Digest?
    @Option(
        help: """
            The root of its evidence: SHA-256 of the public key, 64 hexadecimal digits; CLOISTER_EXPECT_ROOT sets a default.
            """)
    var expectRoot: Digest?
    @Option(
        help: """
            SHA-256 of the chain's identity, 64 hexadecimal digits, as `cloister-node status` of somebody's node shows it: of \
            this chain, and of no other with its name; CLOISTER_EXPECT_IDENTITY sets a default.
            """)
    var expectIdentity: Digest?
    @Flag(help: "Encrypt to whatever key the node gives out, if it serves no evidence.") var acceptNodesWord = false
    @OptionGroup var node: NodeOptions

    var hasExpectation: Bool { expectMeasurement != nil || expectRoot != nil || expectIdentity != nil }

    func trust(_ home: HomeOptions) throws -> NetworkTrust {
        let expected = NetworkExpectation(
            chainID: chainID,
            identity: try expectIdentity?.value ?? Digest.environment("CLOISTER_EXPECT_IDENTITY"),
            measurement: try expectMeasurement?.value ?? Digest.environment("CLOISTER_EXPECT_MEASUREMENT"),
            root: try expectRoot?.value ?? Digest.environment("CLOISTER_EXPECT_ROOT"))
        return NetworkTrust(home: home.url, expected: expected, acceptsNodesWord: acceptNodesWord) { lines in
            say(lines.map { "cloister: " + Rendering.line($0) }.joined(separator: "\n"))
        }
    }

    /// The chain, and the encryption to its verified key.
    func encryption(_ home: HomeOptions) async throws -> (chainID: String, encryption: ContractEncryption) {
        let (chainID, key) = try await trust(home).network(of: node.client)
        return (chainID, try Keystore(home: home.url).encryption(ioPublicKey: key))
    }
}

/// A variable of the user's environment that is set to something.
func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    /// Whether the command line asks for JSON, even one that is otherwise wrong.
    static var isJSONAsked: Bool {
        let arguments = CommandLine.arguments.prefix { $0 != "--" }
        return arguments.contains { ["-o=json", "-ojson", "--output=json"].contains($0) }
            || zip(arguments, arguments.dropFirst()).contains { ["-o", "--output"].contains($0) && $1 == "json" }
    }
}

struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "text (YAML) or json.")
    var output = OutputFormat.text

    /// Prints `json` as it is, or as YAML.
    func show(_ json: JSONValue) {
        switch output {
        case .json: print(Rendering.json(json))
        case .text: print(Rendering.yaml(json))
        }
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
