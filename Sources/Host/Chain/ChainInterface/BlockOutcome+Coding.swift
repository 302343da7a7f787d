import ChainFormats
import DecidedBlocks
import Wire

// The encoding in which engines keep outcomes. Nobody else reads it; the protobuf form keeps old nodes' data readable.

extension BlockOutcome: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        for result in results { writer.message(1, result.protobuf) }
        writer.bytes(2, appHash)
        for update in validatorUpdates {
            writer.message(3) { writer in
                writer.bytes(1, update.publicKey)
                writer.int64(2, update.power)
            }
        }
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(results: [], appHash: [])
        while let field = try reader.next() {
            switch field.number {
            case 1: results.append(try ExecutionResult(protobuf: field.slice()))
            case 2: appHash = try field.bytes()
            case 3:
                var update = ValidatorUpdate(publicKey: [], power: 0)
                var inner = ProtobufReader(try field.slice())
                while let member = try inner.next() {
                    switch member.number {
                    case 1: update.publicKey = try member.bytes()
                    case 2: update.power = try member.int64()
                    default: throw .notCanonical
                    }
                }
                validatorUpdates.append(update)
            default: throw .notCanonical
            }
        }
    }
}
