import ArgumentParser
import EmbeddedEngine
import Foundation
import Node

struct GenesisCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesis",
        abstract: "Begin a network as several founders of equal standing; look at a genesis file.",
        discussion: """
            One founder writes a draft, which all founders need: `draft`. Each makes evidence of the enclave on a machine \
            of their own: `founder`; or `gentx`, where validators weigh what they stake. One collects the evidence, and \
            the enclave there makes the seeds: `collect`. Each takes what comes of it: `accept`, and starts the node. Each \
            enclave verifies the others' evidence then.
            """,
        subcommands: [
            GenesisDraft.self, GenesisAddAccount.self, GenesisFounder.self, GenesisGentx.self, GenesisCollect.self,
            GenesisAccept.self, GenesisValidate.self, Export.self,
        ])
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
    @Flag(help: "Its stake runs the network: founders weigh what they stake (`gentx`), and blocks make coins.")
    var staked = false
    @Option(help: "With --staked: the seconds until coins that are taken back come, as 1814400s.")
    var unbondingTime = "1814400s"
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
                chainID: chainID, moniker: moniker, accounts: accounts, roots: root,
                unbondingTime: staked ? unbondingTime : nil, configuration: configuration)
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
        Self.show(home, moniker: moniker, output: output) { configuration in
            try FoundingCeremony(home).evidence(
                draft: draft, moniker: moniker, power: power, maker: maker, configuration: configuration)
        }
    }

    /// Writes the file, and says what was agreed to by it.
    static func show(
        _ home: NodeHome, moniker: String, output: String?,
        _ make: (NodeConfiguration) throws -> (file: String, agreed: [String])
    ) {
        var configuration = NodeConfiguration()
        configuration.moniker = moniker
        do {
            let (text, agreed) = try make(configuration)
            for line in agreed { FileHandle.standardError.write(Data("cloister-node: \(line)\n".utf8)) }
            guard let output else { return print(text, terminator: "") }
            try text.write(toFile: output, atomically: true, encoding: .utf8)
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct GenesisAddAccount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-account", abstract: "Write accounts more into a draft, before anybody agrees to it.",
        discussion: """
            Evidence that was made for the draft as it was is not for the new one. Coins that become an account's own with \
            time:

            cloister-node genesis add-account secret1…=9000000uscrt --vesting-amount 8000000uscrt \
            --vesting-start-time 2027-01-01T00:00:00Z --vesting-end-time 2029-01-01T00:00:00Z
            """)
    @Argument(help: "The accounts: ADDRESS=12uscrt,3other.") var accounts: [String]
    @Option(help: "What of the account's coins is locked at first.") var vestingAmount: String?
    @Option(help: "From when on it becomes free bit by bit; without this, all of it at the end.")
    var vestingStartTime: String?
    @Option(help: "When all of it is free: seconds of Unix time, or a moment as 2029-01-01T00:00:00Z.")
    var vestingEndTime: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        var (accounts, violations) = FirstGenesis.accounts(self.accounts)
        let (vesting, wrong) = FirstGenesis.vesting(
            amount: vestingAmount, start: vestingStartTime, end: vestingEndTime, of: accounts)
        violations += wrong
        guard violations.isEmpty else { end(NodeFault(violations: violations)) }
        if let vesting { accounts[0].vesting = vesting }
        do {
            let count = try FoundingCeremony(home).add(accounts)
            print("\(home.foundingDraft) has \(count) accounts; every founder needs it")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct GenesisGentx: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gentx",
        abstract: "Make this founder's evidence, as `founder` does, with the coins that the founder stakes.",
        discussion: """
            `cloister` signs for the coins, which the account must have in the draft; one for every 1000000uscrt is the \
            validator's power. The file has both, and the enclave vouches for the power.
            """)
    @Argument(help: "The node's name.") var moniker: String
    @Argument(help: "The coins, as 1000000000uscrt.") var amount: String
    @Option(help: "The key of the account that has them, by its name in the folder of `cloister`.") var from: String
    @Option(help: "The folder of `cloister`, if not its usual one.") var wallet: String?
    @Option(help: "What the validator keeps of others' rewards, as 0.1.") var commissionRate = "0.1"
    @Option(help: "The most that it will ever keep.") var commissionMaxRate = "0.2"
    @Option(help: "By how much that may rise in a day.") var commissionMaxChangeRate = "0.01"
    @Option(help: "The draft; the folder's own unless given.") var draft: String?
    @Option(
        help: "The folder of a simulated platform whose maker makes this node's too.") var maker: String?
    @Option(help: "The file to write; standard output unless given.") var output: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        if let problem = FirstGenesis.problem(ofMoniker: moniker) { end(NodeFault(violations: [problem])) }
        let stake = OperatorStake(
            command: ProgramFolder().path("cloister"), from: from, wallet: wallet, amount: amount,
            commission: [
                ("--commission-rate", commissionRate), ("--commission-max-rate", commissionMaxRate),
                ("--commission-max-change-rate", commissionMaxChangeRate),
            ])
        GenesisFounder.show(home, moniker: moniker, output: output) { configuration in
            try FoundingCeremony(home).evidence(
                draft: draft, moniker: moniker, stake: stake, maker: maker, configuration: configuration)
        }
    }
}

struct GenesisValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say whether a chain can begin with a genesis file, and what it begins with.",
        discussion: """
            All modules read their parts, the transactions run, and what must hold of a state is looked at. Whether the \
            founders' evidence is good, `accept` finds out.
            """)
    @Argument(help: "The file; the folder's own unless given.") var file: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = NodeHome(options.home)
        do {
            for line in try GenesisLook(path: file ?? home.genesis).lines { print(line) }
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
