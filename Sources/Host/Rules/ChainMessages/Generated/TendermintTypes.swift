// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `tendermint.types`.
package enum TendermintTypes {
    package struct ConsensusParams: ChainMessage {
        package static let name = "tendermint.types.ConsensusParams"
        package var block: BlockParams?
        package var evidence: EvidenceParams?
        package var validator: ValidatorParams?
        package var version: VersionParams?
        package var abci: ABCIParams?

        package init(
            block: BlockParams? = nil, evidence: EvidenceParams? = nil, validator: ValidatorParams? = nil,
            version: VersionParams? = nil, abci: ABCIParams? = nil
        ) {
            (self.block, self.evidence, self.validator, self.version) = (block, evidence, validator, version)
            self.abci = abci
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: block = try field.message()
                case 2: evidence = try field.message()
                case 3: validator = try field.message()
                case 4: version = try field.message()
                case 5: abci = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let block { writer.embed(1, block) }
            if let evidence { writer.embed(2, evidence) }
            if let validator { writer.embed(3, validator) }
            if let version { writer.embed(4, version) }
            if let abci { writer.embed(5, abci) }
        }
    }

    package struct BlockParams: ChainMessage {
        package static let name = "tendermint.types.BlockParams"
        package var maxBytes: Int64 = 0
        package var maxGas: Int64 = 0

        package init(maxBytes: Int64 = 0, maxGas: Int64 = 0) {
            (self.maxBytes, self.maxGas) = (maxBytes, maxGas)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: maxBytes = try field.int64()
                case 2: maxGas = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, maxBytes)
            writer.int64(2, maxGas)
        }
    }

    package struct EvidenceParams: ChainMessage {
        package static let name = "tendermint.types.EvidenceParams"
        package var maxAgeNumBlocks: Int64 = 0
        package var maxAgeDuration: Duration
        package var maxBytes: Int64 = 0

        package init(maxAgeNumBlocks: Int64 = 0, maxAgeDuration: Duration, maxBytes: Int64 = 0) {
            (self.maxAgeNumBlocks, self.maxAgeDuration, self.maxBytes) = (maxAgeNumBlocks, maxAgeDuration, maxBytes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var maxAgeDuration: Duration?
            while let field = try fields.next() {
                switch field.number {
                case 1: maxAgeNumBlocks = try field.int64()
                case 2: maxAgeDuration = try field.message()
                case 3: maxBytes = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.maxAgeDuration = try presentOrAbsent(maxAgeDuration, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, maxAgeNumBlocks)
            writer.embed(2, maxAgeDuration)
            writer.int64(3, maxBytes)
        }
    }

    package struct ValidatorParams: ChainMessage {
        package static let name = "tendermint.types.ValidatorParams"
        package var pubKeyTypes: [String] = []

        package init(pubKeyTypes: [String] = []) {
            self.pubKeyTypes = pubKeyTypes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: pubKeyTypes.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, pubKeyTypes)
        }
    }

    package struct VersionParams: ChainMessage {
        package static let name = "tendermint.types.VersionParams"
        package var app: UInt64 = 0

        package init(app: UInt64 = 0) {
            self.app = app
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: app = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, app)
        }
    }

    package struct ABCIParams: ChainMessage {
        package static let name = "tendermint.types.ABCIParams"
        package var voteExtensionsEnableHeight: Int64 = 0

        package init(voteExtensionsEnableHeight: Int64 = 0) {
            self.voteExtensionsEnableHeight = voteExtensionsEnableHeight
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: voteExtensionsEnableHeight = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, voteExtensionsEnableHeight)
        }
    }

    package struct SignedMsgType: RawRepresentable, Hashable, Sendable {
        package static let unknown = SignedMsgType(rawValue: 0)
        package static let prevote = SignedMsgType(rawValue: 1)
        package static let precommit = SignedMsgType(rawValue: 2)
        package static let proposal = SignedMsgType(rawValue: 32)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct BlockIDFlag: RawRepresentable, Hashable, Sendable {
        package static let unknown = BlockIDFlag(rawValue: 0)
        package static let absent = BlockIDFlag(rawValue: 1)
        package static let commit = BlockIDFlag(rawValue: 2)
        package static let `nil` = BlockIDFlag(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
