// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.base.tendermint.v1beta1`.
package enum BaseTendermintV1beta1 {
    package enum Service {
        package static let getNodeInfo = ChainMethod<GetNodeInfoRequest, GetNodeInfoResponse>(
            "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo"
        )
        package static let getSyncing = ChainMethod<GetSyncingRequest, GetSyncingResponse>(
            "/cosmos.base.tendermint.v1beta1.Service/GetSyncing"
        )
        package static let getLatestBlock = ChainMethod<GetLatestBlockRequest, GetLatestBlockResponse>(
            "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock"
        )
        package static let getBlockByHeight = ChainMethod<GetBlockByHeightRequest, GetBlockByHeightResponse>(
            "/cosmos.base.tendermint.v1beta1.Service/GetBlockByHeight"
        )
        package static let getLatestValidatorSet = ChainMethod<
            GetLatestValidatorSetRequest, GetLatestValidatorSetResponse
        >(
            "/cosmos.base.tendermint.v1beta1.Service/GetLatestValidatorSet"
        )
        package static let getValidatorSetByHeight = ChainMethod<
            GetValidatorSetByHeightRequest, GetValidatorSetByHeightResponse
        >(
            "/cosmos.base.tendermint.v1beta1.Service/GetValidatorSetByHeight"
        )
        package static let abciQuery = ChainMethod<ABCIQueryRequest, ABCIQueryResponse>(
            "/cosmos.base.tendermint.v1beta1.Service/ABCIQuery"
        )
    }

    package struct GetNodeInfoRequest: FieldlessMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetNodeInfoRequest"

        package init() {}
    }

    package struct GetNodeInfoResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetNodeInfoResponse"
        package var defaultNodeInfo: TendermintP2p.DefaultNodeInfo?
        package var applicationVersion: VersionInfo?

        package init(defaultNodeInfo: TendermintP2p.DefaultNodeInfo? = nil, applicationVersion: VersionInfo? = nil) {
            (self.defaultNodeInfo, self.applicationVersion) = (defaultNodeInfo, applicationVersion)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: defaultNodeInfo = try field.message()
                case 2: applicationVersion = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let defaultNodeInfo { writer.embed(1, defaultNodeInfo) }
            if let applicationVersion { writer.embed(2, applicationVersion) }
        }
    }

    package struct VersionInfo: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.VersionInfo"
        package var name: String = ""
        package var appName: String = ""
        package var version: String = ""
        package var gitCommit: String = ""
        package var buildTags: String = ""
        package var goVersion: String = ""
        package var buildDeps: [Module] = []
        package var cosmosSdkVersion: String = ""

        package init(
            name: String = "", appName: String = "", version: String = "", gitCommit: String = "",
            buildTags: String = "", goVersion: String = "", buildDeps: [Module] = [], cosmosSdkVersion: String = ""
        ) {
            (self.name, self.appName, self.version, self.gitCommit) = (name, appName, version, gitCommit)
            (self.buildTags, self.goVersion, self.buildDeps) = (buildTags, goVersion, buildDeps)
            self.cosmosSdkVersion = cosmosSdkVersion
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 8])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                case 2: appName = try field.string()
                case 3: version = try field.string()
                case 4: gitCommit = try field.string()
                case 5: buildTags = try field.string()
                case 6: goVersion = try field.string()
                case 7: buildDeps.append(try field.message())
                case 8: cosmosSdkVersion = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
            writer.string(2, appName)
            writer.string(3, version)
            writer.string(4, gitCommit)
            writer.string(5, buildTags)
            writer.string(6, goVersion)
            writer.embed(7, buildDeps)
            writer.string(8, cosmosSdkVersion)
        }
    }

    package struct Module: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.Module"
        package var path: String = ""
        package var version: String = ""
        package var sum: String = ""

        package init(path: String = "", version: String = "", sum: String = "") {
            (self.path, self.version, self.sum) = (path, version, sum)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: path = try field.string()
                case 2: version = try field.string()
                case 3: sum = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, path)
            writer.string(2, version)
            writer.string(3, sum)
        }
    }

    package struct GetSyncingRequest: FieldlessMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetSyncingRequest"

        package init() {}
    }

    package struct GetSyncingResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetSyncingResponse"
        package var syncing: Bool = false

        package init(syncing: Bool = false) {
            self.syncing = syncing
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: syncing = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, syncing)
        }
    }

    package struct GetLatestBlockRequest: FieldlessMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetLatestBlockRequest"

        package init() {}
    }

    package struct GetLatestBlockResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetLatestBlockResponse"
        package var blockID: [UInt8]?
        package var block: [UInt8]?
        package var sdkBlock: [UInt8]?

        package init(blockID: [UInt8]? = nil, block: [UInt8]? = nil, sdkBlock: [UInt8]? = nil) {
            (self.blockID, self.block, self.sdkBlock) = (blockID, block, sdkBlock)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: blockID = try field.bytes()
                case 2: block = try field.bytes()
                case 3: sdkBlock = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let blockID { writer.message(1, blockID) }
            if let block { writer.message(2, block) }
            if let sdkBlock { writer.message(3, sdkBlock) }
        }
    }

    package struct GetBlockByHeightRequest: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetBlockByHeightRequest"
        package var height: Int64 = 0

        package init(height: Int64 = 0) {
            self.height = height
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
        }
    }

    package struct GetBlockByHeightResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetBlockByHeightResponse"
        package var blockID: [UInt8]?
        package var block: [UInt8]?
        package var sdkBlock: [UInt8]?

        package init(blockID: [UInt8]? = nil, block: [UInt8]? = nil, sdkBlock: [UInt8]? = nil) {
            (self.blockID, self.block, self.sdkBlock) = (blockID, block, sdkBlock)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: blockID = try field.bytes()
                case 2: block = try field.bytes()
                case 3: sdkBlock = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let blockID { writer.message(1, blockID) }
            if let block { writer.message(2, block) }
            if let sdkBlock { writer.message(3, sdkBlock) }
        }
    }

    package struct GetLatestValidatorSetRequest: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetRequest"
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

    package struct GetLatestValidatorSetResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetResponse"
        package var blockHeight: Int64 = 0
        package var validators: [Validator] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(
            blockHeight: Int64 = 0, validators: [Validator] = [], pagination: BaseQueryV1beta1.PageResponse? = nil
        ) {
            (self.blockHeight, self.validators, self.pagination) = (blockHeight, validators, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: blockHeight = try field.int64()
                case 2: validators.append(try field.message())
                case 3: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, blockHeight)
            writer.embed(2, validators)
            if let pagination { writer.embed(3, pagination) }
        }
    }

    package struct GetValidatorSetByHeightRequest: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightRequest"
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

    package struct GetValidatorSetByHeightResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightResponse"
        package var blockHeight: Int64 = 0
        package var validators: [Validator] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(
            blockHeight: Int64 = 0, validators: [Validator] = [], pagination: BaseQueryV1beta1.PageResponse? = nil
        ) {
            (self.blockHeight, self.validators, self.pagination) = (blockHeight, validators, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: blockHeight = try field.int64()
                case 2: validators.append(try field.message())
                case 3: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, blockHeight)
            writer.embed(2, validators)
            if let pagination { writer.embed(3, pagination) }
        }
    }

    package struct Validator: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.Validator"
        package var address: ConsensusAddress
        package var pubKey: AnyMessage?
        package var votingPower: Int64 = 0
        package var proposerPriority: Int64 = 0

        package init(
            address: ConsensusAddress, pubKey: AnyMessage? = nil, votingPower: Int64 = 0, proposerPriority: Int64 = 0
        ) {
            (self.address, self.pubKey, self.votingPower) = (address, pubKey, votingPower)
            self.proposerPriority = proposerPriority
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var address: ConsensusAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: pubKey = try field.message()
                case 3: votingPower = try field.int64()
                case 4: proposerPriority = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let pubKey { writer.embed(2, pubKey) }
            writer.int64(3, votingPower)
            writer.int64(4, proposerPriority)
        }
    }

    package struct ABCIQueryRequest: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.ABCIQueryRequest"
        package var data: [UInt8] = []
        package var path: String = ""
        package var height: Int64 = 0
        package var prove: Bool = false

        package init(data: [UInt8] = [], path: String = "", height: Int64 = 0, prove: Bool = false) {
            (self.data, self.path, self.height, self.prove) = (data, path, height, prove)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.bytes()
                case 2: path = try field.string()
                case 3: height = try field.int64()
                case 4: prove = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, data)
            writer.string(2, path)
            writer.int64(3, height)
            writer.bool(4, prove)
        }
    }

    package struct ABCIQueryResponse: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.ABCIQueryResponse"
        package var code: UInt32 = 0
        package var log: String = ""
        package var info: String = ""
        package var index: Int64 = 0
        package var key: [UInt8] = []
        package var value: [UInt8] = []
        package var proofOps: ProofOps?
        package var height: Int64 = 0
        package var codespace: String = ""

        package init(
            code: UInt32 = 0, log: String = "", info: String = "", index: Int64 = 0, key: [UInt8] = [],
            value: [UInt8] = [], proofOps: ProofOps? = nil, height: Int64 = 0, codespace: String = ""
        ) {
            (self.code, self.log, self.info, self.index, self.key, self.value) = (code, log, info, index, key, value)
            (self.proofOps, self.height, self.codespace) = (proofOps, height, codespace)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 4, 5, 6, 7, 8, 9, 10])
            while let field = try fields.next() {
                switch field.number {
                case 1: code = try field.uint32()
                case 3: log = try field.string()
                case 4: info = try field.string()
                case 5: index = try field.int64()
                case 6: key = try field.bytes()
                case 7: value = try field.bytes()
                case 8: proofOps = try field.message()
                case 9: height = try field.int64()
                case 10: codespace = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, UInt64(code))
            writer.string(3, log)
            writer.string(4, info)
            writer.int64(5, index)
            writer.bytes(6, key)
            writer.bytes(7, value)
            if let proofOps { writer.embed(8, proofOps) }
            writer.int64(9, height)
            writer.string(10, codespace)
        }
    }

    package struct ProofOp: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.ProofOp"
        package var type: String = ""
        package var key: [UInt8] = []
        package var data: [UInt8] = []

        package init(type: String = "", key: [UInt8] = [], data: [UInt8] = []) {
            (self.type, self.key, self.data) = (type, key, data)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: type = try field.string()
                case 2: key = try field.bytes()
                case 3: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, type)
            writer.bytes(2, key)
            writer.bytes(3, data)
        }
    }

    package struct ProofOps: ChainMessage {
        package static let name = "cosmos.base.tendermint.v1beta1.ProofOps"
        package var ops: [ProofOp] = []

        package init(ops: [ProofOp] = []) {
            self.ops = ops
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: ops.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, ops)
        }
    }
}
