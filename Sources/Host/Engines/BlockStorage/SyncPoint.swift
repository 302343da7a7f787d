import Attestation
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// Why what is said of a height is not where the chain stood there.
package enum SyncRefusal: Error, Hashable {
    case malformed
    case anotherChain
    /// Not above where the enclave stands, or the header that the operator named.
    case tooLow
    /// Header and commit of the height, or of the one after it, do not hold.
    case header(HeaderRefusal)
    /// The state is not the one that the header after it commits to.
    case notProved
    /// Turns of proposers are under no hash; these are none that the rules come to, not of those who proposed, or not
    /// those that others show.
    case impossiblePriorities
    case wrongBlock
    /// Others show another header of the height, which those who are believed signed, too.
    case forked
    /// It holds, and the enclave does not go there.
    case beyondEnclave
}

/// Where a chain stood after a height, with what proves it: header and commit of the height, and of the one after it,
/// which commits to the state between. From it a node goes on that has run none of the blocks before.
///
/// The commits are those that the next blocks carry, so that all nodes say the same of a height.
package struct SyncPoint: Hashable, Sendable {
    package var state: ConsensusState
    package var header: Header
    package var commit: Commit
    package var nextHeader: Header
    package var nextCommit: Commit
    /// Of the heights before, downwards, as many as evidence of enclaves may name: an enclave that is shown one wants
    /// to see how they lead to its block.
    package var earlier: [Header]

    package static let earlierMax = Int64(RegistrationPolicy.evidenceBlocksBound)

    package var height: Int64 { state.lastHeight }

    /// `nil` unless the two heights after it are decided, and what is needed of this one is still here.
    package init?(_ store: BlockStore, height: Int64) throws {
        guard var state = try store.state(), let block = try store.provedHeader(height),
            let next = try store.provedHeader(height + 1), let following = try store.provedHeader(height + 2),
            let blockID = next.header.lastBlockID, let outcome = try store.outcome(height),
            let last = try store.validators(height), let validators = try store.validators(height + 1),
            let nextValidators = try store.validators(height + 2),
            // The parameters of now, unless they have changed since.
            next.header.consensusHash == state.parameters.hash()
        else { return nil }
        state.appVersion = next.header.appVersion
        (state.lastHeight, state.lastBlockID, state.lastTime) = (height, blockID, block.header.time)
        (state.lastValidators, state.validators, state.nextValidators) = (last, validators, nextValidators)
        (state.lastResults, state.appHash) = (outcome.results, outcome.appHash)
        state.lastHeaderAppHash = block.header.appHash
        self.state = state
        (header, commit) = (block.header, next.lastCommit)
        (nextHeader, nextCommit) = (next.header, following.lastCommit)
        earlier = []
        for height in stride(from: height - 1, through: max(height - Self.earlierMax, state.initialHeight), by: -1) {
            guard let header = try store.header(height) else { return nil }
            earlier.append(header)
        }
    }

    /// Header, commit and set of the height, which the caller holds against what it believes.
    package var first: UnverifiedHeader? {
        state.lastValidators.map { UnverifiedHeader(header: header, commit: commit, validators: $0) }
    }

    /// Holds everything else against the header of the height, which is believed.
    package func verify(_ genesis: GenesisDocument, following head: ChainHead) throws(SyncRefusal) {
        guard let anchor = genesis.anchor, state.chainID == genesis.chainID,
            state.initialHeight == genesis.initialHeight, state.genesisTime == genesis.genesisTime
        else { throw .anotherChain }
        guard let lastValidators = state.lastValidators, header.height == height else { throw .malformed }
        guard head.height == height, head.headerHash == header.hash() else { throw .notProved }
        let second = UnverifiedHeader(header: nextHeader, commit: nextCommit, validators: state.validators)
        do throws(HeaderRefusal) {
            _ = try head.advance(to: second, on: anchor)
        } catch {
            throw .header(error)
        }
        guard Int64(earlier.count) == min(Self.earlierMax, height - state.initialHeight) else { throw .malformed }
        var link = header.lastBlockID?.hash
        for (header, height) in zip(earlier, stride(from: height - 1, through: 1, by: -1)) {
            guard header.height == height, header.hash() == link else { throw .malformed }
            link = header.lastBlockID?.hash
        }
        guard state.lastBlockID == nextHeader.lastBlockID, state.lastTime == header.time,
            state.lastHeaderAppHash == header.appHash, state.appHash == nextHeader.appHash,
            state.appVersion == nextHeader.appVersion, state.parameters.hash() == nextHeader.consensusHash,
            ExecutionResult.hash(of: state.lastResults) == nextHeader.lastResultsHash ?? MerkleTree.emptyRoot,
            state.nextValidators.hash() == nextHeader.nextValidatorsHash
        else { throw .notProved }
        for set in [lastValidators, state.validators, state.nextValidators] {
            guard set.validators.allSatisfy({ $0.proposerPriority.magnitude <= 2 * set.totalPower.magnitude }) else {
                throw .impossiblePriorities
            }
        }
        guard lastValidators.proposes(header, round: commit.round),
            state.validators.proposes(nextHeader, round: nextCommit.round)
        else { throw .impossiblePriorities }
    }
}

extension ValidatorSet {
    /// Whether a block's proposer had his turn in one of the rounds up to the one that decided it: what was proposed
    /// once may be proposed again by others.
    fileprivate func proposes(_ header: Header, round: Int32) -> Bool {
        // Of more rounds, who had his turn says nothing.
        guard round <= 100 else { return true }
        var set = self
        for _ in 0..<round {
            if set.proposer.address == header.proposerAddress { return true }
            set.incrementProposerPriority(times: 1)
        }
        return set.proposer.address == header.proposerAddress
    }
}

extension SyncPoint: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        writer.message(1, state)
        writer.message(2, header)
        writer.message(3, commit)
        writer.message(4, nextHeader)
        writer.message(5, nextCommit)
        for header in earlier { writer.message(6, header) }
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var (state, headers, commits): (ConsensusState?, [Header], [Commit]) = (nil, [], [])
        earlier = []
        while let field = try reader.next() {
            switch field.number {
            case 1: state = try field.message(ConsensusState.self)
            case 2, 4: headers.append(try field.message(Header.self))
            case 3, 5: commits.append(try field.message(Commit.self))
            case 6:
                guard earlier.count < Self.earlierMax else { throw .tooMany(field: 6) }
                earlier.append(try field.message(Header.self))
            default: throw .notCanonical
            }
        }
        guard let state, headers.count == 2, commits.count == 2 else { throw .missing(field: 1) }
        self.state = state
        (header, nextHeader) = (headers[0], headers[1])
        (commit, nextCommit) = (commits[0], commits[1])
    }
}

extension BlockStore {
    /// Begins the node's copy of the chain at a point that was verified, with the block of its height.
    package func begin(at point: SyncPoint, block bytes: [UInt8]) throws {
        guard !bytes.isEmpty, let (block, _) = try? Block.received(bytes), block.matchesItsHeader,
            let blockID = point.state.lastBlockID, block.header.hash() == blockID.hash,
            PartSet(cutting: bytes).header == blockID.parts, let lastValidators = point.state.lastValidators
        else { throw SyncRefusal.wrongBlock }
        try removeAll()
        try save(
            DecidedBlock(
                block: block, blockBytes: bytes, blockID: blockID, commit: point.commit, validators: lastValidators,
                nextValidators: point.state.validators))
        try save(BlockOutcome(results: point.state.lastResults, appHash: point.state.appHash), of: point.height)
        try save(point.state)
        try save(lastValidators, of: point.height)
        try save(earlier: point.earlier)
    }
}
