import Foundation
import PublicCryptography
import SecretCryptography
import SignedTransactions

/// An account's key, and what it signs.
package final class Wallet: Sendable {
    package let address: AccountAddress
    package let publicKey: [UInt8]
    private let privateKey: SecretKey

    /// - Throws: `ClientError.invalidInput` for words that are no BIP 39 mnemonic.
    package convenience init(mnemonic words: String, account: UInt32 = 0, index: UInt32 = 0) throws {
        let seed: GuardedBytes
        do throws(MnemonicError) {
            let mnemonic = try Mnemonic(words)
            seed = try mnemonic.seed()
        } catch {
            throw ClientError(.invalidInput, "not a BIP 39 mnemonic: \(error)")
        }
        let path = HierarchicalKey.secretNetworkPath(account: account, index: index)
        guard let key = HierarchicalKey.privateKey(seed: seed, path: path) else {
            throw ClientError(.invalidInput, "this mnemonic gives no key on the path m/44'/529'/\(account)'/0/\(index)")
        }
        try self.init(privateKey: key)
    }

    /// - Throws: `ClientError.invalidInput` for a number that is no key of the curve.
    package init(privateKey: consuming SecretKey) throws {
        guard let publicKey = Secp256k1Signer.publicKey(of: privateKey) else {
            throw ClientError(.invalidInput, "these 32 bytes are no key of secp256k1")
        }
        self.privateKey = privateKey
        self.publicKey = publicKey
        address = AccountKey.secp256k1(publicKey).address
    }

    /// The private key itself, as 64 hexadecimal digits, for who asked for it by name. Whoever has it has the account.
    package func exported() -> String {
        privateKey.withUnsafeBytes { Hexadecimal.encode(Array($0)) }
    }

    /// New words for a new account; whoever has them has the account.
    package static func newMnemonic() -> String {
        Mnemonic.random().phrase
    }

    /// A transaction with these messages, signed in direct mode.
    package func sign(
        _ messages: [AnyMessage], memo: String = "", fee: Fee, chainID: String, account: ChainClient.Account
    ) throws -> [UInt8] {
        let body = TransactionBody(messages: messages, memo: memo).encoded
        let signer = SignerInfo(
            publicKey: AccountKey.secp256k1(publicKey).any, mode: .single(.direct), sequence: account.sequence)
        let authentication = AuthenticationInfo(signers: [signer], fee: fee).encoded
        let document = SignDocument.direct(
            bodyBytes: body, authenticationBytes: authentication, chainID: chainID, accountNumber: account.number)
        return TransactionEnvelope(
            body: body, authentication: authentication, signatures: [try signature(of: document)]
        ).bytes
    }

    /// Of SHA-256 of `document`.
    func signature(of document: [UInt8]) throws -> [UInt8] {
        guard let signature = Secp256k1Signer.sign(SHA256.hash(document), privateKey: privateKey) else {
            throw ClientError(.invalidInput, "the key of \(address) cannot sign")
        }
        return signature
    }
}
