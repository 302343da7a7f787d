import ChainFormats
import DecidedBlocks

/// Whoever signs this validator's votes, with a record of what was signed: the enclave, or a file.
package protocol VoteSigner: AnyObject {
    var publicKey: [UInt8] { get }
    var address: ValidatorAddress { get }
    /// Of the last thing that was signed; nothing is signed for an earlier place.
    var lastSigned: (height: Int64, round: Int32) { get }
    /// The vote that was signed last, if it is known whole, of nobody: address and index are the caller's to fill in.
    func lastVote(chainID: String) -> Vote?
    /// Fills in the signature; also the timestamp, where an earlier vote differs in nothing else.
    func sign(_ vote: inout Vote, chainID: String) throws
    func sign(_ proposal: inout Proposal, chainID: String) throws
    /// `body` hears, on any thread, that what was `unavailable` may be asked for again.
    func whenAvailable(_ body: @escaping @Sendable () -> Void)
}

extension VoteSigner {
    package func lastVote(chainID: String) -> Vote? { nil }

    /// A file is never away.
    package func whenAvailable(_ body: @escaping @Sendable () -> Void) {}
}

/// Why the signer does not sign.
package enum SignerRefusal: Error, Equatable {
    /// Something was signed for a later height, round or step.
    case regression
    /// Something else was signed for this height, round and step.
    case conflict
    /// It is no vote or proposal.
    case malformed
    /// The height is after the next one of what was executed.
    case tooFar
    /// The enclave did not answer in time. What it was asked it may still sign, and gives to who asks again.
    case unavailable
    /// It signs for another chain.
    case otherChain
    /// It signs no vote extension.
    case withExtension
}
