import ChainModel
import EnclaveProtocol
import PublicCryptography

/// Who signed a transaction, as far as signatures, the proved account records and this block can tell.
enum Signers {
    /// Verifies every signature of `transaction`; `nil` when all hold, else why not.
    ///
    /// The sequence must not be below the proved account's, nor at or below the last one of that signer that ran in
    /// this block (`minimumSequences`, by signer: the last used): a host that replays a transaction of an earlier
    /// block, or runs one twice, fails here. It may be higher, since the host alone runs transactions in between.
    static func verify(
        _ transaction: Transaction, chainID: String, state: ProvenState,
        minimumSequences: [AccountAddress: UInt64]
    ) throws -> Failure? {
        let records = try state.values(StoreName.account, transaction.signers.map(AccountStore.accountKey))
        for (index, signer) in transaction.signers.enumerated() {
            guard let bytes = records[index] else { return .signerUnknown }
            guard let account = try? AccountRecord(decoding: bytes) else { throw Failure.stateRecordMalformed }
            let sequence = transaction.authentication.signers[index].sequence
            if sequence < account.sequence { return .sequenceUsed }
            if let last = minimumSequences[signer], sequence <= last { return .sequenceUsed }
            let check = SignatureCheck.verify(
                transaction, signerIndex: index, chainID: chainID, accountNumber: account.accountNumber,
                sequence: sequence, accountKey: account.publicKey)
            if check != .valid { return .signatureInvalid }
        }
        return nil
    }
}
