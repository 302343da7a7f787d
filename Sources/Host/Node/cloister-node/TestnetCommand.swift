import ArgumentParser
import Node

struct TestnetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "testnet",
        abstract: "Write the files of a network of several validators into a folder, to try one out.",
        discussion: """
            Each validator has a folder there, which `cloister-node start --home` takes: on this machine, each on ports of \
            its own, or on machines of their own with --machine. Their accounts' keys are in the folder's `wallet`, in \
            clear, and their platforms are simulated: a network that is to keep secrets is founded as `genesis` says.
            """)
    @Argument(help: "The folder, which is not there yet.") var folder: String
    @Option(help: "How many validators there are.") var validators = TestnetFiles.usual.validators
    @Option(help: "The chain's id.") var chainID = TestnetFiles.usual.chainID
    @Option(help: "What each validator stakes, in uscrt; the account has 1000 SCRT more.")
    var stake = "1000000000000"
    @Option(help: "An account of genesis besides: ADDRESS=12uscrt,3other. May be given several times.")
    var account: [String] = []
    @Option(help: "The IPv4 address of the first validator's machine; each other one has the next.")
    var machine: String?
    @Option(
        help:
            "The first validator's port for peers. RPC, REST, gRPC and metrics have the four behind it; on one machine the next validator's is ten on."
    )
    var port = TestnetFiles.usual.port

    func run() throws {
        let (accounts, violations) = FirstGenesis.accounts(account)
        guard violations.isEmpty else { end(NodeFault(violations: violations)) }
        guard let coins = UInt128(stake) else {
            end(NodeFault(violations: ["--stake \(stake): must be a number of uscrt"]))
        }
        var options = TestnetFiles.Options(folder: folder)
        (options.chainID, options.validators, options.stake) = (chainID, validators, coins)
        (options.accounts, options.machine, options.port) = (accounts, machine, port)
        do {
            for line in try TestnetFiles(options).write() { print(line) }
        } catch {
            end(NodeFault(error, in: NodeHome(folder)))
        }
    }
}
