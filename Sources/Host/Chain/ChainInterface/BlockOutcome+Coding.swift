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
        if let parameterUpdates { writer.message(4, parameterUpdates.protobuf) }
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
            case 4: parameterUpdates = try ConsensusParameterUpdates(protobuf: field.slice())
            default: throw .notCanonical
            }
        }
    }
}

/// As CometBFT's `ConsensusParams`, but for the age of evidence, which is in nanoseconds.
extension ConsensusParameterUpdates: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        if let block {
            writer.message(1) { writer in
                writer.int64(1, block.bytesMax)
                writer.int64(2, block.gasMax)
            }
        }
        if let evidence {
            writer.message(2) { writer in
                writer.int64(1, evidence.ageBlocksMax)
                writer.int64(2, evidence.ageNanosecondsMax)
                writer.int64(3, evidence.bytesMax)
            }
        }
        if let publicKeyTypes {
            writer.message(3) { writer in
                for type in publicKeyTypes { writer.string(1, type) }
            }
        }
        if let appVersion { writer.message(4) { $0.uint64(1, appVersion) } }
        if let voteExtensionsHeight { writer.message(5) { $0.int64(1, voteExtensionsHeight) } }
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init()
        while let field = try reader.next() {
            var integers = [Int64](repeating: 0, count: 4)
            var texts: [String] = []
            var inner = ProtobufReader(try field.slice())
            while let member = try inner.next() {
                guard (1...3).contains(member.number) else { throw .notCanonical }
                if field.number == 3 {
                    texts.append(try member.string())
                } else {
                    integers[Int(member.number)] = try member.int64()
                }
            }
            switch field.number {
            case 1: block = BlockSize(bytesMax: integers[1], gasMax: integers[2])
            case 2:
                evidence = EvidenceParameters(
                    ageBlocksMax: integers[1], ageNanosecondsMax: integers[2], bytesMax: integers[3])
            case 3: publicKeyTypes = texts
            case 4: appVersion = UInt64(bitPattern: integers[1])
            case 5: voteExtensionsHeight = integers[1]
            default: throw .notCanonical
            }
        }
    }
}
