import PublicCryptography

/// A decoded transaction. Decoding says that it is well-formed and who must sign it; that they did is for
/// `SignatureCheck`, and that it may run is for the ante rules.
package struct Transaction: Equatable, Sendable {
    package let envelope: TransactionEnvelope
    package let body: TransactionBody
    package let authentication: AuthenticationInfo
    /// Who must sign, in order: the signers of the messages as they first appear, then the payer of the fee.
    package let signers: [AccountAddress]

    package var hash: Hash32 { envelope.hash }

    /// Who pays the fee.
    package var feePayer: AccountAddress {
        AccountAddress(canonicalText: authentication.fee.payer) ?? signers[0]
    }

    /// All signatures, those inside multisignatures each for itself.
    package var signatureCount: Int {
        authentication.signers.reduce(0) { $0 + $1.mode.signatureCount }
    }

    package var hasComputeMessage: Bool {
        body.messages.contains { $0.type?.isCompute == true }
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        envelope = try TransactionEnvelope(decoding: bytes)
        body = try TransactionBody(decoding: envelope.bodyBytes)
        authentication = try AuthenticationInfo(decoding: envelope.authenticationBytes)
        var signers = [AccountAddress]()
        for message in body.messages {
            for signer in try message.signers() where !signers.contains(signer) { signers.append(signer) }
        }
        if !authentication.fee.payer.isEmpty {
            guard let payer = AccountAddress(canonicalText: authentication.fee.payer) else { throw .invalidAddress }
            if !signers.contains(payer) { signers.append(payer) }
        }
        self.signers = signers
        guard envelope.signatures.count == signers.count, authentication.signers.count == signers.count else {
            throw .wrongSignatureCount
        }
    }
}
