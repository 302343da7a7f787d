import ContractEngine
import LedgerRecords
import StateProofs
import StrictJSON
import Wire

/// What contracts ask about staking, rewards, minting and governance (`LedgerAnswers`, decision 0057).
///
/// Answers are as of the state before the block. The attack: a contract lends against a delegation that a message of
/// the same block has just taken away. So whoever stands in a message that this block's ledger ran, or may have run, is
/// refused by name until the next block: whether it passed, and what it did, only the host could say.
extension ContractCaller {
    func ledgerAnswer(
        _ interface: InterfaceVersion, _ answer: (LedgerAnswers) throws(AnswerFault) -> [UInt8]
    ) throws -> ChainAnswer {
        if let run = context.run, let transaction = context.transaction {
            try run.debitHostTransactions(before: Int(transaction.index), chainID: context.block.chainID)
        }
        let height = UInt64(clamping: context.block.height)
        let answers = LedgerAnswers(isV010: interface == .v010, height: height) {
            [context] store, keys throws(AnswerFault) in
            guard context.state.commitment.root(of: store) != nil else { throw .refused(store) }
            do {
                try context.meter.consume(GasSchedule.contractBookkeeping * UInt64(keys.count), at: "chain query")
                let values = try context.state.values(store, keys)
                let kibibytes = values.reduce(0) { $0 + ($1?.count ?? 0) } / 1_024
                try context.meter.consume(GasSchedule.contractBookkeeping * UInt64(kibibytes), at: "chain query")
                return values
            } catch {
                throw .reading(error)
            }
        } requireUntouched: { [context] touched throws(AnswerFault) in
            guard let run = context.run, touched.contains(where: { run.touched.contains(ByteKey($0)) }) else { return }
            throw .refused("touched in this block, ask in the next")
        }
        do throws(AnswerFault) {
            return .bytes(try answer(answers))
        } catch {
            switch error {
            case .refused(let kind): return .unsupported(kind)
            case .missing(let text): return .missing(text)
            case .malformedQuestion: return .malformed
            case .malformedRecord: return .unsupported("a record that is none")
            case .reading(let failure): throw failure
            }
        }
    }
}
