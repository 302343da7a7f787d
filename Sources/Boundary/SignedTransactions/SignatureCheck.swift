import PublicCryptography
import Wire

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
        let isCanonicalKey = info.publicKey == nil || info.publicKey == key.any
        var document = SignedDocument(
            transaction: transaction, isCanonicalKey: isCanonicalKey, chainID: chainID, accountNumber: accountNumber,
            sequence: sequence)
        return verify(
            Array(transaction.envelope.signatures[signerIndex]), by: key, info.mode, of: &document)
    }

    /// A key and its mode have the same shape: one signature, or a list of keys of which some signed, in their order.
    private static func verify(
        _ signature: [UInt8], by key: AccountKey, _ mode: ModeInfo, of document: inout SignedDocument
    ) -> Result {
        switch (key, mode) {
        case (.secp256k1(let publicKey), .single(let mode)):
            guard let digest = document.digest(mode) else { return .unsupportedMode }
            let isValid = Secp256k1.verify(signature: signature, digest: digest, publicKey: publicKey)
            return isValid ? .valid : .wrongSignature
        case (.multisignature(let threshold, let keys), .multi(let bits, let extraBits, let modes)):
            guard let signing = signers(of: keys.count, bits: bits, extraBits: extraBits), signing.count == modes.count,
                signing.count >= threshold, let signatures = multisignature(signature),
                signatures.count == signing.count
            else { return .wrongSignature }
            for (position, index) in signing.enumerated() {
                let result = verify(signatures[position], by: keys[index], modes[position], of: &document)
                guard result == .valid else { return result }
            }
            return .valid
        default: return .unsupportedMode
        }
    }

    /// Which of `count` keys signed, by a compact bit array: most significant bit first. `nil` if it is about another
    /// number of keys, or has bits beyond them that anybody could change.
    private static func signers(of count: Int, bits: [UInt8], extraBits: UInt32) -> [Int]? {
        guard bits.count == (count + 7) / 8, Int(extraBits) == count % 8 else { return nil }
        let signing = (0..<bits.count * 8).filter { bits[$0 / 8] & (0x80 >> ($0 % 8)) != 0 }
        return signing.allSatisfy { $0 < count } ? signing : nil
    }

    /// The parts of a `cosmos.crypto.multisig.v1beta1.MultiSignature`, which must be in its one encoding.
    private static func multisignature(_ bytes: [UInt8]) -> [[UInt8]]? {
        var signatures = [[UInt8]]()
        var fields = TransactionFields(bytes[...], repeated: [1], ignoresUnknown: false)
        do {
            while let field = try fields.next() {
                guard field.number == 1 else { return nil }
                signatures.append(try field.bytes())
            }
        } catch {
            return nil
        }
        let encoded = ProtobufWriter.encode { writer in
            for signature in signatures { writer.message(1, signature) }
        }
        return encoded == bytes ? signatures : nil
    }
}

/// What a signer of a transaction signed, by mode; each made once, since a multisignature has many signatures of it.
private struct SignedDocument {
    private static let ethereumPrefix = Array("\u{19}Ethereum Signed Message:\n".utf8)

    let transaction: Transaction
    let isCanonicalKey: Bool
    let chainID: String
    let accountNumber: UInt64
    let sequence: UInt64
    private var digests: [SignMode: Hash32] = [:]

    init(
        transaction: Transaction, isCanonicalKey: Bool, chainID: String, accountNumber: UInt64, sequence: UInt64
    ) {
        self.transaction = transaction
        self.isCanonicalKey = isCanonicalKey
        self.chainID = chainID
        self.accountNumber = accountNumber
        self.sequence = sequence
    }

    /// `nil` in a mode in which this transaction cannot be signed.
    mutating func digest(_ mode: SignMode) -> Hash32? {
        if let digest = digests[mode] { return digest }
        let digest: Hash32?
        switch mode {
        case .direct:
            digest = SHA256.hash(
                transaction.envelope.signDocument(chainID: chainID, accountNumber: accountNumber))
        case .legacyAminoJSON: digest = amino.map { SHA256.hash($0) }
        case .eip191:
            // What wallets of Ethereum show and sign: the same document, made readable (EIP-191, version 0x45).
            digest = amino.flatMap(AminoDocument.indented).map { text in
                Keccak256.hash(SignedDocument.ethereumPrefix + Array(String(text.count).utf8) + text)
            }
        case .unspecified, .textual, .directAuxiliary: digest = nil
        }
        digests[mode] = digest
        return digest
    }

    private var amino: [UInt8]? {
        // The text has no place for options and fields that a node may ignore, and says nothing of how a value is
        // encoded; a signer in this mode cannot have agreed to any other bytes.
        guard isCanonicalKey, transaction.isCanonical else { return nil }
        return AminoDocument.bytes(
            body: transaction.body, fee: transaction.authentication.fee, chainID: chainID, accountNumber: accountNumber,
            sequence: sequence)
    }
}
