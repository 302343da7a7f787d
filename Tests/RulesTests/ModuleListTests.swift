import ChainMessages
import EnclaveProtocol
import LedgerKit
import ModuleKit
import SignedTransactions
import Testing
import TransactionFixtures

@Suite("Modules of a chain")
struct ModuleListTests {
    /// Says what it is asked for, and notes it in the one state.
    private struct Speaker: LedgerModule {
        let name: String

        func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try say("begin", block, on: state)
        }

        func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try say("end", block, on: state)
        }

        private func say(_ what: String, _ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            let said = try state.value(of: [1], in: "said") ?? []
            try state.set(said + Array("\(what) \(name) \(block.height) ".utf8), of: [1], in: "said")
            return [Event(what, ["by": name])]
        }
    }

    private static let list = ModuleList(
        [Speaker(name: "a"), Speaker(name: "b"), Speaker(name: "c")], beginning: ["c"], ending: ["b", "c"])

    @Test("begin and end a block in the list's order or their own, and mark their events")
    func order() throws {
        let state = MemoryState()
        let began = try Self.list.beginBlock(Ledger.block, on: state)
        let ended = try Self.list.endBlock(Ledger.block, on: state)
        let said = String(decoding: try #require(state.value(of: [1], in: "said")), as: UTF8.self)
        #expect(said == "begin c 1 begin a 1 begin b 1 end b 1 end c 1 end a 1 ")
        #expect(
            began.map(\.line) == ["c", "a", "b"].map { "begin{by=\($0),mode=BeginBlock}" }
                && ended.map(\.line) == ["b", "c", "a"].map { "end{by=\($0),mode=EndBlock}" })
    }

    @Test("a message with coins out of order is refused, whatever its module says, and ends no node")
    func noCoins() throws {
        let handler = MessageHandler(BankV1beta1.MsgSend.self) { message, _, _ in
            [Event("coins", ["amount": try Coins(message.amount).description])]
        }
        let address = FixtureKey("alice").address
        for coins in [
            [Coin(1, "b"), Coin(1, "a")], [Coin(0, "abc")], [Coin(1, "abc"), Coin(1, "abc")], [Coin(1, "!")],
        ] {
            let message = BankV1beta1.MsgSend(fromAddress: address, toAddress: address, amount: coins)
            let refusal = #expect(throws: TransactionRefusal.self) {
                try handler.run(message.any, in: Ledger.block, on: MemoryState())
            }
            #expect(refusal?.code == 10 && refusal?.codespace == "sdk", "\(coins)")
        }
    }

    @Test("a message whose bytes are none is refused, whatever its module says, and ends no node")
    func noMessage() throws {
        let handler = MessageHandler(StakingV1beta1.MsgDelegate.self) { message, _, _ in
            [Event("delegate", ["delegator": message.delegatorAddress.description])]
        }
        for bytes in [[0xff], [0x0a, 0x01, 0x41], [0x98, 0x06, 0x01]] as [[UInt8]] {
            let message = AnyMessage(typeURL: StakingV1beta1.MsgDelegate.typeURL, value: bytes)
            let refusal = #expect(throws: TransactionRefusal.self) {
                try handler.run(message, in: Ledger.block, on: MemoryState())
            }
            #expect(refusal?.code == 2 && refusal?.codespace == "sdk", "\(bytes)")
        }
        let address = FixtureKey("alice").address
        let delegation = StakingV1beta1.MsgDelegate(
            delegatorAddress: address, validatorAddress: OperatorAddress(address), amount: Coin(1, "uscrt"))
        let outcome = try handler.run(delegation.any, in: Ledger.block, on: MemoryState())
        #expect(outcome.events.map(\.line) == ["delegate{delegator=\(address)}"])
        #expect(
            outcome.response.typeURL == "/cosmos.staking.v1beta1.MsgDelegateResponse" && outcome.response.value.isEmpty)
    }
}
