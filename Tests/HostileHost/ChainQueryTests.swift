import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import Testing
import Wire

extension HostileHostSuite {
    /// What contracts are told when they ask the chain.
    @Suite struct ChainQueryTests {
        let puppets: PuppetWorld

        var alice: User { puppets.alice }

        init() throws { puppets = try PuppetWorld() }

        private func bankBalance(_ address: AccountAddress) -> String {
            "{\"bank\":{\"balance\":{\"address\":\"\(address)\",\"denom\":\"uscrt\"}}}"
        }

        /// The bytes of an answer, as text.
        private func open(_ answer: String) -> String {
            let parts = answer.split(separator: "\"")
            guard parts.count == 7, parts[1] == "Ok", parts[3] == "Ok" else { return answer }
            return String(decoding: Base64.decode(parts[5]) ?? [], as: UTF8.self)
        }

        private func stargate(_ path: String, _ request: [UInt8]) -> String {
            "{\"stargate\":{\"path\":\"\(path)\",\"data\":\"\(Base64.encode(request))\"}}"
        }

        /// From here on the host answers every question about one record with another value, or that it is absent.
        private func lie(in puppets: PuppetWorld, about key: [UInt8], _ value: [UInt8]?) {
            puppets.world.host.tricks.readState = { _, proofs in
                proofs.map { proof in
                    guard let place = proof.keys.firstIndex(of: key) else { return proof }
                    var changed = proof
                    changed.values[place] = value
                    return changed
                }
            }
        }

        @Test("a query is told the proved balance; a call what it was also sent in this block")
        func balances() throws {
            let paid = try alice.tell(
                puppets.one, "{\"query\":\(bankBalance(puppets.one)),\"respond\":\(Told.response())}")
            guard case .execute(var message)? = try ComputeMessage.decode(paid) else { return }
            message.funds = [Coin(700, "uscrt")]
            #expect(try puppets.play([ComputeMessage.execute(message).any]).code == 0)
            let kept = try #require(try puppets.kept("answer", by: puppets.one))
            #expect(open(kept) == "{\"amount\":{\"denom\":\"uscrt\",\"amount\":\"700\"}}")
            let asked = try puppets.query(puppets.one, "{\"ask\":\(bankBalance(puppets.one))}")
            #expect(open(asked) == "{\"amount\":{\"denom\":\"uscrt\",\"amount\":\"700\"}}")
            let none = try puppets.query(puppets.one, "{\"ask\":\(bankBalance(puppets.world.pauper.address))}")
            #expect(open(none) == "{\"amount\":{\"denom\":\"uscrt\",\"amount\":\"0\"}}")
        }

        @Test("all balances are what one proved record lists: none is left out, and none is there with nothing")
        func allBalances() throws {
            func question(_ address: AccountAddress) -> String {
                "{\"bank\":{\"all_balances\":{\"address\":\"\(address)\"}}}"
            }
            let paid = try alice.tell(
                puppets.one, "{\"query\":\(question(puppets.one)),\"respond\":\(Told.response())}")
            guard case .execute(var message)? = try ComputeMessage.decode(paid) else { return }
            message.funds = [Coin(700, "uscrt")]
            #expect(try puppets.play([ComputeMessage.execute(message).any]).code == 0)
            let some = "{\"amount\":[{\"denom\":\"uscrt\",\"amount\":\"700\"}]}"
            #expect(open(try #require(try puppets.kept("answer", by: puppets.one))) == some)
            #expect(open(try puppets.query(puppets.one, "{\"ask\":\(question(puppets.one))}")) == some)
            let none = try puppets.query(puppets.one, "{\"ask\":\(question(puppets.two))}")
            #expect(open(none) == "{\"amount\":[]}")

            let host = puppets.world.host
            try puppets.world.begin([alice.sign([try alice.tell(puppets.one, "{\"query\":\(question(puppets.one))}")])])
            let key = BankStore.holdingsKey(puppets.one)
            lie(in: puppets, about: key, nil)
            #expect(refusal { try host.run(0) } == .proofInvalid)
        }

        @Test("a host that answers with another balance is not believed")
        func falseBalance() throws {
            let host = puppets.world.host
            let question = try alice.tell(puppets.one, "{\"query\":\(bankBalance(puppets.world.pauper.address))}")
            try puppets.world.begin([alice.sign([question], gas: 1_000_000)])
            let key = BankStore.balanceKey(puppets.world.pauper.address, "uscrt")
            lie(in: puppets, about: key, BankStore.encode(1_000_000))
            #expect(refusal { try host.run(0) } == .proofInvalid)
        }

        @Test("contracts, codes, labels and accounts are answered from proved records")
        func records() throws {
            let info = "{\"wasm\":{\"contract_info\":{\"contract_addr\":\"\(puppets.two)\"}}}"
            #expect(
                open(try puppets.query(puppets.one, "{\"ask\":\(info)}"))
                    == "{\"code_id\":2,\"creator\":\"\(alice.address)\",\"admin\":null,\"pinned\":false,\"ibc_port\":null}"
            )
            let raw = "{\"wasm\":{\"raw\":{\"contract_addr\":\"\(puppets.two)\",\"key\":\"Y291bnQ=\"}}}"
            #expect(open(try puppets.query(puppets.one, "{\"ask\":\(raw)}")) == "[]")

            let address = ProtobufWriter.encode { $0.string(1, puppets.two.description) }
            let compute = "/secret.compute.v1beta1.Query/"
            func ask(_ path: String, _ request: [UInt8]) throws -> [UInt8] {
                let answer = try puppets.query(puppets.one, "{\"ask\":\(stargate(path, request))}")
                return Base64.decode(answer.split(separator: "\"").dropFirst(5).first ?? "") ?? []
            }
            #expect(
                try ask(compute + "CodeHashByContractAddress", address)
                    == ProtobufWriter.encode { $0.string(1, "\(PuppetContract.codeHash)") })
            #expect(
                try ask(compute + "CodeHashByCodeId", ProtobufWriter.encode { $0.uint64(1, 1) })
                    == ProtobufWriter.encode { $0.string(1, "\(CounterContract.codeHash)") })
            #expect(try ask(compute + "LabelByAddress", address) == ProtobufWriter.encode { $0.string(1, "two") })
            #expect(try ask(compute + "AddressByLabel", ProtobufWriter.encode { $0.string(1, "two") }) == address)
            let account = try ask(
                "/cosmos.auth.v1beta1.Query/Account", ProtobufWriter.encode { $0.string(1, alice.address.description) })
            let record = try puppets.world.chain.state.latestSnapshot()!.get(
                StoreName.account, AccountStore.accountKey(alice.address))
            #expect(account == ProtobufWriter.encode { $0.message(1, record!) })
        }

        @Test("the contracts of a code are as many as one proved record counts: none is left out")
        func contractsOfCode() throws {
            func listed(_ codeID: UInt64) throws -> [UInt8] {
                let request = ProtobufWriter.encode { $0.uint64(1, codeID) }
                let path = "/secret.compute.v1beta1.Query/ContractsByCodeId"
                let answer = try puppets.query(puppets.one, "{\"ask\":\(stargate(path, request))}")
                #expect(answer.hasPrefix("{\"Ok\":{\"Ok\":"), "\(answer)")
                return Base64.decode(answer.split(separator: "\"").dropFirst(5).first ?? "") ?? []
            }
            func expected(_ addresses: [AccountAddress]) throws -> [UInt8] {
                let contracts = try addresses.map { try puppets.contract($0).answer(at: $0, isListed: true) }
                return ProtobufWriter.encode { writer in
                    for contract in contracts { writer.message(1, contract) }
                }
            }
            let before = try listed(2)
            #expect(try before == expected([puppets.one, puppets.two]))
            #expect(try listed(77) == [])

            // Migrated, a contract is in the other list alone; migrated once more it is there once.
            let others = try listed(1)
            let made = try puppets.play([try alice.instantiateCounter("movable", count: 5, admin: alice.address)])
                .response().address!
            #expect(try listed(1) == others + expected([made]))
            for _ in 0..<2 {
                #expect(try puppets.play([try alice.migrateToPuppet(made)]).code == 0)
                #expect(try listed(1) == others)
                #expect(try listed(2) == before + expected([made]))
            }

            // In one block: what was made before is there, what failed is not, and each costs a thousand.
            let question = stargate(
                "/secret.compute.v1beta1.Query/ContractsByCodeId", ProtobufWriter.encode { $0.uint64(1, 2) })
            let ask = "{\"query\":\(question),\"respond\":\(Told.response())}"
            try puppets.world.play([
                alice.sign([try alice.tell(puppets.one, ask)], gas: 1_000_000),
                alice.sign([try alice.instantiatePuppet("three")], gas: 1_000_000),
                alice.sign([try alice.instantiatePuppet("four", "{\"fail\":\"\"}")], gas: 1_000_000),
                alice.sign([try alice.tell(puppets.one, ask)], gas: 1_000_000),
            ])
            let results = puppets.world.host.outputs
            #expect(results.map(\.code) == [0, 0, 2, 0])
            let three = try results[1].response().address!
            #expect(results[3].gasUsed - results[0].gasUsed >= 1_000)
            let kept = try #require(try puppets.kept("answer", by: puppets.one))
            let told = Base64.decode(kept.split(separator: "\"").dropFirst(5).first ?? "") ?? []
            #expect(try told == before + expected([made, three]))

            let second = ComputeStore.contractOfCodeKey(codeID: 2, number: 2)
            #expect(try refusalOfList { _ in (second, nil) } == .proofInvalid)
            #expect(try refusalOfList { _ in (second, puppets.one.bytes) } == .proofInvalid)
            let count = ComputeStore.contractCountKey(codeID: 2)
            #expect(try refusalOfList { _ in (count, StateKey.number(UInt64(1))) } == .proofInvalid)
            #expect(try refusalOfList { made in (ComputeStore.contractKey(made), nil) } == .proofInvalid)
            #expect(try refusalOfList { _ in (ComputeStore.codeKey(77), nil) } == nil)
        }

        /// How the enclave ends a call that asks for the contracts of a code, if the host lies about one record.
        private func refusalOfList(_ claim: (AccountAddress) -> (key: [UInt8], value: [UInt8]?)) throws -> Failure? {
            let puppets = try PuppetWorld()
            let alice = puppets.alice
            let made = try alice.instantiateCounter("movable", count: 5, admin: alice.address)
            let contract = try puppets.play([made]).response().address!
            #expect(try puppets.play([try alice.migrateToPuppet(contract)]).code == 0)
            let request = ProtobufWriter.encode { $0.uint64(1, 2) }
            let question = stargate("/secret.compute.v1beta1.Query/ContractsByCodeId", request)
            let call = try alice.tell(puppets.one, "{\"query\":\(question),\"respond\":\(Told.response())}")
            let host = puppets.world.host
            try puppets.world.begin([alice.sign([call], gas: 1_000_000)])
            let (key, value) = claim(contract)
            lie(in: puppets, about: key, value)
            return refusal { try host.run(0) }
        }

        @Test("what cannot be proved is refused by name")
        func unsupported() throws {
            let paths = [
                "bank.v1beta1.Query/AllBalances", "bank.v1beta1.Query/DenomMetadata",
                "feegrant.v1beta1.Query/Allowance", "gov.v1beta1.Query/Params", "gov.v1beta1.Query/Proposal",
                "gov.v1beta1.Query/Vote", "params.v1beta1.Query/Params",
            ].map { (stargate("/cosmos.\($0)", []), "'/cosmos.\($0)' path") }
            let questions = [
                ("{\"bank\":{\"supply\":{\"denom\":\"uscrt\"}}}", "bank"),
                ("{\"staking\":{\"bonded_denom\":{}}}", "staking"), ("{\"ibc\":{\"port_id\":{}}}", "ibc"),
                ("{\"custom\":{}}", "custom"),
            ]
            for (question, kind) in questions + paths {
                let answer = try puppets.query(puppets.one, "{\"ask\":\(question)}")
                #expect(answer.hasPrefix("{\"Err\":{\"unsupported_request\":{\"kind\":\"\(kind)"))
            }
            let missing = "{\"wasm\":{\"contract_info\":{\"contract_addr\":\"\(alice.address)\"}}}"
            #expect(try puppets.query(puppets.one, "{\"ask\":\(missing)}").hasPrefix("{\"Err\":{\"no_such_contract\""))
            #expect(
                try puppets.query(puppets.one, "{\"ask\":{\"bank\":{\"balance\":{}}}}").hasPrefix(
                    "{\"Err\":{\"invalid_request\""))
        }
    }
}
