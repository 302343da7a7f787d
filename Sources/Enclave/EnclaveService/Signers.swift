import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs

/// Who signed a transaction, as far as signatures, the proved account records and this block can tell.
enum Signers {
    enum Verdict: Equatable {
        case signed
        /// Every ledger refuses it too, whatever the transactions before it in the block have done.
        case refused(Failure)
        /// It may be good: an account that signs is made in this block, so its number, which is signed, is not proved.
        case unverifiable
    }

    /// Verifies every signature of `transaction`.
    ///
    /// The sequence must not be below the proved account's, nor at or below the last one of that signer that ran in
    /// this block (`minimumSequences`, by signer: the last used): a host that replays a transaction of an earlier
    /// block, or runs one twice, fails here. It may be higher, since the host alone runs transactions in between.
    ///
    /// A key may have come with an earlier transaction of the block (`keys`). It is the signer's whoever brought it,
    /// since an address is made of its key; and without a key that is the signer's nobody's coins are spent, so that a
    /// transaction that anyone can make takes nothing from accounts without a key, such as contracts.
    ///
    /// A call that the chain itself makes has no signature: the state before the block holds the whole of it as due.
    static func verify(
        _ transaction: Transaction, chainID: String, state: ProvenState, keys: [AccountAddress: AnyMessage],
        minimumSequences: [AccountAddress: UInt64]
    ) throws(Failure) -> Verdict {
        if transaction.signers == [CronStore.sender] {
            let place = transaction.authentication.signers[0].sequence
            if let last = minimumSequences[CronStore.sender], place <= last { return .refused(.sequenceUsed) }
            guard state.commitment.root(of: StoreName.cron) != nil,
                try state.value(StoreName.cron, CronStore.dueKey(place)) == transaction.envelope.bytes
            else { return .refused(.signatureInvalid) }
            return .signed
        }
        let records = try state.values(StoreName.account, transaction.signers.map(AccountStore.accountKey))
        var verdict = Verdict.signed
        for (index, signer) in transaction.signers.enumerated() {
            let info = transaction.authentication.signers[index]
            guard let bytes = records[index] else {
                guard let any = info.publicKey ?? keys[signer], let key = try? AccountKey(any), key.address == signer
                else { return .refused(.signerUnknown) }
                verdict = .unverifiable
                continue
            }
            guard let account = try? AccountRecord(decoding: bytes) else { throw Failure.stateRecordMalformed }
            if info.sequence < account.sequence { return .refused(.sequenceUsed) }
            if let last = minimumSequences[signer], info.sequence <= last { return .refused(.sequenceUsed) }
            let check = SignatureCheck.verify(
                transaction, signerIndex: index, chainID: chainID, accountNumber: account.accountNumber,
                sequence: info.sequence, accountKey: account.publicKey ?? keys[signer])
            if check != .valid { return .refused(.signatureInvalid) }
        }
        return verdict
    }
}
