import ChainFormats
import ConsensusCore
import PublicCryptography
import Wire

/// An input of the core as the log keeps it, in CometBFT's `TimedWALMessage`.
package enum WriteAheadRecord: Hashable, Sendable {
    case proposal(Proposal)
    case part(height: Int64, round: Int32, BlockPart)
    case vote(Vote)
    case timeout(ConsensusTimeout)
    /// The block of this height is saved: what stands before is history.
    case endHeight(Int64)
}

/// When the record was written: the moment its message came in.
package struct TimedRecord: Hashable, Sendable {
    package var time: Timestamp
    package var record: WriteAheadRecord

    package init(time: Timestamp, _ record: WriteAheadRecord) {
        (self.time, self.record) = (time, record)
    }
}

extension TimedRecord: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        writer.message(1, time.protobuf)
        writer.message(2) { writer in
            switch record {
            case .proposal(let proposal): TimedRecord.message(3, &writer) { $0.message(1, proposal.protobuf) }
            case .part(let height, let round, let part):
                TimedRecord.message(5, &writer) { writer in
                    writer.int64(1, height)
                    writer.int64(2, Int64(round))
                    writer.message(3, part.protobuf)
                }
            case .vote(let vote): TimedRecord.message(6, &writer) { $0.message(1, vote.protobuf) }
            case .timeout(let timeout):
                writer.message(3) { writer in
                    writer.message(1) { _ in }
                    writer.int64(2, timeout.height)
                    writer.int64(3, Int64(timeout.round))
                    writer.uint64(4, UInt64(timeout.kind.rawValue))
                }
            case .endHeight(let height): writer.message(4) { $0.int64(1, height) }
            }
        }
    }

    /// `MsgInfo{msg: Message{number: body}}`.
    private static func message(
        _ number: UInt32, _ writer: inout ProtobufWriter, _ body: (inout ProtobufWriter) -> Void
    ) {
        writer.message(2) { $0.message(1) { $0.message(number, body) } }
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let timeField = try reader.next(), let body = try reader.next(), try reader.next() == nil else {
            throw .missing(field: 2)
        }
        var inner = ProtobufReader(try body.slice())
        guard let member = try inner.next() else { throw .missing(field: 2) }
        self.init(time: try Timestamp(protobuf: timeField.slice()), try TimedRecord.read(member))
    }

    private static func read(_ member: ProtobufReader.Field) throws(ProtobufError) -> WriteAheadRecord {
        switch member.number {
        case 2:
            // MsgInfo, its Message, and the message itself: one field in one field.
            let message = try only(try only(member))
            switch message.number {
            case 3: return .proposal(try Proposal(protobuf: try only(message).slice()))
            case 5:
                let numbers = try integers(message)
                guard let round = Int32(exactly: numbers[2]) else { throw .illegalValue(field: 2) }
                var reader = ProtobufReader(try message.slice())
                while let field = try reader.next() {
                    guard field.number == 3 else { continue }
                    return .part(height: numbers[1], round: round, try BlockPart(protobuf: field.slice()))
                }
                throw .missing(field: 3)
            case 6: return .vote(try Vote(protobuf: try only(message).slice()))
            default: throw .illegalValue(field: message.number)
            }
        case 3:
            let numbers = try integers(member)
            guard let round = Int32(exactly: numbers[3]), let number = UInt32(exactly: numbers[4]),
                let kind = ConsensusTimeout.Kind(rawValue: number)
            else { throw .illegalValue(field: 3) }
            return .timeout(ConsensusTimeout(kind, height: numbers[2], round: round))
        case 4: return .endHeight(try integers(member)[1])
        default: throw .illegalValue(field: member.number)
        }
    }

    private static func only(_ field: ProtobufReader.Field) throws(ProtobufError) -> ProtobufReader.Field {
        var reader = ProtobufReader(try field.slice())
        guard let inner = try reader.next() else { throw .missing(field: field.number) }
        return inner
    }

    /// The integer fields 1 to 4 of an embedded message, zero where left out.
    private static func integers(_ field: ProtobufReader.Field) throws(ProtobufError) -> [Int64] {
        var numbers = [Int64](repeating: 0, count: 5)
        var reader = ProtobufReader(try field.slice())
        while let inner = try reader.next() {
            if inner.number <= 4, case .varint(let value) = inner.value {
                numbers[Int(inner.number)] = Int64(bitPattern: value)
            }
        }
        return numbers
    }
}
