import Attestation
import Auth
import ChainMessages
import DecidedBlocks
import EconomyKit
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import Wire

/// To which enclaves a chain gives its seeds, as governance says it: in the record that enclaves prove.
@Suite("Approvals by governance")
struct ProgramApprovalTests {
    private typealias Approve = CloisterRegistrationV1.MsgApproveProgram
    private typealias End = CloisterRegistrationV1.MsgEndApproval
    private typealias Update = CloisterRegistrationV1.MsgUpdatePolicy

    private let governance = Proposals.governance

    private func program(_ number: UInt8) -> Hash32 { SHA256.hash([number]) }

    private func policy(_ chain: Proposals) throws -> RegistrationPolicy? {
        try RegistrationModule.policy(in: chain.economy.state)
    }

    private func shown(_ chain: Proposals) throws -> CloisterRegistrationV1.QueryPolicyResponse {
        try chain.economy.ask(CloisterRegistrationV1.Query.policy, .init())
    }

    private func approve(_ number: UInt8, from time: Timestamp? = nil) -> Approve {
        Approve(authority: governance, measurement: program(number).description, notBefore: time)
    }

    private func log(_ chain: Proposals, _ message: some ChainMessage) throws -> String? { try chain.refusal(message) }

    @Test("a program is approved by a vote, from its time on, and an approval ends by another")
    func voted() throws {
        let chain = try Proposals()
        let later = chain.economy.block.time.adding(nanoseconds: 100_000_000_000)
        func decide(_ messages: [AnyMessage]) throws {
            let id = try chain.submit(messages)
            for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
            try chain.pass(20)
            #expect(try chain.status(id) == .passed)
        }
        try decide([approve(1).any, approve(2, from: later).any])
        let height = Int64(chain.economy.block.height) - 1
        #expect(
            try policy(chain)
                == RegistrationPolicy(
                    measurements: [program(1)], planned: [PlannedProgram(program(2), notBefore: later.seconds)]))
        #expect(
            try shown(chain).programs == [
                .init(measurement: program(1).description, height: height),
                .init(measurement: program(2).description, notBefore: later, height: height),
            ])
        #expect(try RegistrationModule.decisionHeight(on: program(2), in: chain.economy.state) == UInt64(height))
        #expect(try RegistrationModule.decisionHeight(on: program(3), in: chain.economy.state) == nil)
        // One takes back what is to come, and the other what is.
        try decide([End(authority: governance, measurement: program(2).description).any])
        #expect(try policy(chain)?.planned == [])
        try decide([End(authority: governance, measurement: program(1).description).any])
        #expect(try policy(chain) == RegistrationPolicy(measurements: []))
        #expect(try shown(chain).programs == [])
        #expect(try chain.broken() == [])
        // What governance said of one program stands under no other's.
        let said = [[9] + program(1).bytes, [9] + program(3).bytes]
        let record = try chain.economy.state.value(of: said[0], in: StoreName.register)
        try chain.economy.state.set(record, of: said[1], in: StoreName.register)
        #expect(try chain.broken().contains { $0.contains(Hexadecimal.encode(said[1])) })
    }

    @Test("a time that is over is none, one that comes can be changed, and a part of a second counts as a whole")
    func times() throws {
        let chain = try Proposals()
        let now = chain.economy.block.time
        func planned(_ time: Timestamp) throws -> Int64? {
            #expect(try log(chain, approve(1, from: time)) == nil)
            return try policy(chain)?.planned.first { $0.measurement == program(1) }?.notBefore
        }
        #expect(try planned(now.adding(nanoseconds: 50_000_000_000)) == now.seconds + 50)
        #expect(try planned(now.adding(nanoseconds: 60_000_000_001)) == now.seconds + 61)
        #expect(try planned(now.adding(nanoseconds: 10_000_000_000)) == now.seconds + 10)
        #expect(try policy(chain)?.planned.count == 1)
        // Its time has come: it is approved, and no plan can put that off.
        try chain.pass(20)
        #expect(try policy(chain)?.programs(at: chain.economy.block.time.seconds) == [program(1)])
        #expect(try log(chain, approve(1))?.hasPrefix("sdk 18 ") == true)
        #expect(try log(chain, approve(2, from: now)) == nil)
        #expect(try policy(chain) == RegistrationPolicy(measurements: [program(1), program(2)]))
        #expect(try chain.broken() == [])
        // The last second that a record can name, and what comes after it.
        let last = Timestamp.latest.seconds
        for (time, isTaken) in [
            (Timestamp(seconds: last, nanoseconds: 0), true), (Timestamp(seconds: last, nanoseconds: 1), false),
        ] {
            let said = try log(chain, approve(3, from: time))
            #expect((said == nil) == isTaken && said?.hasPrefix("sdk 18 not_before is a time that no block") != isTaken)
        }
        #expect(try policy(chain)?.planned == [PlannedProgram(program(3), notBefore: last)])
        #expect(try shown(chain).programs.last?.notBefore == Timestamp(seconds: last, nanoseconds: 0))
        let params = JSONValue(try #require(try policy(chain)))
        #expect(try RegistrationPolicy(inGenesis: ["register": ["params": params]]) == policy(chain))
    }

    @Test("one proposal that says a thing twice is refused as a whole, and one that takes back what it said is not")
    func twice() throws {
        let chain = try Proposals()
        let later = chain.economy.block.time.adding(nanoseconds: 500_000_000_000)
        func decide(_ messages: [any ChainMessage]) throws -> GovV1.ProposalStatus {
            let id = try chain.submit(messages.map(\.any))
            for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
            try chain.pass(20)
            return try chain.status(id)
        }
        let end = End(authority: governance, measurement: program(1).description)
        #expect(try decide([approve(2), approve(1), approve(1)]) == .failed)
        #expect(
            try policy(chain) == nil
                && RegistrationModule.decisionHeight(on: program(2), in: chain.economy.state) == nil)
        // Of two times the last one holds; of an approval and its end, the end.
        #expect(
            try decide([approve(1, from: later), approve(1, from: later.adding(nanoseconds: 1_000_000_000))]) == .passed
        )
        #expect(try policy(chain)?.planned == [PlannedProgram(program(1), notBefore: later.seconds + 1)])
        #expect(try decide([end, end]) == .failed)
        #expect(try policy(chain)?.programCount == 1)
        #expect(try decide([end, approve(1), end]) == .passed)
        #expect(try policy(chain)?.programCount == 0)
        // An approval that has ended comes back by another vote alone.
        #expect(try decide([approve(1)]) == .passed)
        #expect(try policy(chain)?.measurements == [program(1)])
        #expect(try chain.broken() == [])
    }

    @Test("where settings have filled what governance leaves free, what stands there still gets another time")
    func filled() throws {
        let chain = try Proposals()
        let far = Timestamp(rfc3339: "2100-01-01T00:00:00Z")
        #expect(try log(chain, approve(1, from: far)) == nil)
        let others = (2...60).map { program(UInt8($0)) }
        try RegistrationModule.apply(.init(added: others), on: chain.economy.state)
        #expect(try log(chain, approve(61))?.hasPrefix("sdk 18 a chain approves no more than 48") == true)
        #expect(try log(chain, approve(1, from: far?.adding(nanoseconds: 1_000_000_000))) == nil)
        #expect(try policy(chain)?.planned.map(\.notBefore) == [(far?.seconds ?? 0) + 1])
        #expect(try log(chain, approve(1)) == nil)
        #expect(try policy(chain)?.measurements.count == 60)
        #expect(throws: UpgradeRefusal.self) {
            try RegistrationModule.apply(.init(added: (61...65).map { program(UInt8($0)) }), on: chain.economy.state)
        }
        #expect(try policy(chain)?.measurements.count == 60)
    }

    @Test("nobody but governance approves, and what is no program is refused")
    func refused() throws {
        let chain = try Proposals()
        let alice = chain.alice
        let messages: [any ChainMessage] = [
            Approve(authority: alice, measurement: program(1).description),
            End(authority: alice, measurement: program(1).description), Update(authority: alice, params: "{}"),
        ]
        for message in messages { #expect(try log(chain, message)?.hasPrefix("gov 13 invalid authority") == true) }
        let digits = program(1).description
        for text in ["", "00", String(digits.dropLast()), digits + "0", digits.uppercased(), "g" + digits.dropFirst()] {
            let said = try log(chain, Approve(authority: governance, measurement: text))
            #expect(said?.hasPrefix("sdk 18 a measurement has 64 hexadecimal digits") == true, "\(text)")
        }
        #expect(try log(chain, End(authority: governance, measurement: digits))?.hasPrefix("sdk 18 ") == true)
        #expect(try policy(chain) == nil)
        // So many that operators still have room for what they were told.
        for number in 1...48 {
            #expect(
                try log(chain, approve(UInt8(number), from: number > 40 ? .init(rfc3339: "2100-01-01T00:00:00Z") : nil))
                    == nil)
        }
        #expect(try log(chain, approve(49))?.hasPrefix("sdk 18 a chain approves no more than 48") == true)
        #expect(try policy(chain)?.programCount == 48)
        #expect(try chain.broken() == [])
    }

    @Test("what evidence must be is replaced whole, by what names every member, and the programs stay")
    func updated() throws {
        let chain = try Proposals()
        #expect(try log(chain, approve(1)) == nil)
        func update(_ text: String) throws -> String? { try log(chain, Update(authority: governance, params: text)) }
        let usual = try shown(chain).params
        #expect(try update(usual) == nil)
        var asked = QuotePolicy()
        (asked.refusedAdvisories, asked.securityVersionMin) = (["INTEL-SA-00615"], 3)
        let root = AttestationRoot(name: "r", spkiSHA256: program(9).bytes, kind: .hardware)
        let wanted = RegistrationPolicy(
            roots: [root], measurements: [program(1)], securityVersionMin: 2, evidenceBlocksMax: 9, seedBlocksMax: 8,
            evidence: EvidencePolicy(asked))
        var members = JSONValue(wanted).object ?? []
        #expect(
            try update(String(decoding: JSONWriter.bytes(of: .object(members)), as: UTF8.self))?.hasSuffix(
                "programs are approved one by one: invalid request") == true)
        members.removeAll { $0.0 == "measurements" }
        func text(_ members: [(String, JSONValue)]) -> String {
            String(decoding: JSONWriter.bytes(of: .object(members)), as: UTF8.self)
        }
        #expect(try update(text(members)) == nil)
        #expect(try policy(chain) == wanted)
        #expect(try shown(chain).params == text(members))
        // A member that is missing or misspelt, also one of evidence, would leave something unasked.
        for index in members.indices {
            var fewer = members
            fewer.remove(at: index)
            #expect(try update(text(fewer))?.contains("\(members[index].0) is missing, or is none") == true)
        }
        #expect(try update(text(members + [("sed_blocks_max", "1")]))?.contains("sed_blocks_max is missing") == true)
        let evidence = try #require(members.firstIndex { $0.0 == "evidence" })
        var inner = members[evidence].1.object ?? []
        inner.removeAll { $0.0 == "refused_advisories" }
        var fewer = members
        fewer[evidence].1 = .object(inner)
        #expect(try update(text(fewer))?.contains("evidence.refused_advisories is missing") == true)
        // Nor does a member say it that is only called like the way to another.
        fewer.append(("evidence.refused_advisories", .array([])))
        #expect(try update(text(fewer))?.contains("evidence.refused_advisories is missing") == true)
        for wrong in ["", "7", "[]", "{", text(members.map { ($0.0, $0.0 == "evidence_blocks_max" ? "65" : $0.1) })] {
            #expect(try update(wrong)?.hasPrefix("sdk 18 ") == true, "\(wrong)")
        }
        #expect(try policy(chain) == wanted)
        // What is to be asked no more is said, too.
        #expect(try update(text(members.map { ($0.0, $0.0 == "evidence" ? .null : $0.1) })) == nil)
        #expect(try policy(chain)?.evidence == nil)
        #expect(try chain.broken() == [])
    }

    @Test("a genesis file has the programs that are to come, and makes the same record of them")
    func genesis() throws {
        let chain = try Proposals()
        #expect(try log(chain, approve(1)) == nil)
        #expect(try log(chain, approve(2, from: Timestamp(rfc3339: "2100-01-01T00:00:00Z"))) == nil)
        let policy = try #require(try policy(chain))
        let params = JSONValue(policy)
        #expect(params["planned_programs"]?[0]?["not_before"] == "2100-01-01T00:00:00Z")
        let state: JSONValue = ["register": ["params": params]]
        #expect(try RegistrationPolicy(inGenesis: state) == policy)
        for (time, isTaken) in [
            ("2100-01-01T00:00:00Z", true), ("2100-01-01T00:00:00.5Z", false), ("1970-01-01T00:00:00Z", false),
            ("soon", false),
        ] {
            let planned: JSONValue = [["measurement": .string(program(2).description), "not_before": .string(time)]]
            let other: JSONValue = ["register": ["params": ["planned_programs": planned]]]
            #expect(((try? RegistrationPolicy(inGenesis: other)) != nil) == isTaken, "\(time)")
        }
        let many = (0..<65).map { program(UInt8($0)) }
        for (count, isTaken) in [(64, true), (65, false)] {
            let lists = RegistrationPolicy(
                measurements: Array(many[..<40]),
                planned: many[40..<count].map { PlannedProgram($0, notBefore: 1_900_000_000) })
            let other: JSONValue = ["register": ["params": JSONValue(lists)]]
            #expect(((try? RegistrationPolicy(inGenesis: other)) != nil) == isTaken, "\(count)")
        }
    }
}
