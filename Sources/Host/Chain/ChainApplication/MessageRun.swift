import Ante
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions

/// Runs the messages of a transaction that needs no enclave, one after the other until one fails.
enum MessageRun {
    struct Outcome {
        var responses: [AnyMessage] = []
        var events: [Event] = []
    }

    /// Charges the ante gas and each message's own. Throws a `TransactionRefusal` with the text a result carries; the
    /// caller then discards what was written.
    static func run(
        _ form: TransactionForm, router: MessageRouter, in block: BlockContext, meter: inout GasMeter,
        on state: any LedgerState
    ) throws -> Outcome {
        var outcome = Outcome()
        do {
            try meter.consume(form.transaction.anteGas, at: "txSize")
            for (index, message) in form.transaction.body.messages.enumerated() {
                let handler = try router.handler(of: message)
                do {
                    try meter.consume(try handler.gas(of: message), at: message.typeURL)
                    let own = try handler.run(message, in: block, on: state)
                    let sender = try message.signers()[0]
                    outcome.responses.append(own.response)
                    outcome.events += Event.ofMessage(
                        at: index, typeURL: message.typeURL, sender: sender, events: own.events)
                } catch let refusal as TransactionRefusal {
                    throw refusal.ofMessage(index)
                }
            }
            guard let said = ResultLimits.byteCount(of: outcome.events), said <= ResultLimits.bytesMax else {
                throw TransactionRefusal.leavesTooMuch
            }
        } catch let error as OutOfGas {
            throw TransactionRefusal.outOfGas(location: error.location, wanted: error.gasWanted, used: error.gasUsed)
        }
        return outcome
    }
}
