/// The protocol between host and enclave, linked by both sides: frames, messages, limits, failure numbers.
///
/// What crosses is declared once, in `proto/boundary/v1`: `Generated` has those messages as Swift values, and how they
/// become bytes and are read again. Decoding is total and bounded: the peer on the other end of a lane is the adversary
/// of whoever decodes. Nothing here knows what a message means; that is `EnclaveService` inside and `EnclaveLink`
/// outside.
import CBoundaryMessages

/// What both sides must agree on before the first frame.
package enum BoundaryProtocol {
    /// Both sides say it in `Hello`; another version is no session.
    package static let version: UInt32 = 1

    /// SHA-256 of the two files that declare the boundary; part of the measurement and of `Hello`.
    package static var manifestHash: [UInt8] {
        // Safe: the generated array has exactly 32 bytes.
        unsafe withUnsafeBytes(of: boundary_manifest_hash) { unsafe Array($0) }
    }

    /// The largest frame body in bytes, checked before a byte of it is allocated.
    package static let frameBytesMax = 16 * 1024 * 1024

    /// The most memory that decoding one frame may take: a repeated field can turn two bytes into a structure of
    /// sixty-four, so the bound is on memory and not on the frame alone.
    package static let decodingBytesMax = 96 * 1024 * 1024

    /// A frame of transactions is closed when it holds this many bytes.
    package static let chunkBytesTarget = 4 * 1024 * 1024
}
