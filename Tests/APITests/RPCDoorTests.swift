import API
import ChainFormats
import ChainInterface
import ClientRequests
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import EnclaveProtocol
import Foundation
import Logging
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Synchronization
import TestSupport
import Testing
import Wire

/// Blocks as CometBFT's RPC said them, given as a node has them.
private struct RecordedBlocks: DecidedChain {
    var blocks: [Int64: RPCBlock] = [:]
    var sets: [Int64: ValidatorSet] = [:]
    var parameters = ConsensusParameters()

    func decidedHeights() -> ClosedRange<Int64>? {
        blocks.keys.min().map { $0...(blocks.keys.max() ?? $0) }
    }
    func decidedBlock(at height: Int64) -> CommittedBlock? {
        blocks[height].map { CommittedBlock(id: $0.blockID, protobuf: $0.block.protobuf) }
    }
    func height(ofHash hash: Hash32) -> Int64? { blocks.values.first { $0.blockID.hash == hash }?.block.header.height }
    func decidedHeader(at height: Int64) -> Header? { blocks[height]?.block.header }
    func commit(of height: Int64) -> (commit: Commit, isCanonical: Bool)? {
        blocks[height].map { ($0.commit, blocks[height + 1] != nil) }
    }
    func validatorSet(of height: Int64) -> ValidatorSet? { sets[height] }
    func parameters(of height: Int64) -> ConsensusParameters? { parameters }
}

@Suite("CometBFT's RPC") struct RPCDoorTests {
    private let chain = ChainDouble()

    private func door(
        _ blocks: any DecidedChain = RecordedBlocks(), engine: RPCDoor.EngineAnswers? = nil,
        evidence: RPCDoor.EvidenceIntake? = nil
    ) -> RPCDoor {
        RPCDoor(
            chain, blocks: blocks, router: QueryRouter(.services(of: chain), chain: chain), heights: chain.heights,
            engine: engine, evidence: evidence, logger: Logger(label: "rpc") { _ in SwiftLogNoOpLogHandler() })
    }

    private func json(_ response: RESTResponse) throws -> JSONValue {
        try JSONReader.parse(response.body, limits: JSONLimits(bytesMax: 1 << 24))
    }

    private func get(_ target: String, of door: RPCDoor) async throws -> JSONValue {
        try json(await door.respond(to: RESTRequest("GET", target)))
    }

    private func post(_ body: String, to door: RPCDoor) async throws -> JSONValue {
        try json(await door.respond(to: RESTRequest("POST", "/", body: Array(body.utf8))))
    }

    /// The same whatever the order of members, and with what CometBFT leaves away where it is empty.
    private static func settled(_ json: JSONValue) -> JSONValue {
        switch json {
        case .object(let members):
            .object(
                members.filter { !($0.0 == "app" && $0.1 == "0") }.map {
                    // Which attributes are indexed is the recorded application's own choice.
                    ($0.0, $0.0 == "index" && $0.1.bool != nil ? true : settled($0.1))
                }
                .sorted { $0.0 < $1.0 })
        case .array(let elements): .array(elements.map(settled))
        default: json
        }
    }

    private static let recorded = Repository.shared.appending(path: "vectors/cometbft-0.38-chain.json").path

    @Test(
        "recorded heights are said again as CometBFT said them: blocks, commits, sets, parameters",
        .enabled(if: FileManager.default.fileExists(atPath: recorded), "no recorded chain lies beside the checkout"))
    func recordedChain() async throws {
        let json = try JSONReader.parse(
            try #require(Repository.bytes(atPath: Self.recorded)), limits: JSONLimits(bytesMax: 1 << 24))
        var chain = RecordedBlocks()
        let heights = try #require(json["heights"]?.array)
        for recorded in heights {
            let block = try RPCBlock(block: try #require(recorded["block"]), commit: try #require(recorded["commit"]))
            let validators = try (recorded["validators"]?.array ?? []).map { member in
                let priority = member["proposer_priority"]?.string.flatMap { Int64($0) } ?? 0
                return try #require(
                    Validator(
                        publicKey: member["pub_key"]?["value"]?.string.flatMap(Base64.decode) ?? [],
                        power: member["voting_power"]?.string.flatMap { Int64($0) } ?? 0, proposerPriority: priority))
            }
            chain.blocks[block.block.header.height] = block
            chain.sets[block.block.header.height] = ValidatorSet(ordered: validators)
        }
        let door = door(chain)
        // As many as fit into a moment.
        for recorded in heights
        where (recorded["block"]?["block"]?["header"]?["height"]?.string?.hasSuffix("7") ?? false) {
            let height = try #require(recorded["block"]?["block"]?["header"]?["height"]?.string)
            let block = try await get("/block?height=\(height)", of: door)["result"]
            #expect(block.map(Self.settled) == recorded["block"].map(Self.settled), "block \(height)")
            let commit = try await post(
                #"{"jsonrpc":"2.0","id":7,"method":"commit","params":{"height":"\#(height)"}}"#, to: door)["result"]
            if height != "\(heights.count)" {
                #expect(commit.map(Self.settled) == recorded["commit"].map(Self.settled), "commit \(height)")
            }
            let results = try await get("/block_results?height=\(height)", of: ofResults(recorded))["result"]
            #expect(results.map(Self.settled) == recorded["block_results"].map(Self.settled), "results \(height)")
            let set = try await get("/validators?height=\(height)&per_page=100", of: door)["result"]?["validators"]
            #expect(set.map(Self.settled) == recorded["validators"].map(Self.settled), "set \(height)")
        }
        let parameters = try await get("/consensus_params?height=1", of: door)["result"]?["consensus_params"]
        for name in ["block", "evidence", "validator", "abci"] {
            #expect(
                parameters?[name].map(Self.settled) == json["genesis"]?["consensus_params"]?[name].map(Self.settled))
        }
    }

    /// A door that knows of a height what CometBFT recorded that it came to.
    private func ofResults(_ recorded: JSONValue) throws -> RPCDoor {
        let json = try #require(recorded["block_results"])
        func events(_ json: JSONValue?) -> [Event] {
            (json?.array ?? []).map { event in
                Event(
                    type: event["type"]?.string ?? "",
                    attributes: (event["attributes"]?.array ?? []).map {
                        EventAttribute(key: $0["key"]?.string ?? "", value: $0["value"]?.string ?? "")
                    })
            }
        }
        let results = (json["txs_results"]?.array ?? []).map { json in
            var result = TransactionResult()
            result.code = json["code"]?.integer(as: UInt32.self) ?? 0
            result.data = json["data"]?.string.flatMap(Base64.decode) ?? []
            (result.log, result.codespace) = (json["log"]?.string ?? "", json["codespace"]?.string ?? "")
            result.events = events(json["events"])
            return result
        }
        let updates = (json["validator_updates"]?.array ?? []).map { json in
            ValidatorUpdate(
                publicKey: json["pub_key"]?["Sum"]?["value"]?["ed25519"]?.string.flatMap(Base64.decode) ?? [],
                power: json["power"]?.string.flatMap { Int64($0) } ?? 0)
        }
        let height = try #require(json["height"]?.string.flatMap { Int64($0) })
        let chain = ChainDouble(announcedHeight: height)
        chain.script.withLock {
            $0.results[height] = .success(
                CommittedResults(
                    height: height, transactions: results, events: events(json["finalize_block_events"]),
                    validatorUpdates: updates, appHash: json["app_hash"]?.string.flatMap(Base64.decode) ?? []))
        }
        var blocks = RecordedBlocks()
        blocks.blocks[height] = try RPCBlock(
            block: try #require(recorded["block"]), commit: try #require(recorded["commit"]))
        return RPCDoor(
            chain, blocks: blocks, router: QueryRouter(.services(of: chain), chain: chain), heights: chain.heights,
            logger: Logger(label: "rpc") { _ in SwiftLogNoOpLogHandler() })
    }

    private func double() throws -> RecordedBlocks {
        var blocks = RecordedBlocks()
        for height in 3...5 as ClosedRange<Int64> {
            let block = ChainDouble.block(height: height, transactions: [[1, 2, UInt8(height)]])
            let id = BlockID(hash: block.header.hash(), parts: PartSetHeader(total: 1, hash: SHA256.hash([])))
            let commit = Commit(
                height: height, round: 0, blockID: id,
                signatures: [
                    CommitSignature(
                        flag: .commit, validatorAddress: ChainDouble.validator.address, timestamp: .goZero,
                        signature: [5])
                ])
            blocks.blocks[height] = RPCBlock(block: block, blockID: id, commit: commit)
            blocks.sets[height] = ValidatorSet(ordered: [ChainDouble.validator])
        }
        return blocks
    }

    @Test("evidence is taken as an object or as the text of one, or refused in CometBFT's words")
    func evidence() async throws {
        let taken = Mutex<[JSONValue]>([])
        let door = door(evidence: { json throws(RPCDoor.EvidenceRefused) in
            guard json["type"] != "wrong" else { throw RPCDoor.EvidenceRefused("it proves nothing") }
            taken.withLock { $0.append(json) }
            return SHA256.hash([1])
        })
        let answer = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_evidence","params":{"evidence":{"type":"t","value":{}}}}"#,
            to: door)
        #expect(answer["result"]?["hash"] == .string(Base64.encode(SHA256.hash([1]).bytes)))
        _ = try await get(#"/broadcast_evidence?evidence=%7B%22type%22:%22t%22,%22value%22:%7B%7D%7D"#, of: door)
        #expect(taken.withLock { $0 } == [["type": "t", "value": .object([])], ["type": "t", "value": .object([])]])
        let wrong = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_evidence","params":{"evidence":{"type":"wrong"}}}"#, to: door)
        #expect(wrong["error"]?["data"] == "failed to add evidence: it proves nothing")
        let none = try await get("/broadcast_evidence", of: door)
        #expect(none["error"]?["data"] == "no evidence was provided")
        let garbage = try await get("/broadcast_evidence?evidence=%7B", of: door)
        #expect(garbage["error"]?["code"] == .number(Int64(-32602)))
        let elsewhere = try await get("/broadcast_evidence?evidence=1", of: self.door())
        #expect(elsewhere["error"]?["code"] == .number(Int64(-32603)))
    }

    @Test("a block that is read from its words is the same block, evidence of both kinds included")
    func roundTrip() async throws {
        var blocks = try double()
        var block = try #require(blocks.blocks[4])
        let commit = block.commit
        func vote(_ byte: UInt8) -> Vote {
            Vote(
                kind: .precommit, height: 3, round: 1,
                blockID: byte == 0
                    ? nil : BlockID(hash: SHA256.hash([byte]), parts: PartSetHeader(total: 2, hash: SHA256.hash([0]))),
                timestamp: .goZero, validatorAddress: ChainDouble.validator.address, validatorIndex: 0,
                signature: [1, byte])
        }
        let set = try #require(
            ValidatorSet(ordered: [ChainDouble.validator], proposer: ChainDouble.validator.address))
        block.block.evidence = [
            Evidence(.duplicateVote(try #require(DoubleVote(vote(0), vote(1), of: set, time: .goZero)))),
            Evidence(
                .lightClientAttack(
                    LightClientAttack(
                        conflicting: UnverifiedHeader(header: block.block.header, commit: commit, validators: set),
                        commonHeight: 2, byzantine: [ChainDouble.validator], totalPower: 100, time: .goZero))),
        ]
        blocks.blocks[4] = block
        let door = door(blocks)
        let read = try RPCBlock(
            block: try #require(try await get("/block?height=4", of: door)["result"]),
            commit: try #require(try await get("/commit?height=4", of: door)["result"]))
        #expect(read == block)
        #expect(read.block.protobuf == block.block.protobuf)
        // As an application is told of it.
        let address = ChainDouble.validator.address
        #expect(
            read.block.misbehavior == [
                Misbehavior(
                    kind: .duplicateVote, address: address, power: 100, height: 3, time: .goZero, totalPower: 100),
                Misbehavior(
                    kind: .lightClientAttack, address: address, power: 100, height: 2, time: .goZero, totalPower: 100),
            ])
    }

    @Test("heights that are not here are refused in the words that CometBFT's light client reads")
    func heights() async throws {
        let door = door(try double())
        func refusal(_ target: String) async throws -> String? {
            try await get(target, of: door)["error"]?["data"]?.string
        }
        for method in ["commit", "header", "block", "validators"] {
            // Of the next block the set is known.
            let last = method == "validators" ? 6 : 5
            #expect(
                try await refusal("/\(method)?height=9")
                    == "height 9 must be less than or equal to the current blockchain height \(last)")
            #expect(
                try await refusal("/\(method)?height=2") == "height 2 is not available, lowest height is 3")
            #expect(try await refusal("/\(method)?height=0") == "height must be greater than 0, but got 0")
        }
        let latest = try await get("/commit", of: door)["result"]
        #expect(latest?["signed_header"]?["header"]?["height"] == "5" && latest?["canonical"]?.bool == false)
        #expect(try await get("/commit?height=4", of: door)["result"]?["canonical"]?.bool == true)
        #expect(try await refusal("/validators?height=4&page=2") == "page should be within [1, 1] range, given 2")
        #expect(
            try await get("/commit", of: self.door())["error"]?["data"]?.string
                == "height must be less than or equal to the current blockchain height 0")
        let status = try await get("/status", of: door)["result"]
        #expect(
            status?["sync_info"]?["latest_block_height"] == "5" && status?["node_info"]?["network"] == "secretdev-1")
        #expect(status?["sync_info"]?["earliest_block_height"] == "3")
    }

    @Test("requests of any form are answered with their id, and what is none is refused as CometBFT refuses it")
    func requests() async throws {
        let door = door(try double())
        let byPlace = try await post(#"{"jsonrpc":"2.0","id":"a","method":"commit","params":["4"]}"#, to: door)
        #expect(byPlace["id"] == "a" && byPlace["result"]?["canonical"]?.bool == true)
        let number = try await post(#"{"jsonrpc":"2.0","id":0,"method":"header","params":{"height":4}}"#, to: door)
        #expect(number["id"] == 0 && number["result"]?["header"]?["height"] == "4")
        #expect(try await post(#"{"jsonrpc":"2.0","id":1.7,"method":"health"}"#, to: door)["id"] == 1)
        #expect(try await post(#"{"jsonrpc":"2.0","id":1,"method":"health"}"#, to: door)["result"] == .object([]))
        for (body, code) in [
            ("{", -32700), (#""text""#, -32700), (#"[1]"#, -32700), (#"{"id":true,"method":"health"}"#, -32700),
            (#"{"id":1,"method":7}"#, -32700), (#"{"id":1e9,"method":"health"}"#, -32700),
            (#"{"id":1}"#, -32601), (#"{"id":1,"method":"nothing"}"#, -32601),
            (#"{"id":1,"method":"subscribe","params":{"query":"a='b'"}}"#, -32601),
            (#"{"id":1,"method":"commit","params":7}"#, -32602),
            (#"{"id":1,"method":"commit","params":["4",1]}"#, -32602),
            (#"{"id":1,"method":"commit","params":[]}"#, -32602),
            (#"{"id":1,"method":"commit","params":{"height":"x"}}"#, -32602),
            (#"{"id":1,"method":"broadcast_tx_sync","params":{"tx":"!"}}"#, -32602),
            (#"{"id":1,"method":"broadcast_tx_sync"}"#, -32602),
            (#"{"id":1,"method":"abci_query","params":{"path":1}}"#, -32602),
        ] as [(String, Int64)] {
            let answer = try await post(body, to: door)
            #expect(answer["error"]?["code"]?.int64 == code, "\(body)")
            #expect((answer["id"] == nil) == (code == -32700), "\(body)")
        }
        let response = await door.respond(to: RESTRequest("POST", "/", body: Array("{".utf8)))
        #expect(response.status == 500)
        for target in ["/a/b", "/nothing"] {
            let response = await door.respond(to: RESTRequest("GET", target))
            #expect(response.status == 404 && response.contentType.hasPrefix("text/plain"))
        }
        let socket = await door.respond(to: RESTRequest("GET", "/subscribe"))
        #expect(try socket.status == 404 && json(socket)["error"]?["code"] == .number(Int64(-32601)))
        let list = await door.respond(to: RESTRequest("GET", "/"))
        #expect(list.status == 200 && list.contentType.hasPrefix("text/html"))
    }

    @Test("a batch has an answer for each request that wants one, and a bound")
    func batches() async throws {
        let door = door(try double())
        let health = #"{"jsonrpc":"2.0","id":1,"method":"health"}"#
        let three = try await post(
            #"[\#(health),{"method":"health"},{"id":2,"method":"commit","params":{"height":"9"}},{"id":3,"method":"x"}]"#,
            to: door)
        #expect(three.array?.map { $0["id"] } == [1, 2, 3])
        #expect(three[0]?["result"] == .object([]) && three[2]?["error"]?["code"] == .number(Int64(-32601)))
        // One is no list, as from CometBFT.
        #expect(try await post("[\(health)]", to: door)["id"] == 1)
        for nothing in ["[]", "null", #"{"method":"health"}"#, #"{"id":null,"method":"health"}"#] {
            #expect(await door.respond(to: RESTRequest("POST", "/", body: Array(nothing.utf8))).body.isEmpty)
        }
        let most = Array(repeating: health, count: RequestLimits.batchMax).joined(separator: ",")
        #expect(try await post("[\(most)]", to: door).array?.count == RequestLimits.batchMax)
        let tooMany = try await post("[\(most),\(health)]", to: door)
        #expect(tooMany["error"]?["code"] == .number(Int64(-32600)))
    }

    @Test("transactions and queries come as over REST; bytes are read in CometBFT's forms")
    func transactions() async throws {
        let door = door()
        let sent = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"AQID"}}"#, to: door)["result"]
        #expect(sent?["code"]?.int64 == 0)
        #expect(sent?["hash"]?.string == Hexadecimal.encode(SHA256.hash([1, 2, 3]).bytes, uppercase: true))
        _ = try await get("/broadcast_tx_async?tx=0x0405", of: door)
        _ = try await get("/broadcast_tx_sync?tx=%22abc%22", of: door)
        #expect(chain.script.withLock { $0.broadcasts.map(\.bytes) } == [[1, 2, 3], [4, 5], Array("abc".utf8)])
        #expect(chain.script.withLock { $0.broadcasts.map(\.waitsForCheck) } == [true, false, true])
        let version = try await get("/abci_query?path=%22/app/version%22", of: door)["result"]?["response"]
        #expect(version?["value"]?.string == Base64.encode(Array("1.0.0".utf8)) && version?["proofOps"]?.isNull == true)
    }

    @Test("a block is found by its hash, and blocks are listed newest first")
    func blocksByName() async throws {
        let blocks = try double()
        let door = door(blocks)
        let id = try #require(blocks.blocks[4]?.blockID)
        let digits = Hexadecimal.encode(id.hash.bytes)
        let block = try await get("/block_by_hash?hash=0x\(digits)", of: door)["result"]
        #expect(try block == (await get("/block?height=4", of: door)["result"]))
        let named = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"block_by_hash","params":{"hash":"\#(Base64.encode(id.hash.bytes))"}}"#,
            to: door)
        #expect(named["result"] == block)
        let header = try await get("/header_by_hash?hash=0x\(digits)", of: door)["result"]
        #expect(try header == (await get("/header?height=4", of: door)["result"]))
        let hexadecimal = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"header_by_hash","params":{"hash":"\#(digits)"}}"#, to: door)
        #expect(hexadecimal["result"] == header)
        for nothing in ["", "?hash=0x00", "?hash=0x\(String(repeating: "0", count: 64))"] {
            let block = try await get("/block_by_hash" + nothing, of: door)["result"]
            #expect(block?["block"]?.isNull == true && block?["block_id"]?["hash"] == "")
            #expect(try await get("/header_by_hash" + nothing, of: door)["result"]?["header"]?.isNull == true)
        }
        let list = try await get("/blockchain", of: door)["result"]
        let metas = list?["block_metas"]?.array ?? []
        #expect(list?["last_height"] == "5" && metas.map { $0["header"]?["height"] } == ["5", "4", "3"])
        #expect(metas.first?["num_txs"] == "1")
        #expect(metas.first?["block_size"]?.string == blocks.blocks[5].map { "\($0.block.protobuf.count)" })
        #expect(
            try await get("/blockchain?minHeight=4&maxHeight=4", of: door)["result"]?["block_metas"]?.array?.count == 1)
        for (range, words) in [
            ("minHeight=-1", "heights must be non-negative"),
            ("minHeight=5&maxHeight=4", "min height 5 can't be greater than max height 4"),
        ] {
            #expect(try await get("/blockchain?" + range, of: door)["error"]?["data"]?.string == words)
        }
    }

    @Test("what blocks came to is told of announced heights, and blocks are found by events of their own")
    func results() async throws {
        let door = door(try double())
        chain.script.withLock {
            var results = CommittedResults(
                height: 5, transactions: [], events: [Event("mint", ["amount": "1"])], validatorUpdates: [],
                appHash: [1])
            results.parameterUpdates = ConsensusParameterUpdates(block: .init(bytesMax: 9, gasMax: -1))
            $0.results[5] = .success(results)
            $0.results[4] = .failure(.resultsTooLong)
        }
        let last = try await get("/block_results", of: door)["result"]
        #expect(last?["height"] == "5" && last?["txs_results"]?.isNull == true && last?["app_hash"] == "AQ==")
        #expect(
            last?["finalize_block_events"]?[0]?["attributes"]?[0] == ["key": "amount", "value": "1", "index": true])
        #expect(last?["consensus_param_updates"] == ["block": ["max_bytes": "9", "max_gas": "-1"]])
        #expect(
            try await get("/block_results?height=3", of: door)["error"]?["data"]
                == "could not find results for height #3")
        #expect(
            try await get("/block_results?height=4", of: door)["error"]?["data"]?.string?.contains("more than is shown")
                == true)

        let found = try await get("/block_search?query=%22block.height%3E1%20AND%20mint.amount=1%22", of: door)[
            "result"]
        // Of height 2 the double has no block.
        #expect(found?["total_count"] == "4")
        #expect(found?["blocks"]?.array?.map { $0["block"]?["header"]?["height"] } == ["5", "4", "3"])
        #expect(
            chain.script.withLock { $0.blockSearches } == [
                BlockSearch(
                    [.heights(2...Int64.max), .attribute(name: "mint.amount", value: "1")], isDescending: true,
                    offset: 0, limit: 30)
            ])
        for (request, words) in [
            ("query=%22block.height%3E1%22&page=2", "page should be within [1, 1] range, given 2"),
            (
                "query=%22block.height%3E1%22&order_by=%22up%22",
                "expected order_by to be either `asc` or `desc` or empty"
            ),
        ] {
            #expect(try await get("/block_search?" + request, of: door)["error"]?["data"]?.string == words)
        }
        #expect(try await get("/block_search?query=%22a%22", of: door)["error"]?["code"] == .number(Int64(-32603)))
    }

    @Test("a transaction is told with what proves that it is in its block")
    func provedTransaction() async throws {
        let chain = ChainDouble(Fixture.script)
        let door = RPCDoor(
            chain, blocks: try double(), router: QueryRouter(.services(of: chain), chain: chain),
            heights: chain.heights,
            logger: Logger(label: "rpc") { _ in SwiftLogNoOpLogHandler() })
        let hash = SHA256.hash(Fixture.transaction)
        let digits = Hexadecimal.encode(hash.bytes, uppercase: true)
        let plain = try await get("/tx?hash=0x\(digits)", of: door)["result"]
        #expect(plain?["hash"]?.string == digits && plain?["height"] == "4" && plain?["index"] == 0)
        #expect(plain?["tx_result"]?["gas_used"] == "51234" && plain?["tx_result"]?["code"] == 0)
        #expect(plain?["tx"]?.string == Base64.encode(Fixture.transaction) && plain?["proof"] == nil)
        let proved = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"tx","params":{"hash":"\#(Base64.encode(hash.bytes))","prove":true}}"#,
            to: door)["result"]
        let proof = proved?["proof"]
        let merkle = MerkleProof(
            total: try #require(proof?["proof"]?["total"]?.string.flatMap { Int64($0) }),
            index: try #require(proof?["proof"]?["index"]?.string.flatMap { Int64($0) }),
            leafHash: try #require(
                proof?["proof"]?["leaf_hash"]?.string.flatMap(Base64.decode).flatMap { Hash32($0) }),
            aunts: try (proof?["proof"]?["aunts"]?.array ?? []).map {
                try #require($0.string.flatMap(Base64.decode).flatMap { Hash32($0) })
            })
        let root = try #require(proof?["root_hash"]?.string.flatMap { Hexadecimal.decode($0) }.flatMap { Hash32($0) })
        #expect(merkle.proves(hash.bytes, root: root))
        #expect(root == Block.dataHash(of: [HashedTransaction(Fixture.transaction)]))
        let missing = String(repeating: "AB", count: 32)
        #expect(
            try await get("/tx?hash=0x\(missing)", of: door)["error"]?["data"]?.string == "tx (\(missing)) not found")

        let search = try await get("/tx_search?query=%22tx.height=4%22&prove=true&per_page=5", of: door)["result"]
        #expect(search?["total_count"] == "1" && search?["txs"]?[0] == proved)
        #expect(chain.script.withLock { $0.searches.last } == TransactionSearch([.heights(4...4)], limit: 5))
    }

    @Test("a transaction that is handed in is told of when it is in a block, or why it never will be")
    func committed() async throws {
        let chain = ChainDouble()
        let door = RPCDoor(
            chain, blocks: try double(), router: QueryRouter(.services(of: chain), chain: chain),
            heights: chain.heights,
            logger: Logger(label: "rpc") { _ in SwiftLogNoOpLogHandler() })
        let body =
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_commit","params":{"tx":"\#(goldenTransactionBase64)"}}"#
        let running = Task { try await chain.heights.run() }
        defer { running.cancel() }
        async let answer = post(body, to: door)
        while chain.script.withLock({ $0.broadcasts.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        chain.announce(6)
        chain.script.withLock { $0.transactions = [Fixture.committed] }
        chain.announce(7)
        let done = try await answer["result"]
        #expect(done?["height"] == "4" && done?["tx_result"]?["gas_used"] == "51234")
        #expect(done?["check_tx"]?["code"] == 0 && done?["hash"]?.string?.count == 64)

        chain.script.withLock {
            $0.check = TransactionRefusal(.wrongSequence, "account sequence mismatch")
            $0.transactions = []
        }
        let refused = try await post(body, to: door)["result"]
        #expect(refused?["check_tx"]?["code"] == 32 && refused?["height"] == "0" && refused?["tx_result"]?["code"] == 0)
        let check = try await get("/check_tx?tx=0x01", of: door)["result"]
        #expect(check?["code"] == 32 && check?["codespace"] == "sdk" && check?["events"] == .array([]))
        #expect(chain.script.withLock { $0.checks } == [[1]] && chain.script.withLock { $0.broadcasts.count } == 2)
    }

    @Test("genesis is told whole and in chunks, and the node says what it is")
    func node() async throws {
        let door = door(try double()) { question in
            switch question {
            case .waiting(let limit): ["n_txs": .string("\(limit)")]
            case .networkInfo: ["n_peers": "0"]
            default: throw RPCFault.failed("not now")
            }
        }
        let genesis = try await get("/genesis", of: door)["result"]?["genesis"]
        #expect(genesis?["chain_id"] == "secretdev-1" && genesis?["initial_height"] == "1")
        let chunk = try await get("/genesis_chunked?chunk=0", of: door)["result"]
        #expect(chunk?["chunk"] == "0" && chunk?["total"] == "1")
        let bytes = try #require(chunk?["data"]?.string.flatMap(Base64.decode))
        #expect(try JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 20)) == genesis)
        for chunk in ["1", "-1"] {
            #expect(
                try await get("/genesis_chunked?chunk=" + chunk, of: door)["error"]?["data"]?.string
                    == "there are 0 chunks, \(chunk) is invalid")
        }
        #expect(try await get("/net_info", of: door)["result"]?["n_peers"] == "0")
        #expect(try await get("/unconfirmed_txs", of: door)["result"]?["n_txs"] == "30")
        #expect(try await get("/unconfirmed_txs?limit=1000", of: door)["result"]?["n_txs"] == "100")
        #expect(try await get("/consensus_state", of: door)["error"]?["data"] == "not now")
        #expect(try await get("/net_info", of: self.door())["error"]?["code"] == .number(Int64(-32603)))

        let status = try await get("/status", of: door)["result"]
        #expect(status?["node_info"]?["version"]?.string?.hasPrefix("0.38.") == true)
        // What clients take apart before anything else must not be empty.
        for name in ["id", "listen_addr", "network", "channels", "moniker"] {
            #expect(status?["node_info"]?[name]?.string?.isEmpty == false, "\(name)")
        }
        let validator = status?["validator_info"]
        #expect(validator?["address"]?.string == "\(ChainDouble.validator.address)")
        #expect(validator?["pub_key"]?["type"] == "tendermint/PubKeyEd25519")
        let information = try await get("/abci_info", of: door)["result"]?["response"]
        #expect(information?["last_block_height"] == "5" && information?["data"] == "cloister")
    }

    @Test("a key is proved to the application hash by two operations of ICS 23, by both doors")
    func proofs() async throws {
        let (store, key, value) = ChainDouble.proved
        let root = ChainDouble.provedCommitment.applicationHash
        func check(_ operations: [(type: String?, key: [UInt8]?, data: [UInt8]?)], _ key: [UInt8], _ value: [UInt8]?)
            throws
        {
            try #require(operations.count == 2)
            #expect(operations.map(\.type) == ["ics23:smt", "ics23:simple"])
            #expect(operations.map(\.key) == [key, Array(store.utf8)])
            let inStore = try CommitmentProof(decoding: try #require(operations[0].data), .sparse)
            let ofStore = try CommitmentProof(decoding: try #require(operations[1].data), .tendermint)
            let storeRoot = try #require(ChainDouble.provedCommitment.root(of: store))
            #expect(ofStore.proves(storeRoot.bytes, under: Array(store.utf8), root: root, .tendermint))
            guard let value else {
                return #expect(
                    inStore
                        == .absence(.init(key: key, left: .init(key: [0x6b], value: [1, 2, 3], path: []), right: nil)))
            }
            #expect(inStore.proves(value, under: key, root: storeRoot, .sparse))
            #expect(!inStore.proves(value + [0], under: key, root: storeRoot, .sparse))
        }
        for (asked, expected) in [(key, Optional(value)), ([0x6c], nil)] {
            let hexadecimal = Hexadecimal.encode(asked)
            let answer = try await get(
                "/abci_query?path=%22/store/bank/key%22&data=0x\(hexadecimal)&prove=true", of: door())
            let response = answer["result"]?["response"]
            #expect(response?["height"] == "5" && response?["value"]?.string == expected.map(Base64.encode))
            try check(
                (response?["proofOps"]?["ops"]?.array ?? []).map {
                    (
                        $0["type"]?.string, $0["key"]?.string.flatMap(Base64.decode),
                        $0["data"]?.string.flatMap(Base64.decode)
                    )
                }, asked, expected)
            let routed = await QueryRouter(.services(of: chain), chain: chain).query(
                path: "/store/bank/key", data: asked, height: 0, proves: true)
            try check(routed.proof.map { ($0.type, $0.key, $0.data) }, asked, expected)
        }
        let plain = try await get("/abci_query?path=%22/store/bank/key%22&data=0x6b", of: door())["result"]?["response"]
        #expect(plain?["proofOps"]?.isNull == true)
    }
}
