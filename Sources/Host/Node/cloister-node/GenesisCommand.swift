import ArgumentParser
import EmbeddedEngine
import Foundation
import Node

struct GenesisCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesis", abstract: "Begin a network as several founders of equal standing.",
        discussion: """
            One founder writes a draft, which all founders need: `draft`. Each makes evidence of the enclave on a machine \
            of their own: `founder`. One collects the evidence, and the enclave there makes the seeds: `collect`. Each \
            takes what comes of it: `accept`, and starts the node. Each enclave verifies the others' evidence then.
            """,
        subcommands: [GenesisDraft.self, GenesisFounder.self, GenesisCollect.self, GenesisAccept.self])
}

struct GenesisDraft: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Write config/genesis-draft.json: what the founders will agree on, without the founders.",
        discussion: "It approves the enclave program that runs here. Accounts may be edited before it is given away.")
    @Argument(help: "The node's name.") var moniker: String
    @Option(help: "The chain's id.") var chainID: String
    @Option(help: "An account of genesis: ADDRESS=12uscrt,3other. May be given several times.")
    var account: [String] = []
    @Option(
        help:
            "SHA-256 of the key of another root in which a founder's evidence ends, in hexadecimal. May be given several times."
    )
    var root: [String] = []
    @Option(help: "development or production: what all machines of the network are.")
    var profile = NodeConfiguration.Profile.development
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        guard !home.exists else { end(.configuration, "there is a node in \(home.folder) already") }
        let (accounts, wrongAccounts) = FirstGenesis.accounts(account)
        let violations =
            [FirstGenesis.problem(ofMoniker: moniker), FirstGenesis.problem(ofChainID: chainID)].compactMap { $0 }
            + wrongAccounts
        guard violations.isEmpty else { end(NodeFault(violations: violations)) }
        var configuration = NodeConfiguration()
        (configuration.moniker, configuration.profile) = (moniker, profile)
        do {
            try FoundingCeremony(home).draft(
                chainID: chainID, moniker: moniker, accounts: accounts, roots: root, configuration: configuration)
        } catch {
            end(NodeFault(error, in: home))
        }
        print("the draft of chain \(chainID) is \(home.foundingDraft); every founder needs it")
    }
}

struct GenesisFounder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "founder", abstract: "Make this founder's evidence for a draft, and the node's folder.",
        discussion: """
            Prints the file for the one who collects; and on standard error what the draft says, which is agreed to by \
            this: whose programs may have the seeds, and under which roots. Done again, it is made anew for the same key.
            """)
    @Argument(help: "The node's name.") var moniker: String
    @Option(help: "The draft; the folder's own unless given.") var draft: String?
    @Option(help: "The voting power that this founder asks for.") var power: Int64 = 10
    @Option(
        help: "The folder of a simulated platform whose maker makes this node's too.") var maker: String?
    @Option(help: "The file to write; standard output unless given.") var output: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        if let problem = FirstGenesis.problem(ofMoniker: moniker) { end(NodeFault(violations: [problem])) }
        var configuration = NodeConfiguration()
        configuration.moniker = moniker
        do {
            let (text, agreed) = try FoundingCeremony(home).evidence(
                draft: draft, moniker: moniker, power: power, maker: maker, configuration: configuration)
            for line in agreed { FileHandle.standardError.write(Data("cloister-node: \(line)\n".utf8)) }
            guard let output else { return print(text, terminator: "") }
            try text.write(toFile: output, atomically: true, encoding: .utf8)
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct GenesisCollect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Have this founder's enclave make the seeds for these founders; writes config/genesis.json.",
        discussion: """
            Look at the lines that it prints: who founds the network, with which power. Every founder needs the file, and \
            should hear its SHA-256 from you.
            """)
    @Argument(help: "Each founder's file, this one's too.") var founders: [String]
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        do {
            let (hash, lines) = try FoundingCeremony(home).collect(founders, time: EngineClock.system.now())
            for line in lines { print(line) }
            print("\(home.genesis) has SHA-256 \(hash)")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct GenesisAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Take the genesis file that came of the founding, if it is the one that this founder agreed to.",
        discussion: "Look at the lines that it prints: who founds the network, with which power; nothing else says it.")
    @Argument(help: "The file.") var file: String
    @Option(help: "SHA-256 of the genesis file, in hexadecimal.") var genesisHash: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        do {
            let (hash, lines) = try FoundingCeremony(home).accept(file, hash: genesisHash)
            for line in lines { print(line) }
            print("\(home.genesis) has SHA-256 \(hash); the node can start")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

extension NodeConfiguration.Profile: ExpressibleByArgument {}
