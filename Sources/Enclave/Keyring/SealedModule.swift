import PublicCryptography
import SecretCryptography

/// A compiled module as the host keeps it: native code of public code, authenticated, not hidden.
///
/// The attack: the host hands back native code of its own, or another contract's, and has it run inside the enclave. So
/// the code that is loaded was written by this very program (`measurement`, which covers the engine, the metering and
/// the gas schedule) on this platform (the key) for this code hash, to the last byte. An old one of these is as good as
/// the newest: compiling again would give the same.
package enum SealedModule {
    private static let magic = Array("CLOISTER-MODULE\n".utf8)
    private static let version: UInt16 = 1
    private static let headerByteCount = 16 + 2 + 2 * Hash32.byteCount + 1
    /// What sealing adds.
    package static let overhead = Hash32.byteCount + headerByteCount

    /// What a module is sealed for.
    package struct Purpose: Sendable {
        package var codeHash: Hash32
        /// The program that compiled it and will run it.
        package var measurement: Hash32
        /// How it was compiled: a number of the engine's.
        package var preset: UInt8

        package init(codeHash: Hash32, measurement: Hash32, preset: UInt8) {
            (self.codeHash, self.measurement, self.preset) = (codeHash, measurement, preset)
        }

        fileprivate var header: [UInt8] {
            magic + version.bigEndianBytes + measurement.bytes + codeHash.bytes + [preset]
        }
    }

    /// `tag || header || module`, the tag over all that follows it.
    package static func seal(_ module: [UInt8], for purpose: Purpose, key: borrowing SecretKey) -> [UInt8] {
        let body = purpose.header + module
        return HMACSHA256.tag(key: key, body).bytes + body
    }

    /// The module in `sealed`, and how it was compiled; `nil` unless it is what this key sealed for this code and
    /// program. The host chose every byte of `sealed`.
    package static func open(
        _ sealed: [UInt8], codeHash: Hash32, measurement: Hash32, key: borrowing SecretKey
    ) -> (module: [UInt8], preset: UInt8)? {
        guard sealed.count > overhead else { return nil }
        let body = Array(sealed[Hash32.byteCount...])
        let purpose = Purpose(codeHash: codeHash, measurement: measurement, preset: body[headerByteCount - 1])
        guard HMACSHA256.verify(Array(sealed[..<Hash32.byteCount]), key: key, body), body.starts(with: purpose.header)
        else { return nil }
        return (Array(body[headerByteCount...]), purpose.preset)
    }
}
