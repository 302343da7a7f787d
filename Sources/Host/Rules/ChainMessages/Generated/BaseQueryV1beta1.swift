// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.base.query.v1beta1`.
package enum BaseQueryV1beta1 {
    package struct PageRequest: ChainMessage {
        package static let name = "cosmos.base.query.v1beta1.PageRequest"
        package var key: [UInt8] = []
        package var offset: UInt64 = 0
        package var limit: UInt64 = 0
        package var countTotal: Bool = false
        package var reverse: Bool = false

        package init(
            key: [UInt8] = [], offset: UInt64 = 0, limit: UInt64 = 0, countTotal: Bool = false, reverse: Bool = false
        ) {
            (self.key, self.offset, self.limit, self.countTotal) = (key, offset, limit, countTotal)
            self.reverse = reverse
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: key = try field.bytes()
                case 2: offset = try field.uint64()
                case 3: limit = try field.uint64()
                case 4: countTotal = try field.bool()
                case 5: reverse = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, key)
            writer.uint64(2, offset)
            writer.uint64(3, limit)
            writer.bool(4, countTotal)
            writer.bool(5, reverse)
        }
    }

    package struct PageResponse: ChainMessage {
        package static let name = "cosmos.base.query.v1beta1.PageResponse"
        package var nextKey: [UInt8] = []
        package var total: UInt64 = 0

        package init(nextKey: [UInt8] = [], total: UInt64 = 0) {
            (self.nextKey, self.total) = (nextKey, total)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: nextKey = try field.bytes()
                case 2: total = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, nextKey)
            writer.uint64(2, total)
        }
    }
}
