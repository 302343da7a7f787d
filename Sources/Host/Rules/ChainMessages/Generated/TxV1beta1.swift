// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.tx.v1beta1`.
package enum TxV1beta1 {
    package enum Service {
        package static let simulate = ChainMethod<SimulateRequest, SimulateResponse>(
            "/cosmos.tx.v1beta1.Service/Simulate"
        )
        package static let getTx = ChainMethod<GetTxRequest, GetTxResponse>("/cosmos.tx.v1beta1.Service/GetTx")
        package static let broadcastTx = ChainMethod<BroadcastTxRequest, BroadcastTxResponse>(
            "/cosmos.tx.v1beta1.Service/BroadcastTx"
        )
        package static let getTxsEvent = ChainMethod<GetTxsEventRequest, GetTxsEventResponse>(
            "/cosmos.tx.v1beta1.Service/GetTxsEvent"
        )
        package static let getBlockWithTxs = ChainMethod<GetBlockWithTxsRequest, GetBlockWithTxsResponse>(
            "/cosmos.tx.v1beta1.Service/GetBlockWithTxs"
        )
        package static let txDecode = ChainMethod<TxDecodeRequest, TxDecodeResponse>(
            "/cosmos.tx.v1beta1.Service/TxDecode"
        )
        package static let txEncode = ChainMethod<TxEncodeRequest, TxEncodeResponse>(
            "/cosmos.tx.v1beta1.Service/TxEncode"
        )
    }

    package struct GetTxsEventRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetTxsEventRequest"
        package var events: [String] = []
        package var pagination: BaseQueryV1beta1.PageRequest?
        package var orderBy: OrderBy = .init(rawValue: 0)
        package var page: UInt64 = 0
        package var limit: UInt64 = 0
        package var query: String = ""

        package init(
            events: [String] = [], pagination: BaseQueryV1beta1.PageRequest? = nil,
            orderBy: OrderBy = .init(rawValue: 0), page: UInt64 = 0, limit: UInt64 = 0, query: String = ""
        ) {
            (self.events, self.pagination, self.orderBy, self.page) = (events, pagination, orderBy, page)
            (self.limit, self.query) = (limit, query)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3, 4, 5, 6])
            while let field = try fields.next() {
                switch field.number {
                case 1: events.append(try field.string())
                case 2: pagination = try field.message()
                case 3: orderBy = try field.enumeration()
                case 4: page = try field.uint64()
                case 5: limit = try field.uint64()
                case 6: query = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, events)
            if let pagination { writer.embed(2, pagination) }
            writer.int64(3, Int64(orderBy.rawValue))
            writer.uint64(4, page)
            writer.uint64(5, limit)
            writer.string(6, query)
        }
    }

    package struct GetTxsEventResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetTxsEventResponse"
        package var txs: [[UInt8]] = []
        package var txResponses: [BaseABCIV1beta1.TxResponse] = []
        package var pagination: BaseQueryV1beta1.PageResponse?
        package var total: UInt64 = 0

        package init(
            txs: [[UInt8]] = [], txResponses: [BaseABCIV1beta1.TxResponse] = [],
            pagination: BaseQueryV1beta1.PageResponse? = nil, total: UInt64 = 0
        ) {
            (self.txs, self.txResponses, self.pagination, self.total) = (txs, txResponses, pagination, total)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: txs.append(try field.bytes())
                case 2: txResponses.append(try field.message())
                case 3: pagination = try field.message()
                case 4: total = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in txs { writer.message(1, element) }
            writer.embed(2, txResponses)
            if let pagination { writer.embed(3, pagination) }
            writer.uint64(4, total)
        }
    }

    package struct BroadcastTxRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.BroadcastTxRequest"
        package var txBytes: [UInt8] = []
        package var mode: BroadcastMode = .init(rawValue: 0)

        package init(txBytes: [UInt8] = [], mode: BroadcastMode = .init(rawValue: 0)) {
            (self.txBytes, self.mode) = (txBytes, mode)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: txBytes = try field.bytes()
                case 2: mode = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, txBytes)
            writer.int64(2, Int64(mode.rawValue))
        }
    }

    package struct BroadcastTxResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.BroadcastTxResponse"
        package var txResponse: BaseABCIV1beta1.TxResponse?

        package init(txResponse: BaseABCIV1beta1.TxResponse? = nil) {
            self.txResponse = txResponse
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: txResponse = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let txResponse { writer.embed(1, txResponse) }
        }
    }

    package struct SimulateRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.SimulateRequest"
        package var tx: [UInt8]?
        package var txBytes: [UInt8] = []

        package init(tx: [UInt8]? = nil, txBytes: [UInt8] = []) {
            (self.tx, self.txBytes) = (tx, txBytes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: tx = try field.bytes()
                case 2: txBytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let tx { writer.message(1, tx) }
            writer.bytes(2, txBytes)
        }
    }

    package struct SimulateResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.SimulateResponse"
        package var gasInfo: BaseABCIV1beta1.GasInfo?
        package var result: BaseABCIV1beta1.Result?

        package init(gasInfo: BaseABCIV1beta1.GasInfo? = nil, result: BaseABCIV1beta1.Result? = nil) {
            (self.gasInfo, self.result) = (gasInfo, result)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: gasInfo = try field.message()
                case 2: result = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let gasInfo { writer.embed(1, gasInfo) }
            if let result { writer.embed(2, result) }
        }
    }

    package struct GetTxRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetTxRequest"
        package var hash: String = ""

        package init(hash: String = "") {
            self.hash = hash
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: hash = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, hash)
        }
    }

    package struct GetTxResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetTxResponse"
        package var tx: [UInt8]?
        package var txResponse: BaseABCIV1beta1.TxResponse?

        package init(tx: [UInt8]? = nil, txResponse: BaseABCIV1beta1.TxResponse? = nil) {
            (self.tx, self.txResponse) = (tx, txResponse)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: tx = try field.bytes()
                case 2: txResponse = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let tx { writer.message(1, tx) }
            if let txResponse { writer.embed(2, txResponse) }
        }
    }

    package struct GetBlockWithTxsRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetBlockWithTxsRequest"
        package var height: Int64 = 0
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(height: Int64 = 0, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.height, self.pagination) = (height, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct GetBlockWithTxsResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.GetBlockWithTxsResponse"
        package var txs: [[UInt8]] = []
        package var blockID: [UInt8]?
        package var block: [UInt8]?
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(
            txs: [[UInt8]] = [], blockID: [UInt8]? = nil, block: [UInt8]? = nil,
            pagination: BaseQueryV1beta1.PageResponse? = nil
        ) {
            (self.txs, self.blockID, self.block, self.pagination) = (txs, blockID, block, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: txs.append(try field.bytes())
                case 2: blockID = try field.bytes()
                case 3: block = try field.bytes()
                case 4: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in txs { writer.message(1, element) }
            if let blockID { writer.message(2, blockID) }
            if let block { writer.message(3, block) }
            if let pagination { writer.embed(4, pagination) }
        }
    }

    package struct TxDecodeRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.TxDecodeRequest"
        package var txBytes: [UInt8] = []

        package init(txBytes: [UInt8] = []) {
            self.txBytes = txBytes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: txBytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, txBytes)
        }
    }

    package struct TxDecodeResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.TxDecodeResponse"
        package var tx: [UInt8]?

        package init(tx: [UInt8]? = nil) {
            self.tx = tx
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: tx = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let tx { writer.message(1, tx) }
        }
    }

    package struct TxEncodeRequest: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.TxEncodeRequest"
        package var tx: [UInt8]?

        package init(tx: [UInt8]? = nil) {
            self.tx = tx
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: tx = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let tx { writer.message(1, tx) }
        }
    }

    package struct TxEncodeResponse: ChainMessage {
        package static let name = "cosmos.tx.v1beta1.TxEncodeResponse"
        package var txBytes: [UInt8] = []

        package init(txBytes: [UInt8] = []) {
            self.txBytes = txBytes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: txBytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, txBytes)
        }
    }

    package struct OrderBy: RawRepresentable, Hashable, Sendable {
        package static let unspecified = OrderBy(rawValue: 0)
        package static let asc = OrderBy(rawValue: 1)
        package static let desc = OrderBy(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct BroadcastMode: RawRepresentable, Hashable, Sendable {
        package static let unspecified = BroadcastMode(rawValue: 0)
        package static let block = BroadcastMode(rawValue: 1)
        package static let sync = BroadcastMode(rawValue: 2)
        package static let async = BroadcastMode(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
