// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `tendermint.abci`.
package enum TendermintABCI {
    package struct Request: ChainMessage {
        package static let name = "tendermint.abci.Request"
        package var echo: RequestEcho?
        package var flush: RequestFlush?
        package var info: RequestInfo?
        package var initChain: RequestInitChain?
        package var query: RequestQuery?
        package var checkTx: RequestCheckTx?
        package var commit: RequestCommit?
        package var listSnapshots: RequestListSnapshots?
        package var offerSnapshot: RequestOfferSnapshot?
        package var loadSnapshotChunk: RequestLoadSnapshotChunk?
        package var applySnapshotChunk: RequestApplySnapshotChunk?
        package var prepareProposal: RequestPrepareProposal?
        package var processProposal: RequestProcessProposal?
        package var extendVote: RequestExtendVote?
        package var verifyVoteExtension: RequestVerifyVoteExtension?
        package var finalizeBlock: RequestFinalizeBlock?

        package init(
            echo: RequestEcho? = nil, flush: RequestFlush? = nil, info: RequestInfo? = nil,
            initChain: RequestInitChain? = nil, query: RequestQuery? = nil, checkTx: RequestCheckTx? = nil,
            commit: RequestCommit? = nil, listSnapshots: RequestListSnapshots? = nil,
            offerSnapshot: RequestOfferSnapshot? = nil, loadSnapshotChunk: RequestLoadSnapshotChunk? = nil,
            applySnapshotChunk: RequestApplySnapshotChunk? = nil, prepareProposal: RequestPrepareProposal? = nil,
            processProposal: RequestProcessProposal? = nil, extendVote: RequestExtendVote? = nil,
            verifyVoteExtension: RequestVerifyVoteExtension? = nil, finalizeBlock: RequestFinalizeBlock? = nil
        ) {
            (self.echo, self.flush, self.info, self.initChain, self.query) = (echo, flush, info, initChain, query)
            (self.checkTx, self.commit, self.listSnapshots) = (checkTx, commit, listSnapshots)
            (self.offerSnapshot, self.loadSnapshotChunk) = (offerSnapshot, loadSnapshotChunk)
            (self.applySnapshotChunk, self.prepareProposal) = (applySnapshotChunk, prepareProposal)
            (self.processProposal, self.extendVote) = (processProposal, extendVote)
            (self.verifyVoteExtension, self.finalizeBlock) = (verifyVoteExtension, finalizeBlock)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(
                bytes, policy, singular: [1, 2, 3, 5, 6, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
            while let field = try fields.next() {
                switch field.number {
                case 1: echo = try field.message()
                case 2: flush = try field.message()
                case 3: info = try field.message()
                case 5: initChain = try field.message()
                case 6: query = try field.message()
                case 8: checkTx = try field.message()
                case 11: commit = try field.message()
                case 12: listSnapshots = try field.message()
                case 13: offerSnapshot = try field.message()
                case 14: loadSnapshotChunk = try field.message()
                case 15: applySnapshotChunk = try field.message()
                case 16: prepareProposal = try field.message()
                case 17: processProposal = try field.message()
                case 18: extendVote = try field.message()
                case 19: verifyVoteExtension = try field.message()
                case 20: finalizeBlock = try field.message()
                default: try fields.unknown(field)
                }
            }
            try requireAtMostOne([
                echo != nil, flush != nil, info != nil, initChain != nil, query != nil, checkTx != nil, commit != nil,
                listSnapshots != nil, offerSnapshot != nil, loadSnapshotChunk != nil, applySnapshotChunk != nil,
                prepareProposal != nil, processProposal != nil, extendVote != nil, verifyVoteExtension != nil,
                finalizeBlock != nil,
            ])
        }

        package func write(to writer: inout ProtobufWriter) {
            if let echo { writer.embed(1, echo) }
            if let flush { writer.embed(2, flush) }
            if let info { writer.embed(3, info) }
            if let initChain { writer.embed(5, initChain) }
            if let query { writer.embed(6, query) }
            if let checkTx { writer.embed(8, checkTx) }
            if let commit { writer.embed(11, commit) }
            if let listSnapshots { writer.embed(12, listSnapshots) }
            if let offerSnapshot { writer.embed(13, offerSnapshot) }
            if let loadSnapshotChunk { writer.embed(14, loadSnapshotChunk) }
            if let applySnapshotChunk { writer.embed(15, applySnapshotChunk) }
            if let prepareProposal { writer.embed(16, prepareProposal) }
            if let processProposal { writer.embed(17, processProposal) }
            if let extendVote { writer.embed(18, extendVote) }
            if let verifyVoteExtension { writer.embed(19, verifyVoteExtension) }
            if let finalizeBlock { writer.embed(20, finalizeBlock) }
        }
    }

    package struct RequestEcho: ChainMessage {
        package static let name = "tendermint.abci.RequestEcho"
        package var message: String = ""

        package init(message: String = "") {
            self.message = message
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: message = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, message)
        }
    }

    package struct RequestFlush: FieldlessMessage {
        package static let name = "tendermint.abci.RequestFlush"

        package init() {}
    }

    package struct RequestInfo: ChainMessage {
        package static let name = "tendermint.abci.RequestInfo"
        package var version: String = ""
        package var blockVersion: UInt64 = 0
        package var p2pVersion: UInt64 = 0
        package var abciVersion: String = ""

        package init(version: String = "", blockVersion: UInt64 = 0, p2pVersion: UInt64 = 0, abciVersion: String = "") {
            (self.version, self.blockVersion, self.p2pVersion) = (version, blockVersion, p2pVersion)
            self.abciVersion = abciVersion
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: version = try field.string()
                case 2: blockVersion = try field.uint64()
                case 3: p2pVersion = try field.uint64()
                case 4: abciVersion = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, version)
            writer.uint64(2, blockVersion)
            writer.uint64(3, p2pVersion)
            writer.string(4, abciVersion)
        }
    }

    package struct RequestInitChain: ChainMessage {
        package static let name = "tendermint.abci.RequestInitChain"
        package var time: Timestamp
        package var chainID: String = ""
        package var consensusParams: TendermintTypes.ConsensusParams?
        package var validators: [ValidatorUpdate] = []
        package var appStateBytes: [UInt8] = []
        package var initialHeight: Int64 = 0

        package init(
            time: Timestamp, chainID: String = "", consensusParams: TendermintTypes.ConsensusParams? = nil,
            validators: [ValidatorUpdate] = [], appStateBytes: [UInt8] = [], initialHeight: Int64 = 0
        ) {
            (self.time, self.chainID, self.consensusParams) = (time, chainID, consensusParams)
            (self.validators, self.appStateBytes, self.initialHeight) = (validators, appStateBytes, initialHeight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 5, 6])
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: time = try field.message()
                case 2: chainID = try field.string()
                case 3: consensusParams = try field.message()
                case 4: validators.append(try field.message())
                case 5: appStateBytes = try field.bytes()
                case 6: initialHeight = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, time)
            writer.string(2, chainID)
            if let consensusParams { writer.embed(3, consensusParams) }
            writer.embed(4, validators)
            writer.bytes(5, appStateBytes)
            writer.int64(6, initialHeight)
        }
    }

    package struct RequestQuery: ChainMessage {
        package static let name = "tendermint.abci.RequestQuery"
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

    package struct RequestCheckTx: ChainMessage {
        package static let name = "tendermint.abci.RequestCheckTx"
        package var tx: [UInt8] = []
        package var type: CheckTxType = .init(rawValue: 0)

        package init(tx: [UInt8] = [], type: CheckTxType = .init(rawValue: 0)) {
            (self.tx, self.type) = (tx, type)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: tx = try field.bytes()
                case 2: type = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, tx)
            writer.int64(2, Int64(type.rawValue))
        }
    }

    package struct RequestCommit: FieldlessMessage {
        package static let name = "tendermint.abci.RequestCommit"

        package init() {}
    }

    package struct RequestListSnapshots: FieldlessMessage {
        package static let name = "tendermint.abci.RequestListSnapshots"

        package init() {}
    }

    package struct RequestOfferSnapshot: ChainMessage {
        package static let name = "tendermint.abci.RequestOfferSnapshot"
        package var snapshot: Snapshot?
        package var appHash: [UInt8] = []

        package init(snapshot: Snapshot? = nil, appHash: [UInt8] = []) {
            (self.snapshot, self.appHash) = (snapshot, appHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: snapshot = try field.message()
                case 2: appHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let snapshot { writer.embed(1, snapshot) }
            writer.bytes(2, appHash)
        }
    }

    package struct RequestLoadSnapshotChunk: ChainMessage {
        package static let name = "tendermint.abci.RequestLoadSnapshotChunk"
        package var height: UInt64 = 0
        package var format: UInt32 = 0
        package var chunk: UInt32 = 0

        package init(height: UInt64 = 0, format: UInt32 = 0, chunk: UInt32 = 0) {
            (self.height, self.format, self.chunk) = (height, format, chunk)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.uint64()
                case 2: format = try field.uint32()
                case 3: chunk = try field.uint32()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, height)
            writer.uint64(2, UInt64(format))
            writer.uint64(3, UInt64(chunk))
        }
    }

    package struct RequestApplySnapshotChunk: ChainMessage {
        package static let name = "tendermint.abci.RequestApplySnapshotChunk"
        package var index: UInt32 = 0
        package var chunk: [UInt8] = []
        package var sender: String = ""

        package init(index: UInt32 = 0, chunk: [UInt8] = [], sender: String = "") {
            (self.index, self.chunk, self.sender) = (index, chunk, sender)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: index = try field.uint32()
                case 2: chunk = try field.bytes()
                case 3: sender = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, UInt64(index))
            writer.bytes(2, chunk)
            writer.string(3, sender)
        }
    }

    package struct RequestPrepareProposal: ChainMessage {
        package static let name = "tendermint.abci.RequestPrepareProposal"
        package var maxTxBytes: Int64 = 0
        package var txs: [[UInt8]] = []
        package var localLastCommit: ExtendedCommitInfo
        package var misbehavior: [Misbehavior] = []
        package var height: Int64 = 0
        package var time: Timestamp
        package var nextValidatorsHash: [UInt8] = []
        package var proposerAddress: [UInt8] = []

        package init(
            maxTxBytes: Int64 = 0, txs: [[UInt8]] = [], localLastCommit: ExtendedCommitInfo,
            misbehavior: [Misbehavior] = [], height: Int64 = 0, time: Timestamp, nextValidatorsHash: [UInt8] = [],
            proposerAddress: [UInt8] = []
        ) {
            (self.maxTxBytes, self.txs, self.localLastCommit) = (maxTxBytes, txs, localLastCommit)
            (self.misbehavior, self.height, self.time) = (misbehavior, height, time)
            (self.nextValidatorsHash, self.proposerAddress) = (nextValidatorsHash, proposerAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 5, 6, 7, 8])
            var localLastCommit: ExtendedCommitInfo?
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: maxTxBytes = try field.int64()
                case 2: txs.append(try field.bytes())
                case 3: localLastCommit = try field.message()
                case 4: misbehavior.append(try field.message())
                case 5: height = try field.int64()
                case 6: time = try field.message()
                case 7: nextValidatorsHash = try field.bytes()
                case 8: proposerAddress = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.localLastCommit = try presentOrAbsent(localLastCommit, policy)
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, maxTxBytes)
            for element in txs { writer.message(2, element) }
            writer.embed(3, localLastCommit)
            writer.embed(4, misbehavior)
            writer.int64(5, height)
            writer.embed(6, time)
            writer.bytes(7, nextValidatorsHash)
            writer.bytes(8, proposerAddress)
        }
    }

    package struct RequestProcessProposal: ChainMessage {
        package static let name = "tendermint.abci.RequestProcessProposal"
        package var txs: [[UInt8]] = []
        package var proposedLastCommit: CommitInfo
        package var misbehavior: [Misbehavior] = []
        package var hash: [UInt8] = []
        package var height: Int64 = 0
        package var time: Timestamp
        package var nextValidatorsHash: [UInt8] = []
        package var proposerAddress: [UInt8] = []

        package init(
            txs: [[UInt8]] = [], proposedLastCommit: CommitInfo, misbehavior: [Misbehavior] = [], hash: [UInt8] = [],
            height: Int64 = 0, time: Timestamp, nextValidatorsHash: [UInt8] = [], proposerAddress: [UInt8] = []
        ) {
            (self.txs, self.proposedLastCommit, self.misbehavior) = (txs, proposedLastCommit, misbehavior)
            (self.hash, self.height, self.time, self.nextValidatorsHash) = (hash, height, time, nextValidatorsHash)
            self.proposerAddress = proposerAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 4, 5, 6, 7, 8])
            var proposedLastCommit: CommitInfo?
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: txs.append(try field.bytes())
                case 2: proposedLastCommit = try field.message()
                case 3: misbehavior.append(try field.message())
                case 4: hash = try field.bytes()
                case 5: height = try field.int64()
                case 6: time = try field.message()
                case 7: nextValidatorsHash = try field.bytes()
                case 8: proposerAddress = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.proposedLastCommit = try presentOrAbsent(proposedLastCommit, policy)
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in txs { writer.message(1, element) }
            writer.embed(2, proposedLastCommit)
            writer.embed(3, misbehavior)
            writer.bytes(4, hash)
            writer.int64(5, height)
            writer.embed(6, time)
            writer.bytes(7, nextValidatorsHash)
            writer.bytes(8, proposerAddress)
        }
    }

    package struct RequestExtendVote: ChainMessage {
        package static let name = "tendermint.abci.RequestExtendVote"
        package var hash: [UInt8] = []
        package var height: Int64 = 0
        package var time: Timestamp
        package var txs: [[UInt8]] = []
        package var proposedLastCommit: CommitInfo
        package var misbehavior: [Misbehavior] = []
        package var nextValidatorsHash: [UInt8] = []
        package var proposerAddress: [UInt8] = []

        package init(
            hash: [UInt8] = [], height: Int64 = 0, time: Timestamp, txs: [[UInt8]] = [], proposedLastCommit: CommitInfo,
            misbehavior: [Misbehavior] = [], nextValidatorsHash: [UInt8] = [], proposerAddress: [UInt8] = []
        ) {
            (self.hash, self.height, self.time, self.txs) = (hash, height, time, txs)
            (self.proposedLastCommit, self.misbehavior) = (proposedLastCommit, misbehavior)
            (self.nextValidatorsHash, self.proposerAddress) = (nextValidatorsHash, proposerAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 5, 7, 8])
            var time: Timestamp?
            var proposedLastCommit: CommitInfo?
            while let field = try fields.next() {
                switch field.number {
                case 1: hash = try field.bytes()
                case 2: height = try field.int64()
                case 3: time = try field.message()
                case 4: txs.append(try field.bytes())
                case 5: proposedLastCommit = try field.message()
                case 6: misbehavior.append(try field.message())
                case 7: nextValidatorsHash = try field.bytes()
                case 8: proposerAddress = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.time = try presentOrAbsent(time, policy)
            self.proposedLastCommit = try presentOrAbsent(proposedLastCommit, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, hash)
            writer.int64(2, height)
            writer.embed(3, time)
            for element in txs { writer.message(4, element) }
            writer.embed(5, proposedLastCommit)
            writer.embed(6, misbehavior)
            writer.bytes(7, nextValidatorsHash)
            writer.bytes(8, proposerAddress)
        }
    }

    package struct RequestVerifyVoteExtension: ChainMessage {
        package static let name = "tendermint.abci.RequestVerifyVoteExtension"
        package var hash: [UInt8] = []
        package var validatorAddress: [UInt8] = []
        package var height: Int64 = 0
        package var voteExtension: [UInt8] = []

        package init(
            hash: [UInt8] = [], validatorAddress: [UInt8] = [], height: Int64 = 0, voteExtension: [UInt8] = []
        ) {
            (self.hash, self.validatorAddress, self.height) = (hash, validatorAddress, height)
            self.voteExtension = voteExtension
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: hash = try field.bytes()
                case 2: validatorAddress = try field.bytes()
                case 3: height = try field.int64()
                case 4: voteExtension = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, hash)
            writer.bytes(2, validatorAddress)
            writer.int64(3, height)
            writer.bytes(4, voteExtension)
        }
    }

    package struct RequestFinalizeBlock: ChainMessage {
        package static let name = "tendermint.abci.RequestFinalizeBlock"
        package var txs: [[UInt8]] = []
        package var decidedLastCommit: CommitInfo
        package var misbehavior: [Misbehavior] = []
        package var hash: [UInt8] = []
        package var height: Int64 = 0
        package var time: Timestamp
        package var nextValidatorsHash: [UInt8] = []
        package var proposerAddress: [UInt8] = []

        package init(
            txs: [[UInt8]] = [], decidedLastCommit: CommitInfo, misbehavior: [Misbehavior] = [], hash: [UInt8] = [],
            height: Int64 = 0, time: Timestamp, nextValidatorsHash: [UInt8] = [], proposerAddress: [UInt8] = []
        ) {
            (self.txs, self.decidedLastCommit, self.misbehavior) = (txs, decidedLastCommit, misbehavior)
            (self.hash, self.height, self.time, self.nextValidatorsHash) = (hash, height, time, nextValidatorsHash)
            self.proposerAddress = proposerAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 4, 5, 6, 7, 8])
            var decidedLastCommit: CommitInfo?
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: txs.append(try field.bytes())
                case 2: decidedLastCommit = try field.message()
                case 3: misbehavior.append(try field.message())
                case 4: hash = try field.bytes()
                case 5: height = try field.int64()
                case 6: time = try field.message()
                case 7: nextValidatorsHash = try field.bytes()
                case 8: proposerAddress = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.decidedLastCommit = try presentOrAbsent(decidedLastCommit, policy)
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in txs { writer.message(1, element) }
            writer.embed(2, decidedLastCommit)
            writer.embed(3, misbehavior)
            writer.bytes(4, hash)
            writer.int64(5, height)
            writer.embed(6, time)
            writer.bytes(7, nextValidatorsHash)
            writer.bytes(8, proposerAddress)
        }
    }

    package struct Response: ChainMessage {
        package static let name = "tendermint.abci.Response"
        package var exception: ResponseException?
        package var echo: ResponseEcho?
        package var flush: ResponseFlush?
        package var info: ResponseInfo?
        package var initChain: ResponseInitChain?
        package var query: ResponseQuery?
        package var checkTx: ResponseCheckTx?
        package var commit: ResponseCommit?
        package var listSnapshots: ResponseListSnapshots?
        package var offerSnapshot: ResponseOfferSnapshot?
        package var loadSnapshotChunk: ResponseLoadSnapshotChunk?
        package var applySnapshotChunk: ResponseApplySnapshotChunk?
        package var prepareProposal: ResponsePrepareProposal?
        package var processProposal: ResponseProcessProposal?
        package var extendVote: ResponseExtendVote?
        package var verifyVoteExtension: ResponseVerifyVoteExtension?
        package var finalizeBlock: ResponseFinalizeBlock?

        package init(
            exception: ResponseException? = nil, echo: ResponseEcho? = nil, flush: ResponseFlush? = nil,
            info: ResponseInfo? = nil, initChain: ResponseInitChain? = nil, query: ResponseQuery? = nil,
            checkTx: ResponseCheckTx? = nil, commit: ResponseCommit? = nil, listSnapshots: ResponseListSnapshots? = nil,
            offerSnapshot: ResponseOfferSnapshot? = nil, loadSnapshotChunk: ResponseLoadSnapshotChunk? = nil,
            applySnapshotChunk: ResponseApplySnapshotChunk? = nil, prepareProposal: ResponsePrepareProposal? = nil,
            processProposal: ResponseProcessProposal? = nil, extendVote: ResponseExtendVote? = nil,
            verifyVoteExtension: ResponseVerifyVoteExtension? = nil, finalizeBlock: ResponseFinalizeBlock? = nil
        ) {
            (self.exception, self.echo, self.flush, self.info) = (exception, echo, flush, info)
            (self.initChain, self.query, self.checkTx, self.commit) = (initChain, query, checkTx, commit)
            (self.listSnapshots, self.offerSnapshot) = (listSnapshots, offerSnapshot)
            (self.loadSnapshotChunk, self.applySnapshotChunk) = (loadSnapshotChunk, applySnapshotChunk)
            (self.prepareProposal, self.processProposal) = (prepareProposal, processProposal)
            (self.extendVote, self.verifyVoteExtension) = (extendVote, verifyVoteExtension)
            self.finalizeBlock = finalizeBlock
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(
                bytes, policy, singular: [1, 2, 3, 4, 6, 7, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])
            while let field = try fields.next() {
                switch field.number {
                case 1: exception = try field.message()
                case 2: echo = try field.message()
                case 3: flush = try field.message()
                case 4: info = try field.message()
                case 6: initChain = try field.message()
                case 7: query = try field.message()
                case 9: checkTx = try field.message()
                case 12: commit = try field.message()
                case 13: listSnapshots = try field.message()
                case 14: offerSnapshot = try field.message()
                case 15: loadSnapshotChunk = try field.message()
                case 16: applySnapshotChunk = try field.message()
                case 17: prepareProposal = try field.message()
                case 18: processProposal = try field.message()
                case 19: extendVote = try field.message()
                case 20: verifyVoteExtension = try field.message()
                case 21: finalizeBlock = try field.message()
                default: try fields.unknown(field)
                }
            }
            try requireAtMostOne([
                exception != nil, echo != nil, flush != nil, info != nil, initChain != nil, query != nil,
                checkTx != nil, commit != nil, listSnapshots != nil, offerSnapshot != nil, loadSnapshotChunk != nil,
                applySnapshotChunk != nil, prepareProposal != nil, processProposal != nil, extendVote != nil,
                verifyVoteExtension != nil, finalizeBlock != nil,
            ])
        }

        package func write(to writer: inout ProtobufWriter) {
            if let exception { writer.embed(1, exception) }
            if let echo { writer.embed(2, echo) }
            if let flush { writer.embed(3, flush) }
            if let info { writer.embed(4, info) }
            if let initChain { writer.embed(6, initChain) }
            if let query { writer.embed(7, query) }
            if let checkTx { writer.embed(9, checkTx) }
            if let commit { writer.embed(12, commit) }
            if let listSnapshots { writer.embed(13, listSnapshots) }
            if let offerSnapshot { writer.embed(14, offerSnapshot) }
            if let loadSnapshotChunk { writer.embed(15, loadSnapshotChunk) }
            if let applySnapshotChunk { writer.embed(16, applySnapshotChunk) }
            if let prepareProposal { writer.embed(17, prepareProposal) }
            if let processProposal { writer.embed(18, processProposal) }
            if let extendVote { writer.embed(19, extendVote) }
            if let verifyVoteExtension { writer.embed(20, verifyVoteExtension) }
            if let finalizeBlock { writer.embed(21, finalizeBlock) }
        }
    }

    package struct ResponseException: ChainMessage {
        package static let name = "tendermint.abci.ResponseException"
        package var error: String = ""

        package init(error: String = "") {
            self.error = error
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: error = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, error)
        }
    }

    package struct ResponseEcho: ChainMessage {
        package static let name = "tendermint.abci.ResponseEcho"
        package var message: String = ""

        package init(message: String = "") {
            self.message = message
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: message = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, message)
        }
    }

    package struct ResponseFlush: FieldlessMessage {
        package static let name = "tendermint.abci.ResponseFlush"

        package init() {}
    }

    package struct ResponseInfo: ChainMessage {
        package static let name = "tendermint.abci.ResponseInfo"
        package var data: String = ""
        package var version: String = ""
        package var appVersion: UInt64 = 0
        package var lastBlockHeight: Int64 = 0
        package var lastBlockAppHash: [UInt8] = []

        package init(
            data: String = "", version: String = "", appVersion: UInt64 = 0, lastBlockHeight: Int64 = 0,
            lastBlockAppHash: [UInt8] = []
        ) {
            (self.data, self.version, self.appVersion) = (data, version, appVersion)
            (self.lastBlockHeight, self.lastBlockAppHash) = (lastBlockHeight, lastBlockAppHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.string()
                case 2: version = try field.string()
                case 3: appVersion = try field.uint64()
                case 4: lastBlockHeight = try field.int64()
                case 5: lastBlockAppHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, data)
            writer.string(2, version)
            writer.uint64(3, appVersion)
            writer.int64(4, lastBlockHeight)
            writer.bytes(5, lastBlockAppHash)
        }
    }

    package struct ResponseInitChain: ChainMessage {
        package static let name = "tendermint.abci.ResponseInitChain"
        package var consensusParams: TendermintTypes.ConsensusParams?
        package var validators: [ValidatorUpdate] = []
        package var appHash: [UInt8] = []

        package init(
            consensusParams: TendermintTypes.ConsensusParams? = nil, validators: [ValidatorUpdate] = [],
            appHash: [UInt8] = []
        ) {
            (self.consensusParams, self.validators, self.appHash) = (consensusParams, validators, appHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: consensusParams = try field.message()
                case 2: validators.append(try field.message())
                case 3: appHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let consensusParams { writer.embed(1, consensusParams) }
            writer.embed(2, validators)
            writer.bytes(3, appHash)
        }
    }

    package struct ResponseQuery: ChainMessage {
        package static let name = "tendermint.abci.ResponseQuery"
        package var code: UInt32 = 0
        package var log: String = ""
        package var info: String = ""
        package var index: Int64 = 0
        package var key: [UInt8] = []
        package var value: [UInt8] = []
        package var proofOps: TendermintCrypto.ProofOps?
        package var height: Int64 = 0
        package var codespace: String = ""

        package init(
            code: UInt32 = 0, log: String = "", info: String = "", index: Int64 = 0, key: [UInt8] = [],
            value: [UInt8] = [], proofOps: TendermintCrypto.ProofOps? = nil, height: Int64 = 0, codespace: String = ""
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

    package struct ResponseCheckTx: ChainMessage {
        package static let name = "tendermint.abci.ResponseCheckTx"
        package var code: UInt32 = 0
        package var data: [UInt8] = []
        package var log: String = ""
        package var info: String = ""
        package var gasWanted: Int64 = 0
        package var gasUsed: Int64 = 0
        package var events: [Event] = []
        package var codespace: String = ""

        package init(
            code: UInt32 = 0, data: [UInt8] = [], log: String = "", info: String = "", gasWanted: Int64 = 0,
            gasUsed: Int64 = 0, events: [Event] = [], codespace: String = ""
        ) {
            (self.code, self.data, self.log, self.info, self.gasWanted) = (code, data, log, info, gasWanted)
            (self.gasUsed, self.events, self.codespace) = (gasUsed, events, codespace)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 8])
            while let field = try fields.next() {
                switch field.number {
                case 1: code = try field.uint32()
                case 2: data = try field.bytes()
                case 3: log = try field.string()
                case 4: info = try field.string()
                case 5: gasWanted = try field.int64()
                case 6: gasUsed = try field.int64()
                case 7: events.append(try field.message())
                case 8: codespace = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, UInt64(code))
            writer.bytes(2, data)
            writer.string(3, log)
            writer.string(4, info)
            writer.int64(5, gasWanted)
            writer.int64(6, gasUsed)
            writer.embed(7, events)
            writer.string(8, codespace)
        }
    }

    package struct ResponseCommit: ChainMessage {
        package static let name = "tendermint.abci.ResponseCommit"
        package var retainHeight: Int64 = 0

        package init(retainHeight: Int64 = 0) {
            self.retainHeight = retainHeight
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [3])
            while let field = try fields.next() {
                switch field.number {
                case 3: retainHeight = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(3, retainHeight)
        }
    }

    package struct ResponseListSnapshots: ChainMessage {
        package static let name = "tendermint.abci.ResponseListSnapshots"
        package var snapshots: [Snapshot] = []

        package init(snapshots: [Snapshot] = []) {
            self.snapshots = snapshots
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: snapshots.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, snapshots)
        }
    }

    package struct ResponseOfferSnapshot: ChainMessage {
        package static let name = "tendermint.abci.ResponseOfferSnapshot"
        package var result: ResponseOfferSnapshotResult = .init(rawValue: 0)

        package init(result: ResponseOfferSnapshotResult = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct ResponseOfferSnapshotResult: RawRepresentable, Hashable, Sendable {
        package static let unknown = ResponseOfferSnapshotResult(rawValue: 0)
        package static let accept = ResponseOfferSnapshotResult(rawValue: 1)
        package static let abort = ResponseOfferSnapshotResult(rawValue: 2)
        package static let reject = ResponseOfferSnapshotResult(rawValue: 3)
        package static let rejectFormat = ResponseOfferSnapshotResult(rawValue: 4)
        package static let rejectSender = ResponseOfferSnapshotResult(rawValue: 5)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct ResponseLoadSnapshotChunk: ChainMessage {
        package static let name = "tendermint.abci.ResponseLoadSnapshotChunk"
        package var chunk: [UInt8] = []

        package init(chunk: [UInt8] = []) {
            self.chunk = chunk
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: chunk = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, chunk)
        }
    }

    package struct ResponseApplySnapshotChunk: ChainMessage {
        package static let name = "tendermint.abci.ResponseApplySnapshotChunk"
        package var result: ResponseApplySnapshotChunkResult = .init(rawValue: 0)
        package var refetchChunks: [UInt32] = []
        package var rejectSenders: [String] = []

        package init(
            result: ResponseApplySnapshotChunkResult = .init(rawValue: 0), refetchChunks: [UInt32] = [],
            rejectSenders: [String] = []
        ) {
            (self.result, self.refetchChunks, self.rejectSenders) = (result, refetchChunks, rejectSenders)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                case 2: try field.addNumbers(to: &refetchChunks)
                case 3: rejectSenders.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
            writer.numbers(2, refetchChunks)
            writer.strings(3, rejectSenders)
        }
    }

    package struct ResponseApplySnapshotChunkResult: RawRepresentable, Hashable, Sendable {
        package static let unknown = ResponseApplySnapshotChunkResult(rawValue: 0)
        package static let accept = ResponseApplySnapshotChunkResult(rawValue: 1)
        package static let abort = ResponseApplySnapshotChunkResult(rawValue: 2)
        package static let retry = ResponseApplySnapshotChunkResult(rawValue: 3)
        package static let retrySnapshot = ResponseApplySnapshotChunkResult(rawValue: 4)
        package static let rejectSnapshot = ResponseApplySnapshotChunkResult(rawValue: 5)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct ResponsePrepareProposal: ChainMessage {
        package static let name = "tendermint.abci.ResponsePrepareProposal"
        package var txs: [[UInt8]] = []

        package init(txs: [[UInt8]] = []) {
            self.txs = txs
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: txs.append(try field.bytes())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in txs { writer.message(1, element) }
        }
    }

    package struct ResponseProcessProposal: ChainMessage {
        package static let name = "tendermint.abci.ResponseProcessProposal"
        package var status: ResponseProcessProposalProposalStatus = .init(rawValue: 0)

        package init(status: ResponseProcessProposalProposalStatus = .init(rawValue: 0)) {
            self.status = status
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: status = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(status.rawValue))
        }
    }

    package struct ResponseProcessProposalProposalStatus: RawRepresentable, Hashable, Sendable {
        package static let unknown = ResponseProcessProposalProposalStatus(rawValue: 0)
        package static let accept = ResponseProcessProposalProposalStatus(rawValue: 1)
        package static let reject = ResponseProcessProposalProposalStatus(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct ResponseExtendVote: ChainMessage {
        package static let name = "tendermint.abci.ResponseExtendVote"
        package var voteExtension: [UInt8] = []

        package init(voteExtension: [UInt8] = []) {
            self.voteExtension = voteExtension
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: voteExtension = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, voteExtension)
        }
    }

    package struct ResponseVerifyVoteExtension: ChainMessage {
        package static let name = "tendermint.abci.ResponseVerifyVoteExtension"
        package var status: ResponseVerifyVoteExtensionVerifyStatus = .init(rawValue: 0)

        package init(status: ResponseVerifyVoteExtensionVerifyStatus = .init(rawValue: 0)) {
            self.status = status
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: status = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(status.rawValue))
        }
    }

    package struct ResponseVerifyVoteExtensionVerifyStatus: RawRepresentable, Hashable, Sendable {
        package static let unknown = ResponseVerifyVoteExtensionVerifyStatus(rawValue: 0)
        package static let accept = ResponseVerifyVoteExtensionVerifyStatus(rawValue: 1)
        package static let reject = ResponseVerifyVoteExtensionVerifyStatus(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct ResponseFinalizeBlock: ChainMessage {
        package static let name = "tendermint.abci.ResponseFinalizeBlock"
        package var events: [Event] = []
        package var txResults: [ExecTxResult] = []
        package var validatorUpdates: [ValidatorUpdate] = []
        package var consensusParamUpdates: TendermintTypes.ConsensusParams?
        package var appHash: [UInt8] = []

        package init(
            events: [Event] = [], txResults: [ExecTxResult] = [], validatorUpdates: [ValidatorUpdate] = [],
            consensusParamUpdates: TendermintTypes.ConsensusParams? = nil, appHash: [UInt8] = []
        ) {
            (self.events, self.txResults, self.validatorUpdates) = (events, txResults, validatorUpdates)
            (self.consensusParamUpdates, self.appHash) = (consensusParamUpdates, appHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: events.append(try field.message())
                case 2: txResults.append(try field.message())
                case 3: validatorUpdates.append(try field.message())
                case 4: consensusParamUpdates = try field.message()
                case 5: appHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, events)
            writer.embed(2, txResults)
            writer.embed(3, validatorUpdates)
            if let consensusParamUpdates { writer.embed(4, consensusParamUpdates) }
            writer.bytes(5, appHash)
        }
    }

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

    package struct ExecTxResult: ChainMessage {
        package static let name = "tendermint.abci.ExecTxResult"
        package var code: UInt32 = 0
        package var data: [UInt8] = []
        package var log: String = ""
        package var info: String = ""
        package var gasWanted: Int64 = 0
        package var gasUsed: Int64 = 0
        package var events: [Event] = []
        package var codespace: String = ""

        package init(
            code: UInt32 = 0, data: [UInt8] = [], log: String = "", info: String = "", gasWanted: Int64 = 0,
            gasUsed: Int64 = 0, events: [Event] = [], codespace: String = ""
        ) {
            (self.code, self.data, self.log, self.info, self.gasWanted) = (code, data, log, info, gasWanted)
            (self.gasUsed, self.events, self.codespace) = (gasUsed, events, codespace)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 8])
            while let field = try fields.next() {
                switch field.number {
                case 1: code = try field.uint32()
                case 2: data = try field.bytes()
                case 3: log = try field.string()
                case 4: info = try field.string()
                case 5: gasWanted = try field.int64()
                case 6: gasUsed = try field.int64()
                case 7: events.append(try field.message())
                case 8: codespace = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, UInt64(code))
            writer.bytes(2, data)
            writer.string(3, log)
            writer.string(4, info)
            writer.int64(5, gasWanted)
            writer.int64(6, gasUsed)
            writer.embed(7, events)
            writer.string(8, codespace)
        }
    }

    package struct CommitInfo: ChainMessage {
        package static let name = "tendermint.abci.CommitInfo"
        package var round: Int32 = 0
        package var votes: [VoteInfo] = []

        package init(round: Int32 = 0, votes: [VoteInfo] = []) {
            (self.round, self.votes) = (round, votes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: round = try field.int32()
                case 2: votes.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(round))
            writer.embed(2, votes)
        }
    }

    package struct ExtendedCommitInfo: ChainMessage {
        package static let name = "tendermint.abci.ExtendedCommitInfo"
        package var round: Int32 = 0
        package var votes: [ExtendedVoteInfo] = []

        package init(round: Int32 = 0, votes: [ExtendedVoteInfo] = []) {
            (self.round, self.votes) = (round, votes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: round = try field.int32()
                case 2: votes.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(round))
            writer.embed(2, votes)
        }
    }

    package struct VoteInfo: ChainMessage {
        package static let name = "tendermint.abci.VoteInfo"
        package var validator: Validator
        package var blockIDFlag: TendermintTypes.BlockIDFlag = .init(rawValue: 0)

        package init(validator: Validator, blockIDFlag: TendermintTypes.BlockIDFlag = .init(rawValue: 0)) {
            (self.validator, self.blockIDFlag) = (validator, blockIDFlag)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            var validator: Validator?
            while let field = try fields.next() {
                switch field.number {
                case 1: validator = try field.message()
                case 3: blockIDFlag = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            self.validator = try presentOrAbsent(validator, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validator)
            writer.int64(3, Int64(blockIDFlag.rawValue))
        }
    }

    package struct ExtendedVoteInfo: ChainMessage {
        package static let name = "tendermint.abci.ExtendedVoteInfo"
        package var validator: Validator
        package var voteExtension: [UInt8] = []
        package var extensionSignature: [UInt8] = []
        package var blockIDFlag: TendermintTypes.BlockIDFlag = .init(rawValue: 0)

        package init(
            validator: Validator, voteExtension: [UInt8] = [], extensionSignature: [UInt8] = [],
            blockIDFlag: TendermintTypes.BlockIDFlag = .init(rawValue: 0)
        ) {
            (self.validator, self.voteExtension) = (validator, voteExtension)
            (self.extensionSignature, self.blockIDFlag) = (extensionSignature, blockIDFlag)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 4, 5])
            var validator: Validator?
            while let field = try fields.next() {
                switch field.number {
                case 1: validator = try field.message()
                case 3: voteExtension = try field.bytes()
                case 4: extensionSignature = try field.bytes()
                case 5: blockIDFlag = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            self.validator = try presentOrAbsent(validator, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validator)
            writer.bytes(3, voteExtension)
            writer.bytes(4, extensionSignature)
            writer.int64(5, Int64(blockIDFlag.rawValue))
        }
    }

    package struct Validator: ChainMessage {
        package static let name = "tendermint.abci.Validator"
        package var address: [UInt8] = []
        package var power: Int64 = 0

        package init(address: [UInt8] = [], power: Int64 = 0) {
            (self.address, self.power) = (address, power)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.bytes()
                case 3: power = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, address)
            writer.int64(3, power)
        }
    }

    package struct ValidatorUpdate: ChainMessage {
        package static let name = "tendermint.abci.ValidatorUpdate"
        package var pubKey: [UInt8] = []
        package var power: Int64 = 0

        package init(pubKey: [UInt8] = [], power: Int64 = 0) {
            (self.pubKey, self.power) = (pubKey, power)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: pubKey = try field.bytes()
                case 2: power = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.message(1, pubKey)
            writer.int64(2, power)
        }
    }

    package struct Misbehavior: ChainMessage {
        package static let name = "tendermint.abci.Misbehavior"
        package var type: MisbehaviorType = .init(rawValue: 0)
        package var validator: Validator
        package var height: Int64 = 0
        package var time: Timestamp
        package var totalVotingPower: Int64 = 0

        package init(
            type: MisbehaviorType = .init(rawValue: 0), validator: Validator, height: Int64 = 0, time: Timestamp,
            totalVotingPower: Int64 = 0
        ) {
            (self.type, self.validator, self.height, self.time) = (type, validator, height, time)
            self.totalVotingPower = totalVotingPower
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var validator: Validator?
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: type = try field.enumeration()
                case 2: validator = try field.message()
                case 3: height = try field.int64()
                case 4: time = try field.message()
                case 5: totalVotingPower = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.validator = try presentOrAbsent(validator, policy)
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(type.rawValue))
            writer.embed(2, validator)
            writer.int64(3, height)
            writer.embed(4, time)
            writer.int64(5, totalVotingPower)
        }
    }

    package struct Snapshot: ChainMessage {
        package static let name = "tendermint.abci.Snapshot"
        package var height: UInt64 = 0
        package var format: UInt32 = 0
        package var chunks: UInt32 = 0
        package var hash: [UInt8] = []
        package var metadata: [UInt8] = []

        package init(
            height: UInt64 = 0, format: UInt32 = 0, chunks: UInt32 = 0, hash: [UInt8] = [], metadata: [UInt8] = []
        ) {
            (self.height, self.format, self.chunks, self.hash, self.metadata) = (height, format, chunks, hash, metadata)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.uint64()
                case 2: format = try field.uint32()
                case 3: chunks = try field.uint32()
                case 4: hash = try field.bytes()
                case 5: metadata = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, height)
            writer.uint64(2, UInt64(format))
            writer.uint64(3, UInt64(chunks))
            writer.bytes(4, hash)
            writer.bytes(5, metadata)
        }
    }

    package struct CheckTxType: RawRepresentable, Hashable, Sendable {
        package static let new = CheckTxType(rawValue: 0)
        package static let recheck = CheckTxType(rawValue: 1)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct MisbehaviorType: RawRepresentable, Hashable, Sendable {
        package static let unknown = MisbehaviorType(rawValue: 0)
        package static let duplicateVote = MisbehaviorType(rawValue: 1)
        package static let lightClientAttack = MisbehaviorType(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
