// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.base.node.v1beta1`.
package enum BaseNodeV1beta1 {
    package enum Service {
        package static let config = ChainMethod<ConfigRequest, ConfigResponse>(
            "/cosmos.base.node.v1beta1.Service/Config"
        )
        package static let status = ChainMethod<StatusRequest, StatusResponse>(
            "/cosmos.base.node.v1beta1.Service/Status"
        )
    }

    package struct ConfigRequest: FieldlessMessage {
        package static let name = "cosmos.base.node.v1beta1.ConfigRequest"

        package init() {}
    }

    package struct ConfigResponse: ChainMessage {
        package static let name = "cosmos.base.node.v1beta1.ConfigResponse"
        package var minimumGasPrice: String = ""
        package var pruningKeepRecent: String = ""
        package var pruningInterval: String = ""
        package var haltHeight: UInt64 = 0

        package init(
            minimumGasPrice: String = "", pruningKeepRecent: String = "", pruningInterval: String = "",
            haltHeight: UInt64 = 0
        ) {
            (self.minimumGasPrice, self.pruningKeepRecent) = (minimumGasPrice, pruningKeepRecent)
            (self.pruningInterval, self.haltHeight) = (pruningInterval, haltHeight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: minimumGasPrice = try field.string()
                case 2: pruningKeepRecent = try field.string()
                case 3: pruningInterval = try field.string()
                case 4: haltHeight = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, minimumGasPrice)
            writer.string(2, pruningKeepRecent)
            writer.string(3, pruningInterval)
            writer.uint64(4, haltHeight)
        }
    }

    package struct StatusRequest: FieldlessMessage {
        package static let name = "cosmos.base.node.v1beta1.StatusRequest"

        package init() {}
    }

    package struct StatusResponse: ChainMessage {
        package static let name = "cosmos.base.node.v1beta1.StatusResponse"
        package var earliestStoreHeight: UInt64 = 0
        package var height: UInt64 = 0
        package var timestamp: Timestamp?
        package var appHash: [UInt8] = []
        package var validatorHash: [UInt8] = []

        package init(
            earliestStoreHeight: UInt64 = 0, height: UInt64 = 0, timestamp: Timestamp? = nil, appHash: [UInt8] = [],
            validatorHash: [UInt8] = []
        ) {
            (self.earliestStoreHeight, self.height, self.timestamp) = (earliestStoreHeight, height, timestamp)
            (self.appHash, self.validatorHash) = (appHash, validatorHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: earliestStoreHeight = try field.uint64()
                case 2: height = try field.uint64()
                case 3: timestamp = try field.message()
                case 4: appHash = try field.bytes()
                case 5: validatorHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, earliestStoreHeight)
            writer.uint64(2, height)
            if let timestamp { writer.embed(3, timestamp) }
            writer.bytes(4, appHash)
            writer.bytes(5, validatorHash)
        }
    }
}
