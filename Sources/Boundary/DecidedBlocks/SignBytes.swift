import PublicCryptography
import Wire

/// What a vote is for in the life of a round; the numbers are CometBFT's `SignedMsgType`.
package enum VoteKind: UInt32, Sendable, Hashable {
    case prevote = 1
    case precommit = 2
}

/// The bytes that validators sign: CometBFT's `CanonicalVote` and `CanonicalProposal`, with their length in front.
///
/// Height and round have a fixed width here, so that hardware signers find them at a fixed place; the chain id at the
/// end keeps a signature from meaning anything on another chain.
package enum SignBytes {
    package static func vote(
        _ kind: VoteKind, height: Int64, round: Int32, blockID: BlockID?, timestamp: Timestamp, chainID: String
    ) -> [UInt8] {
        delimited { writer in
            writer.uint64(1, UInt64(kind.rawValue))
            writer.sfixed64(2, height)
            writer.sfixed64(3, Int64(round))
            if let blockID { writer.message(4, blockID) }
            writer.message(5, timestamp)
            writer.string(6, chainID)
        }
    }

    package static func proposal(
        height: Int64, round: Int32, polRound: Int32, blockID: BlockID, timestamp: Timestamp, chainID: String
    ) -> [UInt8] {
        delimited { writer in
            writer.uint64(1, 32)
            writer.sfixed64(2, height)
            writer.sfixed64(3, Int64(round))
            writer.int64(4, Int64(polRound))
            writer.message(5, blockID)
            writer.message(6, timestamp)
            writer.string(7, chainID)
        }
    }

    private static func delimited(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        let message = ProtobufWriter.encode(body)
        var writer = ProtobufWriter()
        writer.varint(UInt64(message.count))
        writer.raw(message)
        return writer.bytes
    }
}
