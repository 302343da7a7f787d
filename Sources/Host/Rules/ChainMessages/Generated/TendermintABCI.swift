// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `tendermint.abci`.
package enum TendermintABCI {
    package struct Event: ChainMessage {
        package static let name = "tendermint.abci.Event"
        package var type: String = ""
        package var attributes: [EventAttribute] = []

        package init(type: String = "", attributes: [EventAttribute] = []) {
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

    package struct EventAttribute: ChainMessage {
        package static let name = "tendermint.abci.EventAttribute"
        package var key: String = ""
        package var value: String = ""
        package var index: Bool = false

        package init(key: String = "", value: String = "", index: Bool = false) {
            (self.key, self.value, self.index) = (key, value, index)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: key = try field.string()
                case 2: value = try field.string()
                case 3: index = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, key)
            writer.string(2, value)
            writer.bool(3, index)
        }
    }
}
