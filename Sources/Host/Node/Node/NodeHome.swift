import Ante
import Attestation
import ChainFormats
import ChainInterface
import ChainModules
import DurableFiles
import Foundation
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import ValidatorSigning
import Wire

/// Where a node keeps what it owns, in the layout that operators know from CometBFT.
package struct NodeHome: Sendable {
    package let folder: String

    package init(_ folder: String) {
        self.folder = (folder as NSString).standardizingPath
    }

    package var genesis: String { folder + "/config/genesis.json" }
    /// What the founders of a network agreed on, before there is a genesis file.
    package var foundingDraft: String { folder + "/config/genesis-draft.json" }
    package var configuration: String { folder + "/config/node.toml" }
    package var validatorKey: String { folder + "/config/priv_validator_key.json" }
    /// The validator's key as its enclave sealed it.
    package var sealedValidatorKey: String { folder + "/config/priv_validator_enclave.json" }
    /// The same while an import is under way: nobody signs with it yet.
    var importingValidatorKey: String { sealedValidatorKey + ".importing" }
    /// By which peers will know the node, whatever it validates.
    package var nodeKey: String { folder + "/config/node_key.json" }
    package var validatorState: String { folder + "/data/priv_validator_state.json" }
    /// What knows of the last thing that was signed: the enclave's platform, or the file.
    var signerRecord: String {
        FileManager.default.fileExists(atPath: sealedValidatorKey) ? platform : validatorState
    }
    package var application: String { folder + "/data/application" }
    package var consensus: String { folder + "/data/consensus" }
    /// Where other nodes are; it may be lost.
    package var addressBook: String { folder + "/data/addrbook" }
    /// Of a CometBFT that the node starts.
    package var cometBFT: String { folder + "/data/cometbft" }
    /// The launcher's own folder: on a production machine another user's.
    package var platform: String { folder + "/data/platform" }
    /// What an installed launcher calls this node's platform.
    package var platformName: String { folder + "/data/platform-name" }
    /// The record of the network's birth, sealed; later ones are part of the application's state.
    package var bootstrapRecord: String { folder + "/data/bootstrap.sealed" }
    /// Which node's network this one joins (`JoiningNode`).
    package var joining: String { folder + "/config/join.json" }
    /// What this node's enclave shows the chain that it wants to join, as it was last made.
    package var certificate: String { folder + "/data/registration.cert" }
    /// The seeds as the chain wrapped them for this node's enclave.
    package var encryptedSeed: String { folder + "/data/encrypted-seed" }
    /// What an enclave needs that is to take this node over from the one that runs it (`EnclaveUpgrade`).
    package var takeOver: String { folder + "/data/take-over" }
    /// SHA-256 of the genesis file that the chain began with.
    package var genesisHash: String { folder + "/data/genesis.sha256" }
    /// The enclave program's measurement, as this chain knows it.
    package var measurement: String { folder + "/data/measurement" }
    /// The files that the measurement is of, each with its hash (`EnclaveImage`).
    package var image: String { folder + "/data/enclave-image" }

    package var exists: Bool { FileManager.default.fileExists(atPath: genesis) }

    /// Makes the folders and the validator's key, and writes genesis and configuration. What is there is kept.
    ///
    /// Genesis names the key, so an enclave that holds it is started for a moment, of `programs`, before there is a
    /// chain.
    package func create(
        chainID: String, _ genesis: (_ validatorKey: [UInt8]) throws -> GenesisDocument,
        configuration: NodeConfiguration, programs: ProgramFolder = ProgramFolder()
    ) throws {
        let key = try prepare(chainID: chainID, configuration: configuration, programs: programs)
        if !exists {
            try genesis(key).write(self.genesis)
        }
    }

    /// Makes this node's simulated platform under the root of another one, before an enclave is started, which would
    /// make one of a maker of its own.
    func makePlatform(under maker: String, _ programs: ProgramFolder) throws {
        try FileManager.default.createDirectory(
            atPath: folder + "/data", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let made = try LauncherTool.run(
            programs.path("enclave-host"), ["--state", platform, "--root", "--maker", maker])
        guard made != nil else {
            throw NodeFault("no simulated platform can be made under that root", exit: .configuration, path: maker)
        }
        // One that was there stays as it is.
        if let root = try DurableFile.read(maker + "/simulated-root.der"), root != made {
            throw NodeFault(
                "this node's machine has another maker already", exit: .configuration, path: platform,
                remedy: "begin in an empty folder")
        }
    }

    /// Everything but genesis; the validator's public key.
    @discardableResult
    func prepare(
        chainID: String, configuration: NodeConfiguration, programs: ProgramFolder
    ) throws -> [UInt8] {
        for path in [folder + "/config", folder + "/data", application, consensus] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let key = try makeValidatorKey(configuration, chainID: chainID, programs)
        _ = try NodeIdentity.open(nodeKey)
        if !FileManager.default.fileExists(atPath: self.configuration) {
            try configuration.text.write(toFile: self.configuration, atomically: true, encoding: .utf8)
        }
        return key
    }
}

/// A first genesis: one validator, and accounts with coins.
package enum FirstGenesis {
    package struct Account: Sendable {
        package var address: String
        package var coins: [(denomination: String, amount: UInt128)]
        /// What of them becomes the account's own with time.
        package var vesting: Vesting?

        package init(address: String, coins: [(denomination: String, amount: UInt128)]) {
            (self.address, self.coins) = (address, coins)
        }
    }

    /// Coins that are locked until `end`, in seconds of Unix time: all of them, or, with a `start`, fewer each second.
    package struct Vesting: Equatable, Sendable {
        package var coins: [Coin]
        package var start: Int64?
        package var end: Int64

        package init(coins: [Coin], start: Int64?, end: Int64) {
            (self.coins, self.start, self.end) = (coins, start, end)
        }
    }

    /// Secret Network's limit on the gas of a block.
    package static let parameters = ConsensusParameters(blockGasMax: 6_000_000)

    /// With `stake`, the validator is one of staking's and weighs what it has; without, nobody is, and the chain has
    /// neither rewards nor new coins until somebody creates a validator.
    package static func document(
        chainID: String, moniker: String, validatorKey: [UInt8], accounts: [Account], time: Timestamp,
        parameters: ConsensusParameters = parameters, stake: Stake? = nil, unbondingTime: String = "1814400s"
    ) -> GenesisDocument {
        let stakes = stake.map { [$0] } ?? []
        let (accountList, balances) = parts(of: accounts, from: 0)
        let state = JSONValue.object(
            [
                ("auth", .object([("accounts", .array(accountList))])),
                ("bank", .object([("balances", .array(balances + balance(of: stakes))), ("supply", .array([]))])),
                ("register", .object([("lease", LeaseTerms.ofNewChains.json)])),
            ] + (stakes.isEmpty ? [] : parts(of: stakes, unbondingTime: unbondingTime)))
        return GenesisDocument(
            genesisTime: time, chainID: chainID, parameters: parameters,
            validators: [stake?.validator ?? GenesisValidator(publicKey: validatorKey, power: 10, name: moniker)],
            appState: state)
    }

    /// What the modules of accounts and of coins have of them; their numbers begin with `first`.
    static func parts(of accounts: [Account], from first: Int) -> (accounts: [JSONValue], balances: [JSONValue]) {
        let list = accounts.enumerated().map { index, account -> JSONValue in
            let base: [(String, JSONValue)] = [
                ("address", .string(account.address)), ("pub_key", .null),
                ("account_number", .string(String(first + index))), ("sequence", "0"),
            ]
            return account.vesting?.json(of: base)
                ?? .object([("@type", "/cosmos.auth.v1beta1.BaseAccount")] + base)
        }
        let balances = accounts.map { account -> JSONValue in
            let coins = account.coins.map { coin -> JSONValue in
                .object([("denom", .string(coin.denomination)), ("amount", .string(String(coin.amount)))])
            }
            return .object([("address", .string(account.address)), ("coins", .array(coins))])
        }
        return (list, balances)
    }
}

extension GenesisDocument {
    /// The same, if a node would begin with it.
    package func checked() throws -> GenesisDocument {
        _ = try firstState()
        return self
    }

    /// What a chain begins with by this file, made to be looked at.
    func firstState() throws -> ScratchState {
        let state = ScratchState()
        try GenesisTransactions(chainID: chainID, time: genesisTime).begin(appState, .chain, on: state)
        _ = try ChainRules(genesisGasMax: parameters.blockGasMax, applicationState: appState)
        return state
    }
}
