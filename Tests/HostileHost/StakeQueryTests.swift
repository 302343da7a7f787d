import ChainMessages
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// What contracts are told about stakes, rewards, minting and proposals.
    @Suite struct StakeQueryTests {
        let ledger: StakedLedger
        let puppets: PuppetWorld

        var alice: User { puppets.alice }

        init() throws {
            ledger = try StakedLedger()
            puppets = try PuppetWorld(ledger: ledger.writes)
        }

        private static let second = StakedLedger.operators[1]

        /// Questions that are answered, each with the state behind it.
        private var questions: [String] {
            let (who, validator) = (alice.address, Self.second)
            func path(_ method: String, _ request: some ChainMessage) -> String {
                "{\"stargate\":{\"path\":\"/cosmos.\(method)\",\"data\":\"\(Base64.encode(request.encoded))\"}}"
            }
            return [
                "{\"staking\":{\"bonded_denom\":{}}}", "{\"staking\":{\"validators\":{}}}",
                "{\"staking\":{\"all_validators\":{}}}", "{\"staking\":{\"validator\":{\"address\":\"\(validator)\"}}}",
                "{\"staking\":{\"all_delegations\":{\"delegator\":\"\(who)\"}}}",
                "{\"staking\":{\"delegation\":{\"delegator\":\"\(who)\",\"validator\":\"\(validator)\"}}}",
                "{\"staking\":{\"unbonding_delegations\":{\"delegator\":\"\(who)\"}}}",
                "{\"dist\":{\"rewards\":{\"delegator\":\"\(who)\"}}}", "{\"mint\":{\"inflation\":{}}}",
                "{\"mint\":{\"bonded_ratio\":{}}}", "{\"gov\":{\"proposals\":{}}}",
                path(
                    "staking.v1beta1.Query/Delegation",
                    StakingV1beta1.QueryDelegationRequest(delegatorAddr: who, validatorAddr: validator)),
                path(
                    "distribution.v1beta1.Query/DelegatorWithdrawAddress",
                    DistributionV1beta1.QueryDelegatorWithdrawAddressRequest(delegatorAddress: who)),
                path("mint.v1beta1.Query/Params", MintV1beta1.QueryParamsRequest()),
            ]
        }

        @Test("proposals that together are longer than any frame are told all the same, and cost what they are long")
        func long() throws {
            var writes = ledger.writes
            let numbers = try #require(ledger.state.value(of: [0xE0], in: "gov"))
            let record = try #require(ledger.state.value(of: [0x00] + numbers.prefix(8), in: "gov"))
            let padding = ProtobufWriter.encode { $0.string(10, String(repeating: "x", count: 500_000)) }
            let listed = (1...40).map { StateKey.number(UInt64($0)) }
            for number in listed { writes["gov"]![[0x00] + number] = record + padding }
            writes["gov"]![[0xE0]] = listed.flatMap { $0 }
            let puppets = try PuppetWorld(ledger: writes)
            let question = "{\"ask\":{\"gov\":{\"proposals\":{}}}}"
            let answer = open(try puppets.ask(puppets.one, question, gas: 50_000_000).text)
            #expect(answer.split(separator: "voting_start_time").count == 41, "\(answer.prefix(200))")
            // 1,000 for each KiB of twenty million bytes.
            let refused = try puppets.ask(puppets.one, question, gas: 19_000_000).text
            #expect(refused.contains("out of gas"), "\(refused.prefix(200))")
        }

        /// The bytes of an answer, as text.
        private func open(_ answer: String) -> String {
            let parts = answer.split(separator: "\"")
            guard parts.count == 7, parts[1] == "Ok", parts[3] == "Ok" else { return answer }
            return String(decoding: Base64.decode(parts[5]) ?? [], as: UTF8.self)
        }

        /// What the same records say to who believes them as they stand.
        private func expected(_ question: String) throws -> String {
            let state = ledger.state
            let answers = LedgerAnswers(isV010: false, height: .max) { store, keys throws(AnswerFault) in
                keys.map { state.value(of: $0, in: store) }
            } requireUntouched: { _ in
            }
            let json = try JSONReader.parse(Array(question.utf8), limits: JSONLimits(bytesMax: 4_096))
            let (module, content) = try #require(json.object?.first)
            guard module == "stargate" else { return JSONWriter.text(of: try answers.answer(module, content)) }
            let request = try #require(Base64.decode(content["data"]?.string ?? ""))
            return String(
                decoding: try answers.answer(path: try #require(content["path"]?.string), request), as: UTF8.self)
        }

        @Test("stakes, rewards, minting and proposals are answered from proved records, in a query and in a call")
        func answers() throws {
            let delegation = try expected(questions[5])
            #expect(delegation.contains("\"can_redelegate\":{\"denom\":\"uscrt\",\"amount\":\"0\"}"))
            #expect(delegation.contains("\"accumulated_rewards\":[{\"denom\":\"uscrt\",\"amount\":\""))
            for question in questions {
                let expected = try expected(question)
                #expect(open(try puppets.query(puppets.one, "{\"ask\":\(question)}")) == expected, "\(question)")
                _ = try puppets.tell(puppets.one, "{\"query\":\(question),\"respond\":\(Told.response())}")
                #expect(open(try #require(try puppets.kept("answer", by: puppets.one))) == expected, "\(question)")
            }
        }

        @Test("no record of an answer about the ledger can be forged, withheld or made up")
        func lies() throws {
            let host = puppets.world.host
            var (lies, seen) = (0, Set<[UInt8]>())
            for question in questions {
                var asked: [(store: String, key: [UInt8])] = []
                host.tricks.readState = { read, proofs in
                    asked += read.reads.flatMap { read in read.keys.map { (read.store, $0) } }
                    return proofs
                }
                _ = try puppets.query(puppets.one, "{\"ask\":\(question)}")
                let read = asked.filter { $0.store != StoreName.compute }
                #expect(!read.isEmpty, "\(question)")
                // Each record once, in the first question that reads it.
                let about = read.filter { seen.insert(Array($0.store.utf8) + $0.key).inserted }
                for (store, key) in about {
                    let honest = try puppets.world.chain.state.latestSnapshot()!.get(store, key)
                    let changed = honest.map { bytes in bytes.dropLast() + [(bytes.last ?? 0) ^ 1] } ?? [1]
                    for claim in honest == nil ? [changed] : [changed, nil] {
                        host.tricks.readState = { _, proofs in
                            proofs.map { proof in
                                guard proof.store == store, let place = proof.keys.firstIndex(of: key) else {
                                    return proof
                                }
                                var lie = proof
                                lie.values[place] = claim.map { Array($0) }
                                return lie
                            }
                        }
                        #expect(
                            refusal { try puppets.query(puppets.one, "{\"ask\":\(question)}") } == .proofInvalid,
                            "\(question): \(store) \(key)")
                        lies += 1
                    }
                }
            }
            #expect(lies > 40)
            host.tricks = .init()
            for question in questions {
                #expect(open(try puppets.query(puppets.one, "{\"ask\":\(question)}")) == (try expected(question)))
            }
        }

        @Test("whoever stands in a message of the block's ledger is refused by name until the next block")
        func touched() throws {
            // The ledger says yes to everything, and no to nothing of it can be believed.
            puppets.world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
            func told(_ message: some ChainMessage, _ question: String) throws -> String {
                let call = try alice.tell(puppets.one, "{\"query\":\(question),\"respond\":\(Told.response())}")
                #expect(try puppets.play([message.any, call]).code == 0)
                return open(try #require(try puppets.kept("answer", by: puppets.one)))
            }
            let delegate = StakingV1beta1.MsgDelegate(
                delegatorAddress: alice.address, validatorAddress: Self.second, amount: Coin(5, "uscrt"))
            let refused = "{\"Err\":{\"unsupported_request\":{\"kind\":\"touched in this block, ask in the next\"}}}"
            for index in [4, 5, 6, 7, 11] { #expect(try told(delegate, questions[index]) == refused) }
            // Of the set only what validators say of themselves is told, and of nobody else's stake anything is new.
            for index in [0, 1, 3, 8, 10] {
                #expect(try told(delegate, questions[index]) == expected(questions[index]))
            }
            let other = StakedLedger.operators[0]
            let elsewhere =
                "{\"staking\":{\"delegation\":{\"delegator\":\"\(other.account)\",\"validator\":\"\(other)\"}}}"
            #expect(try told(delegate, elsewhere) == expected(elsewhere))
            let vote = GovV1.MsgVote(proposalID: 1, voter: alice.address, option: .yes)
            #expect(try told(vote, questions[4]) == refused)
        }

        @Test("records that no module writes are an answer that is none, and stop no block")
        func inconsistent() throws {
            func part(_ address: AccountAddress) -> [UInt8] { [20] + address.bytes }
            let (who, validator) = (part(alice.address), part(Self.second.account))
            for (store, key, value) in [
                ("distribution", [0x04] + validator + who, [0xFF]), ("distribution", [0x06] + validator, nil),
                ("staking", [0xE1] + who, [0, 0, 0, 4]), ("staking", [0x21] + validator, [0x2A, 0x01, 0x78]),
            ] as [(String, [UInt8], [UInt8]?)] {
                var writes = ledger.writes
                writes[store]?[key] = value
                let puppets = try PuppetWorld(ledger: writes)
                let call = try puppets.alice.tell(
                    puppets.one, "{\"query\":\(questions[7]),\"respond\":\(Told.response())}")
                #expect(try puppets.play([call], by: puppets.alice).code == 0)
                let kept = try #require(try puppets.kept("answer", by: puppets.one))
                #expect(kept.hasPrefix("{\"Err\":{\"unsupported_request\":{\"kind\":\"a "), "\(kept)")
            }
        }

        @Test("a chain without these modules answers nothing about them, and says which")
        func withoutStores() throws {
            let bare = try PuppetWorld()
            for (question, store) in [
                (questions[0], "staking"), (questions[8], "mint"), (questions[10], "gov"),
                (questions[12], "distribution"),
            ] {
                let answer = try bare.query(bare.one, "{\"ask\":\(question)}")
                #expect(answer == "{\"Err\":{\"unsupported_request\":{\"kind\":\"\(store)\"}}}")
            }
        }
    }
}
