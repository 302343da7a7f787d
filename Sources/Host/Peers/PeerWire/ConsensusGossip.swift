import ChainFormats
import DecidedBlocks
import Wire

/// Where a node is in consensus, as it tells its peers.
package struct NewRoundStep: Hashable, Sendable {
    package var height: Int64
    package var round: Int32
    /// CometBFT's numbers: 1 new height to 8 commit.
    package var step: UInt32
    package var secondsSinceStart: Int64
    /// The round that decided the height before; -1 where there is none.
    package var lastCommitRound: Int32

    package init(height: Int64, round: Int32, step: UInt32, secondsSinceStart: Int64 = 0, lastCommitRound: Int32) {
        (self.height, self.round, self.step) = (height, round, step)
        (self.secondsSinceStart, self.lastCommitRound) = (secondsSinceStart, lastCommitRound)
    }
}

/// What a set of votes is about: one kind, in one round of one height.
package struct VotePlace: Hashable, Sendable {
    package var height: Int64
    package var round: Int32
    package var kind: VoteKind

    package init(height: Int64, round: Int32, kind: VoteKind) {
        (self.height, self.round, self.kind) = (height, round, kind)
    }
}

/// What consensus reactors say to each other (CometBFT: `consensus.Message`).
package enum ConsensusGossip: Hashable, Sendable {
    case newRoundStep(NewRoundStep)
    /// Two thirds prevoted, or decided, a block whose parts are these; the bits say which of them the sender has.
    case newValidBlock(height: Int64, round: Int32, PartSetHeader, BitArray, isCommit: Bool)
    case proposal(Proposal)
    case proposalPOL(height: Int64, polRound: Int32, BitArray)
    case part(height: Int64, round: Int32, BlockPart)
    case vote(Vote)
    case hasVote(VotePlace, index: Int32)
    /// The sender has two thirds for this, `nil` for nothing to be decided.
    case voteSetMaj23(VotePlace, BlockID?)
    case voteSetBits(VotePlace, BlockID?, BitArray)

    /// The channel that carries it.
    package var channel: PeerChannel {
        switch self {
        case .newRoundStep, .newValidBlock, .hasVote, .voteSetMaj23: .consensusState
        case .proposal, .proposalPOL, .part: .consensusData
        case .vote: .consensusVote
        case .voteSetBits: .voteSetBits
        }
    }
}

extension ConsensusGossip: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let member = try reader.next(), try reader.next() == nil else { throw .notCanonical }
        var inner = ProtobufReader(try member.slice())
        switch member.number {
        case 1: self = .newRoundStep(try Self.readNewRoundStep(&inner))
        case 2: self = try Self.readNewValidBlock(&inner)
        case 3: self = .proposal(try Self.only(&inner).message(Proposal.self))
        case 4:
            var (height, round, bits): (Int64, Int32, BitArray?) = (0, 0, nil)
            while let field = try inner.next() {
                switch field.number {
                case 1: height = try field.nonNegativeInt64()
                case 2: round = try field.round()
                case 3: bits = try field.message(BitArray.self)
                default: throw .notCanonical
                }
            }
            guard let bits else { throw .missing(field: 3) }
            self = .proposalPOL(height: height, polRound: round, bits)
        case 5:
            var (height, round, part): (Int64, Int32, BlockPart?) = (0, 0, nil)
            while let field = try inner.next() {
                switch field.number {
                case 1: height = try field.nonNegativeInt64()
                case 2: round = try field.round()
                case 3: part = try field.message(BlockPart.self)
                default: throw .notCanonical
                }
            }
            guard let part else { throw .missing(field: 3) }
            self = .part(height: height, round: round, part)
        case 6: self = .vote(try Self.only(&inner).message(Vote.self))
        case 7:
            var index: Int32 = 0
            let place = try Self.readPlace(&inner) { (field) throws(ProtobufError) in
                guard field.number == 4 else { throw .notCanonical }
                index = try field.round()
            }
            self = .hasVote(place, index: index)
        case 8:
            var blockID: BlockID?
            let place = try Self.readPlace(&inner) { (field) throws(ProtobufError) in
                guard field.number == 4 else { throw .notCanonical }
                blockID = try field.blockID()
            }
            self = .voteSetMaj23(place, blockID)
        case 9:
            var (blockID, bits): (BlockID?, BitArray?)
            let place = try Self.readPlace(&inner) { (field) throws(ProtobufError) in
                switch field.number {
                case 4: blockID = try field.blockID()
                case 5: bits = try field.message(BitArray.self)
                default: throw .notCanonical
                }
            }
            guard let bits else { throw .missing(field: 5) }
            self = .voteSetBits(place, blockID, bits)
        default: throw .notCanonical
        }
    }

    private static func only(_ reader: inout ProtobufReader) throws(ProtobufError) -> ProtobufReader.Field {
        guard let field = try reader.next(), field.number == 1, try reader.next() == nil else { throw .notCanonical }
        return field
    }

    private static func readPlace(
        _ reader: inout ProtobufReader, other: (ProtobufReader.Field) throws(ProtobufError) -> Void
    ) throws(ProtobufError) -> VotePlace {
        var (height, round, kind): (Int64, Int32, VoteKind?) = (0, 0, nil)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.nonNegativeInt64()
            case 2: round = try field.round()
            case 3: kind = VoteKind(rawValue: try field.uint32())
            default: try other(field)
            }
        }
        guard let kind else { throw .illegalValue(field: 3) }
        return VotePlace(height: height, round: round, kind: kind)
    }

    private static func readNewRoundStep(_ reader: inout ProtobufReader) throws(ProtobufError) -> NewRoundStep {
        var step = NewRoundStep(height: 0, round: 0, step: 0, lastCommitRound: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: step.height = try field.nonNegativeInt64()
            case 2: step.round = try field.round()
            case 3: step.step = try field.uint32()
            case 4: step.secondsSinceStart = try field.int64()
            case 5: step.lastCommitRound = try field.int32()
            default: throw .notCanonical
            }
        }
        return step
    }

    private static func readNewValidBlock(_ reader: inout ProtobufReader) throws(ProtobufError) -> ConsensusGossip {
        var (height, round, isCommit): (Int64, Int32, Bool) = (0, 0, false)
        var (parts, bits): (PartSetHeader?, BitArray?)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.nonNegativeInt64()
            case 2: round = try field.round()
            case 3: parts = try field.message(PartSetHeader.self)
            case 4: bits = try field.message(BitArray.self)
            case 5: isCommit = try field.bool()
            default: throw .notCanonical
            }
        }
        guard let parts else { throw .missing(field: 3) }
        guard let bits else { throw .missing(field: 4) }
        return .newValidBlock(height: height, round: round, parts, bits, isCommit: isCommit)
    }

    package func write(to writer: inout ProtobufWriter) {
        switch self {
        case .newRoundStep(let step):
            writer.message(1) {
                $0.int64(1, step.height)
                $0.int64(2, Int64(step.round))
                $0.uint64(3, UInt64(step.step))
                $0.int64(4, step.secondsSinceStart)
                $0.int64(5, Int64(step.lastCommitRound))
            }
        case .newValidBlock(let height, let round, let parts, let bits, let isCommit):
            writer.message(2) {
                $0.int64(1, height)
                $0.int64(2, Int64(round))
                $0.message(3, parts)
                $0.message(4, bits)
                $0.bool(5, isCommit)
            }
        case .proposal(let proposal): writer.message(3) { $0.message(1, proposal) }
        case .proposalPOL(let height, let round, let bits):
            writer.message(4) {
                $0.int64(1, height)
                $0.int64(2, Int64(round))
                $0.message(3, bits)
            }
        case .part(let height, let round, let part):
            writer.message(5) {
                $0.int64(1, height)
                $0.int64(2, Int64(round))
                $0.message(3, part)
            }
        case .vote(let vote): writer.message(6) { $0.message(1, vote) }
        case .hasVote(let place, let index):
            writer.message(7) {
                place.write(to: &$0)
                $0.int64(4, Int64(index))
            }
        case .voteSetMaj23(let place, let blockID):
            writer.message(8) {
                place.write(to: &$0)
                $0.message(4, BlockID.protobuf(blockID))
            }
        case .voteSetBits(let place, let blockID, let bits):
            writer.message(9) {
                place.write(to: &$0)
                $0.message(4, BlockID.protobuf(blockID))
                $0.message(5, bits)
            }
        }
    }
}

extension VotePlace {
    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.int64(1, height)
        writer.int64(2, Int64(round))
        writer.uint64(3, UInt64(kind.rawValue))
    }
}

extension ConsensusGossip {
    /// CometBFT's `ValidateBasic`, and what its reactor asks besides: `false` for what no honest peer sends. The rest,
    /// a wrong signature or the index of no validator, is a matter of state, which a peer may have differently.
    package func isSound(initialHeight: Int64, partCountMax: UInt32) -> Bool {
        switch self {
        case .newRoundStep(let step):
            (1...8).contains(step.step) && step.height >= initialHeight
                && (step.height == initialHeight ? step.lastCommitRound == -1 : step.lastCommitRound >= 0)
        case .newValidBlock(_, _, let parts, let bits, _):
            bits.count > 0 && bits.count == Int(parts.total) && parts.total <= partCountMax
        case .proposal(let proposal):
            Self.isSignature(proposal.signature) && proposal.blockID.parts.total <= partCountMax
        case .proposalPOL(_, _, let bits): bits.count > 0
        case .part(_, _, let part):
            Int64(part.index) == part.proof.index
                && (Int64(part.index) >= part.proof.total - 1 || part.bytes.count == BlockPart.byteCountMax)
        case .vote(let vote):
            vote.height > 0 && Self.isSignature(vote.signature) && vote.voteExtension.isEmpty
                && vote.extensionSignature.isEmpty
        case .hasVote, .voteSetMaj23, .voteSetBits: true
        }
    }

    private static func isSignature(_ bytes: [UInt8]) -> Bool {
        (1...CommitSignature.signatureByteCountMax).contains(bytes.count)
    }
}
