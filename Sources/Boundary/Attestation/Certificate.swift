import CLibCrypto
import PublicCryptography

/// One X.509 certificate, read strictly: the DER form and nothing behind it, a P-256 key, signed with ECDSA and
/// SHA-256.
@safe struct Certificate: ~Copyable {
    /// Owned; freed once, in `deinit`.
    private let pointer: OpaquePointer
    let der: [UInt8]
    /// x || y; empty for a key of any other kind.
    let publicKey: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo in DER.
    let publicKeyInfoHash: Hash32

    /// `nil` if `der` is anything else.
    static func read(_ der: [UInt8]) -> Certificate? {
        guard der.count <= EvidenceLimits.certificateBytesMax else { return nil }
        // Safe: reads at most `bytes.count` bytes from `next`, which it moves to behind the last one it used.
        let parsed: OpaquePointer? = unsafe der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            guard let certificate = unsafe d2i_X509(nil, &next, bytes.count) else { return nil }
            guard unsafe next == bytes.baseAddress! + bytes.count else {
                unsafe X509_free(certificate)
                return nil
            }
            return unsafe certificate
        }
        guard let parsed = unsafe parsed else { return nil }
        let certificate = unsafe Certificate(owning: parsed, der: der)
        let encoded = unsafe encode { unsafe i2d_X509(parsed, $0) }
        guard encoded == der, certificate.publicKey.count == 64,
            unsafe X509_get_signature_nid(parsed) == NID_ecdsa_with_SHA256
        else { return nil }
        return certificate
    }

    private init(owning pointer: OpaquePointer, der: [UInt8]) {
        unsafe self.pointer = unsafe pointer
        self.der = der
        let keyInfo = unsafe Certificate.encode { unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(pointer), $0) }
        publicKeyInfoHash = SHA256.hash(keyInfo)
        let prefix = P256Signature.publicKeyInfoPrefix
        publicKey = keyInfo.starts(with: prefix) ? Array(keyInfo.dropFirst(prefix.count)) : []
    }

    deinit { unsafe X509_free(pointer) }

    /// Whether the certificate says of itself that it may issue others, by basic constraints of a version 3
    /// certificate.
    var isAuthority: Bool { unsafe X509_check_ca(pointer) == 1 }

    /// Seconds since 1970, both inclusive; `nil` if a date is written in a form that certificates may not use.
    var validity: ClosedRange<Int64>? {
        guard let from = unsafe Certificate.seconds(X509_get0_notBefore(pointer)),
            let to = unsafe Certificate.seconds(X509_get0_notAfter(pointer)), from <= to
        else { return nil }
        return from...to
    }

    /// Whether there is exactly one extension with this object identifier (its DER content, without tag and length).
    func hasExtension(_ identifier: [UInt8]) -> Bool {
        var found = 0
        for index in 0..<(unsafe X509_get_ext_count(pointer)) {
            guard let object = unsafe X509_EXTENSION_get_object(X509_get_ext(pointer, index)) else { continue }
            let count = unsafe OBJ_length(object)
            // Safe: libcrypto owns `count` bytes there for as long as the certificate lives.
            let bytes = unsafe UnsafeBufferPointer(start: OBJ_get0_data(object), count: count)
            if unsafe bytes.elementsEqual(identifier) { found += 1 }
        }
        return found == 1
    }

    /// Lends the libcrypto object; `body` must not keep or free it.
    @unsafe func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        unsafe body(pointer)
    }

    /// Runs an `i2d` function twice: once for the length, once into an array of that length. Empty if it fails.
    private static func encode(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        let count = write(nil)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var next = buffer.baseAddress
            // Safe: the first call announced `count` bytes, and the object has not changed since.
            return unsafe write(&next)
        }
        precondition(written == count)
        return bytes
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time = unsafe time, let text = unsafe ASN1_STRING_get0_data(time) else { return nil }
        let type = unsafe ASN1_STRING_type(time)
        guard type == V_ASN1_UTCTIME || type == V_ASN1_GENERALIZEDTIME else { return nil }
        // Safe: libcrypto owns that many bytes there for as long as the certificate lives.
        let bytes = unsafe Array(UnsafeBufferPointer(start: text, count: Int(ASN1_STRING_length(time))))
        return CertificateDate.seconds(bytes, isGeneralized: type == V_ASN1_GENERALIZEDTIME)
    }
}
