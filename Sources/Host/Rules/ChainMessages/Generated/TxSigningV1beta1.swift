// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.tx.signing.v1beta1`.
package enum TxSigningV1beta1 {
    package struct SignMode: RawRepresentable, Hashable, Sendable {
        package static let unspecified = SignMode(rawValue: 0)
        package static let direct = SignMode(rawValue: 1)
        package static let textual = SignMode(rawValue: 2)
        package static let directAux = SignMode(rawValue: 3)
        package static let legacyAminoJSON = SignMode(rawValue: 127)
        package static let eip191 = SignMode(rawValue: 191)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
