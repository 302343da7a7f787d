import ChainFormats
import PublicCryptography
import SignedTransactions

/// A transaction that passed its check, with what its place in a block depends on.
package struct PendingTransaction: Equatable, Sendable {
    package struct Signer: Equatable, Sendable {
        package var address: AccountAddress
        package var sequence: UInt64
        package init(address: AccountAddress, sequence: UInt64) {
            (self.address, self.sequence) = (address, sequence)
        }
    }

    package let transaction: HashedTransaction
    /// No address twice. Nobody signs what only holds an enclave's nonce (`LeaseTransaction`).
    package var signers: [Signer]
    package var price: GasPrice
    /// The last height at which it may run; 0 for any.
    package var timeoutHeight: UInt64

    package var hash: Hash32 { transaction.hash }
    package var byteCount: Int { transaction.bytes.count }

    package init(
        _ transaction: HashedTransaction, signers: [Signer], price: GasPrice, timeoutHeight: UInt64 = 0
    ) {
        self.transaction = transaction
        self.signers = signers
        self.price = price
        self.timeoutHeight = timeoutHeight
    }

    /// Whether no block after `height` can run it.
    func isOver(after height: UInt64) -> Bool { timeoutHeight > 0 && timeoutHeight <= height }
}

/// A transaction of a committed block.
package struct IncludedTransaction: Equatable, Sendable {
    package var hash: Hash32
    /// A failed one may be sent again: it could be valid later.
    package var succeeded: Bool
    package init(hash: Hash32, succeeded: Bool) { (self.hash, self.succeeded) = (hash, succeeded) }
}

/// What a sender pays for a unit of gas, as the exact quotient of fee and gas limit.
package struct GasPrice: Comparable, Sendable {
    private let fee: UInt64
    package let gasLimit: UInt64

    private var gas: UInt64 { max(gasLimit, 1) }

    package init(fee: UInt64, gasLimit: UInt64) {
        (self.fee, self.gasLimit) = (fee, gasLimit)
    }

    package static func == (left: GasPrice, right: GasPrice) -> Bool {
        left.fee.multipliedFullWidth(by: right.gas) == right.fee.multipliedFullWidth(by: left.gas)
    }

    package static func < (left: GasPrice, right: GasPrice) -> Bool {
        left.fee.multipliedFullWidth(by: right.gas) < right.fee.multipliedFullWidth(by: left.gas)
    }
}
