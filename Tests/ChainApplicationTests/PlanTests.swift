import Auth
import BlockParameters
import ChainApplication
import ChainFormats
import ChainInterface
import ChainMessages
import ChainModules
import DecidedBlocks
import EnclaveProtocol
import HostAnswers
import ModuleKit
import SignedTransactions
import Testing
import TransactionFixtures
import Upgrade
import Wire

/// What governance decides about the program that runs a chain, and about its blocks.
@Suite("Plans and parameters of blocks")
struct PlanTests {
    private let zero = Timestamp(seconds: 0, nanoseconds: 0)!

    /// Has messages of governance run at the end of blocks, as a proposal that passes would.
    private struct Decisions: LedgerModule {
        let name = "decisions"
        let stores = ["decisions"]
        var messages: [UInt64: [AnyMessage]]

        func endBlock(
            _ block: BlockContext, routing router: MessageRouter, on state: any LedgerState
        ) throws -> [Event] {
            try (messages[block.height] ?? []).flatMap { message in
                try router.run(message, signer: ModuleAccount.governance.address, in: block, on: state).events
            }
        }
    }

    /// Counts blocks from 1000 on.
    private struct Later: LedgerModule {
        let name = "later"
        let stores = ["later"]

        func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
            try state.set([1], of: [1], in: "later")
        }
    }

    private static func upgrade(_ name: String, at height: Int64) -> AnyMessage {
        UpgradeV1beta1.MsgSoftwareUpgrade(
            authority: ModuleAccount.governance.address,
            plan: .init(name: name, time: .goZero, height: height, info: "see there")
        ).any
    }

    private func chain(
        _ messages: [UInt64: [AnyMessage]], plans: Set<String> = [],
        rules: @escaping (inout ApplicationConfiguration) -> Void = { _ in }
    ) throws -> TestChain {
        try TestChain {
            $0.ledger = ModuleList(ModuleList.chain.modules + [Decisions(messages: messages)], plans: plans)
            rules(&$0)
        }
    }

    private func plan(_ chain: TestChain) throws -> String? {
        try UpgradePlan.current(in: chain.application.state(at: chain.application.committedHeight))?.name
    }

    @Test("a program that a plan does not mean runs no block from its height on, and one that it means goes on")
    func planned() throws {
        let decisions: [UInt64: [AnyMessage]] = [1: [Self.upgrade("next", at: 4)]]
        let chain = try chain(decisions)
        try chain.run([])
        #expect(try plan(chain) == "next")
        try chain.run([chain.send(5).bytes])
        #expect(!chain.application.isHalted)
        try chain.run([])
        let reached = PlanReached(height: 3, name: "next", info: "see there")
        #expect(chain.application.isHalted && chain.application.haltReason as? PlanReached == reached)
        let next = chain.decide([])
        #expect(throws: reached) {
            try chain.application.prepareProposal(bytesMax: 1_000, height: 4, time: next.header.time)
        }
        #expect(throws: reached) { try chain.application.processProposal(next.block) }
        #expect(throws: reached) { try chain.finalize([]) }
        #expect(throws: reached) { try chain.restart() }
        // One with other modules is not meant because it has them.
        let modules = ModuleList.chain.modules + [Decisions(messages: decisions), Later()]
        #expect(throws: UpgradeRefusal.self) { try chain.restart { $0.ledger = ModuleList(modules, plans: ["other"]) } }
        try chain.restart { $0.ledger = ModuleList(modules, plans: ["next"]) }
        #expect(!chain.application.isHalted)
        try chain.run([chain.send(5, sequence: 1).bytes])
        let state = try chain.application.state(at: 4)
        #expect(try UpgradePlan.current(in: state) == nil)
        #expect(try UpgradePlan.doneHeight(of: "next", in: state) == 4)
        #expect(try state.value(of: [1], in: "later") == [1])
        #expect(try chain.balance(chain.bob.address) == 1_000_010)
        // It is done, for whoever runs the chain from now on.
        try chain.restart { $0.ledger = ModuleList(modules) }
        try chain.run([])
    }

    @Test("a plan that changes no module is carried out, too, and a block that was run and not committed is run again")
    func unchanged() throws {
        let chain = try chain([1: [Self.upgrade("same", at: 2)]], plans: ["same"])
        try chain.run([])
        let outcome = try chain.finalize([chain.send(5).bytes])
        try chain.restart()
        let second = try chain.finalize([chain.send(5).bytes])
        #expect(outcome == second)
        try chain.commit(second)
        #expect(try plan(chain) == nil)
        #expect(try UpgradePlan.doneHeight(of: "same", in: chain.application.state(at: 2)) == 2)
    }

    @Test("a plan takes the place of one before it, and one that is withdrawn stops nobody")
    func withdrawn() throws {
        let cancel = UpgradeV1beta1.MsgCancelUpgrade(authority: ModuleAccount.governance.address).any
        let chain = try chain([1: [Self.upgrade("one", at: 3), Self.upgrade("two", at: 4)], 2: [cancel]])
        try chain.run([])
        #expect(try plan(chain) == "two")
        for _ in 0..<4 { try chain.run([]) }
        #expect(try plan(chain) == nil)
    }

    @Test("plans that cannot be are refused in the SDK's words")
    func refused() throws {
        let governance = ModuleAccount.governance.address
        let chain = try chain([1: [Self.upgrade("done", at: 2)]], plans: ["done"])
        for _ in 0..<2 { try chain.run([]) }
        let state = try chain.application.state(at: 2)
        let block = BlockContext(height: 3, time: zero, proposer: [])
        func log(_ message: AnyMessage, by signer: AccountAddress = governance) -> String? {
            do {
                _ = try ModuleList.chain.router.run(message, signer: signer, in: block, on: LedgerScope(state))
                return nil
            } catch { return (error as? TransactionRefusal).map { "\($0.codespace) \($0.code) \($0.log)" } }
        }
        func plan(_ change: (inout UpgradeV1beta1.Plan) -> Void, by signer: AccountAddress = governance) -> AnyMessage {
            var plan = UpgradeV1beta1.Plan(name: "new", time: .goZero, height: 9)
            change(&plan)
            return UpgradeV1beta1.MsgSoftwareUpgrade(authority: signer, plan: plan).any
        }
        #expect(log(plan { _ in }) == nil)
        #expect(log(plan { $0.height = 3 }) == "sdk 18 upgrade cannot be scheduled in the past: invalid request")
        #expect(log(plan { $0.height = 0 }) == "sdk 18 height must be greater than 0: invalid request")
        #expect(log(plan { $0.name = "" }) == "sdk 18 name cannot be empty: invalid request")
        #expect(
            log(plan { $0.time = zero })
                == "sdk 18 time-based upgrades have been deprecated in the SDK: invalid request")
        #expect(
            log(plan { $0.name = "done" })
                == "sdk 18 upgrade with name done has already been completed: invalid request")
        let cancel = UpgradeV1beta1.MsgCancelUpgrade(authority: governance).any
        #expect(log(cancel) == "upgrade 3 upgrade plan not found")
        let alice = chain.alice.address
        #expect(
            log(plan({ _ in }, by: alice), by: alice)
                == "upgrade 6 expected \(governance) got \(alice): expected authority account as only signer for proposal "
                + "message")
    }

    // MARK: - Blocks

    private static func blocks(
        _ change: (inout ConsensusV1.MsgUpdateParams) -> Void
    ) -> AnyMessage {
        var message = ConsensusV1.MsgUpdateParams(
            authority: ModuleAccount.governance.address, block: .init(maxBytes: 1_000_000, maxGas: 2_000_000),
            evidence: .init(maxAgeNumBlocks: 77, maxAgeDuration: .seconds(99), maxBytes: 1_000),
            validator: .init(pubKeyTypes: ["ed25519"]))
        change(&message)
        return message.any
    }

    @Test("what governance says of blocks goes to consensus once, and transactions of the next block are held to it")
    func parameters() throws {
        let chain = try chain([2: [Self.blocks { _ in }]])
        #expect(try chain.finalize([]).parameterUpdates == nil)
        try chain.commit(try chain.finalize([]))
        let large = chain.send(5).with { ($0.gasLimit, $0.fee) = (2_000_001, [Coin(60_000, "uscrt")]) }
        #expect(try chain.application.checkTransaction(large.bytes, .new).code == 0)
        let outcome = try chain.finalize([])
        #expect(
            outcome.parameterUpdates
                == ConsensusParameterUpdates(
                    block: .init(bytesMax: 1_000_000, gasMax: 2_000_000),
                    evidence: EvidenceParameters(ageBlocksMax: 77, ageNanosecondsMax: 99_000_000_000, bytesMax: 1_000),
                    publicKeyTypes: ["ed25519"]))
        #expect(try ConsensusParameters().updated(outcome.parameterUpdates!).blockGasMax == 2_000_000)
        try chain.commit(outcome)
        #expect(try chain.application.checkTransaction(large.bytes, .new).code == 41)
        let results = try chain.run([large.bytes])
        #expect(results[0].code != 0)
        try chain.restart()
        #expect(try chain.application.checkTransaction(large.bytes, .new).code == 41)
        #expect(try chain.finalize([]).parameterUpdates == nil)
    }

    @Test("what no engine could go on with is refused, and so is whoever is not governance")
    func impossible() throws {
        let chain = try chain([:])
        let block = BlockContext(height: 3, time: zero, proposer: [])
        let state = try chain.application.state(at: 0)
        func code(_ message: AnyMessage, by signer: AccountAddress = ModuleAccount.governance.address) -> String? {
            do {
                _ = try ModuleList.chain.router.run(message, signer: signer, in: block, on: LedgerScope(state))
                return nil
            } catch { return (error as? TransactionRefusal).map { "\($0.codespace) \($0.code)" } }
        }
        #expect(code(Self.blocks { _ in }) == nil)
        let alice = chain.alice.address
        #expect(code(Self.blocks { $0.authority = alice }, by: alice) == "gov 13")
        let changes: [(inout ConsensusV1.MsgUpdateParams) -> Void] = [
            { $0.block = nil }, { $0.evidence = nil }, { $0.validator = nil }, { $0.block?.maxBytes = 0 },
            { $0.block?.maxBytes = -2 }, { $0.block?.maxBytes = 104_857_601 }, { $0.block?.maxBytes = 65_535 },
            { $0.block?.maxGas = -2 }, { $0.block?.maxGas = 999_999 }, { $0.evidence?.maxAgeNumBlocks = 0 },
            { $0.evidence?.maxAgeDuration = .zero },
            { $0.evidence?.maxAgeDuration = .seconds(Int64.max / 1_000_000_000) },
            { $0.evidence?.maxBytes = 1_000_001 }, { $0.evidence?.maxBytes = -1 },
            { $0.validator?.pubKeyTypes = [] }, { $0.validator?.pubKeyTypes = ["secp256k1"] },
            { $0.abci = .init(voteExtensionsEnableHeight: 5) },
        ]
        for (index, change) in changes.enumerated() {
            #expect(code(Self.blocks(change)) == "undefined 1", "\(index)")
        }
        for change in [
            { $0.block?.maxBytes = -1 }, { $0.block?.maxGas = -1 }, { $0.abci = .init() },
        ] as [(inout ConsensusV1.MsgUpdateParams) -> Void] {
            #expect(code(Self.blocks(change)) == nil)
        }
    }
}
