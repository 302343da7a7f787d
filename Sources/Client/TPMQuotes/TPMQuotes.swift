/// Verifies quotes of a TPM 2.0: which state a machine had measured when its attestation key signed, and over what.
///
/// The second format of evidence beside quotes of SGX and TDX, for clients, tools and backends; no chain takes it, and
/// the enclave has none of this code. Structures are those of the TCG's "TPM 2.0 Library, Part 2: Structures" (revision
/// 1.59), whose sections are named where they are read. Integers are big-endian.
///
/// Everything in a quote was chosen by whoever presents it. The module is total: any bytes give a `TPMVerdict`, which
/// names the first step that failed. What is expected (key or root, report data, values of registers, time) is the
/// caller's, never taken from the evidence. It reads no clock and no file.
///
/// What a TPM does not say: which program runs. Its registers hold what firmware and boot loader measured; whoever can
/// make those measure something else, or has the machine's bus, says what they like.
import Attestation
import PublicCryptography

/// Bounds on what is presented, all checked before anything is allocated for it.
package enum TPMLimits {
    /// Of a message that is signed: 6 + 68 + 66 + 25 bytes and a quote's own 4 + 16 * 7 + 66.
    package static let messageBytesMax = 512
    /// RSA of up to 4,096 bits.
    package static let signatureBytesMax = 6 + 512
    /// Platform configuration registers of one bank (PC Client Platform TPM Profile: 24).
    package static let registerCount = 24
    /// From the attestation key's to the one that the root signed.
    package static let certificatesMax = 4
    package static let publicKeyBytesMax = 1_024
}

/// Why bytes are not a quote that is verified here.
package enum TPMStructureError: Error, Equatable, Sendable {
    case tooLong
    case truncated
    /// Not what a TPM made: it begins otherwise (TPM_GENERATED_VALUE).
    case notGenerated
    /// Another statement of a TPM than a quote.
    case notQuote
    /// A field has a length or a value that it cannot have.
    case illegalValue
    /// Not registers of the SHA-256 bank alone, or none.
    case unsupportedSelection
    case unsupportedSignature
    case trailingBytes
}

/// A cursor over bytes somebody else wrote: each read checks what is left.
struct TPMReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) throws(TPMStructureError) -> [UInt8] {
        guard count <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func integer<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type
    ) throws(TPMStructureError) -> Number {
        Number(bigEndianBytes: try take(Number.bitWidth / 8))
    }

    /// TPM2B: a length and as many bytes.
    mutating func sized(atMost maximum: Int) throws(TPMStructureError) -> [UInt8] {
        let count = Int(try integer(UInt16.self))
        guard count <= maximum else { throw .illegalValue }
        return try take(count)
    }

    func finish() throws(TPMStructureError) {
        guard isAtEnd else { throw .trailingBytes }
    }
}

/// Hashes by their numbers (Part 2, 6.3: TPM_ALG_ID).
enum TPMAlgorithm {
    static let sha256: UInt16 = 0x000b
    static let rsassa: UInt16 = 0x0014
    static let ecdsa: UInt16 = 0x0018
}
