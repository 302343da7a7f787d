import ChainInterface
import ChainMessages
import ChainModules
import DecidedBlocks
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

@testable import ChainApplication

/// A contract that stakes what it has, on the host's own ledger with the enclave's own code.
@Suite("Contracts that stake")
struct StakingContractTests {
    private final class Story {
        let chain: CountedChain
        let alice: Actor
        let contract: AccountAddress
        private var sequence: UInt64 = 1
        private let codeHash: String

        init(code: [UInt8] = Puppet.code) throws {
            codeHash = SHA256.hash(code).description
            let signer = FixtureSigner.single(FixtureKey("alice"), .direct)
            chain = try CountedChain(rich: [(signer.address, 1_000_000_000)], staked: 50_000_000)
            alice = Actor(signer, ioPublicKey: chain.ioPublicKey)
            contract = ContractAddress.derive(codeID: 1, instanceID: 1, creator: signer.address)
            let begin = try alice.encryption.seal(
                Array("{}".utf8), codeHash: codeHash, owner: (alice.address, SHA256.hash(code).bytes))
            sequence = 0
            _ = try run([
                ComputeMessage.storeCode(.init(sender: alice.address, code: code[...])).any,
                ComputeMessage.instantiate(
                    .init(sender: alice.address, codeID: 1, label: "staker", message: begin)
                ).any,
            ])
        }

        /// A block with one transaction of Alice, after which the enclave counts no more than there is.
        func run(_ messages: [AnyMessage]) throws -> UInt32 {
            let account = try #require(try chain.account(alice.address))
            var transaction = SignedTransaction(
                messages, by: [.init(alice.signer, accountNumber: account.accountNumber, sequence: sequence)])
            transaction.fee.gasLimit = 10_000_000
            sequence += 1
            let (results, counts) = try chain.run(
                [transaction.bytes],
                counting: [alice.address, contract].map { Purse(account: $0, denomination: "uscrt") })
            #expect(counts.allSatisfy { $0.counted <= $0.held })
            return results[0].code
        }

        func asks(_ message: String) -> String {
            "{\"respond\":{\"messages\":[{\"id\":7,\"msg\":\(message),\"gas_limit\":null,\"reply_on\":\"never\"}],"
                + "\"attributes\":[],\"events\":[],\"data\":null}}"
        }

        /// What the chain tells the contract, in a call of Alice's, opened by her.
        func told(_ question: String) throws -> JSONValue {
            let envelope = try answer(to: "{\"query\":\(question),\"return\":\"answer\"}")
            let inner = try #require(envelope["Ok"]?["Ok"]?.string.flatMap { Base64.decode($0) }, "\(envelope)")
            return try JSONReader.parse(inner, limits: JSONLimits(bytesMax: 1 << 16))
        }

        /// A call of Alice's.
        func tell(_ message: String, funds: [Coin] = []) throws -> AnyMessage {
            try alice.tell(contract, message, funds: funds, codeHash: codeHash)
        }

        /// What the contract answers to a call of Alice's, opened by her.
        func answer(to message: String) throws -> JSONValue {
            let call = try tell(message)
            let height = chain.nextHeight
            #expect(try run([call]) == 0)
            _ = try chain.run([], counting: [])
            try chain.application.waitForIndex()
            let result = try #require(try chain.application.index.transactions(at: height).first).result
            let response = try MessageResponse.contractResult(
                try TransactionData(decoding: result.data).responses[0])
            guard case .execute(let sent)? = try ComputeMessage.decode(call) else { return .null }
            let data = try #require(alice.encryption.openData(response.data, answerTo: sent.message))
            return try JSONReader.parse(data, limits: JSONLimits(bytesMax: 1 << 16))
        }

        /// What the modules answer out of the state before the next block.
        func ask<Request: ChainMessage, Response: ChainMessage>(
            _ method: ChainMethod<Request, Response>, _ request: Request
        ) throws -> Response {
            let query = try #require(ModuleList.chain.queries.first { $0.path == method.path })
            // Behind all blocks.
            let block = QueriedBlock(height: .max, time: Timestamp(seconds: 0, nanoseconds: 0)!)
            return try Response(decoding: try query.answer(request.encoded, { block }, chain.state), .request)
        }
    }

    @Test("a contract delegates, hears of its stake and rewards what the modules say, withdraws, leaves, and votes")
    func story() async throws {
        try await onThread { try tell() }
    }

    private func tell() throws {
        let story = try Story()
        let (chain, contract, validator) = (story.chain, story.contract, CountedChain.stakedValidator)
        func coin(_ amount: Int) -> String { "{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}" }
        let delegate = story.asks(
            "{\"staking\":{\"delegate\":{\"validator\":\"\(validator)\",\"amount\":\(coin(900_000))}}}")
        let call = try story.alice.tell(contract, delegate, funds: [Coin(2_900_000, "uscrt")])
        #expect(try story.run([call]) == 0)
        #expect(try chain.balance(contract, "uscrt") == 2_000_000)
        for _ in 0..<3 { _ = try chain.run([], counting: []) }

        let expected = try story.ask(
            DistributionV1beta1.Query.delegationRewards,
            .init(delegatorAddress: contract, validatorAddress: validator)
        ).rewards
        let reward = try #require(try expected.first?.amount.truncatedAmount)
        #expect(reward > 0)
        let question =
            "{\"staking\":{\"delegation\":{\"delegator\":\"\(contract)\",\"validator\":\"\(validator)\"}}}"
        let delegation = try story.told(question)["delegation"]
        #expect(delegation?["amount"]?["amount"]?.string == "900000")
        #expect(delegation?["can_redelegate"]?["amount"]?.string == "900000")
        #expect(delegation?["accumulated_rewards"]?[0]?["amount"]?.string == String(reward))

        let withdraw = story.asks("{\"distribution\":{\"withdraw_delegator_reward\":{\"validator\":\"\(validator)\"}}}")
        #expect(try story.run([try story.alice.tell(contract, withdraw)]) == 0)
        let paid = try chain.balance(contract, "uscrt") - 2_000_000
        #expect(paid > reward)

        // More than it has delegated is refused by the ledger, and undoes the call alone.
        let tooMuch = story.asks(
            "{\"staking\":{\"undelegate\":{\"validator\":\"\(validator)\",\"amount\":\(coin(900_001))}}}")
        #expect(try story.run([try story.alice.tell(contract, tooMuch)]) == 18)
        let undelegate = story.asks(
            "{\"staking\":{\"undelegate\":{\"validator\":\"\(validator)\",\"amount\":\(coin(400_000))}}}")
        #expect(try story.run([try story.alice.tell(contract, undelegate)]) == 0)
        let leaving = try story.told("{\"staking\":{\"unbonding_delegations\":{\"delegator\":\"\(contract)\"}}}")
        #expect(leaving["delegations"]?[0]?["amount"]?["amount"]?.string == "400000")
        let all = try story.told("{\"staking\":{\"all_delegations\":{\"delegator\":\"\(contract)\"}}}")
        #expect(all["delegations"]?[0]?["amount"]?["amount"]?.string == "500000")

        let proposal = GovV1.MsgSubmitProposal(
            messages: [], initialDeposit: [Coin(10_000_000, "uscrt")], proposer: story.alice.address, metadata: "m",
            title: "t", summary: "s")
        let vote = story.asks("{\"gov\":{\"vote\":{\"proposal_id\":1,\"vote\":\"yes\"}}}")
        #expect(try story.run([proposal.any, try story.alice.tell(contract, vote)]) == 0)
        let votes = try story.ask(GovV1.Query.vote, .init(proposalID: 1, voter: contract)).vote
        #expect(votes?.options.map(\.option) == [.yes])
        let open = try story.told("{\"gov\":{\"proposals\":{}}}")
        #expect(open["proposals"]?[0]?["id"]?.uint64 == 1)
        #expect(try ModuleList.chain.brokenInvariants(in: chain.state) == [])
    }

    @Test("a contract of the SDK stakes, is told of its stake in types, votes, withdraws and leaves")
    func typedStory() async throws {
        try await onThread { try tellInTypes() }
    }

    private func tellInTypes() throws {
        let story = try Story(code: Repository.contract("sdk-probe"))
        let (chain, contract, validator) = (story.chain, story.contract, CountedChain.stakedValidator)
        func coin(_ amount: Int) -> String { "{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}" }
        func sends(_ step: String, funds: [Coin] = []) throws -> AnyMessage {
            try story.tell("{\"ledger\":{\"steps\":[\(step)]}}", funds: funds)
        }
        func hears(_ question: String) throws -> JSONValue { try story.answer(to: "{\"ask\":\(question)}") }
        let delegate = "{\"delegate\":{\"coin\":\(coin(900_000)),\"validator\":\"\(validator)\"}}"
        #expect(try story.run([try sends(delegate, funds: [Coin(2_900_000, "uscrt")])]) == 0)
        #expect(try chain.balance(contract, "uscrt") == 2_000_000)
        for _ in 0..<3 { _ = try chain.run([], counting: []) }

        let rewards = try story.ask(
            DistributionV1beta1.Query.delegationRewards,
            .init(delegatorAddress: contract, validatorAddress: validator)
        ).rewards
        let reward = try #require(try rewards.first?.amount.truncatedAmount)
        let stake = try hears("{\"delegation\":{\"delegator\":\"\(contract)\",\"validator\":\"\(validator)\"}}")
        #expect(stake[0]?.string == "\(validator)")
        #expect(stake[1]?["amount"]?.string == "900000" && stake[2]?["amount"]?.string == "900000")
        #expect(stake[3]?[0]?["amount"]?.string == String(reward))
        #expect(try hears("{\"bond_denomination\":{}}").string == "uscrt")
        #expect(try hears("{\"validators\":{}}").array?.contains { $0[0]?.string == "\(validator)" } == true)
        let one = try hears("{\"validator\":{\"address\":\"\(validator)\"}}")
        #expect(one.array?.count == 4 && one[0]?.string == "\(validator)")
        #expect(try hears("{\"inflation\":{}}").string?.hasPrefix("0.") == true)
        #expect(try hears("{\"bonded_ratio\":{}}").string?.hasPrefix("0.") == true)
        let earned = try hears("{\"rewards\":{\"delegator\":\"\(contract)\"}}")
        #expect(earned[0]?[0]?.string == "\(validator)" && earned[0]?[1]?[0]?["denom"]?.string == "uscrt")

        #expect(try story.run([try sends("{\"withdraw\":{\"validator\":\"\(validator)\"}}")]) == 0)
        #expect(try chain.balance(contract, "uscrt") > 2_000_000 + reward)
        let undelegate = "{\"undelegate\":{\"coin\":\(coin(400_000)),\"validator\":\"\(validator)\"}}"
        #expect(try story.run([try sends(undelegate)]) == 0)
        let leaving = try hears("{\"unbonding\":{\"delegator\":\"\(contract)\"}}")
        #expect(leaving[0]?[1]?[0]?["amount"]?.string == "400000")
        let left = try hears("{\"delegations\":{\"delegator\":\"\(contract)\"}}")
        #expect(left[0]?[1]?[0]?["amount"]?.string == "500000")

        let proposal = GovV1.MsgSubmitProposal(
            messages: [], initialDeposit: [Coin(10_000_000, "uscrt")], proposer: story.alice.address, metadata: "m",
            title: "t", summary: "s")
        let vote = "{\"vote\":{\"proposal\":1,\"option\":\"no_with_veto\"}}"
        #expect(try story.run([proposal.any, try sends(vote)]) == 0)
        let votes = try story.ask(GovV1.Query.vote, .init(proposalID: 1, voter: contract)).vote
        #expect(votes?.options.map(\.option) == [.noWithVeto])
        let open = try hears("{\"proposals\":{}}")
        #expect(open[0]?[0]?.uint64 == 1 && open[0]?.array?.count == 3)
        #expect(try ModuleList.chain.brokenInvariants(in: chain.state) == [])
    }
}
