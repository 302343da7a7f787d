import ContractEngine
import DecidedBlocks
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions

/// A lane for contract queries: each against the one announced head, with every read proved, and no trace left.
package final class QueryLane {
    private let core: EnclaveCore
    private let session: LaneSession
    private let memory = LaneMemory()
    private let watch: CallWatch
    /// What was proved of the head that was asked last: the next query is most often of the same.
    private var latest: ProvenState?
    /// What a lane keeps of a head between queries; whoever asks chooses how much is read.
    private static let keptBytesMax = 8 * 1024 * 1024

    package init(core: EnclaveCore, socket: FrameSocket, watch: CallWatch) {
        self.core = core
        self.watch = watch
        session = LaneSession(socket: socket, kind: .query)
    }

    /// Serves the lane until it ends.
    package func serve() {
        _ = session.run { message throws(Failure) in
            guard case .query(let query) = message else { throw Failure.unexpectedMessage }
            self.watch.begin()
            return .queryAnswered(try self.answer(query))
        }
    }

    private func answer(_ query: ContractQuery) throws(Failure) -> ContractAnswer {
        let (vault, known) = try core.vaultAndAnnounced
        // The attack: a host asks an old state for ever, or one that was never decided. Only the head that this enclave
        // verified last can be asked, and the query keeps it to its end.
        guard let announced = known, UInt64(announced.height) == query.height else {
            throw Failure.notAnnounced
        }
        guard let address = AccountAddress(query.contract) else { throw Failure.queryMalformed }
        let state = provenState(of: announced)
        // Whoever waits for a query holds no key of an epoch that ends meanwhile.
        defer { if vault.identity.rotatesKeys { memory.forgetStates() } }
        defer { if state.rememberedBytes > QueryLane.keptBytesMax { latest = nil } }
        try state.admit(query.prefetched)
        let context = CallContext(
            core: core, vault: vault, session: session, memory: memory, state: state,
            block: .init(height: announced.height, time: announced.time, chainID: vault.identity.chainID), run: nil,
            transaction: nil, gasLimit: min(query.gasLimit, ServiceLimits.queryGasMax), watch: watch)
        var answer = ContractAnswer()
        // Once the contract is asked; what comes before that says nothing of its state.
        var asked: (key: MessageKey, leaseHeight: Int64)?
        do {
            answer.data = try run(query, at: address, context, announced, &asked)
        } catch let failure as MessageFailure {
            answer.error = failure.told
        } catch  where error is OutOfGas || error as? ContractFault == .outOfGas {
            // The attack: a host asks again and again under limits of its own, to read where the gas runs out.
            (answer.error, answer.gasUsed) = (Self.outOfGas(context), context.meter.limit)
        } catch let refusal as ModuleRefusal {
            answer.error = MessageFailure.query(refusal.message).told
        } catch {
            throw error as? Failure ?? session.ending()
        }
        if answer.gasUsed == 0 { answer.gasUsed = context.meter.consumed }
        if try !FromEnclave.queryAnswered(answer).fits() {
            answer.data = []
            answer.error = MessageFailure.answerTooLong.told
        }
        if let asked {
            answer.stamp = asked.key.seal(
                AnswerStamp(
                    height: announced.height, headerHash: announced.provedBy.hash,
                    time: announced.provedBy.header.time, leaseHeight: asked.leaseHeight),
                of: answer.error.isEmpty ? answer.data : AnswerStamp.bytes(ofError: answer.error), by: address)
        }
        return answer
    }

    private static func outOfGas(_ context: CallContext) -> String {
        var failure = MessageFailure.compute(
            ContractOperation.query.code, "Enclave: execution ran out of gas")
        failure.sealedTrace = context.outOfGasTrace
        return failure.told
    }

    private func provenState(of announced: EnclaveCore.Announced) -> ProvenState {
        if let latest, latest.commitment == announced.commitment, latest.version == announced.height { return latest }
        let state = ProvenState(
            commitment: announced.commitment, version: announced.height, session: session, memory: memory)
        latest = state
        return state
    }

    private func run(
        _ query: ContractQuery, at address: AccountAddress, _ context: CallContext, _ announced: EnclaveCore.Announced,
        _ asked: inout (key: MessageKey, leaseHeight: Int64)?
    ) throws -> [UInt8] {
        try context.meter.consume(
            GasSchedule.contractInstance + GasSchedule.contractBookkeeping, at: "Loading Compute module")
        guard let contract = try context.contract(address) else {
            throw MessageFailure.compute(9, "contract: not found")
        }
        guard let input = EncryptedMessage(wire: query.input) else {
            throw MessageFailure.query("failed to decrypt data")
        }
        var opened: (key: MessageKey, plaintext: [UInt8])?
        for key in MessageKey.keys(of: input, context.vault.keys) where opened == nil {
            opened = key.open(input.sealed, binding: .none).map { (key, $0) }
        }
        guard let (key, plaintext) = opened else { throw MessageFailure.query("failed to decrypt data") }
        guard let message = ContractCaller.unwrapped(plaintext, for: "", contract.codeHash, isAwaited: false) else {
            throw MessageFailure.query("failed to validate transaction")
        }
        // Not before: who asks what cannot be asked must not use the lease up.
        asked = (key, try core.useLease(at: announced))
        let caller = ContractCaller(context: context, key: key, ledger: nil)
        let limit = ServiceLimits.wasmGas(for: context.meter.remaining)
        let (result, gasUsed) = try caller.query(contract, message: message, depth: 1, gasLimit: limit)
        try context.meter.consume(gasUsed / GasSchedule.wasmGasPerGas + 1, at: "wasm contract")
        switch result {
        case .success(let text): return Base64.decode(text).map(key.sealData) ?? key.seal(Array(text.utf8))
        case .failure(.contract(let error)): throw MessageFailure.compute(4, "encrypted: \(key.sealError(error.text))")
        case .failure(.engine(let failure)): throw failure
        }
    }
}
