import API
import ChainFormats
import ChainInterface
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Foundation
import Logging
import PublicCryptography
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
        _ blocks: any DecidedChain = RecordedBlocks(), evidence: RPCDoor.EvidenceIntake? = nil
    ) -> RPCDoor {
        RPCDoor(
            chain, blocks: blocks, router: QueryRouter(.services(of: chain), chain: chain), evidence: evidence,
            logger: Logger(label: "rpc") { _ in SwiftLogNoOpLogHandler() })
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
                members.filter { !($0.0 == "app" && $0.1 == "0") }.map { ($0.0, settled($0.1)) }
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
            let set = try await get("/validators?height=\(height)&per_page=100", of: door)["result"]?["validators"]
            #expect(set.map(Self.settled) == recorded["validators"].map(Self.settled), "set \(height)")
        }
        let parameters = try await get("/consensus_params?height=1", of: door)["result"]?["consensus_params"]
        for name in ["block", "evidence", "validator", "abci"] {
            #expect(
                parameters?[name].map(Self.settled) == json["genesis"]?["consensus_params"]?[name].map(Self.settled))
        }
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
        let door = door { json throws(RPCDoor.EvidenceRefused) in
            guard json["type"] != "wrong" else { throw RPCDoor.EvidenceRefused("it proves nothing") }
            taken.withLock { $0.append(json) }
            return SHA256.hash([1])
        }
        let answer = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_evidence","params":{"evidence":{"type":"t","value":{}}}}"#,
            to: door)
        #expect(answer["result"]?["hash"] == .string(Hexadecimal.encode(SHA256.hash([1]).bytes, uppercase: true)))
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
            #expect(
                try await refusal("/\(method)?height=9")
                    == "height 9 must be less than or equal to the current blockchain height 5")
            #expect(try await refusal("/\(method)?height=2") == "height 2 is not available")
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

    @Test("requests of any form are answered with their id, and what is none is refused")
    func requests() async throws {
        let door = door(try double())
        let byPlace = try await post(#"{"jsonrpc":"2.0","id":"a","method":"commit","params":["4"]}"#, to: door)
        #expect(byPlace["id"] == "a" && byPlace["result"]?["canonical"]?.bool == true)
        let number = try await post(#"{"jsonrpc":"2.0","id":0,"method":"header","params":{"height":4}}"#, to: door)
        #expect(number["id"] == 0 && number["result"]?["header"]?["height"] == "4")
        #expect(try await post(#"{"jsonrpc":"2.0","id":1,"method":"health"}"#, to: door)["result"] == .object([]))
        for (body, code) in [
            ("", -32600), ("[]", -32600), ("{}", -32600), (#"{"id":1}"#, -32600),
            (#"{"id":null,"method":"health"}"#, -32600), (#"{"id":1,"method":"nothing"}"#, -32601),
            (#"{"id":1,"method":"commit","params":7}"#, -32602),
            (#"{"id":1,"method":"commit","params":["4",1]}"#, -32602),
            (#"{"id":1,"method":"commit","params":{"height":"x"}}"#, -32602),
            (#"{"id":1,"method":"broadcast_tx_sync","params":{"tx":"!"}}"#, -32602),
            (#"{"id":1,"method":"broadcast_tx_sync"}"#, -32602),
            (#"{"id":1,"method":"abci_query","params":{"path":1}}"#, -32602),
        ] as [(String, Int64)] {
            #expect(try await post(body, to: door)["error"]?["code"]?.int64 == code, "\(body)")
        }
        #expect(try await get("/a/b", of: door)["error"]?["code"]?.int64 == -32601)
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
