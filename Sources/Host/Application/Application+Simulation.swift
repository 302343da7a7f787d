import ChainModel
import EnclaveProtocol
import Modules
import PublicCryptography
import Synchronization

/// What a transaction would come to.
package struct SimulationResult: Equatable, Sendable {
    package var gasWanted: UInt64
    package var gasUsed: UInt64
    package var data: [UInt8]
    package var events: [Event]
    package var responses: [AnyMessage]
}

extension Application {
    /// Runs a transaction without fee and signature, on the state that checks see, and forgets what it did.
    ///
    /// Throws a `TransactionRefusal` when it would fail. A call of a contract is refused: running one outside of a block
    /// would let anyone ask a contract what it would say. What storing code costs follows from its size.
    package func simulate(_ bytes: [UInt8]) throws -> SimulationResult {
        let form = try TransactionForm(decoding: bytes, router: router)
        for case let message? in form.computeMessages {
            guard case .storeCode = message else {
                throw TransactionRefusal.unknownRequest("simulation of contract calls is not offered, set a gas limit")
            }
        }
        // Signatures that are still missing will add to the price of the transaction's bytes.
        let missing = form.transaction.envelope.signatures.count { $0.isEmpty }
        let missingGas = UInt64(missing * Application.signatureByteCount) * GasSchedule.perTransactionByte
        let height = committedHeight + 1
        return try intake.withLock { intake in
            try intake.checkState.attempt(keeps: false) {
                let anteEvents = try ante.run(form.transaction, height: height, mode: .simulate, on: intake.checkState)
                var meter = GasMeter(limit: UInt64.max)
                try meter.consume(missingGas, at: "txSize")
                var result = try form.isDriven
                    ? simulateUpload(form, &meter) : simulateHere(form, &meter, on: intake.checkState)
                result.events = anteEvents + result.events
                result.gasWanted = form.transaction.authentication.fee.gasLimit
                result.gasUsed = meter.consumed
                return result
            }
        }
    }

    /// As an element of field 3 of `TxRaw`.
    private static let signatureByteCount = 66

    private func simulateHere(
        _ form: TransactionForm, _ meter: inout GasMeter, on state: any LedgerState
    ) throws -> SimulationResult {
        let outcome = try MessageRun.run(form, router: router, meter: &meter, on: state)
        return SimulationResult(
            gasWanted: 0, gasUsed: 0, data: TransactionData(responses: outcome.responses).encoded,
            events: outcome.events, responses: outcome.responses)
    }

    private func simulateUpload(_ form: TransactionForm, _ meter: inout GasMeter) throws -> SimulationResult {
        try meter.consume(form.transaction.anteGas, at: "txSize")
        var responses: [AnyMessage] = []
        for (message, compute) in zip(form.transaction.body.messages, form.computeMessages) {
            guard case .storeCode(let upload)? = compute else {
                let handler = try router.handler(of: message)
                try meter.consume(try handler.gas(of: message), at: message.typeURL)
                responses.append(MessageResponse.empty(toMessage: message.typeURL))
                continue
            }
            try meter.consume(GasSchedule.storeCode(byteCount: upload.unpackedByteCount), at: "Compiling WASM Bytes")
            responses.append(MessageResponse.storeCode(codeID: 0))
        }
        return SimulationResult(
            gasWanted: 0, gasUsed: 0, data: TransactionData(responses: responses).encoded, events: [],
            responses: responses)
    }
}

extension ComputeMessage.StoreCode {
    /// How many bytes the code has once unpacked, as gzip's last four bytes say (RFC 1952, section 2.3.1). A guess for a
    /// price, which the uploader makes for himself.
    fileprivate var unpackedByteCount: Int {
        guard code.starts(with: [0x1f, 0x8b]), code.count >= 18 else { return code.count }
        let size = code.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return min(size, ComputeRules.codeBytesMax)
    }
}
