import API
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing
import Wire

@Suite("The node, its blocks and validators") struct NodeServiceTests {
    private let chain = ChainDouble(Fixture.script)

    @Test("node information, with versions that parse as versions")
    func nodeInformation() async {
        #expect(
            await chain.get("/cosmos/base/tendermint/v1beta1/node_info").text
                == #"{"default_node_info":{"protocol_version":{"p2p":"8","block":"11","app":"0"},"#
                + #""default_node_id":"abababababababababababababababababababab","listen_addr":"","#
                + #""network":"secretdev-1","version":"0.38.19","channels":null,"moniker":"banana","#
                + #""other":{"tx_index":"on","rpc_address":""}},"#
                + #""application_version":{"name":"cloister","app_name":"cloister-node","version":"1.0.0","#
                + #""git_commit":"","build_tags":"","go_version":"","build_deps":[],"cosmos_sdk_version":"v0.50.14"}}"#)
        #expect(await chain.get("/cosmos/base/tendermint/v1beta1/syncing").text == #"{"syncing":false}"#)
        #expect(
            await chain.get("/cosmos/base/node/v1beta1/config").text
                == #"{"minimum_gas_price":"0.012500000000000000uscrt","pruning_keep_recent":"0","#
                + #""pruning_interval":"0","halt_height":"0"}"#)
        let status = try? parsed(await chain.get("/cosmos/base/node/v1beta1/status").text)
        #expect(status?["height"] == "5")
        #expect(status?["earliest_store_height"] == "1")
        #expect(status?["timestamp"] == "2023-11-14T22:13:20.120Z")
        #expect(status?["app_hash"] == .string(Base64.encode(SHA256.hash([5]).bytes)))
    }

    @Test("evidence of the network's keys, with the identity's canonical encoding as a readable message")
    func evidence() async {
        let (io, node) = (Base64.encode(Fixture.ioKey.bytes), Base64.encode(Fixture.nodeKey.bytes))
        #expect(
            await chain.get("/cloister/v1/evidence").text
                == #"{"identity":{"chain_id":"secretdev-1","genesis_seconds":"1700000000","genesis_nanoseconds":5,"#
                + #""initial_height":"1","initial_validators_hash":"AQI=","attestation_roots":[{"name":"root","#
                + #""spki_sha256":"Aw==","kind":"ROOT_KIND_SIMULATED"}],"profile":"PROFILE_PRODUCTION","#
                + #""lease_answers":0,"lease_seconds":0,"epoch_blocks":0,"epoch_grace_blocks":0},"#
                + #""io_exchange_key":"\#(io)","seed_exchange_key":"\#(node)","quote":"BA==","#
                + #""report_data_layout":"all of it","measurement":"BQ==","register_record":{"height":"5","#
                + #""io_exchange_record":"Bg==","seed_exchange_record":"Bw==","proof":"CA==","store_roots":[{"name":"#
                + #""register","root":"\#(node)"}],"policy_record":"Dg==","release_head_record":"Dw=="},"header":{"height":"6","app_hash":"CQ==","header":"Cg==","#
                + #""commit":"Cw==","validators":"DA=="},"founder_quote":"DQ==","#
                + #""founder_io_exchange_key":null}"#)
    }

    @Test("what a block came to, in the shape of CometBFT's RPC, with the events that are no transaction's")
    func blockResults() async {
        var script = Fixture.script
        var result = TransactionResult()
        (result.code, result.codespace, result.log, result.gasWanted, result.gasUsed) = (5, "sdk", "too little", 9, 8)
        result.events = [Event("tx", ["fee": "1uscrt"])]
        script.results[4] = .success(
            CommittedResults(
                height: 4, transactions: [result], events: [Event("mint", ["amount": "7", "mode": "BeginBlock"])],
                validatorUpdates: [ValidatorUpdate(publicKey: [UInt8](repeating: 1, count: 32), power: 3)],
                appHash: [1, 2]))
        script.results[3] = .failure(.resultsTooLong)
        let chain = ChainDouble(script)
        let key = Base64.encode([UInt8](repeating: 1, count: 32))
        #expect(
            await chain.get("/cloister/v1/block_results/4").text
                == #"{"height":"4","txs_results":[{"code":5,"data":null,"log":"too little","info":"","gas_wanted":"9","#
                + #""gas_used":"8","events":[{"type":"tx","attributes":[{"key":"fee","value":"1uscrt","index":true}]}],"#
                + #""codespace":"sdk"}],"finalize_block_events":[{"type":"mint","attributes":[{"key":"amount","#
                + #""value":"7","index":true},{"key":"mode","value":"BeginBlock","index":true}]}],"#
                + #""validator_updates":[{"pub_key":{"ed25519":"\#(key)"},"power":"3"}],"app_hash":"AQI="}"#)
        let tooLong = await chain.get("/cloister/v1/block_results/3")
        #expect(tooLong.status == 429)
        for (height, status) in [("0", 400), ("-1", 400), ("6", 400), ("2", 404)] {
            #expect(await chain.get("/cloister/v1/block_results/\(height)").status == status)
        }
    }

    @Test("consensus parameters")
    func consensusParameters() async throws {
        let answer = try parsed(await chain.get("/cosmos/consensus/v1/params").text)
        #expect(answer["params"]?["block"] == ["max_bytes": "22020096", "max_gas": "-1"])
        #expect(answer["params"]?["evidence"]?["max_age_duration"] == "172800s")
        #expect(answer["params"]?["evidence"]?["max_age_num_blocks"] == "77777")
        #expect(answer["params"]?["version"] == ["app": "0"])
    }

    @Test("a block by its height, and the SDK's form of it with the proposer as text")
    func blocks() async throws {
        let answer = try parsed(await chain.get("/cosmos/base/tendermint/v1beta1/blocks/4").text)
        let block = answer["block"]
        #expect(block?["header"]?["version"] == ["block": "11", "app": "0"])
        #expect(block?["header"]?["chain_id"] == "secretdev-1")
        #expect(block?["header"]?["height"] == "4")
        #expect(block?["header"]?["time"] == "2023-11-14T22:13:20.120Z")
        #expect(block?["header"]?["last_block_id"]?["part_set_header"]?["total"] == 1)
        #expect(block?["header"]?["proposer_address"] == .string(Base64.encode(ChainDouble.validator.address.bytes)))
        #expect(block?["data"] == ["txs": [.string(goldenTransactionBase64)]])
        #expect(block?["evidence"] == ["evidence": []])
        let signatures = block?["last_commit"]?["signatures"]
        #expect(signatures?[0]?["block_id_flag"] == "BLOCK_ID_FLAG_COMMIT")
        #expect(signatures?[0]?["timestamp"] == "2023-11-14T22:13:20.000005Z")
        #expect(
            signatures?[1] == [
                "block_id_flag": "BLOCK_ID_FLAG_ABSENT", "validator_address": .null,
                "timestamp": "0001-01-01T00:00:00Z", "signature": .null,
            ])
        let proposer = Bech32.encode(prefix: "secretvalcons", ChainDouble.validator.address.bytes)
        #expect(answer["sdk_block"]?["header"]?["proposer_address"] == .string(proposer))
        #expect(answer["sdk_block"]?["header"]?["app_hash"] == block?["header"]?["app_hash"])
        #expect(answer["sdk_block"]?["last_commit"] == block?["last_commit"])
        let id = ChainDouble.block(height: 4, transactions: [Fixture.transaction]).header.hash()
        #expect(answer["block_id"]?["hash"] == .string(Base64.encode(id.bytes)))
    }

    @Test(
        "the latest block is the announced one; others are refused",
        arguments: [
            ("latest", 200), ("5", 200), ("6", 400), ("0", 400), ("-1", 400), ("x", 400), ("1", 404),
        ])
    func heights(height: String, status: Int) async {
        let answer = await chain.get("/cosmos/base/tendermint/v1beta1/blocks/\(height)")
        #expect(answer.status == status)
        if height == "latest" { #expect(answer.text.contains(#""height":"5""#)) }
    }

    @Test("validators", arguments: ["latest", "5"])
    func validators(height: String) async {
        let address = Bech32.encode(prefix: "secretvalcons", ChainDouble.validator.address.bytes)
        let key = Base64.encode(ChainDouble.validator.publicKey)
        #expect(
            await chain.get("/cosmos/base/tendermint/v1beta1/validatorsets/\(height)?pagination.limit=100").text
                == #"{"block_height":"5","validators":[{"address":"\#(address)","#
                + #""pub_key":{"@type":"/cosmos.crypto.ed25519.PubKey","key":"\#(key)"},"voting_power":"100","#
                + #""proposer_priority":"-3"}],"pagination":{"next_key":null,"total":"1"}}"#)
    }

    @Test("the same handlers answer abci_query, and errors are codes of the SDK")
    func queryRouter() async {
        let router = QueryRouter(.services(of: chain), chain: chain)
        let request = ProtobufWriter.encode { writer in
            writer.string(1, Fixture.bob.description)
            writer.string(2, "uscrt")
        }
        let balance = await router.query(path: "/cosmos.bank.v1beta1.Query/Balance", data: request, height: 0)
        #expect(balance.code == 0)
        #expect(balance.height == 5)
        #expect(balance.value == ProtobufWriter.encode { $0.message(1, coin("uscrt", "7")) })
        let stranger = AccountAddress([UInt8](repeating: 0x11, count: 20))!
        let unknown = ProtobufWriter.encode { $0.string(1, stranger.description) }
        let missing = await router.query(path: "/cosmos.auth.v1beta1.Query/Account", data: unknown, height: 0)
        #expect((missing.code, missing.codespace) == (22, "sdk"))
        // CosmJS takes an account for new by these words.
        #expect(missing.log == "rpc error: code = NotFound desc = account \(stranger) not found: key not found")
        #expect(await router.query(path: "/no.such/Method", data: [], height: 0).code == 6)
        #expect(await router.query(path: "/cosmos.auth.v1beta1.Query/Account", data: [0xff], height: 0).code == 18)
        #expect(await router.query(path: "/cosmos.bank.v1beta1.Query/Params", data: [], height: -1).code == 18)
        let key = BankStore.supplyKey("uscrt")
        let stored = await router.query(path: "/store/bank/key", data: key, height: 0)
        #expect(stored.value == BankStore.encode(1_000_000_000_000_000_007))
        #expect(stored.key == key)
        #expect(await router.query(path: "/store/nothing/key", data: key, height: 0).code == 6)
        #expect(await router.query(path: "/app/version", data: [], height: 0).value == Array("1.0.0".utf8))
        let overREST = await chain.get("/cosmos/base/tendermint/v1beta1/abci_query?path=/app/version")
        #expect(overREST.text.contains(#""value":"MS4wLjA=""#))
    }

    @Test("every method with a route has a handler, and every handler is a method of the protocol")
    func complete() {
        let methods = DescriptorPool.chain.methods
        let handled = ServiceRegistry.services(of: chain).methods
        #expect(Set(handled).subtracting(methods.map(\.path)).isEmpty)
        #expect(methods.filter { $0.http != nil }.map(\.path).filter { !handled.contains($0) } == [])
    }
}
