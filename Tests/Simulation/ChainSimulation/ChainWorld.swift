import Attestation
import Bank
import ChainApplication
import ChainFormats
import ChainInterface
import ChainModules
import ConsensusSimulation
import ContractEngine
import DecidedBlocks
import EnclaveLink
import EnclavePlatform
import EnclaveProtocol
import Foundation
import HostAnswers
import Keyring
import LedgerRecords
import Logging
import Mempool
import ModuleKit
import PlatformKit
import PublicCryptography
import Registration
import SecretCryptography
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import TestSupport
import ValidatorSigning
import Wire

/// The machines of all nodes, the clients, and what is held against what.
package final class ChainWorld: SimulatedWorld, @unchecked Sendable {
    // One thread has it, but for lanes that serve it.
    private let clients: ChainClients
    private let folder = TemporaryFolder("chain-simulation")
    private var stream: SeededStream
    private let faults: [EnclaveFault]
    private let epochBlocks: UInt32
    private var machines: [Machine] = []
    private var setting: WorldSetting!
    private var identity: ChainIdentity!
    private var counts: [EnclaveFault: Int] = [:]
    /// Of each height: what an enclave's platform keeps of it.
    private var journals: [Int64: JournalRecord] = [:]
    private(set) var now: Int64 = 0
    private(set) var restores = 0
    /// Of the state that clients have the io key of.
    private var learntHeight: Int64 = 0
    /// How many epochs have begun on the chain.
    private(set) var epochCount: UInt16 = 0

    private static let heightsKept: UInt64 = 16
    static let silent = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    /// `faults` are drawn by the seed if not given.
    /// Keys are exchanged after so many blocks, if that is not zero, and those before are good for as many still.
    package init(seed: UInt64, faults: [EnclaveFault]? = nil, epochBlocks: UInt32 = 0) throws {
        _ = try Self.engine.get()
        var stream = SeededStream(seed: seed, purpose: 21)
        let drawn = stream.mixed(EnclaveFault.allCases).prefix(1 + stream.below(EnclaveFault.allCases.count))
        self.faults = faults ?? Array(drawn)
        self.epochBlocks = epochBlocks
        self.stream = stream
        clients = ChainClients(seed: seed)
    }

    /// One for all enclaves of the process.
    private static let engine = Result {
        let engine = try WasmEngine()
        guard engine.prepare() else { throw SimulatedEnclave.NoThread() }
        return engine
    }

    /// In the order of their kinds.
    package var faultCounts: [(fault: EnclaveFault, count: Int)] {
        EnclaveFault.allCases.compactMap { fault in counts[fault].map { (fault, $0) } }
    }

    package var confirmedCount: Int { clients.confirmedCount }

    /// Ends what still runs.
    package func end() { for node in machines.indices { stop(node) } }

    // MARK: - Nodes

    /// What one node keeps, and what runs of it.
    private final class Machine {
        let platform: MemoryPlatform
        let folder: String
        let isHostile: Bool
        let privateKey: [UInt8]
        /// What the enclave sealed of it.
        var sealedKey: [UInt8] = []
        var enclave: SimulatedEnclave?
        var application: Application?
        var lane: HostLane?
        var hasBackup = false
        /// Something was done to it that ends it.
        var mustEnd = false
        var endings = 0

        init(_ index: Int, folder: String, privateKey: [UInt8], isHostile: Bool) {
            platform = MemoryPlatform(name: "machine \(index)")
            (self.folder, self.privateKey, self.isHostile) = (folder, privateKey, isHostile)
        }
    }

    package var appState: JSONValue {
        let text =
            "{\"auth\":{\"accounts\":[\(clients.accounts)]},\"bank\":{\"balances\":[\(clients.balances)]}}"
        return (try? JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20))) ?? .object([])
    }

    package func begin(_ setting: WorldSetting) throws {
        self.setting = setting
        guard let anchor = setting.genesis.anchor else { throw SimulatedEnclave.NoThread() }
        identity = ChainIdentity(
            chainID: anchor.chainID, genesisSeconds: anchor.genesisTime.seconds,
            genesisNanoseconds: anchor.genesisTime.nanoseconds, initialHeight: UInt64(anchor.initialHeight),
            initialValidatorsHash: anchor.initialValidatorsHash.bytes,
            attestationRoots: [
                .init(name: "simulated", spkiSHA256: [UInt8](repeating: 9, count: 32), kind: .simulated)
            ], profile: .development, epochBlocks: epochBlocks, epochGraceBlocks: epochBlocks)
        machines = setting.nodes.enumerated().map { index, node in
            Machine(
                index, folder: folder.path("node-\(index)"), privateKey: node.privateKey, isHostile: node.isHostile)
        }
    }

    /// The network's seeds follow from the simulation's, sealed for the machine as its enclave would have.
    private func firstRecord(_ platform: MemoryPlatform) throws -> [UInt8] {
        var stream = SeededStream(seed: setting.seed, purpose: 22)
        let (genesis, current) = (stream.bytes(32), stream.bytes(32))
        if epochBlocks > 0 {
            return SealedRecord.seal(
                NetworkSeeds(
                    genesis: SecretKey(copying: genesis)!, current: SecretKey(copying: current)!, epoch: 0,
                    present: SecretKey(copying: stream.bytes(32))!),
                identity: identity.encoded, head: [], results: [],
                sealingKey: try platform.sealingKey(label: "network-record/0", of: .measurement, version: 0),
                header: .init(
                    owner: KeyOwner.measurement.rawValue, securityVersion: 0, measurement: platform.measurement,
                    oldestEpoch: 0))
        }
        return SealedRecord.seal(
            NetworkSeeds(genesis: SecretKey(copying: genesis)!, current: SecretKey(copying: current)!),
            identity: identity.encoded, head: [], results: [],
            sealingKey: try platform.sealingKey(label: "network-record", of: .measurement, version: 0),
            header: .init(
                owner: KeyOwner.measurement.rawValue, securityVersion: 0, measurement: platform.measurement))
    }

    package func start(_ node: Int) throws -> (application: any ConsensusApplication, signer: (any VoteSigner)?) {
        let machine = machines[node]
        let state = try Application.openState(folder: machine.folder, isDurable: false)
        let enclave = try SimulatedEnclave(on: machine.platform, Self.engine.get())
        machine.enclave = enclave
        let record = try Application.sealedRecord(in: state) ?? firstRecord(machine.platform)
        let opened = try enclave.control.unseal(record)
        if learntHeight == 0 { clients.learn(ioPublicKey: opened.ioPublicKey) }
        guard let input = Hash32(opened.ioPublicKey), let exchange = Hash32(opened.seedExchangePublicKey) else {
            throw EnclaveError.unexpectedMessage
        }
        var configuration = ApplicationConfiguration(
            chainID: identity.chainID, folder: machine.folder, exchangeKeys: .init(input: input, node: exchange))
        configuration.minimumGasPrice = nil
        configuration.heightsKept = Self.heightsKept
        let lane = HostLane(enclave)
        machine.lane = lane
        let application = try Application(configuration, state: state, lane: lane, logger: Self.silent)
        machine.application = application
        return (NodeApplication(self, node), try machine.isHostile ? nil : signer(machine, enclave))
    }

    private func signer(_ machine: Machine, _ enclave: SimulatedEnclave) throws -> any VoteSigner {
        if machine.sealedKey.isEmpty {
            machine.sealedKey = try enclave.control.importConsensusKey(
                ImportedConsensusKey(privateKey: machine.privateKey)
            ).sealedKey
        }
        let key = try enclave.control.openConsensusKey(machine.sealedKey)
        // Its answer comes however long the machine takes: nothing may depend on real time.
        return EnclaveSigner(key, chainID: identity.chainID, patienceMilliseconds: 3_600_000) { vote in
            do {
                return try enclave.control.sign(vote)
            } catch EnclaveError.refused(.voteRegression) {
                throw SignerRefusal.regression
            } catch EnclaveError.refused(.voteConflict) {
                throw SignerRefusal.conflict
            }
        }
    }

    package func stop(_ node: Int) {
        let machine = machines[node]
        // What it was to index is there: the state of the disk must follow from the seed.
        try? machine.application?.waitForIndex()
        machine.enclave?.kill()
        (machine.application, machine.lane, machine.enclave) = (nil, nil, nil)
    }

    func application(of node: Int) throws -> Application {
        guard let application = machines[node].application else { throw NodeCrashed() }
        return application
    }

    // MARK: - Backups

    package func keepBackup(of node: Int) throws {
        let machine = machines[node]
        guard !machine.hasBackup, FileManager.default.fileExists(atPath: machine.folder) else { return }
        try machine.application?.waitForIndex()
        try FileManager.default.copyItem(atPath: machine.folder, toPath: machine.folder + ".backup")
        machine.hasBackup = true
    }

    /// As the operator restores a state beside blocks that are kept: what was vouched for last is kept with them.
    package func restoreBackup(of node: Int) throws {
        let machine = machines[node]
        guard machine.hasBackup else { return }
        machine.hasBackup = false
        restores += 1
        let journal = machine.folder + "/run-journal"
        let kept = FileManager.default.contents(atPath: journal)
        try FileManager.default.removeItem(atPath: machine.folder)
        try FileManager.default.moveItem(atPath: machine.folder + ".backup", toPath: machine.folder)
        if let kept { try kept.write(to: URL(fileURLWithPath: journal)) }
    }

    package func fate(of node: Int, after error: any Error) -> WorldFate {
        let machine = machines[node]
        if machine.isHostile {
            machine.endings += 1
            return machine.endings > 3 ? .gone : .restarts
        }
        guard machine.mustEnd else { return .failed }
        machine.mustEnd = false
        return .restarts
    }

    // MARK: - What happens

    package func act(at now: Int64, isCalm: Bool) throws {
        self.now = now
        if isCalm {
            for machine in machines where !machine.isHostile { machine.lane?.next = nil }
        } else if !faults.isEmpty, stream.chance(percent: 12) {
            disturb(stream.one(of: faults))
        }
        let up = machines.indices.filter { setting.isUp($0) && machines[$0].application != nil }
        guard !up.isEmpty else { return }
        let node = stream.one(of: up)
        for transaction in clients.send(at: now, makesMore: !isCalm) {
            setting.note(UInt64(node) << 32 | UInt64(try take(transaction.bytes, at: node)))
        }
    }

    private func disturb(_ fault: EnclaveFault) {
        let able = machines.indices.filter { node in
            let isWanted = (fault == .lies) == machines[node].isHostile
            return isWanted && setting.isUp(node) && machines[node].lane?.next == nil
        }
        guard !able.isEmpty, fault != .strangeTransactions else { return }
        let node = stream.one(of: able)
        guard let lane = machines[node].lane else { return }
        let after = stream.below(3)
        switch fault {
        case .enclaveDeath: lane.next = (.enclaveDies { [weak self] in self?.happened(fault, node) }, after)
        case .hostDeath: lane.next = (.hostDies { [weak self] in self?.happened(fault, node) }, after)
        case .clone:
            lane.next = (
                .clone { [weak self] begin, transactions, index in
                    self?.runClone(of: node, begin, transactions, index) ?? false
                }, after
            )
        case .lies:
            let lie = Lie(kind: stream.one(of: Lie.Kind.allCases), seed: stream.next())
            lane.next = (.lie(lie) { [weak self] in self?.happened(fault, node) }, after)
        case .strangeTransactions: break
        }
    }

    private func happened(_ fault: EnclaveFault, _ node: Int) {
        counts[fault, default: 0] += 1
        machines[node].mustEnd = true
    }

    /// - Returns: whether the platform now knows of what the original does not.
    private func runClone(of node: Int, _ begin: BeginBlock, _ transactions: [[UInt8]], _ index: UInt32) -> Bool {
        let machine = machines[node]
        guard let application = machine.application, let before = try? machine.platform.readJournal(),
            let record = (try? Application.sealedRecord(in: application.database))
                ?? (try? firstRecord(machine.platform)),
            let snapshot = try? application.state(at: application.committedHeight),
            let clone = try? SimulatedEnclave(on: machine.platform, Self.engine.get())
        else { return false }
        defer { clone.kill() }
        let answers = SnapshotAnswers(snapshot, application, journal: vouched(machine.folder + "/run-journal"))
        do {
            _ = try clone.control.unseal(record)
            _ = try clone.execution.beginBlock(begin, answering: answers)
            try clone.execution.sendTransactions(transactions)
            var request = RunTransaction()
            request.index = index
            _ = try clone.execution.runTransaction(request, answering: answers)
        } catch {
            // It does not come far: what counts is whether it was ahead of the original for a moment.
        }
        guard let after = try? machine.platform.readJournal(), after != before else { return false }
        happened(.clone, node)
        return true
    }

    /// Of the block that the file is of: behind height and header hash, each with four bytes that check it.
    private func vouched(_ journal: String) -> [Hash32] {
        let bytes = Array((FileManager.default.contents(atPath: journal) ?? Data()).dropFirst(40))
        return stride(from: 0, to: bytes.count - bytes.count % 36, by: 36).compactMap { Hash32(bytes[$0..<$0 + 32]) }
    }

    private func take(_ bytes: [UInt8], at node: Int) throws -> UInt32 {
        guard let application = machines[node].application else { return .max }
        return try application.submit(bytes).code
    }

    package func receive(_ transaction: [UInt8], at node: Int) throws { _ = try take(transaction, at: node) }

    package func waiting(at node: Int) -> [HashedTransaction] {
        machines[node].application?.waiting(countMax: 64).map(\.transaction) ?? []
    }

    // MARK: - What came of it

    package func came(_ outcome: BlockOutcome, of block: DecidedBlock) {
        let fault = clients.came(outcome.results, of: block.transactions, at: block.height)
        if let fault { setting.fail(fault) }
    }

    package var isSettled: Bool { clients.isSettled }

    /// The enclaves of all honest nodes vouched for the same of each block.
    fileprivate func committed(_ height: Int64, at node: Int) throws {
        let machine = machines[node]
        guard !machine.isHostile else { return }
        machine.mustEnd = false
        try learn(height, at: node)
        let record = try machine.platform.readJournal()
        guard record.height == UInt64(height) else { return }
        if let other = journals[height] {
            if other != record { setting.fail("node \(node) vouched for something else at \(height)") }
        } else {
            journals[height] = record
        }
    }

    /// Clients ask for the io key again after each block.
    private func learn(_ height: Int64, at node: Int) throws {
        guard epochBlocks > 0, height > learntHeight, let application = machines[node].application else { return }
        let state = try application.state(at: UInt64(height))
        guard let key = try RegistrationModule.exchangeKeys(on: state)?.input,
            let record = try state.value(of: RegisterStore.epochKey, in: StoreName.register)
        else { return setting.fail("the state after \(height) has no key, or no epoch") }
        clients.learn(ioPublicKey: key.bytes)
        learntHeight = height
        epochCount = max(epochCount, try KeyEpoch(protobuf: record).number)
    }

    fileprivate func ended(_ height: Int64, at node: Int) {
        guard machines[node].lane?.hasClone == true else { return }
        setting.fail("the enclave of node \(node) went on beside its clone at \(height)")
    }

    fileprivate func strange(for node: Int, bytesMax: Int) -> [HashedTransaction] {
        guard machines[node].isHostile, faults.contains(.strangeTransactions), stream.chance(percent: 50) else {
            return []
        }
        counts[.strangeTransactions, default: 0] += 1
        return clients.strange(&stream)
    }

    package func check() throws {
        for node in machines.indices where !machines[node].isHostile {
            guard let application = machines[node].application, let enclave = machines[node].enclave else { continue }
            let height = application.committedHeight
            let state = try application.state(at: height)
            let held = ChainClients.Holdings(
                purse: try BankModule.balance(of: clients.purse, denomination: "uscrt", on: state),
                till: try BankModule.balance(of: clients.till, denomination: "uscrt", on: state),
                count: clients.holdings[Int64(height)]?.count ?? 0)
            guard held == clients.holdings[Int64(height)] else {
                return setting.fail("node \(node) holds \(held) after \(height), not what was confirmed")
            }
            let broken = try ModuleList.chain.brokenInvariants(in: state)
            guard broken.isEmpty else { return setting.fail("node \(node) at \(height): \(broken)") }
            let waits = application.waiting(countMax: 1_000).filter { clients.isConfirmed($0.hash, upTo: height) }
            guard waits.isEmpty else { return setting.fail("node \(node) still offers what is in a block") }
            try checkSecrets(node, application, enclave)
        }
    }

    /// What the contract keeps, as its enclave tells it to who may ask.
    private func checkSecrets(_ node: Int, _ application: Application, _ enclave: SimulatedEnclave) throws {
        let height = application.provedHeight
        guard let count = clients.holdings[Int64(height)]?.count else { return }
        let state = try application.state(at: height)
        let (input, open) = clients.question(
            to: try RegistrationModule.exchangeKeys(on: state)?.input.bytes ?? [])
        var query = ContractQuery()
        (query.contract, query.input, query.height) = (clients.contract.bytes, input, height)
        query.gasLimit = 1_000_000
        let answer = try enclave.queries.query(
            query, answering: SnapshotAnswers(application.state(at: height), application))
        let text = open(answer.data) ?? answer.error
        // Filled up with spaces (docs/decisions/0047).
        let said = text.prefix(while: { $0 != " " })
        if said != "{\"count\":\(count)}" {
            setting.fail("the contract of node \(node) says \(text) after \(height), and \(count) were confirmed")
        }
    }
}

/// What a node's engine drives: the host's application, as long as its process lives.
private final class NodeApplication: ConsensusApplication, @unchecked Sendable {
    // One thread has it.
    private unowned let world: ChainWorld
    private let node: Int
    private var height: Int64 = 0

    init(_ world: ChainWorld, _ node: Int) { (self.world, self.node) = (world, node) }

    private var inner: Application { get throws { try world.application(of: node) } }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) { try inner.lastCommitted() }
    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState { try inner.initializeChain(genesis) }

    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        var chosen = try inner.prepareProposal(bytesMax: bytesMax, height: height, time: time)
        for transaction in world.strange(for: node, bytesMax: bytesMax) {
            let byteCount = chosen.reduce(0) { $0 + $1.byteCountInBlock }
            if byteCount + transaction.byteCountInBlock <= bytesMax { chosen.append(transaction) }
        }
        return chosen
    }

    func processProposal(_ block: Block) throws -> Bool { try inner.processProposal(block) }

    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        height = block.height
        let outcome = try inner.finalizeBlock(block, previousResults: previousResults, next: next)
        world.ended(height, at: node)
        try inner.waitForIndex()
        return outcome
    }

    func commit() throws {
        try inner.commit()
        try world.committed(height, at: node)
    }

    func hasTransactions() -> Bool { (try? inner.hasTransactions()) ?? false }
}

/// Answers from a state, proved, and nothing that would change it.
private final class SnapshotAnswers: HostAnswering {
    struct NotNow: Error {}

    private let state: StateSnapshot
    private let application: Application
    /// Hashes of what was vouched for in the block.
    private let journal: [Hash32]

    init(_ state: StateSnapshot, _ application: Application, journal: [Hash32] = []) {
        (self.state, self.application, self.journal) = (state, application, journal)
    }

    func readJournal(first: Int, count: Int) throws -> [Hash32] { Array(journal.dropFirst(first).prefix(count)) }

    func readState(_ read: StateRead) throws -> [StateProof] {
        try read.reads.map { keys in
            let proved = try state.multiproof(keys.store, keys.keys)
            return StateProof(store: proved.store, keys: proved.keys, values: proved.values, proof: proved.proof)
        }
    }

    func readCode(hash: [UInt8]) throws -> [UInt8] {
        guard let hash = Hash32(hash) else { throw NotNow() }
        return try application.code(hash: hash) ?? []
    }

    func readModule(hash: [UInt8]) throws -> [UInt8] { application.modules.module(of: hash) }
    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult { throw NotNow() }
    func revertScope(_ scope: UInt32) throws {}
}
