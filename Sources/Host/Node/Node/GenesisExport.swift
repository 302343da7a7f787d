import Ante
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import ChainModules
import DecidedBlocks
import Foundation
import HostAnswers
import ModuleKit
import StateStore
import StrictJSON

/// What another chain can begin with where this one stood after a height: accounts, coins, parameters, validators.
///
/// What contracts keep is sealed under the seeds of this very network, which no file has and no other network gets. So
/// contracts, their codes, and the network's keys are left out, and that is said; the coins of contracts stay at
/// addresses for which nobody can sign.
package struct GenesisExport {
    package let document: GenesisDocument
    /// What is in the state and not in the document, a sentence each.
    package let leftOut: [String]

    /// Reads a node's folder while no node runs in it: the state after `height`, by default after the last block.
    package init(_ home: NodeHome, height: UInt64? = nil) throws {
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        try StateFiles.requireWhole(home)
        let genesis = try GenesisFile(home).document
        guard FileManager.default.fileExists(atPath: home.application + "/state") else {
            throw NodeFault("no block was run here yet: the genesis file says all there is", path: home.genesis)
        }
        let database = try Application.openState(folder: home.application, isDurable: false)
        guard let latest = database.latestHeight, let oldest = database.oldestHeight else {
            throw NodeFault("no block was run here yet: the genesis file says all there is", path: home.genesis)
        }
        let height = height ?? latest
        guard (oldest...latest).contains(height) else {
            throw NodeFault("the state after height \(height) is not kept; from \(oldest) to \(latest) it is")
        }
        let state = try database.snapshot(at: height)
        try ModuleList.chain.requireExportable(state)
        var document = genesis
        document.initialHeight = Int64(height) + 1
        document.appHash = []
        (document.validators, document.parameters) = try GenesisExport.consensus(after: Int64(height), home, genesis)
        // What the chain's rules read of the file is no module's part of the state.
        let rules = (genesis.appState.object ?? []).filter { ChainRules.genesisParts.contains($0.0) }
        let parts = try ModuleList.chain.exportGenesis(from: state).object ?? []
        document.appState = .object(parts + rules)
        guard document.jsonBytes.count <= GenesisDocument.byteCountMax else {
            throw NodeFault("the state is larger than a genesis file may be, \(GenesisDocument.byteCountMax) bytes")
        }
        self.document = try document.checked()
        leftOut = try ModuleList.chain.notExported(from: state)
    }

    package var text: String { String(decoding: document.jsonBytes, as: UTF8.self) }

    package func write(_ path: String) throws { try document.write(path) }

    /// The set that signs the block behind `height`, with the names of those whom the genesis of this chain names, and
    /// the parameters that hold for that block.
    private static func consensus(
        after height: Int64, _ home: NodeHome, _ genesis: GenesisDocument
    ) throws -> (validators: [GenesisValidator], parameters: ConsensusParameters) {
        let store = try BlockStore(folder: home.consensus + "/blocks", isDurable: false)
        let saved = try store.state()
        let isNext = saved.map { $0.nextHeight == height + 1 } ?? false
        guard let set = try isNext ? saved?.validators : store.validators(height + 1) else {
            throw NodeFault(
                "the validators of block \(height + 1) are not kept", exit: .data, path: home.consensus + "/blocks")
        }
        var parameters = genesis.parameters
        if isNext, let saved { parameters = saved.parameters }
        // Of earlier heights only the hash is kept.
        if !isNext, let header = try store.block(height + 1)?.header, header.consensusHash != parameters.hash() {
            throw NodeFault(
                "the parameters of consensus have changed, and those of block \(height + 1) are not kept",
                remedy: "export the last height")
        }
        let validators = set.validators.map { validator in
            let name = genesis.validators.first { $0.publicKey == validator.publicKey }?.name
            return GenesisValidator(publicKey: validator.publicKey, power: validator.power, name: name ?? "")
        }
        return (validators, parameters)
    }
}

extension ModuleList {
    /// A state of other modules, or one that breaks its own rules, begins no chain.
    fileprivate func requireExportable(_ state: any LedgerReading) throws {
        let changes = try pendingChanges(of: state)
        guard changes.isEmpty else {
            throw UpgradeRefusal("the state is another program's: " + changes.joined(separator: ", "))
        }
        let broken = try brokenInvariants(in: state)
        guard broken.isEmpty else {
            throw NodeFault(
                "the state is not sound, so nothing is made of it", exit: .broken,
                cause: broken.prefix(10).joined(separator: "; "))
        }
    }
}
