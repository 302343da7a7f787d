import CSodium
import DecidedBlocks
import PublicCryptography

/// CometBFT's two files of a validator, for who takes the key over.
package struct SignerFiles {
    /// The seed of the key (RFC 8032).
    package let privateKey: [UInt8]
    package let publicKey: [UInt8]
    /// What was signed last; the step is CometBFT's number.
    package let last: (height: Int64, round: Int32, step: UInt8)

    package init(keyPath: String, statePath: String) throws {
        var key = try SignerKeyFile.read(keyPath)
        defer { key.secretKey.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) } }
        (privateKey, publicKey) = (Array(key.secretKey.prefix(32)), key.publicKey)
        last = try Self.last(statePath)
    }

    package var address: ValidatorAddress { ValidatorAddress(publicKey: publicKey) }

    package static func publicKey(_ keyPath: String) throws -> [UInt8] {
        var key = try SignerKeyFile.read(keyPath)
        key.secretKey.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) }
        return key.publicKey
    }

    package static func last(_ statePath: String) throws -> (height: Int64, round: Int32, step: UInt8) {
        let state = try SignerState.read(statePath)
        return (state.height, state.round, state.step.rawValue)
    }
}
