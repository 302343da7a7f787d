import Auth
import ChainMessages
import ChainModules
import Cron
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import TransactionFixtures
import Wire

@Suite("Schedules of contract calls")
struct CronTests {
    private let governance = ModuleAccount.governance.address
    private let contract = FixtureKey("contract").address

    private func run(_ message: some ChainMessage, _ ledger: Ledger) throws -> String? {
        let message = message.any
        do {
            _ = try ledger.router.run(message, signer: try message.signers()[0], in: Ledger.block, on: ledger.state)
            return nil
        } catch let refusal as TransactionRefusal { return "\(refusal.codespace) \(refusal.code) \(refusal.log)" }
    }

    private func add(
        _ name: String, period: UInt64 = 5, messages: [String] = ["{}"], by authority: AccountAddress? = nil
    ) -> Cron.MsgAddSchedule {
        .init(
            authority: authority ?? governance, name: name, period: period,
            msgs: messages.map { .init(contract: contract, msg: $0) })
    }

    @Test("governance alone adds and changes; who watches may end; what cannot be is refused by what is wrong")
    func messages() throws {
        let ledger = try Ledger()
        let alice = ledger.alice.address
        let other = "gov 13 invalid authority; expected \(governance), got \(alice)"
        #expect(try run(add("a", by: alice), ledger)?.hasPrefix(other) == true)
        #expect(try run(add("a"), ledger) == nil)
        #expect(try run(add("a"), ledger) == "sdk 18 schedule already exists with name: a: invalid request")
        let refused: [(Cron.MsgAddSchedule, String)] = [
            (add(""), "name must"), (add(String(repeating: "a", count: 65)), "name must"), (add("a b"), "name must"),
            (add("é"), "name must"), (add(".."), "name must"), (add("a/b"), "name must"),
            (add("b", period: 0), "period must"), (add("b", period: .max), "period must"),
            (add("b", messages: []), "msgs must"), (add("b", messages: Array(repeating: "{}", count: 17)), "msgs must"),
            (add("b", messages: [""]), "a message is empty"),
            (add("b", messages: [String(repeating: "x", count: 8_193)]), "msgs have more than 8192 bytes"),
        ]
        for (message, text) in refused {
            #expect(try run(message, ledger)?.hasPrefix("sdk 18 \(text)") == true, "\(message.name) \(text)")
        }
        #expect(try run(Cron.MsgRemoveSchedule(authority: alice, name: "a"), ledger)?.hasPrefix(other) == true)
        let watched = Cron.Params(securityAddress: alice, limit: 16)
        #expect(
            try run(Cron.MsgUpdateParams(authority: alice, params: watched), ledger)?.hasPrefix(other) == true)
        #expect(
            try run(Cron.MsgUpdateParams(authority: governance, params: .init(limit: 17)), ledger)?
                .hasPrefix("sdk 18 limit must be at most 16: 17") == true)
        #expect(try run(Cron.MsgUpdateParams(authority: governance, params: watched), ledger) == nil)
        #expect(try ledger.ask(Cron.Query.params, .init()).params == watched)
        #expect(try run(Cron.MsgRemoveSchedule(authority: alice, name: "x"), ledger)?.hasPrefix("sdk 18") == true)
        #expect(try run(Cron.MsgRemoveSchedule(authority: alice, name: "a"), ledger) == nil)
        #expect(try ledger.ask(Cron.Query.schedules, .init()).schedules.isEmpty)
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("what was added is told; an export leaves it out and says so, since the contracts stay behind")
    func taken() throws {
        let ledger = try Ledger()
        #expect(try run(add("b", messages: ["{\"x\":1}", "{}"]), ledger) == nil && run(add("a"), ledger) == nil)
        let list = try ledger.ask(Cron.Query.schedules, .init()).schedules
        #expect(list.map(\.name) == ["a", "b"] && list[1].msgs.map(\.msg) == ["{\"x\":1}", "{}"])
        #expect(list[0].lastExecuteHeight == Ledger.block.height && list[0].period == 5)
        #expect(try ledger.ask(Cron.Query.schedule, .init(name: "b")).schedule == list[1])
        #expect(throws: QueryRefusal.notFound("schedule not found")) {
            try ledger.ask(Cron.Query.schedule, .init(name: "c"))
        }
        let again = MemoryState()
        let exported = try ModuleList.chain.exportGenesis(from: ledger.state)
        try ModuleList.chain.importGenesis(exported, on: again)
        #expect(try ModuleList.chain.exportGenesis(from: again) == exported)
        #expect(exported["cron"]?["scheduleList"]?.array?.isEmpty == true)
        #expect(try CronModule().notExported(from: ledger.state) == ["2 schedules, whose contracts are not exported"])
        #expect(try ModuleList.chain.brokenInvariants(in: again) == [])
    }

    @Test("a genesis with a schedule twice, or with one that cannot be, is refused with its place")
    func genesis() throws {
        func refusal(_ list: String) throws -> String? {
            let json = try JSONReader.parse(
                Array("{\"cron\":{\"scheduleList\":[\(list)]}}".utf8), limits: JSONLimits(bytesMax: 1 << 16))
            do {
                try ModuleList.chain.importGenesis(json, on: MemoryState())
                return nil
            } catch let refusal as GenesisRefusal { return refusal.description }
        }
        let far = "\"last_execute_height\":\"1000000000001\""
        let late = "{\"name\":\"a\",\"period\":\"1\",\(far),\"msgs\":[{\"contract\":\"\(contract)\",\"msg\":\"{}\"}]}"
        #expect(try refusal(late)?.contains("no block has the height of its last call") == true)
        let one = "{\"name\":\"a\",\"period\":\"1\",\"msgs\":[{\"contract\":\"\(contract)\",\"msg\":\"{}\"}]}"
        #expect(try refusal(one) == nil)
        #expect(try refusal("\(one),\(one)")?.contains("scheduleList[1].name: is listed twice") == true)
        #expect(try refusal("{\"name\":\"a\",\"period\":\"1\",\"msgs\":[]}")?.contains("scheduleList[0]: msgs") == true)
    }

    @Test("at the end of a block it is said what the next one owes; of what is not there nothing more is known")
    func owed() throws {
        let ledger = try Ledger()
        #expect(try run(add("a", period: 1), ledger) == nil)
        func end(_ height: UInt64) throws -> [Transaction] {
            let block = BlockContext(height: height, time: Ledger.block.time, proposer: [])
            _ = try CronModule().endBlock(block, routing: ledger.router, on: ledger.state)
            return try CronModule.due(in: ledger.state).map { try Transaction(decoding: $0) }
        }
        let height = Ledger.block.height
        let owed = try end(height)
        #expect(owed.count == 1 && owed[0].signers == [CronStore.sender])
        #expect(owed[0].body.timeoutHeight == height + 1 && owed[0].authentication.fee.gasLimit == 5_000_000)
        guard case .execute(let call)? = try ComputeMessage.decode(owed[0].body.messages[0]) else {
            Issue.record("no call")
            return
        }
        #expect(call.contract == contract && Array(call.message[32..<64]) == CronStore.publicKey)
        #expect(String(decoding: call.message[64...], as: UTF8.self) == String(repeating: "0", count: 64) + "{}")
        // Each block's are its own.
        #expect(try end(height + 1)[0].hash != owed[0].hash)
        // Nor does the chain owe what nobody may send.
        let types = ["/secret.compute.v1beta1.MsgExecuteContract"]
        let trip = CircuitV1.MsgTripCircuitBreaker(authority: governance, msgTypeURLs: types)
        #expect(try run(trip, ledger) == nil)
        #expect(try end(height + 1).isEmpty)
        #expect(try run(CircuitV1.MsgResetCircuitBreaker(authority: governance, msgTypeURLs: types), ledger) == nil)
        #expect(try end(height + 1).count == 1)
        #expect(try run(Cron.MsgUpdateParams(authority: governance, params: .init(limit: 0)), ledger) == nil)
        #expect(try end(height + 2).isEmpty)
    }
}
