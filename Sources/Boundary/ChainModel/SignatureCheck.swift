import PublicCryptography

/// Whether a transaction's signer signed it, for this chain, account and sequence.
package enum SignatureCheck {
    package enum Result: Equatable, Sendable {
        case valid
        case noSuchSigner
        /// The transaction was signed for another place in the account's order of transactions.
        case wrongSequence(expected: UInt64, given: UInt64)
        /// Neither the transaction nor the account has a key.
        case missingKey
        /// The transaction's key is not the signer's.
        case wrongKey
        case unsupportedKey
        case unsupportedMode
        case wrongSignature
    }

    /// Checks the signature of `transaction.signers[signerIndex]`.
    ///
    /// `accountNumber`, `sequence` and `accountKey` (used if the transaction brings no key) are the signer's account on
    /// chain: whoever calls from the trusted side must have proved them. The key counts because its address is the
    /// signer's, so a host that lies about it gains nothing.
    package static func verify(
        _ transaction: Transaction, signerIndex: Int, chainID: String, accountNumber: UInt64, sequence: UInt64,
        accountKey: AnyMessage? = nil
    ) -> Result {
        guard transaction.signers.indices.contains(signerIndex) else { return .noSuchSigner }
        let info = transaction.authentication.signers[signerIndex]
        guard info.sequence == sequence else { return .wrongSequence(expected: sequence, given: info.sequence) }
        guard let any = info.publicKey ?? accountKey else { return .missingKey }
        let key: AccountKey
        do { key = try AccountKey(any) } catch { return .unsupportedKey }
        guard key.address == transaction.signers[signerIndex] else { return .wrongKey }
        guard case .secp256k1(let publicKey) = key else { return .unsupportedKey }
        guard case .single(let mode) = info.mode else { return .unsupportedMode }

        let signed: [UInt8]
        switch mode {
        case .direct:
            signed = transaction.envelope.signDocument(chainID: chainID, accountNumber: accountNumber)
        case .legacyAminoJSON:
            // Amino has no place for options; a signer in this mode cannot have agreed to any.
            guard transaction.body.ignoredOptions == 0,
                let document = try? AminoDocument.bytes(
                    body: transaction.body, fee: transaction.authentication.fee, chainID: chainID,
                    accountNumber: accountNumber, sequence: sequence)
            else { return .unsupportedMode }
            signed = document
        default:
            return .unsupportedMode
        }
        let isValid = Secp256k1.verify(
            signature: Array(transaction.envelope.signatures[signerIndex]), digest: SHA256.hash(signed),
            publicKey: publicKey)
        return isValid ? .valid : .wrongSignature
    }
}
