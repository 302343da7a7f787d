import PublicCryptography
import SignedTransactions
import Testing
import Wire

@Suite("sign modes and multisignatures")
struct SignModeTests {
    private func check(_ bytes: [UInt8], chainID: String = "secretdev-1", number: UInt64 = 7) throws
        -> SignatureCheck.Result
    {
        SignatureCheck.verify(
            try Transaction(decoding: bytes), signerIndex: 0, chainID: chainID, accountNumber: number, sequence: 3)
    }

    @Test(
        "what another implementation signed is accepted, for its chain and account alone",
        arguments: [
            SignModeVectors.eip191, SignModeVectors.multisigAmino, SignModeVectors.multisigMixed,
            SignModeVectors.multisigNested,
        ])
    func known(bytes: [UInt8]) throws {
        #expect(try check(bytes) == .valid)
        #expect(try check(bytes, chainID: "secretdev-2") == .wrongSignature)
        #expect(try check(bytes, number: 8) == .wrongSignature)
    }

    @Test("a signature with a high s, too few of a multisignature, and one key twice are refused")
    func refused() throws {
        #expect(try check(SignModeVectors.eip191HighS) == .wrongSignature)
        #expect(try check(SignModeVectors.multisigTooFew) == .wrongSignature)
        #expect(try check(SignModeVectors.multisigTwice) == .wrongSignature)
    }

    @Test(
        "no byte of a signed transaction can be changed",
        arguments: [SignModeVectors.eip191, SignModeVectors.multisigNested])
    func flipped(bytes: [UInt8]) throws {
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            guard let transaction = try? Transaction(decoding: other) else { continue }
            // In these modes fee, memo and messages are signed, and how it was signed is not; that is checked by shape.
            let result = SignatureCheck.verify(
                transaction, signerIndex: 0, chainID: "secretdev-1", accountNumber: 7, sequence: 3)
            #expect(result != .valid, "byte \(index)")
        }
    }

    @Test("a key is named by its own letters, and by none that are equal to them: no copy passes under another name")
    func letters() throws {
        let it = try Transaction(decoding: SignModeVectors.eip191)
        func named(_ typeURL: String) throws -> SignatureCheck.Result {
            var authentication = it.authentication
            authentication.signers[0].publicKey?.typeURL = typeURL
            return try check(
                TransactionEnvelope(
                    body: Array(it.envelope.bodyBytes), authentication: authentication.encoded,
                    signatures: it.envelope.signatures.map { Array($0) }
                ).bytes)
        }
        let name = AccountKey.secp256k1TypeURL
        #expect(try named(name) == .valid)
        let kelvin = name.replacing("K", with: "\u{212A}")
        #expect(kelvin == name && !kelvin.utf8.elementsEqual(name.utf8))
        #expect(throws: TransactionError.malformed(.illegalValue(field: 1))) { try named(kelvin) }
    }

    @Test("every signature of a multisignature counts, and must be in its one encoding")
    func shape() throws {
        let it = try Transaction(decoding: SignModeVectors.multisigNested)
        #expect(it.signatureCount == 2)
        #expect(try Transaction(decoding: SignModeVectors.eip191).signatureCount == 1)
        let signature = Array(it.envelope.signatures[0])
        func with(_ signature: [UInt8], _ change: (inout AuthenticationInfo) -> Void = { _ in }) throws -> [UInt8] {
            var authentication = it.authentication
            change(&authentication)
            return TransactionEnvelope(
                body: Array(it.envelope.bodyBytes), authentication: authentication.encoded, signatures: [signature]
            ).bytes
        }
        #expect(try check(with(signature)) == .valid)
        // A field that nobody reads, and a length in more bytes than it needs.
        #expect(try check(with(signature + [0x12, 0])) == .wrongSignature)
        #expect(try check(with([signature[0], signature[1] | 0x80, 0] + signature[2...])) == .wrongSignature)
        guard case .multi(_, _, let modes) = it.authentication.signers[0].mode else { return }
        for (bits, extra) in [([0xe0], 2), ([0xc0], 3), ([0xc0, 0], 2), ([0x80], 2), ([], 0)] as [([UInt8], UInt32)] {
            let bytes = try with(signature) { $0.signers[0].mode = .multi(bits: bits, extraBits: extra, modes) }
            #expect(try check(bytes) == .wrongSignature)
        }
        #expect(try check(with(signature) { $0.signers[0].mode = .single(.legacyAminoJSON) }) == .unsupportedMode)
        for mode in [SignMode.textual, .unspecified, .directAuxiliary] {
            let bytes = try with(signature) {
                $0.signers[0].mode = .multi(bits: [0xc0], extraBits: 2, [.single(mode), modes[1]])
            }
            #expect(try check(bytes) == .unsupportedMode)
        }
    }

    @Test("a multisignature of more than seven single keys is no account's key, however they are nested")
    func tooManyKeys() throws {
        let key = AccountKey.secp256k1(GoldenTransaction.publicKey)
        let four = AccountKey.multisignature(threshold: 1, [key, key, key, key])
        #expect(
            try AccountKey(AccountKey.multisignature(threshold: 1, [four, key, key, key]).any).address.bytes.count == 20
        )
        #expect(throws: TransactionError.malformed(.tooMany(field: 2))) {
            try AccountKey(AccountKey.multisignature(threshold: 1, [four, four]).any)
        }
    }
}
