import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

// The encodings of the engine's own records. Nobody else reads them; the protobuf form keeps old nodes' data readable.

extension ConsensusState: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        writer.string(1, chainID)
        writer.int64(2, initialHeight)
        writer.message(3, genesisTime.protobuf)
        writer.int64(4, parameters.blockBytesMax)
        writer.int64(5, parameters.blockGasMax)
        writer.uint64(6, appVersion)
        writer.int64(7, lastHeight)
        if let lastBlockID { writer.message(8, lastBlockID.protobuf) }
        writer.message(9, lastTime.protobuf)
        if let lastValidators { writer.message(10, lastValidators.protobuf) }
        writer.message(11, validators.protobuf)
        writer.message(12, nextValidators.protobuf)
        for result in lastResults { writer.message(13, result.protobuf) }
        writer.bytes(14, appHash)
        writer.bytes(15, lastHeaderAppHash)
        writer.message(16) { writer in
            writer.int64(1, parameters.evidence.ageBlocksMax)
            writer.int64(2, parameters.evidence.ageNanosecondsMax)
            writer.int64(3, parameters.evidence.bytesMax)
        }
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var integers = [Int64](repeating: 0, count: 8)
        var chainID = ""
        var times = [Timestamp](repeating: .goZero, count: 2)
        var lastBlockID: BlockID?
        var sets = [ValidatorSet?](repeating: nil, count: 3)
        var results: [ExecutionResult] = []
        var appHashes: [[UInt8]] = [[], []]
        // Records of before evidence was checked have none.
        var evidence = EvidenceParameters()
        while let field = try reader.next() {
            switch field.number {
            case 1: chainID = try field.string()
            case 2, 4...7: integers[Int(field.number)] = try field.int64()
            case 3: times[0] = try Timestamp(protobuf: field.slice())
            case 8: lastBlockID = try BlockID(protobuf: field.slice())
            case 9: times[1] = try Timestamp(protobuf: field.slice())
            case 10...12: sets[Int(field.number) - 10] = try ValidatorSet(protobuf: field.slice())
            case 13: results.append(try ExecutionResult(protobuf: field.slice()))
            case 14, 15: appHashes[Int(field.number) - 14] = try field.bytes()
            case 16: evidence = try ConsensusState.evidence(field)
            default: throw .notCanonical
            }
        }
        guard let validators = sets[1], let nextValidators = sets[2] else { throw .missing(field: 11) }
        self.chainID = chainID
        initialHeight = integers[2]
        genesisTime = times[0]
        parameters = ConsensusParameters(
            blockBytesMax: integers[4], blockGasMax: integers[5], evidence: evidence)
        appVersion = UInt64(bitPattern: integers[6])
        lastHeight = integers[7]
        self.lastBlockID = lastBlockID
        lastTime = times[1]
        lastValidators = sets[0]
        self.validators = validators
        self.nextValidators = nextValidators
        lastResults = results
        (appHash, lastHeaderAppHash) = (appHashes[0], appHashes[1])
    }

    private static func evidence(_ field: ProtobufReader.Field) throws(ProtobufError) -> EvidenceParameters {
        var parameters = EvidenceParameters(ageBlocksMax: 0, ageNanosecondsMax: 0, bytesMax: 0)
        var reader = ProtobufReader(try field.slice())
        while let member = try reader.next() {
            switch member.number {
            case 1: parameters.ageBlocksMax = try member.int64()
            case 2: parameters.ageNanosecondsMax = try member.int64()
            case 3: parameters.bytesMax = try member.int64()
            default: throw .notCanonical
            }
        }
        return parameters
    }
}
