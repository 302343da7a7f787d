import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import Wire

/// A vote or proposal that can be one: the host chose the numbers.
struct VoteContent {
    let place: SignedPlace
    let time: Timestamp
    private let kind: SignedKind
    private let lockRound: Int32
    private let blockID: BlockID?

    init?(_ vote: VoteToSign) {
        let step: UInt32 =
            switch vote.kind {
            case .proposal: 1
            case .prevote: 2
            case .precommit: 3
            }
        guard vote.height >= 1, let place = SignedPlace(height: vote.height, round: vote.round, step: step),
            let time = Timestamp(seconds: vote.seconds, nanoseconds: vote.nanoseconds)
        else { return nil }
        if vote.blockHash.isEmpty {
            guard vote.partsTotal == 0, vote.partsHash.isEmpty else { return nil }
            blockID = nil
        } else {
            guard let hash = Hash32(vote.blockHash), let parts = Hash32(vote.partsHash), vote.partsTotal > 0 else {
                return nil
            }
            blockID = BlockID(hash: hash, parts: PartSetHeader(total: vote.partsTotal, hash: parts))
        }
        if vote.kind == .proposal {
            guard blockID != nil, vote.lockRound >= -1, vote.lockRound < Int64(vote.round) else { return nil }
        } else {
            guard vote.lockRound == 0 else { return nil }
        }
        (self.place, self.time, kind, lockRound) = (place, time, vote.kind, Int32(vote.lockRound))
    }

    func signBytes(at time: Timestamp, chainID: String) -> [UInt8] {
        let (height, round) = (Int64(place.height), Int32(place.round))
        guard kind == .proposal, let blockID else {
            return SignBytes.vote(
                kind == .prevote ? .prevote : .precommit, height: height, round: round, blockID: blockID,
                timestamp: time, chainID: chainID)
        }
        return SignBytes.proposal(
            height: height, round: round, polRound: lockRound, blockID: blockID, timestamp: time, chainID: chainID)
    }
}
