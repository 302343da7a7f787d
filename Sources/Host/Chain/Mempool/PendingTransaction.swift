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

    package var hash: Hash32
    package var bytes: [UInt8]
    /// At least one; no address twice.
    package var signers: [Signer]
    package var price: GasPrice
    /// The last height at which it may run; 0 for any.
    package var timeoutHeight: UInt64

    package init(hash: Hash32, bytes: [UInt8], signers: [Signer], price: GasPrice, timeoutHeight: UInt64 = 0) {
        self.hash = hash
        self.bytes = bytes
        self.signers = signers
        self.price = price
        self.timeoutHeight = timeoutHeight
    }

    /// Whether no block after `height` can run it.
    func isOver(after height: UInt64) -> Bool { timeoutHeight > 0 && timeoutHeight <= height }

    /// As an element of the repeated field 1 of `tendermint.types.Data`.
    package var byteCountInBlock: Int { PendingTransaction.byteCountInBlock(of: bytes.count) }

    package static func byteCountInBlock(of byteCount: Int) -> Int {
        var prefix = 2
        var rest = byteCount >> 7
        while rest > 0 {
            prefix += 1
            rest >>= 7
        }
        return prefix + byteCount
    }
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
