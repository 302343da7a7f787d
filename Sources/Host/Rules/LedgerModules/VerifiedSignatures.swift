import LedgerRecords
import PublicCryptography
import SignedTransactions
import Synchronization
import Wire

/// Signatures that this node has found valid: a transaction that was checked when it came in need not be verified once
/// more when its block runs. Only this host rests on it; the enclave verifies for itself.
///
/// What is remembered is all that a verification depends on (the transaction's bytes, which hold the sequence, the place
/// of the signer, the account's number and key), so a remembered signature is valid whatever happened in between.
/// Bounded: the older half is forgotten.
final class VerifiedSignatures: Sendable {
    private struct Generations {
        var younger: Set<Hash32> = []
        var older: Set<Hash32> = []
    }

    private static let countMax = 16_384
    private let generations = Mutex(Generations())

    func contains(_ transaction: Transaction, _ index: Int, of account: AccountRecord) -> Bool {
        let name = VerifiedSignatures.name(transaction, index, of: account)
        return generations.withLock { $0.younger.contains(name) || $0.older.contains(name) }
    }

    func insert(_ transaction: Transaction, _ index: Int, of account: AccountRecord) {
        let name = VerifiedSignatures.name(transaction, index, of: account)
        generations.withLock { generations in
            if generations.younger.count >= VerifiedSignatures.countMax / 2 {
                generations.older = generations.younger
                generations.younger = []
            }
            generations.younger.insert(name)
        }
    }

    private static func name(_ transaction: Transaction, _ index: Int, of account: AccountRecord) -> Hash32 {
        SHA256.hash(
            ProtobufWriter.encode { writer in
                writer.bytes(1, transaction.hash.bytes)
                writer.uint64(2, UInt64(index))
                writer.uint64(3, account.accountNumber)
                if let key = account.publicKey { writer.message(4, key.encoded) }
            })
    }
}
