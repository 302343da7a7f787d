import LedgerRecords
import PublicCryptography
import SignedTransactions
import Synchronization
import Wire

/// That a signer of a transaction signed it, for an account as it stands in the state: all that verifying takes besides
/// the transaction and the name of the chain.
package struct SignatureClaim: Equatable, Sendable {
    /// The place among the transaction's signers.
    package let signer: Int
    package let accountNumber: UInt64
    package let sequence: UInt64
    /// Of the account, where the transaction brings none.
    package let accountKey: AnyMessage?

    package init(of transaction: Transaction, signer: Int, _ account: AccountRecord) {
        self.signer = signer
        (accountNumber, sequence) = (account.accountNumber, account.sequence)
        accountKey = transaction.authentication.signers[signer].publicKey == nil ? account.publicKey : nil
    }

    /// Verifies, every time.
    package static func verify(
        _ transaction: Transaction, _ claim: SignatureClaim, chainID: String
    ) -> SignatureCheck.Result {
        SignatureCheck.verify(
            transaction, signerIndex: claim.signer, chainID: chainID, accountNumber: claim.accountNumber,
            sequence: claim.sequence, accountKey: claim.accountKey)
    }
}

/// How signatures are verified: `SignatureClaim.verify` but where a test counts, or waits.
package typealias SignatureVerifier =
    @Sendable (_ transaction: Transaction, _ claim: SignatureClaim, _ chainID: String) -> SignatureCheck.Result

/// Claims that this node has found true: a transaction that was checked when it came in need not be verified once more
/// when its block runs. Only this host rests on it; the enclave verifies for itself.
///
/// What is remembered is all that a verification depends on (the transaction's bytes, the place of the signer, the
/// account's number, sequence and key; the chain is the handler's), so a remembered claim is true whatever happened in
/// between. Bounded: the older half is forgotten.
final class VerifiedSignatures: Sendable {
    private struct Generations {
        var younger: Set<Hash32> = []
        var older: Set<Hash32> = []
    }

    /// Three times what the mempool holds by default; each takes the 32 bytes of its name.
    private static let countMax = 16_384
    private let generations = Mutex(Generations())

    func contains(_ name: Hash32) -> Bool {
        generations.withLock { $0.younger.contains(name) || $0.older.contains(name) }
    }

    func insert(_ name: Hash32) {
        generations.withLock { generations in
            if generations.younger.count >= VerifiedSignatures.countMax / 2 {
                generations.older = generations.younger
                generations.younger = []
            }
            generations.younger.insert(name)
        }
    }

    /// What the claim is remembered by.
    static func name(_ claim: SignatureClaim, of form: TransactionForm) -> Hash32 {
        SHA256.hash(
            ProtobufWriter.encode { writer in
                writer.bytes(1, form.hash.bytes)
                writer.uint64(2, UInt64(claim.signer))
                writer.uint64(3, claim.accountNumber)
                if let key = claim.accountKey { writer.message(4, key.encoded) }
                writer.uint64(5, claim.sequence)
            })
    }
}
