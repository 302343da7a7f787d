/// Signed transactions for tests of either side: keys made of a name, and transactions of any messages.
///
/// It signs with libsecp256k1 itself and not with the product's signer, so that a fault of one is not the other's.
import CSecp256k1
import PublicCryptography
import SignedTransactions

/// A key for tests. Its secret is the hash of its name, so it protects nothing.
package struct FixtureKey: Sendable {
    package let publicKey: [UInt8]
    package let address: AccountAddress
    private let secret: [UInt8]

    package init(_ name: String) {
        self.init(secret: SHA256.hash(Array(name.utf8)).bytes)
    }

    package init(secret: [UInt8]) {
        self.secret = secret
        let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE))!
        defer { secp256k1_context_destroy(context) }
        var key = secp256k1_pubkey()
        precondition(secp256k1_ec_pubkey_create(context, &key, secret) == 1)
        var bytes = [UInt8](repeating: 0, count: 33)
        var count = bytes.count
        secp256k1_ec_pubkey_serialize(context, &bytes, &count, &key, UInt32(SECP256K1_EC_COMPRESSED))
        publicKey = bytes
        address = AccountKey.secp256k1(bytes).address
    }

    package func sign(_ document: [UInt8]) -> [UInt8] { sign(digest: SHA256.hash(document)) }

    package func sign(digest: Hash32) -> [UInt8] {
        let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE))!
        defer { secp256k1_context_destroy(context) }
        var signature = secp256k1_ecdsa_signature()
        precondition(secp256k1_ecdsa_sign(context, &signature, digest.bytes, secret, nil, nil) == 1)
        var bytes = [UInt8](repeating: 0, count: 64)
        secp256k1_ecdsa_signature_serialize_compact(context, &bytes, &signature)
        return bytes
    }
}

/// A transaction to be, with what most tests do not care about filled in.
package struct FixtureTransaction: Sendable {
    package struct Signer: Sendable {
        package var key: FixtureKey
        package var accountNumber: UInt64
        package var sequence: UInt64
    }

    package static let chainID = "cloister-test-1"

    package var messages: [AnyMessage]
    package var signers: [Signer]
    package var chainID = FixtureTransaction.chainID
    package var fee = [Coin(2_500, "uscrt")]
    package var gasLimit: UInt64 = 200_000
    package var memo = ""
    package var timeoutHeight: UInt64 = 0
    package var payer = ""
    package var granter = ""
    package var hasPublicKeys = true

    package init(_ messages: [AnyMessage], by key: FixtureKey, number: UInt64, sequence: UInt64) {
        self.messages = messages
        signers = [Signer(key: key, accountNumber: number, sequence: sequence)]
    }

    package func and(_ key: FixtureKey, number: UInt64, sequence: UInt64) -> FixtureTransaction {
        var copy = self
        copy.signers.append(Signer(key: key, accountNumber: number, sequence: sequence))
        return copy
    }

    package func with(_ change: (inout FixtureTransaction) -> Void) -> FixtureTransaction {
        var copy = self
        change(&copy)
        return copy
    }

    /// The signed bytes.
    package var bytes: [UInt8] {
        let body = TransactionBody(messages: messages, memo: memo, timeoutHeight: timeoutHeight).encoded
        let authentication = AuthenticationInfo(
            signers: signers.map {
                SignerInfo(
                    publicKey: hasPublicKeys ? AccountKey.secp256k1($0.key.publicKey).any : nil, mode: .single(.direct),
                    sequence: $0.sequence)
            }, fee: Fee(amount: fee, gasLimit: gasLimit, payer: payer, granter: granter)
        ).encoded
        let signatures = signers.map {
            $0.key.sign(
                SignDocument.direct(
                    bodyBytes: body, authenticationBytes: authentication, chainID: chainID,
                    accountNumber: $0.accountNumber))
        }
        return TransactionEnvelope(body: body, authentication: authentication, signatures: signatures).bytes
    }

    /// As wallets send it to learn the gas: with empty signatures.
    package var unsignedBytes: [UInt8] {
        guard let envelope = try? TransactionEnvelope(decoding: bytes) else { return [] }
        return TransactionEnvelope(
            body: Array(envelope.bodyBytes), authentication: Array(envelope.authenticationBytes),
            signatures: signers.map { _ in [] }
        ).bytes
    }
}

extension AnyMessage {
    package static func send(
        _ amount: UInt128, from sender: AccountAddress, to recipient: AccountAddress, denomination: String = "uscrt"
    ) -> AnyMessage {
        BankMessage.send(BankMessage.Send(from: sender, to: recipient, amount: [Coin(amount, denomination)])).any
    }
}
