import PublicCryptography
import Wire

/// A transaction as it travels and is hashed: `cosmos.tx.v1beta1.TxRaw`.
///
/// The parts are slices of the bytes as received. What is signed, hashed and compared is always these, never an
/// encoding of our own: two encoders need not agree.
package struct TransactionEnvelope: Equatable, Sendable {
    package let bytes: [UInt8]
    package let bodyBytes: ArraySlice<UInt8>
    package let authenticationBytes: ArraySlice<UInt8>
    package let signatures: [ArraySlice<UInt8>]

    /// The name of the transaction: SHA-256 of its bytes.
    package var hash: Hash32 { SHA256.hash(bytes) }

    /// Refuses every encoding but the one of ADR-027: fields in ascending order, each once, lengths in their shortest
    /// form, nothing unknown. Otherwise anybody could change the hash of another's transaction and keep its signature.
    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        var (body, authentication): (ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [])
        var signatures = [ArraySlice<UInt8>]()
        var last: UInt32 = 0
        var canonicalCount = 0
        var fields = TransactionFields(bytes[...], repeated: [3], ignoresUnknown: false)
        while let field = try fields.next() {
            guard field.number >= last else { throw .notCanonical }
            last = field.number
            switch field.number {
            case 1: body = try field.slice()
            case 2: authentication = try field.slice()
            case 3:
                signatures.append(try field.slice())
                guard signatures.count <= Transaction.signaturesMax else {
                    throw .tooManySignatures(signatures.count)
                }
            default: try fields.unknown(field)
            }
            let count = try field.slice().count
            canonicalCount += 1 + TransactionEnvelope.varintByteCount(count) + count
        }
        guard canonicalCount == bytes.count else { throw .notCanonical }
        self.bytes = bytes
        bodyBytes = body
        authenticationBytes = authentication
        self.signatures = signatures
    }

    package init(body: [UInt8], authentication: [UInt8], signatures: [[UInt8]]) {
        bytes = ProtobufWriter.encode { writer in
            writer.bytes(1, body)
            writer.bytes(2, authentication)
            for signature in signatures { writer.message(3, signature) }
        }
        bodyBytes = body[...]
        authenticationBytes = authentication[...]
        self.signatures = signatures.map { $0[...] }
    }

    /// What a signer in direct mode signs: `cosmos.tx.v1beta1.SignDoc` over the parts as received.
    package func signDocument(chainID: String, accountNumber: UInt64) -> [UInt8] {
        SignDocument.direct(
            bodyBytes: bodyBytes, authenticationBytes: authenticationBytes, chainID: chainID,
            accountNumber: accountNumber)
    }

    private static func varintByteCount(_ value: Int) -> Int {
        var (rest, count) = (value, 1)
        while rest >= 0x80 {
            rest >>= 7
            count += 1
        }
        return count
    }
}

package enum SignDocument {
    /// The bytes whose SHA-256 is signed under `SIGN_MODE_DIRECT`.
    package static func direct(
        bodyBytes: some Collection<UInt8>, authenticationBytes: some Collection<UInt8>, chainID: String,
        accountNumber: UInt64
    ) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, bodyBytes)
            writer.bytes(2, authenticationBytes)
            writer.string(3, chainID)
            writer.uint64(4, accountNumber)
        }
    }
}
