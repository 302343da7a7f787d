import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import PublicCryptography
import SecretCryptography
import Synchronization
import Wire

/// What a scripted machine remembers of its validator, over its enclaves: the key that was opened first, and the last
/// vote. It protects nothing.
final class ScriptedValidator: Sendable {
    private struct Memory {
        var key: [UInt8]?
        var last: (vote: VoteToSign, signature: VoteSignature)?
    }

    private let memory = Mutex(Memory())
    private let name: String
    private let signsTwice: Bool

    init(name: String, signsTwice: Bool) { (self.name, self.signsTwice) = (name, signsTwice) }

    func make() throws -> ConsensusKey {
        guard memory.withLock({ $0.key }) == nil else { throw EnclaveError.refused(.consensusKeyExists) }
        return describe(SecretRandom.bytes(32))
    }

    /// The seed of `sealed`, if this machine may have it.
    func open(_ sealed: [UInt8]) throws -> ConsensusKey {
        let seed = Array(sealed.prefix(32))
        try memory.withLock { memory in
            guard sealed == seed + seal(seed), memory.key == nil || memory.key == seed else {
                throw EnclaveError.refused(.consensusKeyRefused)
            }
            memory.key = seed
        }
        return describe(seed)
    }

    private func seal(_ seed: [UInt8]) -> [UInt8] { SHA256.hash(Array(name.utf8) + seed).bytes }

    private func describe(_ seed: [UInt8]) -> ConsensusKey {
        let last = memory.withLock { $0.last?.vote }
        return ConsensusKey(
            publicKey: Ed25519Signer.publicKey(of: SecretKey(copying: seed)!), sealedKey: seed + seal(seed),
            height: last?.height ?? 0, round: last?.round ?? 0, step: last.map(Self.step) ?? 0)
    }

    private static func step(_ vote: VoteToSign) -> UInt32 {
        switch vote.kind {
        case .proposal: 1
        case .prevote: 2
        case .precommit: 3
        }
    }

    /// Votes alone, with which the cases are content.
    func sign(_ vote: VoteToSign, chainID: String) throws -> VoteSignature {
        try memory.withLock { memory in
            guard let key = memory.key else { throw EnclaveError.refused(.consensusKeyMissing) }
            if let (last, signature) = memory.last, !signsTwice {
                let place = { (vote: VoteToSign) in (vote.height, vote.round, Self.step(vote)) }
                guard place(vote) >= place(last) else { throw EnclaveError.refused(.voteRegression) }
                if place(vote) == place(last) {
                    guard vote.blockHash == last.blockHash else { throw EnclaveError.refused(.voteConflict) }
                    return signature
                }
            }
            let blockID = Hash32(vote.blockHash).map {
                BlockID(hash: $0, parts: PartSetHeader(total: vote.partsTotal, hash: Hash32(vote.partsHash) ?? .zero))
            }
            let bytes = SignBytes.vote(
                vote.kind == .prevote ? .prevote : .precommit, height: Int64(vote.height), round: Int32(vote.round),
                blockID: blockID, timestamp: Timestamp(seconds: vote.seconds, nanoseconds: vote.nanoseconds)!,
                chainID: chainID)
            let signature = VoteSignature(
                signature: Ed25519Signer.sign(bytes, privateKey: SecretKey(copying: key)!), seconds: vote.seconds,
                nanoseconds: vote.nanoseconds)
            memory.last = (vote, signature)
            return signature
        }
    }
}
