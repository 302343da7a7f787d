import CSodium
import ChainFormats
import DecidedBlocks
import DurableFiles
import PublicCryptography
import StrictJSON
import Wire

package enum SignerFileError: Error, Equatable {
    case missing(String)
    case malformed(String)
    case keyMismatch
}

/// Signs votes and proposals with a consensus key in a file, and never two that conflict.
///
/// The files are those of CometBFT (`priv_validator_key.json`, `priv_validator_state.json`), so an operator can move
/// between engines without signing twice. What is signed is on disk before the signature is returned: after a crash at
/// any moment, a signature that may have left is known. Not safe against restoring an old state file.
package final class ValidatorSigner: VoteSigner {
    package let publicKey: [UInt8]
    package let address: ValidatorAddress
    private let secretKey: UnsafeMutablePointer<UInt8>
    /// Keeps what was signed before anybody gets it.
    private let keep: (SignerState) throws -> Void
    private var state: SignerState

    /// Without `isDurable` a loss of power may make it forget what it signed: for networks of developers.
    package convenience init(keyPath: String, statePath: String, isDurable: Bool = true) throws {
        var key = try SignerKeyFile.read(keyPath)
        defer { key.secretKey.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) } }
        try self.init(publicKey: key.publicKey, secretKey: key.secretKey, state: SignerState.read(statePath)) {
            try $0.write(statePath, isDurable: isDurable)
        }
    }

    /// `secretKey` is laid out as libsodium's; `state` is what was kept last.
    package init(
        publicKey: [UInt8], secretKey: [UInt8], state: SignerState, keep: @escaping (SignerState) throws -> Void
    ) throws {
        precondition(secretKey.count == SignerKeyFile.secretKeyByteCount)
        (self.publicKey, self.state, self.keep) = (publicKey, state, keep)
        address = ValidatorAddress(publicKey: publicKey)
        guard sodium_init() >= 0, let memory = sodium_malloc(secretKey.count) else {
            throw FileError("sodium_malloc", "the validator's key")
        }
        self.secretKey = memory.bindMemory(to: UInt8.self, capacity: secretKey.count)
        self.secretKey.update(from: secretKey, count: secretKey.count)
        sodium_mprotect_readonly(memory)
    }

    deinit { sodium_free(secretKey) }

    /// Of the last thing that was signed; nothing is signed for an earlier place.
    package var lastSigned: (height: Int64, round: Int32) { (state.height, state.round) }

    package func lastVote(chainID: String) -> Vote? { state.vote(of: address, chainID: chainID) }

    /// Makes a new key with an empty state, unless there is a key already.
    package static func generate(keyPath: String, statePath: String) throws {
        guard try DurableFile.read(keyPath) == nil else { return }
        guard sodium_init() >= 0 else { throw FileError("sodium_init", keyPath) }
        var publicKey = [UInt8](repeating: 0, count: Ed25519.publicKeyByteCount)
        var secretKey = [UInt8](repeating: 0, count: SignerKeyFile.secretKeyByteCount)
        defer { secretKey.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) } }
        crypto_sign_keypair(&publicKey, &secretKey)
        if try DurableFile.read(statePath) == nil { try SignerState().write(statePath) }
        try SignerKeyFile(publicKey: publicKey, secretKey: secretKey).write(keyPath)
    }

    package func sign(_ vote: inout Vote, chainID: String) throws {
        let step: SignerState.Step = vote.kind == .prevote ? .prevote : .precommit
        (vote.timestamp, vote.signature) = try sign(
            height: vote.height, round: vote.round, step: step, timestamp: vote.timestamp
        ) { [vote] time in
            var dated = vote
            dated.timestamp = time
            return dated.signBytes(chainID: chainID)
        }
    }

    package func sign(_ proposal: inout Proposal, chainID: String) throws {
        (proposal.timestamp, proposal.signature) = try sign(
            height: proposal.height, round: proposal.round, step: .propose, timestamp: proposal.timestamp
        ) { [proposal] time in
            var dated = proposal
            dated.timestamp = time
            return dated.signBytes(chainID: chainID)
        }
    }

    private func sign(
        height: Int64, round: Int32, step: SignerState.Step, timestamp: Timestamp, signBytes: (Timestamp) -> [UInt8]
    ) throws -> (Timestamp, [UInt8]) {
        let place = (height, round, step.rawValue)
        guard place >= (state.height, state.round, state.step.rawValue) else { throw SignerRefusal.regression }
        if place == (state.height, state.round, state.step.rawValue) {
            guard let signedTime = state.timestamp, signBytes(signedTime) == state.signBytes else {
                throw SignerRefusal.conflict
            }
            return (signedTime, state.signature)
        }
        let message = signBytes(timestamp)
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
        let next = SignerState(
            height: height, round: round, step: step, signature: signature, signBytes: message)
        try keep(next)
        state = next
        return (timestamp, signature)
    }
}
