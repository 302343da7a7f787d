import PublicCryptography
import Wire

/// The one transaction that holds an enclave's nonce: it does nothing, costs nothing and needs no signature, since it
/// says nothing but that the block which has it was decided after the nonce was made.
///
/// It is a `cosmos.tx.v1beta1.TxRaw` with a memo and nothing else, so that whoever shows blocks can show it. As a
/// transaction of somebody's nobody takes it: it has no message.
package enum LeaseTransaction {
    private static let label = "cloister-lease-1:"
    private static let byteCount = bytes(nonce: .zero).count

    package static func bytes(nonce: Hash32) -> [UInt8] {
        ProtobufWriter.encode { envelope in
            envelope.message(1) { body in body.string(2, label + Hexadecimal.encode(nonce.bytes)) }
        }
    }

    /// The nonce that these bytes hold, if they are such a transaction.
    package static func nonce(in bytes: [UInt8]) -> Hash32? {
        guard bytes.count == byteCount,
            let text = Hexadecimal.decode(String(decoding: bytes.suffix(2 * Hash32.byteCount), as: UTF8.self)),
            let nonce = Hash32(text), bytes == self.bytes(nonce: nonce)
        else { return nil }
        return nonce
    }
}
