// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cloister.evidence.v1`.
package enum CloisterEvidenceV1 {
    package enum Query {
        package static let evidence = ChainMethod<QueryEvidenceRequest, QueryEvidenceResponse>(
            "/cloister.evidence.v1.Query/Evidence"
        )
    }

    package struct QueryEvidenceRequest: FieldlessMessage {
        package static let name = "cloister.evidence.v1.QueryEvidenceRequest"

        package init() {}
    }

    package struct QueryEvidenceResponse: ChainMessage {
        package static let name = "cloister.evidence.v1.QueryEvidenceResponse"
        package var identity: [UInt8]?
        package var ioExchangeKey: [UInt8] = []
        package var seedExchangeKey: [UInt8] = []
        package var quote: [UInt8] = []
        package var reportDataLayout: String = ""
        package var measurement: [UInt8] = []
        package var registerRecord: RegisterRecord?
        package var header: DecidedHeader?
        package var founderQuote: [UInt8] = []
        package var founderIoExchangeKey: [UInt8] = []

        package init(
            identity: [UInt8]? = nil, ioExchangeKey: [UInt8] = [], seedExchangeKey: [UInt8] = [], quote: [UInt8] = [],
            reportDataLayout: String = "", measurement: [UInt8] = [], registerRecord: RegisterRecord? = nil,
            header: DecidedHeader? = nil, founderQuote: [UInt8] = [], founderIoExchangeKey: [UInt8] = []
        ) {
            (self.identity, self.ioExchangeKey, self.seedExchangeKey) = (identity, ioExchangeKey, seedExchangeKey)
            (self.quote, self.reportDataLayout, self.measurement) = (quote, reportDataLayout, measurement)
            (self.registerRecord, self.header, self.founderQuote) = (registerRecord, header, founderQuote)
            self.founderIoExchangeKey = founderIoExchangeKey
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
            while let field = try fields.next() {
                switch field.number {
                case 1: identity = try field.bytes()
                case 2: ioExchangeKey = try field.bytes()
                case 3: seedExchangeKey = try field.bytes()
                case 4: quote = try field.bytes()
                case 5: reportDataLayout = try field.string()
                case 6: measurement = try field.bytes()
                case 7: registerRecord = try field.message()
                case 8: header = try field.message()
                case 9: founderQuote = try field.bytes()
                case 10: founderIoExchangeKey = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let identity { writer.message(1, identity) }
            writer.bytes(2, ioExchangeKey)
            writer.bytes(3, seedExchangeKey)
            writer.bytes(4, quote)
            writer.string(5, reportDataLayout)
            writer.bytes(6, measurement)
            if let registerRecord { writer.embed(7, registerRecord) }
            if let header { writer.embed(8, header) }
            writer.bytes(9, founderQuote)
            writer.bytes(10, founderIoExchangeKey)
        }
    }

    package struct RegisterRecord: ChainMessage {
        package static let name = "cloister.evidence.v1.RegisterRecord"
        package var height: Int64 = 0
        package var ioExchangeRecord: [UInt8] = []
        package var seedExchangeRecord: [UInt8] = []
        package var proof: [UInt8] = []
        package var storeRoots: [StoreRoot] = []
        package var policyRecord: [UInt8] = []
        package var releaseHeadRecord: [UInt8] = []

        package init(
            height: Int64 = 0, ioExchangeRecord: [UInt8] = [], seedExchangeRecord: [UInt8] = [], proof: [UInt8] = [],
            storeRoots: [StoreRoot] = [], policyRecord: [UInt8] = [], releaseHeadRecord: [UInt8] = []
        ) {
            (self.height, self.ioExchangeRecord) = (height, ioExchangeRecord)
            (self.seedExchangeRecord, self.proof, self.storeRoots) = (seedExchangeRecord, proof, storeRoots)
            (self.policyRecord, self.releaseHeadRecord) = (policyRecord, releaseHeadRecord)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 6, 7])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: ioExchangeRecord = try field.bytes()
                case 3: seedExchangeRecord = try field.bytes()
                case 4: proof = try field.bytes()
                case 5: storeRoots.append(try field.message())
                case 6: policyRecord = try field.bytes()
                case 7: releaseHeadRecord = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            writer.bytes(2, ioExchangeRecord)
            writer.bytes(3, seedExchangeRecord)
            writer.bytes(4, proof)
            writer.embed(5, storeRoots)
            writer.bytes(6, policyRecord)
            writer.bytes(7, releaseHeadRecord)
        }
    }

    package struct StoreRoot: ChainMessage {
        package static let name = "cloister.evidence.v1.StoreRoot"
        package var name: String = ""
        package var root: [UInt8] = []

        package init(name: String = "", root: [UInt8] = []) {
            (self.name, self.root) = (name, root)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                case 2: root = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
            writer.bytes(2, root)
        }
    }

    package struct DecidedHeader: ChainMessage {
        package static let name = "cloister.evidence.v1.DecidedHeader"
        package var height: Int64 = 0
        package var appHash: [UInt8] = []
        package var header: [UInt8] = []
        package var commit: [UInt8] = []
        package var validators: [UInt8] = []

        package init(
            height: Int64 = 0, appHash: [UInt8] = [], header: [UInt8] = [], commit: [UInt8] = [],
            validators: [UInt8] = []
        ) {
            (self.height, self.appHash, self.header, self.commit) = (height, appHash, header, commit)
            self.validators = validators
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: appHash = try field.bytes()
                case 3: header = try field.bytes()
                case 4: commit = try field.bytes()
                case 5: validators = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            writer.bytes(2, appHash)
            writer.bytes(3, header)
            writer.bytes(4, commit)
            writer.bytes(5, validators)
        }
    }

    package struct Profile: RawRepresentable, Hashable, Sendable {
        package static let unspecified = Profile(rawValue: 0)
        package static let development = Profile(rawValue: 1)
        package static let production = Profile(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct RootKind: RawRepresentable, Hashable, Sendable {
        package static let unspecified = RootKind(rawValue: 0)
        package static let simulated = RootKind(rawValue: 1)
        package static let hardware = RootKind(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
