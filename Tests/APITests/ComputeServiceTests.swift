import API
import ChainInterface
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Synchronization
import Testing
import Wire

@Suite("Codes and contracts") struct ComputeServiceTests {
    private let chain = ChainDouble(Fixture.script)
    private let contract = Fixture.contract.description
    private let code =
        #"{"code_id":"1","creator":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","code_hash":"\#(Fixture.codeHash)","#
        + #""source":"","builder":""}"#

    @Test("codes, their hashes and their wasm")
    func codes() async {
        #expect(await chain.get("/compute/v1beta1/codes").text == #"{"code_infos":[\#(code)]}"#)
        #expect(await chain.get("/compute/v1beta1/code/1").text == #"{"code_info":\#(code),"wasm":"AGFzbQEAAAA="}"#)
        let hash = #"{"code_hash":"\#(Fixture.codeHash)"}"#
        #expect(await chain.get("/compute/v1beta1/code_hash/by_code_id/1").text == hash)
        #expect(await chain.get("/compute/v1beta1/code_hash/by_contract_address/\(contract)").text == hash)
        #expect(
            await chain.get("/compute/v1beta1/params").text
                == #"{"params":{"compile_cost":"0.800000000000000000","max_contract_size":"2097152"}}"#)
    }

    @Test("a contract is shown without the proof of its admin, and in lists without its time")
    func contracts() async {
        func info(created: String) -> String {
            #"{"contract_address":"\#(contract)","contract_info":{"code_id":"1","#
                + #""creator":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","label":"my label/1","created":\#(created),"#
                + #""ibc_port_id":"","admin":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","admin_proof":null,"#
                + #""require_governance":false}}"#
        }
        #expect(
            await chain.get("/compute/v1beta1/info/\(contract)").text
                == info(created: #"{"block_height":"3","tx_index":"0"}"#))
        #expect(
            await chain.get("/compute/v1beta1/contracts/1").text == #"{"contract_infos":[\#(info(created: "null"))]}"#)
        #expect(await chain.get("/compute/v1beta1/contracts/2").text == #"{"contract_infos":[]}"#)
        #expect(await chain.get("/compute/v1beta1/label/\(contract)").text == #"{"label":"my label/1"}"#)
        #expect(
            await chain.get("/compute/v1beta1/contract_address/my%20label%2F1").text
                == #"{"contract_address":"\#(contract)"}"#)
        #expect(
            await chain.get("/compute/v1beta1/contract_history/\(contract)").text
                == #"{"entries":[{"operation":"CONTRACT_CODE_HISTORY_OPERATION_TYPE_INIT","code_id":"1","#
                + #""updated":{"block_height":"3","tx_index":"0"},"msg":"CQ=="}]}"#)
    }

    @Test(
        "what is not there is 404",
        arguments: [
            "code/2", "code_hash/by_code_id/2", "info/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
            "code_hash/by_contract_address/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne", "contract_address/other",
            "label/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
            "contract_history/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
        ])
    func absent(path: String) async {
        let answer = await chain.get("/compute/v1beta1/\(path)")
        #expect(answer.status == 404)
        #expect(answer.text.contains("not found") && !answer.text.contains("rpc error"))
    }

    @Test("a list that others made longer than an answer is refused with its bound, by number and by bytes")
    func longLists() async {
        func add(_ ids: ClosedRange<UInt64>) {
            let info = CodeInfo(codeHash: Fixture.codeHash, creator: Fixture.alice, source: "", builder: "").encoded
            chain.script.withLock { script in
                let store = StoreName.compute
                for id in ids {
                    let listed = ComputeStore.contractOfCodeKey(codeID: 1, number: id)
                    script.state.set(store, listed, Fixture.contract.bytes)
                    script.state.set(store, ComputeStore.codeKey(id), info)
                }
                script.state.set(store, ComputeStore.contractCountKey(codeID: 1), StateKey.number(ids.upperBound))
            }
        }
        func addHistory(_ ids: ClosedRange<UInt64>) {
            let created = CreationPoint(blockHeight: 3, transactionIndex: 0)
            let entry = ContractHistoryEntry(
                operation: .migrate, codeID: 1, updated: created, message: Array(repeating: 9, count: 1 << 20))
            chain.script.withLock { script in
                for id in ids {
                    let key = ComputeStore.historyKey(Fixture.contract, id)
                    script.state.set(StoreName.compute, key, entry.encoded)
                }
            }
        }
        add(1...4096)
        addHistory(1...7)
        let lists = ["codes", "contracts/1", "contract_history/\(contract)"]
        for list in lists { #expect(await chain.get("/compute/v1beta1/\(list)").status == 200) }
        add(4097...4097)
        addHistory(8...8)
        for list in lists {
            let answer = await chain.get("/compute/v1beta1/\(list)")
            #expect(answer.status == 429 && answer.text.contains("than one answer has: at most 4096"))
        }
    }

    @Test("a code id that is none is 400", arguments: ["code/0", "code/x", "code/-1", "contracts/1.0"])
    func badCodeID(path: String) async {
        #expect(await chain.get("/compute/v1beta1/\(path)").status == 400)
    }

    @Test("a query goes to the enclave as it came, with the height that was asked")
    func secretQuery() async {
        let input = (0..<200).map { UInt8($0) }
        let base64 = Base64.encode(input)
        let target = "/compute/v1beta1/query/\(contract)?contract_address=\(contract)&query=\(base64)"
        let answer = await chain.get(target, height: "4")
        #expect(answer.text == #"{"data":"\#(Base64.encode(Array(input.dropFirst(64))))"}"#)
        #expect(answer.height == 4)
        let asked = chain.script.withLock { $0.contractQueries }
        #expect(asked.count == 1)
        #expect(asked.first?.address == Fixture.contract)
        #expect(asked.first?.input == input)
        #expect(asked.first?.height == 4)
    }

    @Test("an answer names the height at which the enclave gave it, also where that is ahead of what is announced")
    func queryHeight() async {
        let answer = await chain.get("/compute/v1beta1/query/\(contract)?query=AAAA")
        #expect(answer.height == chain.queryHeight && chain.queryHeight != chain.announcedHeight)
    }

    @Test("a contract's refusal has the form that all clients decrypt, and never a quote")
    func refusal() async {
        chain.script.withLock { $0.contractAnswer = .failure("encrypted: AbC+/w==", stamp: [1, 2]) }
        let answer = await chain.get("/compute/v1beta1/query/\(contract)?query=AAAA")
        #expect(answer.status == 500 && answer.stamp == [1, 2])
        #expect(
            answer.text
                == #"{"code":2,"message":"encrypted: AbC+/w==: query contract failed: unknown request","details":[]}"#)
        chain.script.withLock { $0.contractAnswer = .failure(#"Enclave: "it's" over"#) }
        let quoted = await chain.get("/compute/v1beta1/query/\(contract)?query=AAAA")
        #expect(
            quoted.text
                == #"{"code":2,"message":"Enclave: `it`s` over: query contract failed: unknown request","details":[]}"#)
        #expect(await chain.get("/compute/v1beta1/query/nobody?query=AAAA").status == 400)
    }
}
