import PublicCryptography
import Wire

/// Which code is to read a message. A message opens for whichever contract of the named code the node has asked, so a
/// node that tells the hash of a code of its own gets what is said to read.
package enum ExpectedCode: Equatable, Sendable {
    /// Whichever the node says.
    case any
    /// The one with this hash, which must come from a build that is trusted.
    case hashed(Hash32)

    /// The hash to seal for, in 64 hexadecimal digits. Throws where the node says that another code is there.
    func hash(_ told: String) throws -> String {
        guard case .hashed(let expected) = self else { return told }
        let text = Hexadecimal.encode(expected.bytes)
        guard told.lowercased() == text else {
            throw ClientError(.badAnswer, "the node says that the code's hash is \(told.prefix(64)), and not \(text)")
        }
        return text
    }

    func hash(_ told: [UInt8]) throws -> [UInt8] {
        _ = try hash(Hexadecimal.encode(told))
        return told
    }
}
