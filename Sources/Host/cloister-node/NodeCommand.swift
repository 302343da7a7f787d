import ArgumentParser
import ChainModel
import Consensus
import Foundation
import Logging
import Node
import PublicCryptography

/// The operator's command: makes, runs and looks at a node.
@main
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloister-node", abstract: "Run a node of a Cloister network.",
        subcommands: [Initialize.self, Start.self, StatusCommand.self, LocalnetCommand.self])
}

private func end(_ code: NodeExit, _ text: String) -> Never {
    FileHandle.standardError.write(Data("cloister-node: \(text)\n".utf8))
    Foundation.exit(code.rawValue)
}

struct HomeOption: ParsableArguments {
    @Option(help: "The node's folder.")
    var home = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cloister-node").path
}

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a node's folder: validator key, configuration and a genesis with one validator.")
    @Argument(help: "The node's name.") var moniker: String
    @Option(help: "The chain's id.") var chainID: String
    @Option(help: "An account of genesis: ADDRESS=12uscrt. May be given several times.") var account: [String] = []
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard !home.exists else { end(.configuration, "there is a node in \(home.folder) already") }
        var configuration = NodeConfiguration()
        configuration.moniker = moniker
        let accounts = try account.map { text -> FirstGenesis.Account in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let address = AccountAddress(bech32: parts[0]) else {
                throw ValidationError("\(text) is not ADDRESS=AMOUNT")
            }
            let digits = parts[1].prefix { $0.isASCII && $0.isNumber }
            guard let amount = UInt128(digits) else { throw ValidationError("\(parts[1]) is no amount") }
            return .init(
                address: address.description,
                coins: [(denomination: String(parts[1].dropFirst(digits.count)), amount: amount)])
        }
        try home.create(
            { key in
                FirstGenesis.document(
                    chainID: chainID, moniker: moniker, validatorKey: key, accounts: accounts,
                    time: EngineClock.system.now())
            }, configuration: configuration)
        print("node \(moniker) of chain \(chainID) in \(home.folder)")
    }
}

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the node until a signal; logs go to standard error.")
    @OptionGroup var options: HomeOption
    @Flag(help: "End when standard input does; for supervisors.") var untilInputEnds = false

    func run() async throws {
        if untilInputEnds { EndWithInput.watch() }
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        let configuration: NodeConfiguration
        do { configuration = try NodeConfiguration(path: home.configuration) } catch { end(.configuration, "\(error)") }
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let logger = Logger(label: "node", factory: { JSONLogHandler(label: $0, level: level) })
        let node: RunningNode
        do {
            node = try RunningNode(home, configuration, logger: logger)
        } catch let refusal as StartRefusal {
            end(.configuration, refusal.description)
        } catch {
            logger.critical("the node did not start", metadata: ["reason": "\(error)"])
            end(.failed, "\(error)")
        }
        logger.info("node serves", metadata: ["chain": "\(node.chainID)", "rest": "\(configuration.restPort)"])
        Foundation.exit(await node.serve().rawValue)
    }
}

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show where the node of a folder stands.")
    @OptionGroup var options: HomeOption

    func run() async throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder)") }
        let configuration: NodeConfiguration
        do { configuration = try NodeConfiguration(path: home.configuration) } catch { end(.configuration, "\(error)") }
        let host = configuration.restHost == "0.0.0.0" ? "127.0.0.1" : configuration.restHost
        let url = URL(string: "http://\(host):\(configuration.restPort)/cosmos/base/tendermint/v1beta1/blocks/latest")!
        do {
            let text = try String(contentsOf: url, encoding: .utf8)
            print(text)
        } catch {
            end(.failed, "the node does not answer on \(host):\(configuration.restPort)")
        }
    }
}

struct LocalnetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localnet", abstract: "Run a local network for developers (LocalSecret's accounts and ports).")
    @Option(help: "The network's folder.") var home = ".localnet"
    @Option(help: "The chain's id.") var chainID = Localnet.chainID
    @Option(help: "Port of the REST interface.") var restPort = 1317
    @Option(help: "Port of the faucet.") var faucetPort = 5000
    @Option(help: "Port of the metrics.") var metricsPort = 26660
    @Option(help: "A contract to show a first private call with.") var demo: String?
    @Flag(help: "Run the development enclave, which tells callers, sealed, where contracts stopped.")
    var developmentEnclave = false
    @Flag(help: "Refuse to start when the enclave was rebuilt, instead of moving the old chain aside.") var keep = false

    func run() throws {
        var options = Localnet.Options(home: (home as NSString).standardizingPath)
        options.chainID = chainID
        options.restPort = restPort
        options.faucetPort = faucetPort
        options.metricsPort = metricsPort
        options.keepsChain = keep
        options.demo = demo
        options.developmentEnclave = developmentEnclave
        do {
            Foundation.exit(try Localnet(options).run().rawValue)
        } catch let refusal as StartRefusal {
            end(.configuration, refusal.description)
        } catch {
            end(.failed, "\(error)")
        }
    }
}
