import ContractEngine
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// Everything that the calls of one transaction, or of one query, share: the block they run in, what they may read,
/// what they wrote so far, and the gas they have left.
final class CallContext {
    /// The block as contracts see it.
    struct Block {
        var height: Int64
        var time: Timestamp
        var chainID: String
    }

    let core: EnclaveCore
    let vault: EnclaveCore.Vault
    let session: LaneSession
    let state: ProvenState
    let block: Block
    /// `nil` in a query.
    let run: BlockRun?
    let transaction: (index: UInt32, hash: Hash32)?
    /// `nil` outside of a query.
    let watch: CallWatch?
    var writes = ScopedWrites<Written>()
    var meter: GasMeter
    var callCount: UInt64 = 0
    /// What contracts wrote and said in this transaction, also where it was reverted.
    private var byteCount = 0
    /// A contract said that nothing may follow in this transaction (`finalize_tx`); not undone with what it did.
    var isFinalized = false
    /// An error that a contract's import ran into and that must end the whole call: a host that lied or is gone.
    var abortion: (any Error)?
    /// Of the last call, if its gas ran out (`ContractCaller.sealedTrace`).
    var outOfGasTrace: String?
    private var loaded: [AccountAddress: LoadedContract] = [:]
    private let memory: LaneMemory

    init(
        core: EnclaveCore, vault: EnclaveCore.Vault, session: LaneSession, memory: LaneMemory, state: ProvenState,
        block: Block, run: BlockRun?, transaction: (index: UInt32, hash: Hash32)?, gasLimit: UInt64,
        watch: CallWatch? = nil
    ) {
        self.core = core
        self.vault = vault
        self.session = session
        self.memory = memory
        self.state = state
        self.block = block
        self.run = run
        self.transaction = transaction
        self.watch = watch
        meter = GasMeter(limit: gasLimit)
    }

    var isQuery: Bool { run == nil }

    /// Before every message of the transaction and of its contracts.
    func refuseAfterLast() throws(MessageFailure) {
        guard !isFinalized else {
            throw MessageFailure.sdk(.invalidRequest, "the last message of this transaction has been run")
        }
    }

    /// Counts what a contract leaves in memory until the transaction ends.
    func count(bytes: Int) throws(MessageFailure) {
        byteCount += bytes
        guard byteCount <= ServiceLimits.transactionBytesMax else { throw .leavesTooMuch }
    }

    /// Ends a call before its contract has run. It costs what any call costs, and one for no wasm gas (Secret Network
    /// protocol: order of checks): otherwise inputs that open for nobody would be opened for next to nothing.
    func refuse(_ text: String, _ operation: ContractOperation) throws -> Never {
        let cost = GasSchedule.contractCall(wasmGas: 0) + GasSchedule.contractBookkeeping
        try meter.consume(cost, at: "Loading Compute module")
        throw MessageFailure.enclave(text, operation)
    }

    // MARK: - Records of the compute store

    /// A record as this transaction sees it: its own write, one of an earlier transaction in this block, or the proved
    /// value.
    func record(_ key: [UInt8]) throws(Failure) -> [UInt8]? {
        switch written(key) {
        case .record(let value): return value
        case .removed: return nil
        case .value: throw Failure.stateRecordMalformed
        case nil: return try state.value(StoreName.compute, key)
        }
    }

    private func written(_ key: [UInt8]) -> Written? {
        let place = ByteKey(key)
        return writes.value(place) ?? run?.written[place]
    }

    /// Several records, with one question to the host for those that it has to prove.
    func records(_ keys: [[UInt8]]) throws(Failure) -> [[UInt8]?] {
        var proved = try state.values(StoreName.compute, keys.filter { written($0) == nil }).makeIterator()
        return try keys.map { key throws(Failure) in
            if written(key) != nil { return try record(key) }
            return proved.next() ?? nil
        }
    }

    func setRecord(_ key: [UInt8], _ value: [UInt8]) {
        writes.set(ByteKey(key), .record(value))
    }

    /// The next number of a sequence, which begins at 1.
    func nextNumber(_ key: [UInt8]) throws(Failure) -> UInt64 {
        var last: UInt64 = 0
        if let bytes = try record(key) {
            guard let number = StateKey.number(decoding: bytes) else { throw Failure.stateRecordMalformed }
            last = number
        }
        setRecord(key, StateKey.number(last + 1))
        return last + 1
    }

    func codeInfo(_ codeID: UInt64) throws(Failure) -> CodeInfo? {
        guard let bytes = try record(ComputeStore.codeKey(codeID)) else { return nil }
        guard let info = try? CodeInfo(decoding: bytes) else { throw Failure.stateRecordMalformed }
        return info
    }

    // MARK: - Contracts

    struct LoadedContract {
        var address: AccountAddress
        var info: ContractInfo
        var key: ContractKey
        var codeHash: Hash32
    }

    /// The contract at `address`, authenticated as one that this network instantiated with this code; `nil` if there is
    /// none.
    func contract(_ address: AccountAddress) throws(Failure) -> LoadedContract? {
        let keys = [ComputeStore.contractKey(address), ComputeStore.identityKey(address)]
        let place = ByteKey(keys[0])
        let isWritten = writes.value(place) != nil
        if !isWritten, let contract = loaded[address] { return contract }
        if !isWritten, run?.written[place] == nil {
            // One question for both; `record` finds them remembered, or asks again.
            _ = try state.values(StoreName.compute, keys)
        }
        guard let infoBytes = try record(keys[0]), let keyBytes = try record(keys[1]) else { return nil }
        let contract: LoadedContract
        if let known = memory.contract(address, info: infoBytes, key: keyBytes),
            try record(ComputeStore.codeKey(known.contract.info.codeID)) == known.codeRecord
        {
            contract = known.contract
        } else {
            contract = try authenticated(address, infoBytes, keyBytes)
        }
        // What this transaction made or changed may yet be reverted: only what stood before is kept.
        if !isWritten { loaded[address] = contract }
        return contract
    }

    private func authenticated(
        _ address: AccountAddress, _ infoBytes: [UInt8], _ keyBytes: [UInt8]
    ) throws(Failure) -> LoadedContract {
        guard let info = try? ContractInfo(decoding: infoBytes), let key = try? ContractKey(decoding: keyBytes),
            let codeRecord = try record(ComputeStore.codeKey(info.codeID)),
            let code = try? CodeInfo(decoding: codeRecord),
            vault.keys.authenticates(key, codeHash: code.codeHash, address: address)
        else { throw Failure.stateRecordMalformed }
        let contract = LoadedContract(address: address, info: info, key: key, codeHash: code.codeHash)
        memory.note(contract, info: infoBytes, key: keyBytes, code: codeRecord)
        return contract
    }

    /// The module of `codeHash`: at hand, as the host kept it sealed, or compiled by the linear-time compiler, which no
    /// contract can make slow. The code comes from this block or from the host, and its hash is its name.
    func module(_ codeHash: Hash32) throws -> CompiledModule {
        if let module = core.modules.module(for: codeHash) { return module }
        if let stored = run?.codes[codeHash] { return try core.modules.make(stored, codeHash: codeHash) }
        guard case .module(let sealed) = try session.ask(.readModule(codeHash.bytes)) else {
            throw Failure.unexpectedMessage
        }
        if let module = core.modules.open(sealed, codeHash: codeHash) { return module }
        return try core.modules.make(try code(codeHash), codeHash: codeHash)
    }

    func code(_ codeHash: Hash32) throws(Failure) -> [UInt8] {
        if let stored = run?.codes[codeHash] { return stored }
        guard case .code(let bytes) = try session.ask(.readCode(codeHash.bytes)) else {
            throw Failure.unexpectedMessage
        }
        guard SHA256.hash(bytes) == codeHash else { throw Failure.codeHashDiffers }
        return bytes
    }

    /// What opens and seals the values of a contract.
    func contractState(_ contract: LoadedContract) -> ContractState {
        memory.state(of: contract, vault)
    }
}
