import ContractEngine
import DecidedBlocks
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import Wire

/// Drives one transaction that calls contracts, from its signature to its result.
///
/// What leaves is decided at the end: writes, events and outputs only when every message succeeded; of a transaction
/// that failed only code, gas and error, and the records of whose its encrypted inputs are. All that answers anybody
/// leaves sealed, and opens when the next header has proved this very result (`TransactionOutput.commitment`).
final class TransactionRun {
    private let run: BlockRun
    private let transaction: Transaction
    private let index: UInt32
    private let context: CallContext
    private let ledger: LedgerCalls
    private var ownership: [(key: [UInt8], value: [UInt8])] = []
    private var storedCodes: [[UInt8]] = []
    private var registrations: RegistrationRun

    init(
        core: EnclaveCore, vault: EnclaveCore.Vault, session: LaneSession, memory: LaneMemory, run: BlockRun,
        transaction: Transaction, index: UInt32
    ) {
        self.run = run
        self.transaction = transaction
        self.index = index
        let header = run.header.header
        context = CallContext(
            core: core, vault: vault, session: session, memory: memory, state: run.state,
            block: .init(height: header.height, time: header.time, chainID: header.chainID), run: run,
            transaction: (index, transaction.hash), gasLimit: transaction.authentication.fee.gasLimit)
        registrations = RegistrationRun(context: context, run: run, session: session)
        ledger = LedgerCalls(run: run, session: session, context: context, transactionIndex: index)
    }

    func drive() throws(Failure) -> DrivenResult {
        let (told, left): (Told, [(key: [UInt8], value: Written)])
        do { (told, left) = try attempt() } catch { throw error as? Failure ?? context.session.ending() }
        try run.record(told.leaf, at: index)
        if told.result.code == 0 { run.registrations += registrations.pending }
        for (key, written) in left { run.written[ByteKey(key)] = written }
        for (key, value) in ownership { run.written[ByteKey(key)] = .record(value) }
        return told.result
    }

    /// What leaves, complete and known to fit into a frame before anything is made of it; and what is left written.
    private func attempt() throws -> (Told, [(key: [UInt8], value: Written)]) {
        do {
            try admit()
            let scope = ledger.openScope()
            do {
                var (result, output) = (DrivenResult(), TransactionOutput())
                (output.data, output.events) = try runMessages()
                let left = context.writes.sorted
                result.writes = finalWrites(left)
                result.storedCodes = storedCodes
                result.registerWrites = registrations.writes
                try fit(output, result)
                guard let told = try seal(output, into: result, log: "") else { throw MessageFailure.leavesTooMuch }
                ledger.merge(scope)
                return (told, left)
            } catch {
                guard error is MessageFailure || error is OutOfGas else { throw error }
                try ledger.discard(scope)
                throw error
            }
        } catch let failure as MessageFailure {
            return (try failed(failure), [])
        } catch let outOfGas as OutOfGas {
            return (try failed(MessageFailure(outOfGas, sealedTrace: context.outOfGasTrace)), [])
        }
    }

    private func failed(_ failure: MessageFailure) throws(Failure) -> Told {
        for failure in [failure, .leavesTooMuch] {
            var (result, output) = (DrivenResult(), TransactionOutput())
            result.code = failure.code
            output.codespace = failure.codespace.cut(toBytes: ResultLimits.codespaceBytesMax)
            output.log = failure.told
            if let told = try seal(output, into: result, log: failure.committed) { return told }
        }
        // Not reached: a message leaves one short record at most.
        throw Failure.frameTooLong
    }

    private struct Told {
        var result: DrivenResult
        /// Of the result, under the next header's hash of all of them.
        var leaf: Hash32
    }

    /// Adds what is part of every result, whatever the messages came to, and the output as it leaves; `nil` if it does
    /// not fit into a frame.
    ///
    /// - Parameter log: see `TransactionOutput.commitment`.
    private func seal(
        _ output: TransactionOutput, into result: DrivenResult, log: String
    ) throws(Failure) -> Told? {
        var (result, output) = (result, output)
        result.gasWanted = transaction.authentication.fee.gasLimit
        result.gasUsed = context.meter.consumed
        for (key, value) in ownership { result.writes.append(StateWrite(key: key, value: value)) }
        let place = OutputPlace(headerHash: run.header.hash, index: index)
        let leaf: Hash32
        do throws(Failure) {
            output.salt = context.vault.keys.outputSalt(
                headerHash: place.headerHash, index: index, digest: try output.digest(log: log))
            result.data = DrivenResult.data(commitment: try output.commitment(log: log), answers: run.answers)
            leaf = MerkleTree.leafHash(result.leaf.protobuf)
            let key = context.vault.keys.outputKey(headerHash: place.headerHash, index: index, leaf: leaf)
            result.output = try output.sealed(key: key, at: place)
        } catch {
            guard error == .frameTooLong else { throw error }
            return nil
        }
        return try FromEnclave.transactionRun(result).fits() ? Told(result: result, leaf: leaf) : nil
    }

    // MARK: - Before the messages

    /// What the enclave checks of the ante rules. A false signature, a used sequence or a passed timeout is a lie of
    /// the host, whose own ante refuses such a transaction; a fee that is not covered here is a result.
    private func admit() throws {
        let timeout = transaction.body.timeoutHeight
        if timeout > 0, UInt64(run.height) > timeout { throw Failure.timedOut }
        try run.debitHostTransactions(before: Int(index), chainID: context.block.chainID)
        switch try run.verify(transaction, chainID: context.block.chainID, minimumSequences: run.sequences) {
        case .signed: break
        case .refused(let failure): throw failure
        case .unverifiable: throw Failure.signerUnknown
        }
        try run.requireRun()
        for (signer, info) in zip(transaction.signers, transaction.authentication.signers) {
            run.sequences[signer] = info.sequence
        }
        let fee = transaction.authentication.fee
        let source = transaction.feeSource
        let coins = (try? Coins(fee.amount)) ?? .none
        let lack = try run.funds.lack(of: coins, of: source)
        // Covered or not, the ledger took it before the transaction came here, perhaps out of what does not count here.
        try run.funds.debit(coins, from: source)
        guard try run.useFeeGrant(of: transaction) else {
            throw MessageFailure.sdk(
                .unauthorized, "no proved grant lets \(transaction.feePayer) pay this fee with coins of \(source)")
        }
        if let lack { throw lack }
        try context.meter.consume(
            GasSchedule.ante(byteCount: transaction.envelope.bytes.count, signatureCount: transaction.signatureCount),
            at: "txSize")
    }

    // MARK: - Messages, in order until one fails

    private func runMessages() throws -> (data: [UInt8], events: [Event]) {
        var responses = [AnyMessage]()
        var events = [Event]()
        for (position, message) in transaction.body.messages.enumerated() {
            do {
                try context.refuseAfterLast()
                let (response, own) = try run(message)
                responses.append(response)
                for var event in own {
                    event.attributes.append(EventAttribute(key: "msg_index", value: String(position)))
                    events.append(event)
                }
            } catch let failure as MessageFailure {
                throw failure.at("failed to execute message; message index: \(position): ")
            }
        }
        return (TransactionData(responses: responses).encoded, events)
    }

    private func run(_ message: AnyMessage) throws -> (AnyMessage, [Event]) {
        let signer = try message.signers()[0].description
        guard let compute = try decodeCompute(message) else {
            let (response, own) = try ledger.runSigned(message)
            let action = Event(
                "message", ["action": message.typeURL, "sender": signer, "module": message.type?.module ?? ""])
            return (response, [action] + own)
        }
        guard !compute.claimsToBeCallback else {
            try context.refuse("failed to validate transaction", .execute)
        }
        let (response, events) = try run(compute)
        return (response, [Event("message", ["action": message.typeURL, "sender": signer])] + events)
    }

    private func decodeCompute(_ message: AnyMessage) throws(MessageFailure) -> ComputeMessage? {
        do {
            return try ComputeMessage.decode(message)
        } catch {
            throw MessageFailure.sdk(.malformedTransaction, "malformed message \(message.typeURL)")
        }
    }

    private func run(_ message: ComputeMessage) throws -> (AnyMessage, [Event]) {
        switch message {
        case .storeCode(let store): return try storeCode(store)
        case .instantiate(let instantiate): return try self.instantiate(instantiate)
        case .execute(let execute): return try self.execute(execute)
        case .migrate(let migrate): return try self.migrate(migrate)
        case .updateAdmin(let update):
            let events = try context.setAdmin(update.newAdmin, of: update.contract, by: update.sender)
            return (MessageResponse.empty(toMessage: message.typeURL), events)
        case .clearAdmin(let clear):
            let events = try context.setAdmin(nil, of: clear.contract, by: clear.sender)
            return (MessageResponse.empty(toMessage: message.typeURL), events)
        case .authenticate(let evidence):
            return (MessageResponse.empty(toMessage: message.typeURL), try registrations.authenticate(evidence))
        }
    }

    // MARK: - Compute messages

    private func storeCode(_ message: ComputeMessage.StoreCode) throws -> (AnyMessage, [Event]) {
        let code: [UInt8]
        do {
            code =
                Gunzip.isCompressed(message.code)
                ? try Gunzip.decompress(Array(message.code), limit: ServiceLimits.codeBytesMax) : Array(message.code)
        } catch {
            throw MessageFailure.compute(15, "uncompressing code: \(error): create contract failed")
        }
        guard code.count <= ServiceLimits.codeBytesMax else {
            throw MessageFailure.compute(31, "contract is too large: \(code.count) bytes")
        }
        try context.meter.consume(GasSchedule.storeCode(byteCount: code.count), at: "Compiling WASM Bytes")
        guard run.codeBytes + code.count <= ServiceLimits.codeBytesPerBlockMax else {
            throw MessageFailure.compute(31, "this block has no more room for code")
        }
        run.codeBytes += code.count
        let hash = SHA256.hash(code)
        do throws(UploadRefusal) {
            _ = try ModuleUpload.check(code, with: context.core.engine)
        } catch {
            throw MessageFailure.compute(15, "\(error.message): create contract failed")
        }
        let codeID = try context.nextNumber(ComputeStore.lastCodeIDKey)
        context.setRecord(
            ComputeStore.codeKey(codeID),
            CodeInfo(codeHash: hash, creator: message.sender, source: message.source, builder: message.builder).encoded)
        storedCodes.append(code)
        run.codes[hash] = code
        // Made ready now; whether it can run is for whoever instantiates it.
        if context.core.modules.module(for: hash) == nil { _ = try? context.core.modules.make(code, codeHash: hash) }
        let sender = message.sender.description
        return (
            MessageResponse.storeCode(codeID: codeID),
            [
                Event("message", ["module": "compute", "sender": sender, "signer": sender]),
                Event("message", ["code_id": String(codeID)]),
            ]
        )
    }

    private func instantiate(_ message: ComputeMessage.InstantiateContract) throws -> (AnyMessage, [Event]) {
        guard let code = try context.codeInfo(message.codeID) else {
            throw MessageFailure.compute(9, "code: not found")
        }
        let funds = try coins(message.funds)
        let (key, input) = try open(
            message.message, sender: message.sender, target: code.codeHash.bytes, codeHash: code.codeHash, .instantiate)
        let caller = ContractCaller(context: context, key: key, ledger: ledger)
        let (address, outcome) = try caller.instantiate(
            codeID: message.codeID, code: code, sender: message.sender, label: message.label, admin: message.admin,
            funds: funds, message: input, history: message.message)
        let data = outcome.data.map(key.sealData) ?? []
        return (MessageResponse.instantiateContract(address: address, data: data), outcome.events)
    }

    private func execute(_ message: ComputeMessage.ExecuteContract) throws -> (AnyMessage, [Event]) {
        guard let contract = try context.contract(message.contract) else {
            throw MessageFailure.compute(9, "\(message.contract): contract: not found")
        }
        let funds = try coins(message.funds)
        let (key, input) = try open(
            message.message, sender: message.sender, target: contract.address.bytes, codeHash: contract.codeHash,
            .execute)
        let caller = ContractCaller(context: context, key: key, ledger: ledger)
        let outcome = try caller.execute(contract, sender: message.sender, funds: funds, message: input)
        return (MessageResponse.executeContract(data: outcome.data.map(key.sealData) ?? []), outcome.events)
    }

    private func migrate(_ message: ComputeMessage.MigrateContract) throws -> (AnyMessage, [Event]) {
        let contract = try context.contract(
            message.contract, administeredBy: message.sender, else: .notMigratedByAdmin)
        guard let code = try context.codeInfo(message.codeID) else {
            throw MessageFailure.sdk(.invalidRequest, "unknown code")
        }
        let (key, input) = try open(
            message.message, sender: message.sender, target: contract.address.bytes, codeHash: code.codeHash, .migrate)
        let caller = ContractCaller(context: context, key: key, ledger: ledger)
        let outcome = try caller.migrate(
            contract, to: message.codeID, code, sender: message.sender, message: input, history: message.message)
        return (MessageResponse.migrateContract(data: outcome.data.map(key.sealData) ?? []), outcome.events)
    }

    private func coins(_ list: [Coin]) throws(MessageFailure) -> Coins {
        do { return try Coins(list) } catch { throw MessageFailure.sdk(.invalidCoins, "funds") }
    }

    // MARK: - Encrypted input

    /// Opens an encrypted input and checks that it is for this code and from its owner.
    ///
    /// The attack: someone copies a victim's ciphertext from the chain into a message of his own, to a contract of his
    /// own with the same code, and has it decrypted for him. So an input belongs to the first (sender, target) that
    /// used its nonce, for the life of the io key; anyone else's copy is refused. Inputs that our own clients made are
    /// bound to both by the encryption itself.
    private func open(
        _ wire: [UInt8], sender: AccountAddress, target: [UInt8], codeHash: Hash32, _ operation: ContractOperation
    ) throws -> (MessageKey, [UInt8]) {
        guard let input = EncryptedMessage(wire: wire) else { try context.refuse("failed to decrypt data", operation) }
        var opened: (key: MessageKey, plaintext: [UInt8])?
        for key in MessageKey.keys(of: input, context.vault.keys) where opened == nil {
            // What the chain itself says stands in clear in its state.
            let bound =
                sender == CronStore.sender
                ? input.sealed : key.open(input.sealed, binding: .owner(sender: sender.bytes, target: target))
            opened = bound.map { (key, $0) }
            guard bound == nil, let unbound = key.open(input.sealed, binding: .none) else { continue }
            try own(nonce: key.nonce, sender: sender, target: target, operation)
            opened = (key, unbound)
        }
        guard let (key, plaintext) = opened else { try context.refuse("failed to decrypt data", operation) }
        guard let message = ContractCaller.unwrapped(plaintext, for: "", codeHash, isAwaited: false)
        else { try context.refuse("failed to validate transaction", operation) }
        return (key, message)
    }

    private func own(
        nonce: Hash32, sender: AccountAddress, target: [UInt8], _ operation: ContractOperation
    ) throws {
        let recordKey = ComputeStore.inputOwnerKey(nonce: nonce)
        let owner = SHA256.hash(sender.bytes + target).bytes
        let recorded = ownership.first { $0.key == recordKey }?.value
        if let known = try recorded ?? context.record(recordKey) {
            guard known == owner else { try context.refuse("failed to validate transaction", operation) }
        } else {
            ownership.append((recordKey, owner))
        }
    }

    // MARK: - What leaves

    /// The transaction's final writes: contracts' values sealed only now, so that what was overwritten or reverted on
    /// the way leaves no trace.
    private func finalWrites(_ left: [(key: [UInt8], value: Written)]) -> [StateWrite] {
        left.map { key, written in
            switch written {
            case .record(let value): return StateWrite(key: key, value: value)
            case .removed: return StateWrite(key: key, value: nil)
            case .value(let state, let name, let value):
                let sealed = state.seal(name: name, value: value, height: run.height, transactionIndex: index)
                return StateWrite(key: key, value: sealed)
            }
        }
    }

    /// Fails a transaction that leaves more than one frame can carry. Contracts and users choose how much is said and
    /// stored; what the lane could not carry would end it, on every node alike.
    private func fit(_ output: TransactionOutput, _ result: DrivenResult) throws(MessageFailure) {
        let written = result.writes.reduce(0) { $0 + $1.key.count + ($1.value?.count ?? 0) }
        guard let said = ResultLimits.byteCount(of: output.events),
            said + written + output.data.count <= ResultLimits.bytesMax,
            result.writes.count <= ResultLimits.partsMax,
            result.writes.allSatisfy({ ($0.value?.count ?? 0) <= ServiceLimits.storedValueBytesMax }),
            result.storedCodes.count <= ServiceLimits.storedCodesMax
        else { throw MessageFailure.leavesTooMuch }
    }
}
