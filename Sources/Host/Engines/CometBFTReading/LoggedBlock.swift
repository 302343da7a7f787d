import ChainFormats
import DecidedBlocks
import Wire

/// The decided block of a height, put together from CometBFT's log of consensus (`cs.wal`), which has the parts and
/// votes that it heard, in the order in which it did.
///
/// It writes down what peers send before it looks at it. So only votes count whose signatures verify, and parts that
/// prove themselves of a block that two thirds signed: whatever else is there, however much, is passed over.
package struct LoggedBlock {
    private static let recordBytesMax = 2 << 20
    /// Signatures that are looked at: some seconds' work, and more than a height's files have of honest ones.
    private static let checksMax = 1 << 18
    /// Blocks of one height that somebody signed for: one of each round that comes to a precommit.
    private static let talliesMax = 64

    private struct Tally {
        var commit: Commit
        var power: Int64
        var parts: PartSet
    }

    private let height: Int64
    private let validators: ValidatorSet
    private let chainID: String
    private var checksLeft = LoggedBlock.checksMax
    private var tallies: [Tally] = []

    package init(height: Int64, validators: ValidatorSet, chainID: String) {
        (self.height, self.validators, self.chainID) = (height, validators, chainID)
    }

    /// To be called with each file, before the first is read for parts.
    package mutating func readVotes(_ file: [UInt8]) {
        Self.read(file) { message in
            if case .vote(let vote) = message { count(vote) }
        }
    }

    /// Whether more than two thirds signed for one block.
    package var isDecided: Bool { tallies.contains { $0.power >= validators.quorum } }

    /// To be called with each file, once it is known which block is meant.
    package mutating func readParts(_ file: [UInt8]) {
        Self.read(file) { message in
            guard case .part(height, let part) = message else { return }
            for index in tallies.indices where tallies[index].power >= validators.quorum {
                _ = try? tallies[index].parts.add(part)
            }
        }
    }

    /// With the commit of those votes.
    package var block: RPCBlock? {
        for tally in tallies {
            guard tally.power >= validators.quorum, let blockID = tally.commit.blockID,
                let bytes = tally.parts.assembled, let (block, _) = try? Block.received(bytes)
            else { continue }
            return RPCBlock(block: block, blockID: blockID, commit: tally.commit)
        }
        return nil
    }

    private mutating func count(_ vote: Vote) {
        guard vote.height == height, vote.kind == .precommit, let blockID = vote.blockID,
            let index = validators.index(of: vote.validatorAddress), Int32(index) == vote.validatorIndex,
            checksLeft > 0
        else { return }
        let known = tallies.firstIndex { $0.commit.round == vote.round && $0.commit.blockID == blockID }
        guard known != nil || tallies.count < Self.talliesMax,
            known.map({ tallies[$0].commit.signatures[index].flag == .absent }) ?? true
        else { return }
        checksLeft -= 1
        let validator = validators.validators[index]
        guard vote.isSigned(by: validator, chainID: chainID) else { return }
        if let known {
            tallies[known].commit.signatures[index] = vote.commitSignature(for: blockID)
            tallies[known].power += validator.power
        } else if let parts = PartSet(waitingFor: blockID.parts, blockByteCountMax: Block.byteCountMax) {
            var slots = [CommitSignature](repeating: .absent, count: validators.count)
            slots[index] = vote.commitSignature(for: blockID)
            tallies.append(
                Tally(
                    commit: Commit(height: height, round: vote.round, blockID: blockID, signatures: slots),
                    power: validator.power, parts: parts))
        }
    }

    // MARK: - Records

    package enum Message: Equatable {
        case part(Int64, BlockPart)
        case vote(Vote)
    }

    /// What is understood of a file, whatever its bytes are: a checksum and a length of four bytes each, the most
    /// significant first, and `TimedWALMessage{time=1, msg=2}`. What is torn ends it, and checksums are not looked at,
    /// since nothing in it is believed.
    package static func read(_ file: [UInt8], _ body: (Message) -> Void) {
        var position = 0
        while file.count - position >= 8 {
            let length = file[(position + 4)..<(position + 8)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= recordBytesMax, file.count - position - 8 >= length else { return }
            let record = file[(position + 8)..<(position + 8 + length)]
            position += 8 + length
            if let message = try? message(of: record) { body(message) }
        }
    }

    /// `WALMessage{msg_info=2}`, `MsgInfo{msg=1}`, and in it `BlockPart` (5) or `Vote` (6); `nil` for all else.
    private static func message(of record: ArraySlice<UInt8>) throws(ProtobufError) -> Message? {
        guard let timed = try member(2, of: record), let info = try member(2, of: timed),
            let message = try member(1, of: info)
        else { return nil }
        if let vote = try member(6, of: message) {
            guard let inner = try member(1, of: vote) else { return nil }
            return .vote(try Vote(protobuf: Array(inner)))
        }
        guard let part = try member(5, of: message) else { return nil }
        var height: Int64 = 0
        var reader = ProtobufReader(part)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.int64()
            case 3: return .part(height, try field.message(BlockPart.self))
            default: continue
            }
        }
        return nil
    }

    private static func member(
        _ number: UInt32, of bytes: ArraySlice<UInt8>
    ) throws(ProtobufError) -> ArraySlice<UInt8>? {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            if field.number == number { return try field.slice() }
        }
        return nil
    }
}
