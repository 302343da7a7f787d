import Ante
import ChainInterface
import Compute
import EnclaveProtocol
import LedgerRecords
import Mempool
import ModuleKit
import PublicCryptography
import SignedTransactions
import Synchronization

extension Application {
    /// Runs a transaction without fee and signature, on a copy of the state that checks see: nothing waits for it.
    /// Whoever calls sees to it that not many run at once.
    ///
    /// A call of a contract is refused: running one outside of a block would let anyone ask a contract what it would
    /// say. What storing code costs follows from its size. What no block or mempool takes, for its gas or its bytes,
    /// is refused before it is run.
    package func simulate(_ bytes: [UInt8]) throws -> SimulationOutcome {
        let ante = ante
        var meter = GasMeter(limit: min(ante.rules.blockGasMax ?? .max, ante.transactionGasMax))
        var result = SimulationOutcome()
        do {
            guard bytes.count <= configuration.mempool.transactionBytesMax else {
                throw TransactionRefusal(MempoolRefusal.transactionTooLarge.error)
            }
            let form = try TransactionForm(decoding: bytes, router: ledger.router)
            result.gasWanted = form.transaction.authentication.fee.gasLimit
            for case let message? in form.computeMessages {
                guard case .storeCode = message else {
                    throw TransactionRefusal.unknownRequest("contract calls are not simulated, set a gas limit")
                }
            }
            (result.data, result.events) = try simulate(form, ante, &meter)
        } catch let refusal as TransactionRefusal {
            result.failure = refusal
        } catch let error as OutOfGas {
            result.failure = .outOfGas(location: error.location, wanted: error.gasWanted, used: error.gasUsed)
        }
        result.gasUsed = meter.consumed
        return result
    }

    private func simulate(
        _ form: TransactionForm, _ ante: AnteHandler, _ meter: inout GasMeter
    ) throws -> (data: [UInt8], events: [Event]) {
        // Signatures that are still missing will add to the price of the transaction's bytes.
        let missing = form.transaction.envelope.signatures.count { $0.isEmpty }
        try meter.consume(
            UInt64(missing * Application.signatureByteCount) * GasSchedule.perTransactionByte, at: "txSize")
        let (block, view) = intake.withLock { (nextBlock, $0.checkState.view) }
        let state = CheckState(view)
        let events = try ante.run(form, in: block, mode: .simulate, on: state)
        let outcome =
            try form.isDriven
            ? Application.priceUpload(form, ledger.router, &meter)
            : MessageRun.run(form, router: ledger.router, in: block, meter: &meter, on: state)
        return (TransactionData(responses: outcome.responses).encoded, events + outcome.events)
    }

    /// As an element of field 3 of `TxRaw`.
    private static let signatureByteCount = 66

    private static func priceUpload(
        _ form: TransactionForm, _ router: MessageRouter, _ meter: inout GasMeter
    ) throws -> MessageRun.Outcome {
        try meter.consume(form.transaction.anteGas, at: "txSize")
        var outcome = MessageRun.Outcome()
        for (message, compute) in zip(form.transaction.body.messages, form.computeMessages) {
            guard case .storeCode(let upload)? = compute else {
                try meter.consume(try router.handler(of: message).gas(of: message), at: message.typeURL)
                outcome.responses.append(MessageResponse.empty(toMessage: message.typeURL))
                continue
            }
            try meter.consume(GasSchedule.storeCode(byteCount: upload.unpackedByteCount), at: "Compiling WASM Bytes")
            outcome.responses.append(MessageResponse.storeCode(codeID: 0))
        }
        return outcome
    }
}

extension ComputeMessage.StoreCode {
    /// How many bytes the code has once unpacked, as gzip's last four bytes say (RFC 1952, section 2.3.1). A guess for
    /// a price, which the uploader makes for himself.
    fileprivate var unpackedByteCount: Int {
        guard code.starts(with: [0x1f, 0x8b]), code.count >= 18 else { return code.count }
        let size = code.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return min(size, ComputeMessage.codeBytesMax)
    }
}
