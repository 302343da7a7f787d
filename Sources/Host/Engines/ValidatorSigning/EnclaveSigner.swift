import ChainFormats
import DecidedBlocks
import Dispatch
import EnclaveProtocol
import PublicCryptography
import Synchronization
import Wire

/// Has the enclave sign, which holds the key and the record of what it signed.
///
/// The engine must not stand still because something else keeps the control lane: so the enclave is asked on a thread
/// of its own, and whoever asks waits for a limited time. An enclave that is gone is the error of the lane, which ends
/// the engine.
package final class EnclaveSigner: VoteSigner, Sendable {
    package let publicKey: [UInt8]
    package let address: ValidatorAddress
    private let chainID: String
    private let patience: DispatchTimeInterval
    private let ask: @Sendable (VoteToSign) throws -> VoteSignature
    private let wait: @Sendable (DispatchSemaphore, DispatchTime) -> DispatchTimeoutResult
    private let queue = DispatchQueue(label: "enclave-signer", qos: .userInteractive)
    private let last: Mutex<(height: Int64, round: Int32)>
    /// What was asked and not answered in time; only one is under way.
    private let unanswered = Mutex<Answer?>(nil)

    private let available = Mutex<@Sendable () -> Void>({})

    private final class Answer: Sendable {
        let came = DispatchSemaphore(value: 0)
        /// Nobody waits for it any more; whoever did may ask again when it comes.
        let state = Mutex<(result: Result<VoteSignature, any Error>?, isLate: Bool)>((nil, false))
    }

    /// `ask` throws a `SignerRefusal` where the enclave refuses the vote; `wait` is how time passes.
    package init(
        _ key: ConsensusKey, chainID: String, patienceMilliseconds: Int = 1000,
        wait: @escaping @Sendable (DispatchSemaphore, DispatchTime) -> DispatchTimeoutResult = { $0.wait(timeout: $1) },
        ask: @escaping @Sendable (VoteToSign) throws -> VoteSignature
    ) {
        publicKey = key.publicKey
        address = ValidatorAddress(publicKey: key.publicKey)
        self.chainID = chainID
        patience = .milliseconds(patienceMilliseconds)
        self.wait = wait
        self.ask = ask
        last = Mutex((Int64(clamping: key.height), Int32(clamping: key.round)))
    }

    package var lastSigned: (height: Int64, round: Int32) { last.withLock { $0 } }

    package func sign(_ vote: inout Vote, chainID: String) throws {
        let kind: SignedKind = vote.kind == .prevote ? .prevote : .precommit
        (vote.timestamp, vote.signature) = try sign(
            kind, height: vote.height, round: vote.round, lockRound: 0, vote.blockID, vote.timestamp, chainID)
    }

    package func sign(_ proposal: inout Proposal, chainID: String) throws {
        (proposal.timestamp, proposal.signature) = try sign(
            .proposal, height: proposal.height, round: proposal.round, lockRound: proposal.polRound, proposal.blockID,
            proposal.timestamp, chainID)
    }

    private func sign(
        _ kind: SignedKind, height: Int64, round: Int32, lockRound: Int32, _ blockID: BlockID?, _ time: Timestamp,
        _ chainID: String
    ) throws -> (Timestamp, [UInt8]) {
        guard chainID == self.chainID else { throw SignerRefusal.otherChain }
        var vote = VoteToSign(
            kind: kind, height: UInt64(clamping: height), round: UInt32(clamping: round), lockRound: Int64(lockRound),
            seconds: time.seconds, nanoseconds: time.nanoseconds)
        if let blockID {
            (vote.blockHash, vote.partsTotal) = (blockID.hash.bytes, blockID.parts.total)
            vote.partsHash = blockID.parts.hash.bytes
        }
        let signed = try answer(to: vote)
        last.withLock { if (height, round) > $0 { $0 = (height, round) } }
        guard let signedTime = Timestamp(seconds: signed.seconds, nanoseconds: signed.nanoseconds) else {
            throw SignerRefusal.unavailable
        }
        return (signedTime, signed.signature)
    }

    package func whenAvailable(_ body: @escaping @Sendable () -> Void) { available.withLock { $0 = body } }

    /// Waits once for as long as it has patience, whether an earlier answer must come first or not.
    private func answer(to vote: VoteToSign) throws -> VoteSignature {
        let deadline = DispatchTime.now() + patience
        if let earlier = unanswered.withLock({ $0 }) {
            guard wait(earlier.came, deadline) == .success else { throw SignerRefusal.unavailable }
        }
        let answer = Answer()
        unanswered.withLock { $0 = answer }
        queue.async { [self] in
            let result = Result { try ask(vote) }
            let isLate = answer.state.withLock { state in
                state.result = result
                return state.isLate
            }
            answer.came.signal()
            if isLate { available.withLock({ $0 })() }
        }
        _ = wait(answer.came, deadline)
        let result = answer.state.withLock { state in
            state.isLate = state.result == nil
            return state.result
        }
        guard let result else { throw SignerRefusal.unavailable }
        unanswered.withLock { $0 = nil }
        return try result.get()
    }
}
