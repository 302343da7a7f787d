import ChainMessages
import LedgerRecords
import SignedTransactions

/// What every transaction is held against. No message changes it.
package enum AuthParameters {
    package static let memoCharactersMax = 256

    /// As clients are shown them. Keys of ed25519 are not taken; what they would cost is the original's number.
    static var answer: AuthV1beta1.Params {
        .init(
            maxMemoCharacters: UInt64(memoCharactersMax), txSigLimit: UInt64(AccountKey.keysMax),
            txSizeCostPerByte: GasSchedule.perTransactionByte, sigVerifyCostEd25519: 590,
            sigVerifyCostSecp256k1: GasSchedule.perSignature)
    }
}
