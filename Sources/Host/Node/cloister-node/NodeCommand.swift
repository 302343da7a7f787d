/// The operator's command: verbs of the module `Node`, with an exit status that says what a supervisor should do.
///
/// It decides nothing about a node: it reads arguments, calls one verb, and turns a `NodeFault` into a line and a
/// status. It never asks a question, so that a unit file or a script can run it.
import ArgumentParser
import CProgramVersion
import EmbeddedEngine
import Foundation
import LogLines
import Logging
import Node
import StrictJSON

/// The operator's command: makes, runs and looks at a node.
@main
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloister-node", abstract: "Run a node of a Cloister network.",
        discussion: "Its exit status says what a supervisor should do:\n"
            + NodeExit.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"),
        version: String(cString: cloister_program_version()),
        subcommands: [
            Initialize.self, GenesisCommand.self, Register.self, UpgradeEnclave.self, Start.self, StatusCommand.self,
            DoctorCommand.self, Reload.self,
            ConfigCommand.self, ValidatorKeys.self, Backup.self, Restore.self, Compact.self, Export.self,
            LocalnetCommand.self, TestnetCommand.self, LightCommand.self, Simulate.self,
        ])
}

func end(_ code: NodeExit, _ text: String) -> Never {
    FileHandle.standardError.write(Data("cloister-node: \(text)\n".utf8))
    Foundation.exit(code.rawValue)
}

func end(_ fault: NodeFault) -> Never { end(fault.exit, fault.description) }

/// Ends what runs on: its last line is one of its log.
func end(_ fault: NodeFault, _ output: LogOutput) -> Never {
    output.write(
        LogLine(
            .critical, "cloister-node", fault.description, fields: [("status", .number(fault.exit.rawValue))]))
    Foundation.exit(fault.exit.rawValue)
}

extension LogFormat: ExpressibleByArgument {}

struct HomeOption: ParsableArguments {
    @Option(help: "The node's folder.")
    var home = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cloister-node").path
}

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a node's folder: validator key, configuration and a genesis with one validator.")
    @Argument(help: "The node's name.") var moniker: String
    @Option(help: "The chain's id; of a chain that is joined, the genesis file's.") var chainID: String?
    @Option(help: "Join the network of this node: http://HOST:PORT, its REST interface.") var join: String?
    @Option(help: "With --join: the genesis file, if not the one that the node serves.") var genesis: String?
    @Option(help: "With --join: SHA-256 of the genesis file, in hexadecimal.") var genesisHash: String?
    @Option(
        help: "With --join: the folder of a simulated platform whose maker makes this node's too; its root is approved."
    )
    var maker: String?
    @Option(help: "An account of genesis: ADDRESS=12uscrt,3other. May be given several times.")
    var account: [String] = []
    @Option(
        help: "Whose validator the node is, and what it has of that account's: ADDRESS=1000000uscrt, beside --account.")
    var stake: String?
    @Option(help: "Who holds the validator's key: enclave or file.") var signer = NodeConfiguration.Signer.enclave
    @Option(help: "How the enclave is confined: jit, or strict, which interprets contracts. It is fixed with this.")
    var confinement = NodeConfiguration.Confinement.jit
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard !home.exists else { end(.configuration, "there is a node in \(home.folder) already") }
        let (accounts, wrongAccounts) = FirstGenesis.accounts(account)
        if let join { return joinNetwork(of: join, home, accounts: accounts.count + (stake == nil ? 0 : 1)) }
        guard let chainID else { end(NodeFault(violations: ["--chain-id: must be given, or --join"])) }
        let violations =
            [
                FirstGenesis.problem(ofMoniker: moniker), FirstGenesis.problem(ofChainID: chainID),
                stake.flatMap(FirstGenesis.problem(ofStake:)),
            ].compactMap { $0 } + wrongAccounts
        guard violations.isEmpty else { end(NodeFault(violations: violations)) }
        var configuration = NodeConfiguration()
        configuration.moniker = moniker
        configuration.signer = signer
        configuration.confinement = confinement
        do {
            try home.create(
                chainID: chainID,
                { key in
                    try FirstGenesis.document(
                        chainID: chainID, moniker: moniker, validatorKey: key, accounts: accounts,
                        time: EngineClock.system.now(),
                        stake: stake.flatMap { FirstGenesis.stake($0, name: moniker, key: key) }
                    ).checked()
                }, configuration: configuration)
        } catch {
            end(NodeFault(error, in: home))
        }
        print("node \(moniker) of chain \(chainID) in \(home.folder)")
    }

    private func joinNetwork(of url: String, _ home: NodeHome, accounts: Int) {
        var violations = [FirstGenesis.problem(ofMoniker: moniker)].compactMap { $0 }
        if accounts > 0 { violations.append("--account, --stake: the accounts of a chain that is joined are its own") }
        guard violations.isEmpty else { end(NodeFault(violations: violations)) }
        var configuration = NodeConfiguration()
        configuration.moniker = moniker
        configuration.signer = signer
        configuration.confinement = confinement
        do {
            let (found, hash) = try JoiningNode.create(
                home, url: url, chainID: chainID, genesisFile: genesis, hash: genesisHash, maker: maker,
                configuration: configuration)
            print("node \(moniker) of chain \(found) in \(home.folder); its genesis file has SHA-256 \(hash)")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct Register: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the chain give its seeds to this node's enclave, once; then start the node.",
        discussion: """
            Shows the chain evidence of what runs here, in a transaction that `cloister` signs and pays, and waits until \
            the chain's enclaves have wrapped the seeds. May be ended at any time and called again.
            """)
    @OptionGroup var options: HomeOption
    @Option(help: "The key that pays, by its name in the folder of `cloister`.") var from: String
    @Option(help: "The folder of `cloister`, if not its usual one.") var wallet: String?
    @Option(help: "The registration key of a node whose machine this one stands in for.") var replaces: String?
    @Option(help: "How many seconds to wait for the chain.") var patience = 120.0

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else {
            end(.configuration, "no node in \(home.folder); `cloister-node init --join` makes one")
        }
        let logger = Logger(label: "node", factory: { _ in LineLogHandler(LogOutput(.text), level: .warning) })
        do {
            guard let joining = try JoiningNode(home) else {
                end(.configuration, "the network of this folder is made here; there is nobody to ask for its seeds")
            }
            try joining.register(
                NodeConfiguration(path: home.configuration),
                payment: .init(command: ProgramFolder().path("cloister"), from: from, wallet: wallet),
                replaces: replaces, patience: patience, logger: logger
            ) { FileHandle.standardError.write(Data("cloister-node: \($0)\n".utf8)) }
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the node until a signal; logs go to standard error.")
    @OptionGroup var options: HomeOption
    @Option(help: "What decides blocks: embedded, or cometbft as [cometbft] of the settings says.")
    var engine = NodeConfiguration.EngineChoice.embedded
    @Option(
        help: "For a node that begins with a state of others: a height whose header you know, instead of the settings'."
    )
    var trustHeight: Int64?
    @Option(help: "With --trust-height: the hash of that header, 64 hexadecimal digits.") var trustHash: String?
    @Option(help: "How lines of the log look: text or json. Without it as log_format of the settings says.")
    var logFormat: LogFormat?
    @Flag(help: "End when standard input does; for supervisors.") var untilInputEnds = false

    func run() async throws {
        if untilInputEnds { EndWithInput.watch() }
        let home = NodeHome(options.home)
        let early = LogOutput(logFormat ?? .text)
        guard home.exists else {
            end(NodeFault("no node in \(home.folder)", remedy: "`cloister-node init` makes one"), early)
        }
        let configuration: NodeConfiguration
        do {
            var read = try NodeConfiguration(path: home.configuration)
            try read.stateSync.trust(height: trustHeight, hash: trustHash)
            configuration = read
        } catch { end(NodeFault(error, in: home), early) }
        let output = LogOutput(logFormat ?? configuration.logFormat)
        let threshold = LogThreshold(configuration.logLevel)
        let logger = Logger(label: "node", factory: { _ in LineLogHandler(output, threshold: threshold) })
        let reload = SettingsReload(home, since: configuration, threshold: threshold, logger: logger)
        defer { withExtendedLifetime(reload) {} }
        NodeFault.watchMappedFiles { end($0, output) }
        let node: RunningNode
        do {
            // On a thread of its own: it may wait for others for long.
            let engine = engine
            node = try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        with: Result {
                            try RunningNode(home, configuration, engine: engine, threshold: threshold, logger: logger)
                        })
                }
                thread.name = "node-start"
                thread.stackSize = 8 << 20
                thread.start()
            }
        } catch {
            end(NodeFault(error, in: home), output)
        }
        logger.info(
            "node serves",
            metadata: ["chain": "\(node.chainID)", "rest_port": .stringConvertible(configuration.restPort)],
            source: "cloister-node")
        if let fault = await node.serve() { end(fault, output) }
        Foundation.exit(NodeExit.stopped.rawValue)
    }
}

extension NodeConfiguration.EngineChoice: ExpressibleByArgument {}
extension NodeConfiguration.Signer: ExpressibleByArgument {}
extension NodeConfiguration.Confinement: ExpressibleByArgument {}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask the running node of a folder where it stands, and what ails it.")
    @OptionGroup var options: HomeOption
    @Flag(help: "All of it, for scripts.") var json = false

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        do {
            let status = try NodeStatus(of: NodeConfiguration(path: home.configuration))
            print(json ? status.json : status.text)
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at all that a node needs, whether it runs or not: a line for each thing, and what to do.",
        discussion: "Ends with 0 if there is no fault, else with the status that the first one would end a node with.")
    @OptionGroup var options: HomeOption
    @Flag(help: "A JSON array, for scripts.") var json = false

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        let findings = Doctor.examine(home)
        if json {
            print("[\n" + findings.map { "  " + JSONWriter.text(of: $0.json) }.joined(separator: ",\n") + "\n]")
        } else {
            for finding in findings { print(finding.line) }
        }
        if let fault = findings.first(where: { $0.level == .fault }) { Foundation.exit(fault.exit.rawValue) }
    }
}

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the running node of a folder read its settings again: the level of its log changes at once.")
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        do {
            try SettingsReload.ask(home)
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at a node's settings.", subcommands: [ConfigValidate.self])
}

struct ConfigValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say all that is wrong with a folder's settings, genesis and validator's key, and start nothing.")
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        let faults = home.faults()
        guard let first = faults.first else { return print("\(home.folder): a node can start with these files") }
        end(first.exit, faults.map(\.description).joined(separator: "\ncloister-node: "))
    }
}

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a node's state, blocks and settings to a new folder; the node may run meanwhile.",
        discussion: """
            The validator's key, the record of what it signed, and the launcher's folder are not in it: they must not \
            exist twice, or come back older than they were. It opens on this machine and with this enclave alone.
            """)
    @Argument(help: "The folder to make.") var folder: String
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        do {
            let backup = try NodeBackup(of: home, to: folder)
            print(
                "chain \(backup.chainID), state at height \(backup.stateHeight), blocks to height \(backup.blockHeight), "
                    + "in \(backup.folder)")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup into a node's folder; what was there is moved aside. The node must not run.",
        discussion: """
            The validator's key and the record of what it signed stay as they are, and are never set back. Without blocks \
            that follow the backup's, a machine that has run later ones refuses to go on: keep the blocks if they are whole, \
            or take them from a newer backup of another node of the chain.
            """)
    @Argument(help: "The backup's folder.") var folder: String
    @OptionGroup var options: HomeOption
    @Flag(help: "Keep the blocks that are there; those after the backup's state run again.") var keepBlocks = false
    @Option(help: "Take the blocks from this backup, which may be another node's.") var blocks: String?

    func validate() throws {
        guard !(keepBlocks && blocks != nil) else { throw ValidationError("either --keep-blocks or --blocks") }
    }

    func run() throws {
        let home = NodeHome(options.home)
        do {
            let backup = try NodeBackup(folder)
            let lines = try backup.restore(
                into: home, keepsBlocks: keepBlocks, blocks: try blocks.map { try NodeBackup($0) })
            for line in lines { print(line) }
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forget what [pruning] no longer keeps, and give its room back to the disk. The node must not run.")
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        do {
            let compaction = try Compaction(home, NodeConfiguration(path: home.configuration))
            for part in compaction.parts {
                print("\(part.name): \(part.bytesBefore >> 10) KiB before, \(part.bytesAfter >> 10) KiB after")
            }
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a genesis with which another chain begins where this one stood.",
        discussion: """
            Accounts, coins, parameters and validators go over. Contracts do not: what they keep is sealed under the \
            seeds of this network. What is left out is said on standard error. The node must not run.
            """)
    @OptionGroup var options: HomeOption
    @Option(help: "The state after this block; the last one's unless given.") var height: UInt64?
    @Option(help: "The file to write; standard output unless given.") var output: String?

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        do {
            let export = try GenesisExport(home, height: height)
            for text in export.leftOut {
                FileHandle.standardError.write(Data("cloister-node: left out: \(text)\n".utf8))
            }
            guard let output else { return print(export.text) }
            try export.write(output)
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct LocalnetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localnet", abstract: "Run a local network for developers (LocalSecret's accounts and ports).")
    @Option(help: "The network's folder.") var home = ".localnet"
    @Option(help: "The chain's id.") var chainID = Localnet.chainID
    @Option(help: "Port of the REST interface.") var restPort = 1317
    @Option(help: "Port of CometBFT's RPC; 0 for none. Without it 26657, unless something listens there.") var rpcPort:
        Int?
    @Option(help: "Port of gRPC; 0 for none. Without it 9090, unless something listens there.") var grpcPort: Int?
    @Option(help: "Port of the faucet.") var faucetPort = 5000
    @Option(help: "Port of the metrics.") var metricsPort = 26660
    @Option(help: "A contract to show a first private call with.") var demo: String?
    @Flag(help: "Run the development enclave, which tells callers, sealed, where contracts stopped.")
    var developmentEnclave = false
    @Flag(help: "Refuse to start when the enclave was rebuilt, instead of moving the old chain aside.") var keep = false
    @Option(help: "How lines look, here and in the network's folder: text or json.") var logFormat = LogFormat.text

    func run() throws {
        var options = Localnet.Options(home: (home as NSString).standardizingPath)
        options.chainID = chainID
        options.restPort = restPort
        options.rpcPort = rpcPort
        options.grpcPort = grpcPort
        options.faucetPort = faucetPort
        options.metricsPort = metricsPort
        options.keepsChain = keep
        options.demo = demo
        options.developmentEnclave = developmentEnclave
        options.logFormat = logFormat
        do {
            Foundation.exit(try Localnet(options).run().rawValue)
        } catch {
            end(NodeFault(error, in: NodeHome(options.home)), LogOutput(logFormat))
        }
    }
}
