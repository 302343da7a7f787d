import ChainFormats
import DecidedBlocks
import DurableFiles
import Foundation
import Wire

/// CometBFT's own log of consensus (`cs.wal`): the parts and votes that it heard, in the order in which it did. A block
/// that it decided and did not tell us of before both were killed is there, when its RPC does not answer yet.
///
/// Nothing in it is believed: a block must be what two thirds signed. So its checksums are not looked at, and what is
/// torn or not understood is left out. After a crash while blocks are fetched from others nothing is there.
package struct ConsensusLog: Sendable {
    package struct Missing: Error, Equatable, CustomStringConvertible {
        package var height: Int64
        package var description: String { "CometBFT's log has no decided block \(height)" }
    }

    /// CometBFT begins another file after 10 MiB; a height that was decided last is in the newest.
    private static let filesMax = 4
    private static let fileBytesMax = 64 << 20
    private static let recordBytesMax = 2 << 20
    /// Of one height: what a hostile proposer can have it hear in a few rounds.
    private static let partsMax = 4 * (Block.byteCountMax / BlockPart.byteCountMax + 1)

    private let folder: String

    /// `home` is CometBFT's.
    package init(home: String) { folder = home + "/data/cs.wal" }

    /// The block of a height with its commit, of the votes of `validators`.
    package func block(_ height: Int64, of validators: ValidatorSet) throws -> RPCBlock {
        var parts: [BlockPart] = []
        var votes: [Vote] = []
        for name in try files() {
            guard let bytes = try DurableFile.read(folder + "/" + name), bytes.count <= Self.fileBytesMax else {
                continue
            }
            for message in Self.messages(of: bytes) {
                switch message {
                case .part(height, let part) where parts.count < Self.partsMax: parts.append(part)
                case .vote(let vote)
                where vote.height == height && vote.kind == .precommit && votes.count < 4 * Commit.signatureCountMax:
                    votes.append(vote)
                default: continue
                }
            }
        }
        for (round, blockID) in Self.voted(votes) {
            guard let bytes = Self.assembled(parts, blockID), let (block, _) = try? Block.received(bytes) else {
                continue
            }
            var slots = [CommitSignature](repeating: .absent, count: validators.count)
            for vote in votes where vote.round == round {
                guard let index = validators.index(of: vote.validatorAddress), Int32(index) == vote.validatorIndex,
                    slots[index].flag != .commit
                else { continue }
                slots[index] = vote.commitSignature(for: blockID)
            }
            let commit = Commit(height: height, round: round, blockID: blockID, signatures: slots)
            guard (try? commit.hasQuorum(of: validators, chainID: block.header.chainID)) != nil else { continue }
            return RPCBlock(block: block, blockID: blockID, commit: commit)
        }
        throw Missing(height: height)
    }

    /// The newest files, the oldest of them first: `wal` is written to, `wal.000` and those that follow are full.
    private func files() throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let full = names.filter { $0.hasPrefix("wal.") && Int($0.dropFirst(4)) != nil }
            .sorted { (Int($0.dropFirst(4)) ?? 0) < (Int($1.dropFirst(4)) ?? 0) }
        return (full + names.filter { $0 == "wal" }).suffix(Self.filesMax)
    }

    /// The blocks that were voted for, each once.
    private static func voted(_ votes: [Vote]) -> [(Int32, BlockID)] {
        var found: [(Int32, BlockID)] = []
        for vote in votes {
            guard let blockID = vote.blockID, !found.contains(where: { $0 == (vote.round, blockID) }) else { continue }
            found.append((vote.round, blockID))
        }
        return found
    }

    private static func assembled(_ parts: [BlockPart], _ blockID: BlockID) -> [UInt8]? {
        guard var set = PartSet(waitingFor: blockID.parts, blockByteCountMax: Block.byteCountMax) else { return nil }
        for part in parts { _ = try? set.add(part) }
        return set.assembled
    }

    // MARK: - Records

    enum Message: Equatable {
        case part(Int64, BlockPart)
        case vote(Vote)
    }

    /// What is understood of a file, whatever its bytes are: a checksum and a length of four bytes each, the most
    /// significant first, and `TimedWALMessage{time=1, msg=2}`.
    static func messages(of bytes: [UInt8]) -> [Message] {
        var messages: [Message] = []
        var position = 0
        while bytes.count - position >= 8 {
            let length = bytes[(position + 4)..<(position + 8)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= recordBytesMax, bytes.count - position - 8 >= length else { break }
            let record = bytes[(position + 8)..<(position + 8 + length)]
            position += 8 + length
            if let message = try? message(of: Array(record)) { messages.append(message) }
        }
        return messages
    }

    /// `WALMessage{msg_info=2}`, `MsgInfo{msg=1}`, and in it `BlockPart` (5) or `Vote` (6); `nil` for all else.
    private static func message(of record: [UInt8]) throws(ProtobufError) -> Message? {
        guard let timed = try member(2, of: record[...]), let info = try member(2, of: timed),
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

    private static func member(_ number: UInt32, of bytes: ArraySlice<UInt8>) throws(ProtobufError) -> ArraySlice<
        UInt8
    >? {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            if field.number == number { return try field.slice() }
        }
        return nil
    }
}
