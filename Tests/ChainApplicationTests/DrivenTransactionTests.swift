import Ante
import Auth
import ChainInterface
import ChainModules
import EnclaveKit
import EnclaveLink
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import Wire

@testable import ChainApplication
@testable import HostAnswers

@Suite("Transactions that the enclave drives")
struct DrivenTransactionTests {
    let chain: TestChain

    init() throws { chain = try TestChain() }

    private let key: [UInt8] = [0x03] + [UInt8](repeating: 4, count: 52)

    private func success(_ change: (inout ScriptedResult) -> Void = { _ in }) -> ScriptedResult {
        var result = ScriptedResult()
        result.gasWanted = 200_000
        result.gasUsed = 77_000
        result.data = [1, 2, 3]
        result.events = [Event("message", ["module": "compute", "msg_index": "0"])]
        change(&result)
        return result
    }

    @Test("code, gas, data and events are the enclave's, behind the host's ante events")
    func result() throws {
        chain.lane.script = { _, _, _ in
            success { $0.writes = [StateWrite(key: key, value: [5, 5])] }
        }
        let results = try chain.run([chain.send(1).bytes, chain.execute().bytes, chain.send(2, sequence: 1).bytes])
        #expect(chain.lane.calls == ["begin 1", "send 3", "run 1", "end 1"])
        #expect(results[1].gasUsed == 77_000 && results[1].data == [1, 2, 3])
        #expect(results[1].events.count == 8)
        #expect(results[1].events.last?.line == "message{module=compute,msg_index=0}")
        #expect(try chain.stored(key) == [5, 5])
        #expect(try chain.sequence(chain.bob.address) == 1)
    }

    /// Votes in the place of the chain's own module, and says so.
    private struct Voting: LedgerModule {
        let name = "voting"
        static let typeURL = "/cosmos.gov.v1.MsgVote"

        var messages: [MessageHandler] {
            [
                MessageHandler(Voting.typeURL, readForm: { _ in }) { message, _, _ in
                    MessageOutcome(
                        response: MessageResponse.empty(toMessage: message.typeURL),
                        events: [Event("proposal_vote", ["bytes": "\(message.value.count)"]), Event("voted", [:])])
                }
            ]
        }
    }

    /// A vote, a second one, and a call, as an enclave would run them.
    private func vote(code: UInt32) throws -> [String] {
        let others = ModuleList.chain.modules.filter { $0.name != "gov" }
        let chain = try TestChain { $0.ledger = ModuleList(others + [Voting()]) }
        let votes = [7, 8].map { id in
            AnyMessage(
                typeURL: Voting.typeURL,
                value: ProtobufWriter.encode { writer in
                    writer.uint64(1, UInt64(id))
                    writer.string(2, chain.bob.address.description)
                    if id == 8 { writer.string(4, "why") }
                }[...])
        }
        chain.lane.script = { _, questions, _ in
            var result = success { $0.code = code }
            result.events = []
            for (index, vote) in votes.enumerated() {
                var message = LedgerMessage()
                (message.scope, message.signer) = (1, chain.bob.address.bytes)
                (message.typeURL, message.value) = (vote.typeURL, Array(vote.value))
                #expect(try questions.runLedgerMessage(message).code == 0)
                _ = try questions.send(1, from: chain.bob.address, to: chain.contract, scope: 1)
                result.events.append(Event("message", ["action": "\(index)", "msg_index": "\(index)"]))
            }
            result.events.append(Event("message", ["module": "compute", "msg_index": "2"]))
            return result
        }
        let results = try chain.run([chain.execute(with: votes).bytes])
        return results[0].events.dropFirst(7).map(\.line)
    }

    @Test("what the ledger's messages beside a call say is shown behind the enclave's word for each")
    func ledgerEvents() throws {
        #expect(
            try vote(code: 0) == [
                "message{action=0,msg_index=0}", "proposal_vote{bytes=49,msg_index=0}", "voted{msg_index=0}",
                "message{action=1,msg_index=1}", "proposal_vote{bytes=54,msg_index=1}", "voted{msg_index=1}",
                "message{module=compute,msg_index=2}",
            ])
    }

    @Test("of a transaction that failed, no message says anything")
    func ledgerEventsOfFailure() throws { #expect(try !vote(code: 3).joined().contains("vote")) }

    @Test("of a failed one only what the enclave insists on is left, besides fee and sequence")
    func failure() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { _, questions, _ in
            _ = try questions.send(500, from: bob, to: contract, scope: 2)
            var result = ScriptedResult()
            result.code = 3
            result.codespace = "compute"
            result.log = "failed to execute message; message index: 0: encrypted: AA==: execute contract failed"
            result.gasWanted = 200_000
            result.gasUsed = 60_000
            result.writes = [StateWrite(key: key, value: [1])]
            return result
        }
        let result = try chain.run([chain.execute().bytes])[0]
        #expect(result.code == 3 && result.codespace == "compute" && result.gasUsed == 60_000)
        #expect(result.events.count == 7)
        #expect(try chain.stored(key) == [1])
        #expect(try chain.balance(bob) == 997_500)
        #expect(try chain.balance(contract) == 0)
        #expect(try chain.sequence(bob) == 1)
    }

    @Test("ledger messages act in the scope the enclave names, and go with it when it is reverted")
    func scopes() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { _, questions, _ in
            var codes = try [
                questions.send(1, from: bob, to: contract, scope: 1).code,
                questions.send(10, from: bob, to: contract, scope: 3).code,
                questions.send(100, from: bob, to: contract, scope: 5).code,
            ]
            try questions.revertScope(5)
            codes.append(try questions.send(1_000, from: contract, to: bob, scope: 6).code)
            codes.append(try questions.send(11, from: contract, to: bob, scope: 7).code)
            try questions.revertScope(7)
            codes.append(try questions.send(20, from: bob, to: contract, scope: 2).code)
            try questions.revertScope(8)
            #expect(codes == [0, 0, 0, 5, 0, 0])
            return success()
        }
        try chain.run([chain.execute().bytes])
        #expect(try chain.balance(contract) == 31)
        chain.lane.script = { _, questions, _ in
            _ = try questions.send(1, from: bob, to: contract, scope: 1)
            _ = try questions.send(1, from: bob, to: contract, scope: 4)
            try questions.revertScope(2)
            _ = try questions.send(5, from: bob, to: contract, scope: 9)
            try questions.revertScope(1)
            return success()
        }
        try chain.run([chain.execute(sequence: 1).bytes])
        #expect(try chain.balance(contract) == 31)
    }

    @Test("the answer to a ledger message carries its module's response, or the refusal")
    func ledgerAnswers() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { _, questions, _ in
            let good = try questions.send(1, from: bob, to: contract, scope: 1)
            #expect(good.responseTypeURL == "/cosmos.bank.v1beta1.MsgSendResponse" && good.data.isEmpty)
            let bad = try questions.send(1, from: contract, to: ModuleAccount.feeCollector.address, scope: 1)
            #expect(bad.code == 4 && bad.codespace == "sdk")
            var unknown = LedgerMessage()
            unknown.signer = contract.bytes
            unknown.typeURL = "/ibc.core.client.v1.MsgUpdateClient"
            let answer = try questions.runLedgerMessage(unknown)
            #expect(answer.code == 6)
            var forged = LedgerMessage()
            forged.signer = contract.bytes
            let any = AnyMessage.send(1, from: bob, to: contract)
            (forged.typeURL, forged.value) = (any.typeURL, Array(any.value))
            let refused = try questions.runLedgerMessage(forged)
            #expect(refused.code == 4)
            return success()
        }
        try chain.run([chain.execute().bytes])
        #expect(try chain.balance(contract) == 1)
    }

    private func multiSend(_ outputs: [[Coin]], of input: [Coin]) -> LedgerMessage {
        let bob = chain.bob.address
        let parties = outputs.enumerated().map { index, coins in
            BankMessage.Party(address: FixtureKey("receiver \(index % 7)").address, coins: coins)
        }
        let any = BankMessage.multiSend(.init(inputs: [.init(address: bob, coins: input)], outputs: parties)).any
        var message = LedgerMessage()
        message.scope = 1
        message.signer = bob.bytes
        message.typeURL = any.typeURL
        message.value = Array(any.value)
        return message
    }

    @Test("a multiple send of 2,100 outputs is answered within a frame: its events are the enclave's to make")
    func manyOutputs() throws {
        let outputs = Array(repeating: [Coin(1, "uscrt")], count: 2_100)
        let message = multiSend(outputs, of: [Coin(2_100, "uscrt")])
        chain.lane.script = { _, questions, _ in
            let result = try questions.runLedgerMessage(message)
            #expect(result.code == 0)
            _ = try ToEnclave.ledgerMessage(result).encoded()
            return success()
        }
        try chain.run([chain.execute().bytes])
        #expect(try chain.balance(chain.bob.address) == 997_500 - 2_100)
        #expect(try chain.balance(FixtureKey("receiver 0").address) == 300)
    }

    @Test("coins without order in a multiple send are refused with a text that the enclave can be told")
    func unsortedOutputs() throws {
        let unsorted = (0..<2_500).reversed().map { Coin(1, "denomination/of/fifty/bytes/\(1_000_000_000 + $0)") }
        for message in [multiSend([unsorted], of: unsorted), multiSend([unsorted], of: [Coin(1, "uscrt")])] {
            chain.lane.script = { _, questions, _ in
                let result = try questions.runLedgerMessage(message)
                #expect(result.code == 10 && result.log.utf8.count <= 65_536)
                _ = try ToEnclave.ledgerMessage(result).encoded()
                return success()
            }
            try chain.run([chain.execute(sequence: try chain.sequence(chain.bob.address)!).bytes])
        }
    }

    @Test("a contract's history of long messages is not sent ahead beyond what a frame carries")
    func longHistory() throws {
        let contract = chain.contract
        let info = ContractInfo(
            codeID: 1, creator: chain.bob.address, label: "long",
            created: CreationPoint(blockHeight: 1, transactionIndex: 0), admin: nil, adminProof: [])
        let entry = ContractHistoryEntry(
            operation: .migrate, codeID: 1, updated: CreationPoint(blockHeight: 1, transactionIndex: 0),
            message: [UInt8](repeating: 7, count: 2_000_000))
        var writes = [StateWrite(key: ComputeStore.contractKey(contract), value: info.encoded)]
        // Those that a search for the last one, the 120th, finds on its way.
        for number in [1, 2, 4, 8, 16, 32, 64, 96, 112, 120] as [UInt64] {
            writes.append(StateWrite(key: ComputeStore.historyKey(contract, number), value: entry.encoded))
        }
        chain.lane.script = { _, _, _ in success { $0.writes = writes } }
        try chain.run([chain.execute().bytes])
        let migrate = ComputeMessage.migrate(
            .init(sender: chain.bob.address, contract: contract, codeID: 1, message: [1])
        ).any
        chain.lane.script = { _, _, lane in
            var request = RunTransaction()
            request.prefetched = lane.prefetched
            _ = try ToEnclave.runTransaction(request).encoded()
            #expect(!lane.prefetched.isEmpty)
            return success()
        }
        try chain.run([FixtureTransaction([migrate], by: chain.bob, number: 1, sequence: 1).bytes])
    }

    @Test("a transaction with other messages besides is the enclave's as a whole")
    func mixed() throws {
        let send = AnyMessage.send(7, from: chain.bob.address, to: chain.alice.address)
        chain.lane.script = { _, _, _ in success() }
        try chain.run([chain.execute(with: [send]).bytes])
        #expect(chain.lane.calls.contains("run 0"))
        #expect(try chain.balance(chain.alice.address) == 1_000_000)
    }

    @Test("stored code can be read within its block and after it, by its hash")
    func codes() throws {
        let code = [UInt8](repeating: 6, count: 1_000)
        chain.lane.script = { index, questions, _ in
            if index == 1 {
                let read = try questions.readCode(hash: SHA256.hash(code).bytes)
                #expect(read == code)
            }
            return success { if index == 0 { $0.storedCodes = [code] } }
        }
        try chain.run([chain.execute().bytes, chain.execute(sequence: 1).bytes])
        try chain.restart()
        chain.lane.script = { _, questions, _ in
            let read = try questions.readCode(hash: SHA256.hash(code).bytes)
            #expect(read == code)
            #expect(throws: UnanswerableQuestion.self) { try questions.readCode(hash: SHA256.hash([1]).bytes) }
            return success()
        }
        try chain.run([chain.execute(sequence: 2).bytes])
        #expect(try chain.application.code(hash: SHA256.hash(code)) == code)
    }

    @Test("state is read as it was before the block, with proofs, and at no other height")
    func reads() throws {
        let key = AccountStore.accountKey(chain.alice.address)
        let before = try chain.application.state(at: 0).value(of: key, in: StoreName.account)
        chain.lane.script = { _, questions, lane in
            let values = try [
                lane.read(key, in: StoreName.account, questions), lane.read([9, 9], in: StoreName.bank, questions),
            ]
            #expect(values == [before, nil])
            var read = StateRead()
            read.version = 1
            #expect(throws: UnanswerableQuestion.self) { try questions.readState(read) }
            return success()
        }
        try chain.run([chain.send(1).bytes, chain.execute().bytes])
        #expect(try chain.stored(key) == nil)
    }

    @Test("what will be read is sent ahead, what was read before is learnt, and nothing is sent twice in a block")
    func prefetch() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        let learnt: [UInt8] = [0x03] + [UInt8](repeating: 8, count: 40)
        var sent: [[[UInt8]]] = []
        chain.lane.script = { _, questions, lane in
            sent.append(lane.prefetched.flatMap(\.keys))
            if sent.count == 1 { _ = try lane.read(learnt, in: StoreName.compute, questions) }
            return success()
        }
        try chain.run([chain.execute().bytes, chain.execute(sequence: 1).bytes])
        try chain.run([chain.execute(sequence: 2).bytes])
        let usual = [
            AccountStore.accountKey(bob), BankStore.balanceKey(bob, "uscrt"), BankStore.sendEnabledKey("uscrt"),
            BankStore.sendDefaultKey, ComputeStore.contractKey(contract), ComputeStore.identityKey(contract),
            ComputeStore.inputOwnerKey(nonce: Hash32([UInt8](repeating: 9, count: 32))!),
        ]
        #expect(sent == [usual, [], usual + [learnt]])
    }

    @Test("what the enclave does not run, although the host would, is refused without a trace")
    func refusedByEnclave() throws {
        for (failure, code) in [(Failure.signerUnknown, 9), (.feeNotCovered, 5), (.sequenceUsed, 32)]
            as [(Failure, UInt32)]
        {
            let chain = try TestChain()
            chain.lane.script = { _, _, _ in throw EnclaveError.refused(failure) }
            let result = try chain.run([chain.execute().bytes])[0]
            #expect(result.code == code && result.events.isEmpty && result.data.isEmpty)
            #expect(try chain.sequence(chain.bob.address) == 0)
            #expect(try chain.balance(chain.bob.address) == 1_000_000)
        }
        chain.lane.script = { _, _, _ in throw EnclaveError.refused(.proofInvalid) }
        #expect(throws: EnclaveError.refused(.proofInvalid)) { try chain.run([chain.execute().bytes]) }
    }
}
