// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `tendermint.p2p`.
package enum TendermintP2p {
    package struct ProtocolVersion: ChainMessage {
        package static let name = "tendermint.p2p.ProtocolVersion"
        package var p2p: UInt64 = 0
        package var block: UInt64 = 0
        package var app: UInt64 = 0

        package init(p2p: UInt64 = 0, block: UInt64 = 0, app: UInt64 = 0) {
            (self.p2p, self.block, self.app) = (p2p, block, app)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: p2p = try field.uint64()
                case 2: block = try field.uint64()
                case 3: app = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, p2p)
            writer.uint64(2, block)
            writer.uint64(3, app)
        }
    }

    package struct DefaultNodeInfo: ChainMessage {
        package static let name = "tendermint.p2p.DefaultNodeInfo"
        package var protocolVersion: ProtocolVersion
        package var defaultNodeID: String = ""
        package var listenAddr: String = ""
        package var network: String = ""
        package var version: String = ""
        package var channels: [UInt8] = []
        package var moniker: String = ""
        package var other: DefaultNodeInfoOther

        package init(
            protocolVersion: ProtocolVersion, defaultNodeID: String = "", listenAddr: String = "", network: String = "",
            version: String = "", channels: [UInt8] = [], moniker: String = "", other: DefaultNodeInfoOther
        ) {
            (self.protocolVersion, self.defaultNodeID, self.listenAddr) = (protocolVersion, defaultNodeID, listenAddr)
            (self.network, self.version, self.channels, self.moniker) = (network, version, channels, moniker)
            self.other = other
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            var protocolVersion: ProtocolVersion?
            var other: DefaultNodeInfoOther?
            while let field = try fields.next() {
                switch field.number {
                case 1: protocolVersion = try field.message()
                case 2: defaultNodeID = try field.string()
                case 3: listenAddr = try field.string()
                case 4: network = try field.string()
                case 5: version = try field.string()
                case 6: channels = try field.bytes()
                case 7: moniker = try field.string()
                case 8: other = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.protocolVersion = try presentOrAbsent(protocolVersion, policy)
            self.other = try presentOrAbsent(other, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, protocolVersion)
            writer.string(2, defaultNodeID)
            writer.string(3, listenAddr)
            writer.string(4, network)
            writer.string(5, version)
            writer.bytes(6, channels)
            writer.string(7, moniker)
            writer.embed(8, other)
        }
    }

    package struct DefaultNodeInfoOther: ChainMessage {
        package static let name = "tendermint.p2p.DefaultNodeInfoOther"
        package var txIndex: String = ""
        package var rpcAddress: String = ""

        package init(txIndex: String = "", rpcAddress: String = "") {
            (self.txIndex, self.rpcAddress) = (txIndex, rpcAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: txIndex = try field.string()
                case 2: rpcAddress = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, txIndex)
            writer.string(2, rpcAddress)
        }
    }
}
