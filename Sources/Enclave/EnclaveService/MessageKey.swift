import ContractEngine
import DecidedBlocks
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography
import SignedTransactions

/// The key between one caller and the enclave, for one message and everything that answers it.
///
/// A class, so that nested calls of the same message share it; the key itself is wiped with it.
final class MessageKey {
    let nonce: Hash32
    let publicKey: Hash32
    private var key: TransactionKey

    init(nonce: Hash32, publicKey: Hash32, key: consuming TransactionKey) {
        self.nonce = nonce
        self.publicKey = publicKey
        self.key = key
    }

    /// Those with which a message may have been sealed: to the io key, and to the one of the epoch before as long as
    /// that is opened. None, if nobody can have made its public key honestly.
    static func keys(of message: EncryptedMessage, _ keys: borrowing NetworkKeys) -> [MessageKey] {
        guard let nonce = Hash32(message.nonce), let publicKey = Hash32(message.publicKey) else { return [] }
        var found: [MessageKey] = []
        if let key = keys.transactionKey(publicKey: message.publicKey, nonce: message.nonce) {
            found.append(MessageKey(nonce: nonce, publicKey: publicKey, key: key))
        }
        if let key = keys.transactionKey(publicKey: message.publicKey, nonce: message.nonce, isEarlier: true) {
            found.append(MessageKey(nonce: nonce, publicKey: publicKey, key: key))
        }
        return found
    }

    func open(_ sealed: [UInt8], binding: MessageBinding) -> [UInt8]? {
        key.open(sealed, binding: binding)
    }

    func seal(_ plaintext: [UInt8]) -> [UInt8] {
        key.seal(plaintext)
    }

    /// What the caller is told about an answer of a contract, for that answer alone.
    func seal(_ stamp: AnswerStamp, of answer: [UInt8], by contract: AccountAddress) -> [UInt8] {
        key.seal(stamp.bytes, binding: .answer(hash: SHA256.hash(answer).bytes, contract: contract.description))
    }

    /// Text sealed and in base64: attributes, errors (Secret Network protocol: output pipeline).
    func sealText(_ text: String) -> String {
        Base64.encode(seal(Array(text.utf8)))
    }

    /// What went wrong, sealed and in base64. A contract chooses how much that is: it is cut while it can be read.
    func sealError(_ text: String) -> String {
        sealText(text.cut(toBytes: ResultLimits.sealedErrorBytesMax))
    }

    /// Bytes that clients expect to find as base64 below the encryption: `data`, answers of queries.
    func sealData(_ data: [UInt8]) -> [UInt8] {
        seal(Array(Base64.encode(ContractShape.filled(data)).utf8))
    }
}
