import Attestation
import BackendKit
import DecidedBlocks
import EnclaveKit
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import StateProofs
import Synchronization
import Wire

/// A machine without a process: its enclaves are objects, which keep the protocol's order and verify headers as the
/// real one does, and protect nothing.
final class ScriptedMachine: BackendMachine {
    /// One promise that an enclave of this machine does not keep.
    enum Fault: CaseIterable, Sendable {
        case none, oneLane, servesUnopened, opensTwice, takesAnyRecord, sealsForAll, forgetsHead
        case answersAnyHeight, hidesEnd, tellsEndTwice, runsTwice, cutsAll, signsTwice
    }

    private let fault: Fault
    private let name: String
    private let validator: ScriptedValidator
    private var running: ScriptedEnclave?

    init(_ fault: Fault = .none, name: String = "machine") {
        (self.fault, self.name) = (fault, name)
        validator = ScriptedValidator(name: name, signsTwice: fault == .signsTwice)
    }

    func start(queryLanes: Int) throws -> any EnclaveBackend {
        guard running?.hasEnded ?? true || fault == .runsTwice else {
            throw EnclaveError.notStarted("another one runs")
        }
        let enclave = ScriptedEnclave(
            fault, name: name, validator, queryLanes: fault == .oneLane ? 1 : queryLanes)
        running = enclave
        return enclave
    }

    var patience: Double { fault == .none ? 20 : 0.5 }
    func rootHash() throws -> [UInt8] { SHA256.hash(Array("root".utf8)).bytes }
    func kill() throws { running?.end("killed") }
    func other() throws -> any BackendMachine { ScriptedMachine(fault, name: name + "'") }
}

/// What all lanes of a scripted enclave share. Its lock is never held while the host is asked.
private final class ScriptedCore: Sendable {
    struct State {
        var identity: ChainIdentity?
        var head: ChainHead?
        /// The height whose state may be asked, with its roots.
        var announced: UInt64?
        var hasEnded = false
    }

    let fault: ScriptedMachine.Fault
    let name: String
    let state = Mutex(State())

    init(_ fault: ScriptedMachine.Fault, name: String) { (self.fault, self.name) = (fault, name) }

    func requireAlive() throws {
        if state.withLock({ $0.hasEnded }) { throw EnclaveError.lost("it has ended") }
    }

    func identity() throws -> ChainIdentity {
        try requireAlive()
        guard let identity = state.withLock({ $0.identity }) else { throw EnclaveError.refused(.notOpen) }
        return identity
    }

    /// identity's length (2 bytes) || identity || head || a hash of all that with the machine's name.
    func sealed(_ identity: ChainIdentity, _ head: ChainHead?) -> [UInt8] {
        let encoded = identity.encoded
        let content = [UInt8(encoded.count >> 8), UInt8(encoded.count & 0xff)] + encoded + (head?.protobuf ?? [])
        return content + seal(content)
    }

    private func seal(_ content: [UInt8]) -> [UInt8] {
        SHA256.hash(Array((fault == .sealsForAll ? "" : name).utf8) + content).bytes
    }

    func open(_ record: [UInt8]) throws -> (ChainIdentity, ChainHead?) {
        let content = Array(record.dropLast(32))
        let isWhole = record.count > 34 && Array(record.suffix(32)) == seal(content)
        guard isWhole || fault == .takesAnyRecord, content.count > 2 else {
            throw EnclaveError.refused(.sealedRecordRefused)
        }
        let length = Int(content[0]) << 8 | Int(content[1])
        do {
            let identity = try ChainIdentity(decoding: Array(content.dropFirst(2).prefix(length)))
            let head = content.dropFirst(2 + length)
            return (identity, head.isEmpty || fault == .forgetsHead ? nil : try ChainHead(protobuf: Array(head)))
        } catch { throw EnclaveError.refused(.sealedRecordRefused) }
    }
}

final class ScriptedEnclave: EnclaveBackend {
    private let core: ScriptedCore
    private let ending = EnclaveEnd()
    nonisolated(unsafe) private let control: ScriptedControl
    private let controlLock = NSLock()
    nonisolated(unsafe) package let execution: any ExecutionLink
    nonisolated(unsafe) package let queries: [any QueryLink]

    init(_ fault: ScriptedMachine.Fault, name: String, _ validator: ScriptedValidator, queryLanes: Int) {
        core = ScriptedCore(fault, name: name)
        let core = core
        control = ScriptedControl(core, validator)
        execution = ScriptedExecution(core)
        queries = (0..<queryLanes).map { _ in ScriptedQueries(core) }
    }

    var onEnd: (@Sendable (String) -> Void)? {
        get { ending.handler }
        set { ending.handler = newValue }
    }

    func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value {
        try controlLock.withLock { try body(control) }
    }

    func stop() { end("stopped") }

    var hasEnded: Bool { core.state.withLock { $0.hasEnded } }

    func end(_ reason: String) {
        core.state.withLock { $0.hasEnded = true }
        if core.fault != .hidesEnd { ending.came(reason) }
        if core.fault == .tellsEndTwice { onEnd?("again") }
    }
}

private final class ScriptedControl: ControlLink {
    private let core: ScriptedCore
    private let validator: ScriptedValidator
    private var hasKey = false

    init(_ core: ScriptedCore, _ validator: ScriptedValidator) { (self.core, self.validator) = (core, validator) }

    func bootstrap(_ identity: ChainIdentity) throws -> OpenedEnclave { try open(identity, nil) }

    func unseal(_ sealedRecord: [UInt8]) throws -> OpenedEnclave {
        try core.requireAlive()
        try requireClosed()
        let (identity, head) = try core.open(sealedRecord)
        return try open(identity, head)
    }

    /// A network of scripts has one machine.
    func makeEvidence(_ request: RegistrationRequest) throws -> RegistrationEvidence {
        throw EnclaveError.refused(.identityRefused)
    }

    func join(_ request: JoinRequest) throws -> OpenedEnclave { throw EnclaveError.refused(.grantRefused) }

    private func requireClosed() throws {
        if core.state.withLock({ $0.identity }) != nil, core.fault != .opensTwice {
            throw EnclaveError.refused(.alreadyOpen)
        }
    }

    private func open(_ identity: ChainIdentity, _ head: ChainHead?) throws -> OpenedEnclave {
        try core.requireAlive()
        try requireClosed()
        core.state.withLock { ($0.identity, $0.head) = (identity, head) }
        var opened = OpenedEnclave()
        opened.ioPublicKey = SHA256.hash(identity.encoded + [1]).bytes
        opened.seedExchangePublicKey = SHA256.hash(identity.encoded + [2]).bytes
        opened.evidence = ReportData.network(
            identity: identity.encoded, ioPublicKey: opened.ioPublicKey,
            seedExchangePublicKey: opened.seedExchangePublicKey, facts: .simulated)
        opened.sealedRecord = core.sealed(identity, head)
        opened.headHeight = UInt64(head?.height ?? 0)
        opened.headHash = head?.headerHash.bytes ?? []
        opened.measurement = SHA256.hash(Array("scripted".utf8)).bytes
        return opened
    }

    func health() throws -> EnclaveHealth {
        try core.requireAlive()
        var health = EnclaveHealth()
        health.headHeight = core.state.withLock { UInt64($0.head?.height ?? 0) }
        return health
    }

    func lease() throws -> EnclaveLease {
        _ = try core.identity()
        return EnclaveLease()
    }

    func takeModule() throws -> TakenModule {
        try core.requireAlive()
        return TakenModule()
    }

    func abandonQuery(lane: Int, query: UInt64) throws { try core.requireAlive() }

    func makeConsensusKey() throws -> ConsensusKey {
        try core.requireAlive()
        return try validator.make()
    }

    /// No key was ever in a file here.
    func importConsensusKey(_ imported: ImportedConsensusKey) throws -> ConsensusKey {
        throw EnclaveError.refused(.voteMalformed)
    }

    func openConsensusKey(_ sealedKey: [UInt8]) throws -> ConsensusKey {
        try core.requireAlive()
        let key = try validator.open(sealedKey)
        hasKey = true
        return key
    }

    func sign(_ vote: VoteToSign) throws -> VoteSignature {
        let identity = try core.identity()
        guard hasKey else { throw EnclaveError.refused(.consensusKeyMissing) }
        let head = core.state.withLock { $0.head?.height }
        guard vote.height <= head.map({ UInt64($0) + 1 }) ?? identity.initialHeight else {
            throw EnclaveError.refused(.voteTooFar)
        }
        return try validator.sign(vote, chainID: identity.chainID)
    }
}

private final class ScriptedExecution: ExecutionLink {
    private let core: ScriptedCore
    private let lane = ScriptedLane()
    private var running: VerifiedHeader?

    init(_ core: ScriptedCore) { self.core = core }

    func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        if core.fault == .servesUnopened, core.state.withLock({ $0.identity == nil }) { return BegunBlock() }
        let identity = try core.identity()
        let verified = try verify(block, identity)
        if let running {
            throw EnclaveError.refused(running.hash == verified.hash ? .blockNotEnded : .secondHeaderForHeight)
        }
        let stores = block.storeRoots.map { StoreCommitment.Store(name: $0.name, root: Hash32($0.root) ?? .zero) }
        guard StoreCommitment(stores)?.applicationHash.bytes == verified.header.appHash else {
            throw EnclaveError.refused(.storeRootsNotInHeader)
        }
        let begun = try lane.beginBlock(block, answering: questions)
        running = verified
        core.state.withLock { $0.announced = UInt64(verified.header.height - 1) }
        return begun
    }

    private func verify(_ block: BeginBlock, _ identity: ChainIdentity) throws -> VerifiedHeader {
        let unverified = try UnverifiedHeader(header: block.header, commit: block.commit, validators: block.validators)
        let anchor = ChainAnchor(
            chainID: identity.chainID,
            genesisTime: Timestamp(seconds: identity.genesisSeconds, nanoseconds: identity.genesisNanoseconds)!,
            initialHeight: Int64(identity.initialHeight),
            initialValidatorsHash: Hash32(identity.initialValidatorsHash)!)
        let head = core.state.withLock { $0.head }
        do {
            return try head.map { try $0.advance(to: unverified, on: anchor) } ?? anchor.verify(first: unverified)
        } catch let refusal as HeaderRefusal {
            switch refusal {
            case .wrongHeight: throw EnclaveError.refused(.headerWrongHeight)
            case .commit, .commitForAnother: throw EnclaveError.refused(.headerNotCommitted)
            case .secondHeader: throw EnclaveError.refused(.secondHeaderForHeight)
            default: throw EnclaveError.refused(.headerNotLinked)
            }
        }
    }

    func sendTransactions(_ transactions: [[UInt8]]) throws {
        try requireRunning()
        try lane.sendTransactions(transactions)
    }

    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering
    ) throws -> DrivenResult {
        try requireRunning()
        return try lane.runTransaction(transaction, answering: questions)
    }

    func endBlock() throws -> [UInt8] {
        try requireRunning()
        _ = try lane.endBlock()
        let head = running!.head
        running = nil
        core.state.withLock { $0.head = head }
        return core.sealed(try core.identity(), head)
    }

    private func requireRunning() throws {
        _ = try core.identity()
        if running == nil { throw EnclaveError.refused(.noBlockBegun) }
    }
}

private final class ScriptedQueries: QueryLink {
    private let core: ScriptedCore
    private let isCut = Mutex(false)
    private(set) var queryCount: UInt64 = 0

    init(_ core: ScriptedCore) { self.core = core }

    func query(_ query: ContractQuery, answering questions: any HostAnswering) throws -> ContractAnswer {
        if isCut.withLock({ $0 }) { throw EnclaveError.lost("the lane was cut") }
        try core.requireAlive()
        if core.fault != .servesUnopened { _ = try core.identity() }
        queryCount += 1
        guard core.state.withLock({ $0.announced }) == query.height || core.fault == .answersAnyHeight else {
            throw EnclaveError.refused(.notAnnounced)
        }
        var read = StateRead()
        read.version = query.height
        read.reads = [StoreKeys(store: StoreName.compute, keys: [ComputeStore.contractPrefix + query.contract])]
        var answer = ContractAnswer()
        let values = try questions.readState(read)
        answer.error = values.first?.values.first??.isEmpty ?? true ? "contract: not found" : "no script for it"
        return answer
    }

    func cut() {
        isCut.withLock { $0 = true }
        if core.fault == .cutsAll { core.state.withLock { $0.hasEnded = true } }
    }
}
