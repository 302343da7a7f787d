import Attestation
import ChainMessages
import DecidedBlocks
import EconomyKit
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import Wire

/// What enclaves ask of evidence changes at a time that was told before.
@Suite("Notice of what enclaves trust")
struct PolicyNoticeTests {
    private typealias Update = CloisterRegistrationV1.MsgUpdatePolicy
    private typealias Approve = CloisterRegistrationV1.MsgApproveProgram

    private let program = SHA256.hash([1])

    private func policy(_ chain: Proposals) throws -> RegistrationPolicy? {
        try RegistrationModule.policy(in: chain.economy.state)
    }

    private func shown(_ chain: Proposals) throws -> CloisterRegistrationV1.QueryPolicyResponse {
        try chain.economy.ask(CloisterRegistrationV1.Query.policy, .init())
    }

    private func params(_ policy: RegistrationPolicy) -> String {
        let members = (JSONValue(policy).object ?? []).filter { $0.0 != "measurements" && $0.0 != "planned_programs" }
        return String(decoding: JSONWriter.bytes(of: .object(members)), as: UTF8.self)
    }

    private func update(_ policy: RegistrationPolicy, from time: Timestamp? = nil) -> Update {
        .init(authority: Proposals.governance, params: params(policy), notBefore: time)
    }

    private func approve(from time: Timestamp? = nil) -> Approve {
        .init(authority: Proposals.governance, measurement: program.description, notBefore: time)
    }

    private func asking(_ version: UInt16) -> RegistrationPolicy {
        RegistrationPolicy(measurements: [], securityVersionMin: version)
    }

    /// Begins the next block so many seconds after this one.
    private func next(_ chain: Proposals, after seconds: Int64) throws -> [String] {
        try chain.economy.end()
        let time = chain.economy.block.time.adding(nanoseconds: seconds * 1_000_000_000)
        return try chain.economy.begin(time: time).map(\.line).filter { $0.contains("enclave_policy") }
    }

    @Test("a policy takes force in the first block of its time and not in the one before, and the programs stay")
    func planned() throws {
        let chain = try Proposals()
        #expect(try chain.refusal(update(asking(1))) == nil)
        let begin = chain.economy.block.time.adding(nanoseconds: 100_000_000_000)
        #expect(try chain.refusal(update(asking(2), from: begin)) == nil)
        #expect(try policy(chain) == asking(1))
        let told = try shown(chain)
        #expect(told.params == params(asking(1)) && told.plannedParams == params(asking(2)))
        #expect(told.plannedNotBefore == begin && told.leastNoticeSeconds == 0)
        // Programs are approved meanwhile, and another plan takes the first one's place.
        #expect(try chain.refusal(approve()) == nil)
        #expect(try chain.refusal(update(asking(3), from: begin.adding(nanoseconds: 1))) == nil)
        #expect(try next(chain, after: 100) == [])
        #expect(try policy(chain)?.securityVersionMin == 1)
        let height = chain.economy.block.height - 1
        let second = begin.adding(nanoseconds: 1_000_000_000)
        #expect(
            try next(chain, after: 1)
                == ["enforce_enclave_policy{not_before=\(second),decided_at=\(height),mode=BeginBlock}"])
        var wanted = asking(3)
        wanted.measurements = [program]
        #expect(try policy(chain) == wanted)
        #expect(try shown(chain).plannedParams == "" && shown(chain).plannedNotBefore == nil)
        #expect(try next(chain, after: 1) == [])
        #expect(try chain.broken() == [])
        // What is said to hold at once takes the plan's place, too: what governance says last holds.
        #expect(try chain.refusal(update(asking(5), from: second.adding(nanoseconds: 50_000_000_000))) == nil)
        #expect(try chain.refusal(update(asking(4), from: second)) == nil)
        #expect(try next(chain, after: 100) == [])
        #expect(try policy(chain)?.securityVersionMin == 4)
        #expect(try chain.refusal(update(asking(4), from: .latest))?.hasPrefix("sdk 18 not_before is a time") == true)
        #expect(try chain.broken() == [])
    }

    @Test("a chain with a least notice approves nothing earlier, and asks for less of evidence no earlier")
    func least() throws {
        let chain = try Proposals()
        let now = chain.economy.block.time
        let begun = asking(7)
        try chain.economy.state.set(begun.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
        let genesis: JSONValue = ["least_notice": "3600s"]
        try RegistrationModule().importGenesis(
            GenesisValue(genesis, at: "app_state.register"), on: chain.economy.state)
        #expect(try shown(chain).leastNoticeSeconds == 3_600)
        func after(_ seconds: Int64) -> Timestamp { now.adding(nanoseconds: seconds * 1_000_000_000) }
        let refused =
            "sdk 18 this chain decides about its enclaves 3600 seconds ahead: not_before must be \(after(3_600)) or "
            + "later: invalid request"
        for time in [nil, now, after(3_599)] {
            #expect(try chain.refusal(approve(from: time)) == refused)
            #expect(try chain.refusal(update(asking(6), from: time)) == refused)
        }
        #expect(try policy(chain) == begun)
        #expect(try chain.refusal(approve(from: after(3_600))) == nil)
        // An earlier time for what is planned is one that must have had its notice, too.
        #expect(try chain.refusal(approve(from: after(3_599))) == refused)
        #expect(try chain.refusal(update(asking(6), from: after(3_600))) == nil)
        #expect(try chain.broken() == [])
        // Who asks for more keeps somebody out, and that may be at once; it takes back what was planned.
        #expect(try chain.refusal(update(asking(8))) == nil)
        #expect(try policy(chain)?.securityVersionMin == 8)
        #expect(try shown(chain).plannedParams == "")
        let end = CloisterRegistrationV1.MsgEndApproval(
            authority: Proposals.governance, measurement: program.description)
        #expect(try chain.refusal(end) == nil)
    }

    @Test("whatever lets one more in is told from what only asks for more, field by field")
    func stricter() throws {
        let root = { (number: UInt8) in
            AttestationRoot(name: "r", spkiSHA256: SHA256.hash([number]).bytes, kind: .hardware)
        }
        var quote = QuotePolicy()
        (quote.kinds, quote.rootKinds, quote.statuses) = ([.sgx], [.hardware], [.upToDate])
        (quote.signers, quote.productID, quote.securityVersionMin) = ([SHA256.hash([1]), SHA256.hash([2])], 5, 3)
        (quote.refusedAdvisories, quote.evaluationNumberMin) = (["INTEL-SA-00615"], 7)
        (quote.outOfDateGraceSeconds, quote.collateralAgeSecondsMax) = (100, 200)
        quote.families = [[1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]]
        quote.refusedFamilies = [[3, 3, 3, 3, 3, 3]]
        (quote.allowsDynamicPlatforms, quote.allowsSharedCores) = (false, false)
        quote.kindsWithoutCollateral = []
        let asked = RegistrationPolicy(
            roots: [root(1)], measurements: [], securityVersionMin: 2, evidenceBlocksMax: 9, seedBlocksMax: 8,
            evidence: EvidencePolicy(quote))
        func with(_ change: (inout RegistrationPolicy, inout QuotePolicy) -> Void) -> RegistrationPolicy {
            var (policy, inner) = (asked, quote)
            change(&policy, &inner)
            if policy.evidence != nil { policy.evidence = EvidencePolicy(inner) }
            return policy
        }
        let more: [(inout RegistrationPolicy, inout QuotePolicy) -> Void] = [
            { _, _ in }, { policy, _ in policy.roots = [] }, { policy, _ in policy.evidenceBlocksMax = 8 },
            { policy, _ in policy.seedBlocksMax = 7 }, { policy, _ in policy.securityVersionMin = 4 },
            { _, quote in quote.securityVersionMin = 4 }, { policy, _ in policy.securityVersionMin = 0 },
            { _, quote in quote.kinds = [] }, { _, quote in quote.statuses = [] },
            { _, quote in quote.signers = [SHA256.hash([2])] }, { _, quote in quote.evaluationNumberMin = 8 },
            { _, quote in quote.refusedAdvisories.append("INTEL-SA-00614") },
            { _, quote in quote.outOfDateGraceSeconds = 99 }, { _, quote in quote.collateralAgeSecondsMax = 199 },
            { _, quote in quote.families = [[2, 2, 2, 2, 2, 2]] },
            { _, quote in quote.refusedFamilies.append([4, 4, 4, 4, 4, 4]) },
        ]
        let less: [(inout RegistrationPolicy, inout QuotePolicy) -> Void] = [
            { policy, _ in policy.roots.append(root(2)) }, { policy, _ in policy.evidenceBlocksMax = 10 },
            { policy, _ in policy.seedBlocksMax = 9 }, { _, quote in quote.securityVersionMin = 2 },
            { _, quote in quote.kinds = [.sgx, .tdx] }, { _, quote in quote.rootKinds = [.simulated, .hardware] },
            { _, quote in quote.kindsWithoutCollateral = [.simulated] },
            { _, quote in quote.statuses = [.upToDate, .outOfDate] }, { _, quote in quote.signers = nil },
            { _, quote in quote.signers = [SHA256.hash([3])] }, { _, quote in quote.productID = nil },
            { _, quote in quote.productID = 6 }, { _, quote in quote.evaluationNumberMin = 6 },
            { _, quote in quote.refusedAdvisories = [] }, { _, quote in quote.outOfDateGraceSeconds = 101 },
            { _, quote in quote.collateralAgeSecondsMax = 201 }, { _, quote in quote.collateralAgeSecondsMax = nil },
            { _, quote in quote.families = nil }, { _, quote in quote.families?.append([5, 5, 5, 5, 5, 5]) },
            { _, quote in quote.refusedFamilies = [] }, { _, quote in quote.allowsDynamicPlatforms = true },
            { _, quote in quote.allowsSharedCores = true }, { policy, _ in policy.evidence = nil },
        ]
        for (number, change) in (more + less).enumerated() {
            let chain = try Proposals()
            try RegistrationModule().importGenesis(
                GenesisValue(["params": JSONValue(asked), "least_notice": "10s"], at: "app_state.register"),
                on: chain.economy.state)
            var wanted = with(change)
            var text = params(wanted)
            if wanted.evidence == nil { text = text.dropLast() + #","evidence":null}"# }
            let missing = ["signers", "product", "collateral_age_seconds_max", "families"].filter {
                wanted.evidence != nil && !text.contains("\"\($0)\":")
            }
            for name in missing { text = text.replacing("\"evidence\":{", with: "\"evidence\":{\"\(name)\":null,") }
            let said = try chain.refusal(
                Update(authority: Proposals.governance, params: text, notBefore: nil))
            #expect((said == nil) == (number < more.count), "change \(number): \(said ?? "taken")")
            if said != nil { wanted = asked }
            #expect(said?.contains("10 seconds ahead") != false, "change \(number): \(said ?? "")")
            #expect(try policy(chain) == wanted, "change \(number)")
        }
    }

    @Test("a genesis file says the notice and the plan, an export says them again, and wrong ones are named")
    func genesis() throws {
        let chain = try Proposals()
        let keys = RegistrationModule.ExchangeKeys(input: program, node: SHA256.hash([2]))
        let plan: JSONValue = [
            "params": JSONValue(asking(4)), "not_before": "2100-01-01T00:00:00Z",
        ]
        let part: JSONValue = .object(
            (JSONValue(keys).object ?? []) + [
                ("params", JSONValue(asking(3))), ("least_notice", "86400s"), ("planned_policy", plan),
            ])
        func begin(_ part: JSONValue) throws {
            try RegistrationModule().importGenesis(
                GenesisValue(part, at: "app_state.register"), on: chain.economy.state)
        }
        try begin(part)
        #expect(try RegistrationModule().exportGenesis(from: chain.economy.state) == part)
        #expect(try shown(chain).plannedNotBefore == Timestamp(rfc3339: "2100-01-01T00:00:00Z"))
        #expect(try RegistrationModule().brokenInvariants(in: chain.economy.state) == [])
        var programs = asking(4)
        programs.measurements = [program]
        for (part, why) in [
            (["least_notice": "0.5s"], "least_notice: is no number of whole seconds up to 31536000s"),
            (["least_notice": "31536001s"], "least_notice: is no number of whole seconds up to 31536000s"),
            (
                ["planned_policy": ["params": JSONValue(programs), "not_before": "2100-01-01T00:00:00Z"]],
                "planned_policy.params: programs are planned one by one"
            ),
            (
                ["planned_policy": ["not_before": "1970-01-01T00:00:00.5Z"]],
                "planned_policy.not_before: is no whole second after 1970"
            ),
        ] as [(JSONValue, String)] {
            #expect(throws: GenesisRefusal("app_state.register.\(why)")) { try begin(part) }
        }
        // A record that is none is seen.
        try chain.economy.state.set([1], of: [11], in: StoreName.register)
        #expect(try RegistrationModule().brokenInvariants(in: chain.economy.state).count == 1)
    }
}
