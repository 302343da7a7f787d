// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.base.abci.v1beta1`.
package enum BaseABCIV1beta1 {
    package struct TxResponse: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.TxResponse"
        package var height: Int64 = 0
        package var txhash: String = ""
        package var codespace: String = ""
        package var code: UInt32 = 0
        package var data: String = ""
        package var rawLog: String = ""
        package var logs: [ABCIMessageLog] = []
        package var info: String = ""
        package var gasWanted: Int64 = 0
        package var gasUsed: Int64 = 0
        package var tx: AnyMessage?
        package var timestamp: String = ""
        package var events: [TendermintABCI.Event] = []

        package init(
            height: Int64 = 0, txhash: String = "", codespace: String = "", code: UInt32 = 0, data: String = "",
            rawLog: String = "", logs: [ABCIMessageLog] = [], info: String = "", gasWanted: Int64 = 0,
            gasUsed: Int64 = 0, tx: AnyMessage? = nil, timestamp: String = "", events: [TendermintABCI.Event] = []
        ) {
            (self.height, self.txhash, self.codespace, self.code, self.data) = (height, txhash, codespace, code, data)
            (self.rawLog, self.logs, self.info, self.gasWanted, self.gasUsed) = (rawLog, logs, info, gasWanted, gasUsed)
            (self.tx, self.timestamp, self.events) = (tx, timestamp, events)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: txhash = try field.string()
                case 3: codespace = try field.string()
                case 4: code = try field.uint32()
                case 5: data = try field.string()
                case 6: rawLog = try field.string()
                case 7: logs.append(try field.message())
                case 8: info = try field.string()
                case 9: gasWanted = try field.int64()
                case 10: gasUsed = try field.int64()
                case 11: tx = try field.message()
                case 12: timestamp = try field.string()
                case 13: events.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            writer.string(2, txhash)
            writer.string(3, codespace)
            writer.uint64(4, UInt64(code))
            writer.string(5, data)
            writer.string(6, rawLog)
            writer.embed(7, logs)
            writer.string(8, info)
            writer.int64(9, gasWanted)
            writer.int64(10, gasUsed)
            if let tx { writer.embed(11, tx) }
            writer.string(12, timestamp)
            writer.embed(13, events)
        }
    }

    package struct ABCIMessageLog: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.ABCIMessageLog"
        package var msgIndex: UInt32 = 0
        package var log: String = ""
        package var events: [StringEvent] = []

        package init(msgIndex: UInt32 = 0, log: String = "", events: [StringEvent] = []) {
            (self.msgIndex, self.log, self.events) = (msgIndex, log, events)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: msgIndex = try field.uint32()
                case 2: log = try field.string()
                case 3: events.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, UInt64(msgIndex))
            writer.string(2, log)
            writer.embed(3, events)
        }
    }

    package struct StringEvent: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.StringEvent"
        package var type: String = ""
        package var attributes: [Attribute] = []

        package init(type: String = "", attributes: [Attribute] = []) {
            (self.type, self.attributes) = (type, attributes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: type = try field.string()
                case 2: attributes.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, type)
            writer.embed(2, attributes)
        }
    }

    package struct Attribute: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.Attribute"
        package var key: String = ""
        package var value: String = ""

        package init(key: String = "", value: String = "") {
            (self.key, self.value) = (key, value)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: key = try field.string()
                case 2: value = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, key)
            writer.string(2, value)
        }
    }

    package struct GasInfo: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.GasInfo"
        package var gasWanted: UInt64 = 0
        package var gasUsed: UInt64 = 0

        package init(gasWanted: UInt64 = 0, gasUsed: UInt64 = 0) {
            (self.gasWanted, self.gasUsed) = (gasWanted, gasUsed)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: gasWanted = try field.uint64()
                case 2: gasUsed = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, gasWanted)
            writer.uint64(2, gasUsed)
        }
    }

    package struct Result: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.Result"
        package var data: [UInt8] = []
        package var log: String = ""
        package var events: [TendermintABCI.Event] = []
        package var msgResponses: [AnyMessage] = []

        package init(
            data: [UInt8] = [], log: String = "", events: [TendermintABCI.Event] = [], msgResponses: [AnyMessage] = []
        ) {
            (self.data, self.log, self.events, self.msgResponses) = (data, log, events, msgResponses)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.bytes()
                case 2: log = try field.string()
                case 3: events.append(try field.message())
                case 4: msgResponses.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, data)
            writer.string(2, log)
            writer.embed(3, events)
            writer.embed(4, msgResponses)
        }
    }

    package struct SimulationResponse: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.SimulationResponse"
        package var gasInfo: GasInfo
        package var result: Result?

        package init(gasInfo: GasInfo, result: Result? = nil) {
            (self.gasInfo, self.result) = (gasInfo, result)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var gasInfo: GasInfo?
            while let field = try fields.next() {
                switch field.number {
                case 1: gasInfo = try field.message()
                case 2: result = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.gasInfo = try presentOrAbsent(gasInfo, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, gasInfo)
            if let result { writer.embed(2, result) }
        }
    }

    package struct MsgData: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.MsgData"
        package var msgType: String = ""
        package var data: [UInt8] = []

        package init(msgType: String = "", data: [UInt8] = []) {
            (self.msgType, self.data) = (msgType, data)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: msgType = try field.string()
                case 2: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, msgType)
            writer.bytes(2, data)
        }
    }

    package struct TxMsgData: ChainMessage {
        package static let name = "cosmos.base.abci.v1beta1.TxMsgData"
        package var data: [MsgData] = []
        package var msgResponses: [AnyMessage] = []

        package init(data: [MsgData] = [], msgResponses: [AnyMessage] = []) {
            (self.data, self.msgResponses) = (data, msgResponses)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: data.append(try field.message())
                case 2: msgResponses.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, data)
            writer.embed(2, msgResponses)
        }
    }
}
