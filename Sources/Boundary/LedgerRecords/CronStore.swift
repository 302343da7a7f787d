import PublicCryptography
import SignedTransactions
import Wire

/// The store `cron`: calls of contracts that the chain itself makes at heights it has set (`secret.cron`).
///
/// Such a call is a transaction without a signature. The enclave runs it because the state before its block says that
/// it is due in that very block, which the block's header proves.
package enum CronStore {
    /// Who calls. No key belongs to this address.
    package static let sender = ModuleAddress.named("cron")

    /// The X25519 public key whose private key is SHA-256 of "cloister cron", so everybody's: messages are in clear,
    /// and what contracts answer can be read by whoever likes.
    package static let publicKey: [UInt8] = [
        0x9a, 0x6e, 0xb7, 0x57, 0x75, 0x0a, 0xac, 0xfc, 0x09, 0x65, 0xbd, 0xf1, 0x8b, 0x2b, 0xc1, 0xe5, 0x03, 0x4e,
        0x80, 0xa8, 0x87, 0x10, 0xd6, 0x3e, 0xc6, 0x64, 0x41, 0xe0, 0x1d, 0x28, 0xc8, 0x7b,
    ]

    package static let duePrefix: [UInt8] = [0xe0]

    /// Holds the bytes of a transaction that the next block owes. Its place is its signer's sequence.
    package static func dueKey(_ place: UInt64) -> [UInt8] { duePrefix + StateKey.number(place) }
}
