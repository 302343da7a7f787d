// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.evidence.v1beta1`.
package enum EvidenceV1beta1 {
    package struct Equivocation: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.Equivocation"
        package var height: Int64 = 0
        package var time: Timestamp
        package var power: Int64 = 0
        package var consensusAddress: ConsensusAddress

        package init(height: Int64 = 0, time: Timestamp, power: Int64 = 0, consensusAddress: ConsensusAddress) {
            (self.height, self.time, self.power, self.consensusAddress) = (height, time, power, consensusAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var time: Timestamp?
            var consensusAddress: ConsensusAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: time = try field.message()
                case 3: power = try field.int64()
                case 4: consensusAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.time = try presentOrAbsent(time, policy)
            self.consensusAddress = try required(consensusAddress, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            writer.embed(2, time)
            writer.int64(3, power)
            writer.string(4, consensusAddress.description)
        }
    }

    package enum Query {
        package static let evidence = ChainMethod<QueryEvidenceRequest, QueryEvidenceResponse>(
            "/cosmos.evidence.v1beta1.Query/Evidence"
        )
        package static let allEvidence = ChainMethod<QueryAllEvidenceRequest, QueryAllEvidenceResponse>(
            "/cosmos.evidence.v1beta1.Query/AllEvidence"
        )
    }

    package struct QueryEvidenceRequest: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.QueryEvidenceRequest"
        package var evidenceHash: [UInt8] = []
        package var hash: String = ""

        package init(evidenceHash: [UInt8] = [], hash: String = "") {
            (self.evidenceHash, self.hash) = (evidenceHash, hash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: evidenceHash = try field.bytes()
                case 2: hash = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, evidenceHash)
            writer.string(2, hash)
        }
    }

    package struct QueryEvidenceResponse: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.QueryEvidenceResponse"
        package var evidence: AnyMessage?

        package init(evidence: AnyMessage? = nil) {
            self.evidence = evidence
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: evidence = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let evidence { writer.embed(1, evidence) }
        }
    }

    package struct QueryAllEvidenceRequest: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.QueryAllEvidenceRequest"
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(pagination: BaseQueryV1beta1.PageRequest? = nil) {
            self.pagination = pagination
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let pagination { writer.embed(1, pagination) }
        }
    }

    package struct QueryAllEvidenceResponse: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.QueryAllEvidenceResponse"
        package var evidence: [AnyMessage] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(evidence: [AnyMessage] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.evidence, self.pagination) = (evidence, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: evidence.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, evidence)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package enum Msg {
        package static let submitEvidence = ChainMethod<MsgSubmitEvidence, MsgSubmitEvidenceResponse>(
            "/cosmos.evidence.v1beta1.Msg/SubmitEvidence"
        )
    }

    package struct MsgSubmitEvidence: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.MsgSubmitEvidence"
        package var submitter: AccountAddress
        package var evidence: AnyMessage?

        package init(submitter: AccountAddress, evidence: AnyMessage? = nil) {
            (self.submitter, self.evidence) = (submitter, evidence)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var submitter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: submitter = try field.address()
                case 2: evidence = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.submitter = try required(submitter, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, submitter.description)
            if let evidence { writer.embed(2, evidence) }
        }
    }

    package struct MsgSubmitEvidenceResponse: ChainMessage {
        package static let name = "cosmos.evidence.v1beta1.MsgSubmitEvidenceResponse"
        package var hash: [UInt8] = []

        package init(hash: [UInt8] = []) {
            self.hash = hash
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [4])
            while let field = try fields.next() {
                switch field.number {
                case 4: hash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(4, hash)
        }
    }
}
