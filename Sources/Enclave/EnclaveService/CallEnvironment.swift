import Attestation
import ContractEngine
import DecidedBlocks
import EnclaveProtocol
import Keyring
import LedgerRecords
import StateProofs
import Wire

/// What one running contract may ask: its own state and queries of others.
///
/// Writes are held back until the contract has returned, as in Secret Network: a query that it makes meanwhile sees
/// the state before the call. Storage costs the same whether a value was written in this transaction, remembered, or
/// fetched from the host.
final class CallEnvironment: ContractEnvironment {
    private let context: CallContext
    private let caller: ContractCaller
    private let contract: CallContext.LoadedContract
    private let contractState: ContractState
    private let interface: InterfaceVersion
    private let queryDepth: Int
    private var buffer: [ByteKey: [UInt8]?] = [:]
    private var heldBytes = 0

    init(
        context: CallContext, caller: ContractCaller, contract: CallContext.LoadedContract,
        interface: InterfaceVersion, queryDepth: Int
    ) {
        self.context = context
        self.caller = caller
        self.contract = contract
        self.interface = interface
        self.queryDepth = queryDepth
        contractState = context.contractState(contract)
    }

    var watch: CallWatch? { context.watch }

    func read(_ name: [UInt8]) throws(ContractFault) -> [UInt8]? {
        try guarded {
            let value: [UInt8]?
            if let buffered = buffer[ByteKey(name)] {
                value = buffered
            } else {
                value = try stored(name)
            }
            try context.meter.consume(
                GasSchedule.read(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass(name, value)),
                at: "ReadFlat")
            return value
        }
    }

    func write(_ name: [UInt8], _ value: [UInt8]) throws(ContractFault) {
        try hold(name, value)
    }

    func remove(_ name: [UInt8]) throws(ContractFault) {
        try hold(name, nil)
    }

    /// What cannot be held fails as if it could not be paid.
    private func hold(_ name: [UInt8], _ value: [UInt8]?) throws(ContractFault) {
        if let before = buffer[ByteKey(name)] { heldBytes -= heldSize(name, before) }
        heldBytes += heldSize(name, value)
        guard heldBytes <= ServiceLimits.heldBytesMax else { throw .outOfGas }
        buffer[ByteKey(name)] = .some(value)
    }

    private func heldSize(_ name: [UInt8], _ value: [UInt8]?) -> Int {
        ServiceLimits.heldEntryBytes + name.count + (value?.count ?? 0)
    }

    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        try guarded { try caller.answerQuery(request, of: interface, depth: queryDepth, gasLimit: gasLimit) }
    }

    /// What a contract is told of a quote, at the time of its block: what Intel's library would say.
    ///
    /// Collateral is not looked at, whose form here is not the chain's (`Collateral`): a quote of real hardware, which
    /// needs some, is not answered. Which enclave it is of, and whether that is a debug enclave, the contract reads in
    /// the quote.
    func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32? {
        QuoteVerifier.resultForContracts(
            evidence: quote, roots: context.vault.identity.attestationRoots.compactMap(TrustRoot.init(chainIdentity:)),
            time: context.block.time.seconds)
    }

    /// Hands what the contract wrote to the transaction, in the order of names, and charges for it. Called when the
    /// contract has returned, also with an error (the scope is then discarded by whoever opened it).
    func flush() throws {
        try context.count(bytes: heldBytes)
        for (name, value) in buffer.map({ ($0.key.bytes, $0.value) })
            .sorted(by: { $0.0.lexicographicallyPrecedes($1.0) })
        {
            let key = contractState.place(of: name).key
            if let value {
                try context.meter.consume(
                    GasSchedule.write(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass(name, value)),
                    at: "WriteFlat")
                context.writes.set(key, .value(contractState, name: name, value))
            } else {
                try context.meter.consume(GasSchedule.remove, at: "Delete")
                context.writes.set(key, .removed)
            }
        }
    }

    private func stored(_ name: [UInt8]) throws(Failure) -> [UInt8]? {
        let place = contractState.place(of: name)
        switch context.writes.value(place.key) ?? context.run?.written[place.key] {
        case .value(_, _, let value): return value
        case .removed: return nil
        case .record: throw Failure.stateRecordMalformed
        case nil: break
        }
        guard let sealed = try context.state.value(StoreName.compute, place.key.bytes) else { return nil }
        // Proved to be in the tree, so only a fault of ours could make it unreadable.
        guard let value = contractState.open(sealed, name: name, at: place) else {
            throw Failure.valueNotAuthentic
        }
        return value
    }

    private func sizeClass(_ name: [UInt8], _ value: [UInt8]?) -> Int {
        value.map { StoredValue.sizeClass(nameCount: name.count, valueCount: $0.count) } ?? 0
    }

    /// Runs `body`; whatever goes wrong ends the contract's call at once. Only running out of gas is a result; the rest
    /// is kept for the caller of the engine, who rethrows it.
    private func guarded<Value>(_ body: () throws -> Value) throws(ContractFault) -> Value {
        do {
            return try body()
        } catch is OutOfGas {
            throw .outOfGas
        } catch let fault as ContractFault {
            throw fault
        } catch {
            context.abortion = error
            throw .hostRefused((error as? Failure)?.rawValue ?? 0)
        }
    }
}
