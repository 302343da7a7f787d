import Attestation
import Auth
import ChainApplication
import ChainMessages
import ChainModules
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StrictJSON
import Testing
import Wire

/// Enclave programs that a chain approves at one height and no more at another, as all its nodes are told.
@Suite("Approvals of enclave programs") struct ApprovalTests {
    private typealias Approvals = RegistrationModule.Approvals

    private func program(_ number: Int) -> Hash32 { SHA256.hash([UInt8(number)]) }

    private func approved(_ chain: TestChain) throws -> [Hash32] {
        try RegistrationModule.policy(in: chain.application.state(at: UInt64(chain.height)))?.measurements ?? []
    }

    @Test("a program is approved from its block on until its end, and a node that was told otherwise does not start")
    func ends() throws {
        let told: [UInt64: Approvals] = [
            2: Approvals(added: [program(1)]), 3: Approvals(added: [program(2)]),
            4: Approvals(added: [program(3)], ended: [program(1)]),
        ]
        let chain = try TestChain { $0.approvals = told }
        var seen: [[Int]] = []
        for _ in 0..<4 {
            try chain.run([])
            let approved = try approved(chain)
            seen.append((1...3).filter { approved.contains(program($0)) })
        }
        #expect(seen == [[], [1], [1, 2], [2, 3]])
        try chain.restart()
        let wrong: [([UInt64: Approvals], Hash32, UInt64)] = [
            ([2: Approvals(added: [program(1)])], program(1), 2),
            ([4: Approvals(ended: [program(2)])], program(2), 4),
            ([4: Approvals(added: [program(4)])], program(4), 4),
        ]
        for (approvals, measurement, height) in wrong {
            #expect(throws: ApprovalRefusal(measurement: measurement, height: height, committedHeight: 4)) {
                try chain.restart { $0.approvals = approvals }
            }
        }
        try chain.restart { $0.approvals = told }
        try chain.run([])
    }

    @Test("a chain begins with the notice and the plan of its genesis file, and with its own enclave's keys")
    func beginsWithNotice() throws {
        let policy = RegistrationPolicy(measurements: [program(1)], evidenceBlocksMax: 5)
        // Programs are planned one by one.
        let later = RegistrationPolicy(measurements: [], evidenceBlocksMax: 7)
        let said: [(String, JSONValue)] = [
            ("params", JSONValue(policy)), ("least_notice", "86400s"),
            ("planned_policy", ["params": JSONValue(later), "not_before": "2100-01-01T00:00:00Z"]),
        ]
        let other = RegistrationModule.ExchangeKeys(input: program(2), node: program(3))
        let chain = try TestChain(genesis: ["register": .object((JSONValue(other).object ?? []) + said)])
        try chain.run([])
        let begun = try RegistrationModule().exportGenesis(from: chain.application.state(at: 1))
        #expect(begun == .object((JSONValue(chain.keys).object ?? []) + said))
    }

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

    @Test("what governance says of a program counts more than what operators were told before, and not than after")
    func governance() throws {
        let authority = ModuleAccount.governance.address
        func approve(_ number: Int) -> AnyMessage {
            CloisterRegistrationV1.MsgApproveProgram(
                authority: authority, measurement: program(number).description
            ).any
        }
        func end(_ number: Int) -> AnyMessage {
            CloisterRegistrationV1.MsgEndApproval(authority: authority, measurement: program(number).description).any
        }
        let told: [UInt64: Approvals] = [
            1: Approvals(added: [program(1), program(2)]), 4: Approvals(added: [program(3)], ended: [program(4)]),
        ]
        let decisions = Decisions(messages: [2: [end(1), approve(4)], 3: [approve(3)], 5: [approve(4)]])
        func settings(also approvals: [UInt64: Approvals] = [:]) -> (inout ApplicationConfiguration) -> Void {
            { configuration in
                configuration.approvals = told.merging(approvals) { $1 }
                configuration.ledger = ModuleList(ModuleList.chain.modules + [decisions])
            }
        }
        let chain = try TestChain(settings())
        var seen: [[Int]] = []
        for _ in 0..<6 {
            try chain.run([])
            let approved = try approved(chain)
            seen.append((1...4).filter { approved.contains(program($0)) })
        }
        #expect(seen == [[1, 2], [2, 4], [2, 3, 4], [2, 3], [2, 3, 4], [2, 3, 4]])
        // Nobody has to be told anew, and who was told otherwise than the others is still found.
        try chain.restart()
        for number in [2, 4] {
            #expect(throws: ApprovalRefusal(measurement: program(number), height: 6, committedHeight: 6)) {
                try chain.restart(settings(also: [6: Approvals(ended: [program(number)])]))
            }
        }
    }

    @Test("whatever governance approves until then, settings that a node starts with have room when their block comes")
    func governanceFills() throws {
        let authority = ModuleAccount.governance.address
        func approve(_ numbers: ClosedRange<Int>) -> [AnyMessage] {
            numbers.map { number in
                CloisterRegistrationV1.MsgApproveProgram(
                    authority: authority, measurement: program(number).description
                ).any
            }
        }
        func end(_ number: Int) -> AnyMessage {
            CloisterRegistrationV1.MsgEndApproval(authority: authority, measurement: program(number).description).any
        }
        let most = RegistrationModule.settingsProgramsMax
        let places = RegistrationModule.approvedProgramsMax - most
        // Governance ends what the settings counted as there, and takes its place by another.
        let decisions = Decisions(messages: [
            2: approve(101...100 + places - 1), 3: [end(1)], 4: approve(101 + places - 1...100 + places),
        ])
        let chain = try TestChain {
            $0.ledger = ModuleList(ModuleList.chain.modules + [decisions])
            $0.approvals = [
                1: Approvals(added: [program(1)]), 6: Approvals(added: (1...most).map(program)),
                // Once more is no more.
                7: Approvals(added: [program(2)]),
            ]
        }
        for _ in 0..<7 { try chain.run([]) }
        #expect(try approved(chain).count == RegistrationModule.approvedProgramsMax)
        // One more is refused before a block is run with it, though a chain without approvals has places enough.
        let many: [UInt64: Approvals] = [
            3: Approvals(added: (2...most).map(program)), 5: Approvals(added: [program(0), program(99)]),
        ]
        #expect(throws: TooManyApprovals(height: 5, count: most + 1, isOfSettings: true)) {
            _ = try TestChain { $0.approvals = many }
        }
        // A node that replays a chain has before it what was approved and ended, one after the other.
        let past = (1...2 * most).map { number in
            (UInt64(number), Approvals(added: [program(number)], ended: number > 1 ? [program(number - 1)] : []))
        }
        _ = try TestChain { $0.approvals = Dictionary(uniqueKeysWithValues: past) }
    }

    @Test("what settings say of a program that governance approves later holds from their block on")
    func settingsAndPlans() throws {
        let later = Timestamp(rfc3339: "2100-01-01T00:00:00Z")
        let plans = (5...7).map { number in
            CloisterRegistrationV1.MsgApproveProgram(
                authority: ModuleAccount.governance.address, measurement: program(number).description, notBefore: later
            ).any
        }
        let chain = try TestChain {
            $0.ledger = ModuleList(ModuleList.chain.modules + [Decisions(messages: [2: plans])])
            $0.approvals = [3: Approvals(added: [program(5)]), 4: Approvals(ended: [program(6)])]
        }
        for _ in 0..<4 { try chain.run([]) }
        let policy = try #require(try RegistrationModule.policy(in: chain.application.state(at: 4)))
        #expect(policy.measurements == [program(5)])
        #expect(policy.planned.map(\.measurement) == [program(7)])
        try chain.restart()
    }

    @Test("one more than a chain can approve is refused before the block that would end all nodes comes")
    func many() throws {
        let most = RegistrationModule.approvedProgramsMax
        let first = most - RegistrationModule.settingsProgramsMax + 1
        let digits = (0..<first).map { JSONValue.string(program($0).description) }
        let genesis: JSONValue = ["register": ["params": ["measurements": .array(digits)]]]
        let full = Approvals(added: (first..<most).map(program))
        let chain = try TestChain(genesis: genesis) { $0.approvals = [2: full] }
        try chain.run([])
        // Counted with what is still to come, and once that is in the state.
        let one = Approvals(added: [program(most)])
        for _ in 0..<2 {
            #expect(throws: TooManyApprovals(height: 9, count: most + 1)) {
                try chain.restart { $0.approvals = [2: full, 9: one] }
            }
            try chain.restart { $0.approvals = [2: full] }
            try chain.run([])
        }
        #expect(try approved(chain).count == most)
        // What is approved already takes no place, and what ends makes one.
        try chain.restart {
            $0.approvals = [
                2: full, 4: Approvals(added: [program(0)]),
                5: Approvals(added: [program(most)], ended: [program(1)]),
            ]
        }
        for _ in 0..<2 { try chain.run([]) }
        let last = try approved(chain)
        #expect(last.count == most && last.contains(program(most)))
        // A chain that has not begun: what genesis approves counts, too.
        #expect(throws: TooManyApprovals(height: 2, count: most + 1)) {
            _ = try TestChain(genesis: genesis) { $0.approvals = [2: Approvals(added: (first...most).map(program))] }
        }
    }
}
