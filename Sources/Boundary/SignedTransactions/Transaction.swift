import PublicCryptography

/// A decoded transaction. Decoding says that it is well-formed and who must sign it; that they did is for
/// `SignatureCheck`, and that it may run is for the ante rules.
package struct Transaction: Equatable, Sendable {
    /// The SDK's default limit of signatures, those inside multisignatures each for itself. It bounds what is decoded
    /// and compared here, since anybody may send a transaction.
    package static let signaturesMax = 7

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

    /// Whose coins the fee is: those of who granted them to the payer, or the payer's.
    package var feeSource: AccountAddress {
        AccountAddress(canonicalText: authentication.fee.granter) ?? feePayer
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
        authentication = try AuthenticationInfo(decoding: envelope.authenticationBytes)
        guard envelope.signatures.count == authentication.signers.count else { throw .wrongSignatureCount }
        body = try TransactionBody(decoding: envelope.bodyBytes)
        var signers = [AccountAddress]()
        for message in body.messages {
            for signer in try message.signers() where !signers.contains(signer) { signers.append(signer) }
            guard signers.count <= envelope.signatures.count else { throw .wrongSignatureCount }
        }
        if !authentication.fee.payer.isEmpty {
            guard let payer = AccountAddress(canonicalText: authentication.fee.payer) else { throw .invalidAddress }
            if !signers.contains(payer) { signers.append(payer) }
        }
        let granter = authentication.fee.granter
        guard granter.isEmpty || AccountAddress(canonicalText: granter) != nil else { throw .invalidAddress }
        self.signers = signers
        guard signers.count == envelope.signatures.count else { throw .wrongSignatureCount }
    }

    /// Whether body and authentication are in the one encoding that we would write: nothing that is ignored, no other
    /// order, no padded number, no default spelled out. Of the messages and keys inside, the wrapping only.
    ///
    /// In a mode in which a text is signed and not these bytes, anybody could otherwise pass another's transaction on
    /// with bytes of his own in it, under another hash and for more gas.
    var isCanonical: Bool {
        body.encoded[...] == envelope.bodyBytes && authentication.encoded[...] == envelope.authenticationBytes
    }
}
