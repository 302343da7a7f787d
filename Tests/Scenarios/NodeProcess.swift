import Foundation
import Glibc
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import WalletClient

/// The accounts of the scenarios' genesis: LocalSecret's.
enum Person: String, CaseIterable {
    case a, b, c, d

    var mnemonic: String {
        switch self {
        case .a: LocalSecret.a
        case .b: LocalSecret.b
        case .c: LocalSecret.c
        case .d: LocalSecret.d
        }
    }

    var address: AccountAddress { get throws { try Wallet(mnemonic: mnemonic).address } }
}

/// A real node with its real enclave, in a home of its own, on ports of its own.
final class NodeProcess {
    static let chainID = "secretdev-1"
    static let coinsAtGenesis: UInt64 = 1_000_000_000_000

    let home: String
    let restPort: Int
    let metricsPort: Int
    private(set) var child: ChildProcess?
    private var folder: TemporaryFolder?

    /// Makes the node's home with `cloister-node init`. `settings` is more of `node.toml`; `stake` is what the node's
    /// validator has of a person's.
    init(settings: String = "", stake: (of: Person, uscrt: UInt64)? = nil) async throws {
        let folder = TemporaryFolder("node")
        self.folder = folder
        home = folder.path("home")
        let ports = try freePorts(2)
        (restPort, metricsPort) = (ports[0], ports[1])
        let made = try await ChildProcess.run(
            Programs.path("cloister-node"),
            ["init", "scenario", "--chain-id", Self.chainID, "--home", home]
                + (settings.contains("signer = \"file\"") ? ["--signer", "file"] : [])
                + (settings.contains("confinement = \"strict\"") ? ["--confinement", "strict"] : [])
                + (stake.map { ["--stake", "\(try $0.of.address)=\($0.uscrt)uscrt"] } ?? [])
                + Person.allCases.flatMap { ["--account", "\(try $0.address)=\(Self.coinsAtGenesis)uscrt"] })
        guard made.ending == .exit(0) else { throw ChildProcess.Failure(description: "init: \(made)") }
        try configure(settings)
    }

    /// Copies the home of this node, which has ended, for another one: the same birth and machine, the keys of another
    /// node and of no validator.
    func copyMachine(to home: String) throws {
        let files = FileManager.default
        try files.copyItem(atPath: self.home, toPath: home)
        let votes = try files.contentsOfDirectory(atPath: home + "/data/platform").filter { $0.hasPrefix("votes-") }
        for name in ["config/node_key.json", "config/priv_validator_enclave.json"]
            + votes.map({ "data/platform/" + $0 })
        {
            try files.removeItem(atPath: home + "/" + name)
        }
    }

    /// By which peers dial it.
    func id() async throws -> String {
        let information = try await client.get("/cosmos/base/tendermint/v1beta1/node_info")
        return information["default_node_info"]?["default_node_id"]?.string ?? ""
    }

    /// A node in a home that is there, a copy of another's for instance.
    init(home: String, settings: String = "") throws {
        self.home = home
        let ports = try freePorts(2)
        (restPort, metricsPort) = (ports[0], ports[1])
        try configure(settings)
    }

    /// Writes `node.toml` with `settings` beside the node's ports.
    func configure(_ settings: String) throws {
        try """
        \(settings)
        [rest]
        port = \(restPort)
        [metrics]
        port = \(metricsPort)

        """.write(toFile: home + "/config/node.toml", atomically: true, encoding: .utf8)
    }

    var url: String { "http://127.0.0.1:\(restPort)" }
    var client: ChainClient { ChainClient(node: url, timeoutSeconds: 20) }
    var log: String { child?.output ?? "" }
    var process: pid_t { child?.identifier ?? 0 }
    var launcher: pid_t { get throws { try ProcessTable.child(of: process, named: "enclave-host") } }
    var enclave: pid_t { get throws { try ProcessTable.enclave(of: try launcher) } }

    /// Starts the node and waits until it shows a block. `crashingAt` is a step of the commit, as `block-saved@12`.
    func start(
        crashingAt point: String? = nil, programs: String? = nil, program: String = "cloister-node",
        engine: String? = nil
    ) async throws {
        try launch(crashingAt: point, programs: programs, program: program, engine: engine)
        try await wait(for: "the node to serve") {
            if try self.isEnded() {
                throw ChildProcess.Failure(description: "the node ended:\n\(self.log.suffix(2_000))")
            }
            return await (try? self.height()) ?? 0 > 0
        }
    }

    /// Starts the node's process.
    func launch(
        crashingAt point: String? = nil, programs: String? = nil, program: String = "cloister-node",
        engine: String? = nil
    ) throws {
        let program = programs.map { $0 + "/" + program } ?? Programs.path(program)
        child = try ChildProcess(
            program, ["start", "--home", home] + (engine.map { ["--engine", $0] } ?? []), log: home + "/node.log",
            environment: point.map { ["CLOISTER_CRASH_AT": $0] } ?? [:])
    }

    private func isEnded() throws -> Bool { !(child?.isRunning ?? false) }

    /// Asks the node to end, and tells how it did.
    func stop() async throws -> ChildProcess.Ending {
        guard let child else { throw ChildProcess.Failure(description: "no node to stop") }
        child.send(SIGTERM)
        return try await child.ending()
    }

    /// Ends the node as a power cut would, and waits until its enclave is gone too.
    func killHard() async throws {
        guard let child else { return }
        let launcher = try? self.launcher
        child.send(SIGKILL)
        _ = try await child.ending()
        if let launcher {
            try await wait(for: "the launcher to end with its node") { !ProcessTable.isRunning(launcher) }
        }
    }

    // MARK: - Reading the chain

    func height() async throws -> Int64 {
        let block = try await client.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        guard let height = block["block"]?["header"]?["height"]?.string.flatMap({ Int64($0) }) else {
            throw ClientError(.badAnswer, "no height")
        }
        return height
    }

    /// How long a transaction is, as the chain counts it.
    func transactionByteCount(_ hash: String) async throws -> Int {
        let answer = try await client.get("/cosmos/tx/v1beta1/txs/\(hash)")
        let height = answer["tx_response"]?["height"]?.string ?? ""
        let block = try await client.get("/cosmos/base/tendermint/v1beta1/blocks/\(height)")
        let transactions = (block["block"]?["data"]?["txs"]?.array ?? []).compactMap { $0.string }
            .compactMap { Base64.decode($0) }
        guard
            let found = transactions.first(where: { Hexadecimal.encode(SHA256.hash($0).bytes, uppercase: true) == hash }
            )
        else { throw ClientError(.badAnswer, "transaction \(hash) is not in block \(height)") }
        return found.count
    }

    func balance(_ address: AccountAddress) async throws -> UInt64 {
        let answer = try await client.get("/cosmos/bank/v1beta1/balances/\(address)/by_denom?denom=uscrt")
        return answer["balance"]?["amount"]?.string.flatMap { UInt64($0) } ?? 0
    }

    func session(_ person: Person) async throws -> Session {
        let client = self.client
        var session = Session(
            client: client, chainID: Self.chainID, wallet: try Wallet(mnemonic: person.mnemonic),
            encryption: ContractEncryption(
                privateKey: SecretKey(copying: SHA256.hash(Array("scenario \(person)".utf8)).bytes)!,
                ioPublicKey: try await client.ioPublicKey()))
        session.gasPriceMicro = 12_500
        return session
    }
}

/// The blocks of a chain as its node showed them, to compare with what it shows later.
struct ChainRecord {
    struct Shown: Equatable {
        var identifier: String
        var previous: String
        var appHash: String
        var resultsHash: String
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var blocks: [Int64: Shown] = [:]
    var height: Int64 { blocks.keys.max() ?? 0 }

    /// Reads all blocks up to the newest. Each must be linked to the one before, and be what it was when last read.
    mutating func read(_ node: NodeProcess) async throws {
        let newest = try await node.height()
        guard newest >= height else { throw Broken(description: "the chain went back from \(height) to \(newest)") }
        for height in 1...newest {
            let answer = try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/\(height)")
            let header = answer["block"]?["header"]
            guard let identifier = answer["block_id"]?["hash"]?.string, let appHash = header?["app_hash"]?.string,
                let resultsHash = header?["last_results_hash"]?.string
            else { throw Broken(description: "block \(height) has no header") }
            let shown = Shown(
                identifier: identifier, previous: header?["last_block_id"]?["hash"]?.string ?? "", appHash: appHash,
                resultsHash: resultsHash)
            if let known = blocks[height], known != shown {
                throw Broken(description: "block \(height) changed from \(known) to \(shown)")
            }
            if height > 1, let before = blocks[height - 1], before.identifier != shown.previous {
                throw Broken(description: "block \(height) is not linked to the one before: \(before), \(shown)")
            }
            blocks[height] = shown
        }
    }
}
