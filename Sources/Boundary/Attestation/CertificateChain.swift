import CLibCrypto
import PublicCryptography

/// The three certificates of a quote: platform (PCK), the authority that certified it, and the root that is embedded.
struct CertificateChain: ~Copyable {
    private static let certificateCount = 3
    /// 1.2.840.113741.1.13.1: Intel's SGX extension, which only certificates of platforms carry.
    private static let platformExtension: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01]

    let platform: Certificate
    let authority: Certificate
    let embeddedRoot: Certificate

    /// `nil` if the text is not exactly three certificates of the kinds that quotes use.
    static func read(_ text: [UInt8]) -> CertificateChain? {
        guard let der = CertificateText.decode(text, count: certificateCount),
            let platform = Certificate.read(der[0]), let authority = Certificate.read(der[1]),
            let embeddedRoot = Certificate.read(der[2])
        else { return nil }
        return CertificateChain(platform: platform, authority: authority, embeddedRoot: embeddedRoot)
    }

    /// Whether platform <- authority <- root holds at `time` (seconds since 1970), with `root` as the only anchor.
    ///
    /// The caller has compared the embedded root with a configured one. Revocation is not looked at here.
    func refusal(at time: Int64) -> Refusal? {
        guard !platform.isAuthority, authority.isAuthority, embeddedRoot.isAuthority else { return .wrongAuthorityFlag }
        guard platform.hasExtension(CertificateChain.platformExtension) else { return .noPlatformCertificate }
        guard let platformValidity = platform.validity, let authorityValidity = authority.validity,
            let rootValidity = embeddedRoot.validity
        else { return .malformedCertificates }
        guard platformValidity.contains(time), authorityValidity.contains(time), rootValidity.contains(time) else {
            return .certificateOutsideValidity
        }
        return isSignedThroughout ? nil : .brokenCertificateChain
    }

    /// libcrypto's path validation: names, signatures, key usage, path lengths, critical extensions.
    private var isSignedThroughout: Bool {
        guard let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new(),
            let untrusted = unsafe OPENSSL_sk_new_null()
        else { preconditionFailure("out of memory") }
        defer {
            // Safe: each was made above and is freed once; the stack does not own the certificate it points to.
            unsafe X509_STORE_CTX_free(context)
            unsafe OPENSSL_sk_free(untrusted)
            unsafe X509_STORE_free(store)
        }
        // Safe: the three certificates outlive `context`; the store takes a reference of its own to the root.
        return unsafe platform.withPointer { platform in
            unsafe authority.withPointer { authority in
                unsafe embeddedRoot.withPointer { root in
                    guard unsafe X509_STORE_add_cert(store, root) == 1,
                        unsafe OPENSSL_sk_push(untrusted, UnsafeRawPointer(authority)) == 1,
                        unsafe X509_STORE_CTX_init(context, store, platform, untrusted) == 1
                    else { preconditionFailure("out of memory") }
                    let parameters = unsafe X509_STORE_CTX_get0_param(context)
                    // The dates have been compared by `CertificateDate`. X509_VERIFY_PARAM_set_time would switch
                    // libcrypto's own comparison on again, and without this flag it would ask a clock.
                    unsafe X509_VERIFY_PARAM_set_depth(parameters, 1)
                    let flags = X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE
                    guard unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(flags)) == 1,
                        unsafe X509_verify_cert(context) == 1
                    else { return false }
                    let path = unsafe X509_STORE_CTX_get0_chain(context)
                    return unsafe OPENSSL_sk_num(path) == CertificateChain.certificateCount
                        && OPENSSL_sk_value(path, 1) == UnsafeMutableRawPointer(authority)
                        && OPENSSL_sk_value(path, 2) == UnsafeMutableRawPointer(root)
                }
            }
        }
    }
}
