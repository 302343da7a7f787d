import ChainMessages
import EconomyKit
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Testing
import Wire

/// What waits since a block does no more than it may.
@Suite("Proposals that wait")
struct GovernanceBoundsTests {
    private func deposit(_ id: UInt64, by depositor: AccountAddress) -> GovV1.MsgDeposit {
        .init(proposalID: id, depositor: depositor, amount: [Coin(10_000_000, "uscrt")])
    }

    @Test("a proposal whose time for deposits is over, and that waits behind a hundred others, takes none any more")
    func lateDeposit() throws {
        let chain = try Proposals()
        let economy = chain.economy
        for _ in 0..<103 { try chain.submit(deposit: 100_000) }
        try economy.end()
        try economy.begin(time: economy.block.time.adding(nanoseconds: 100_000_000_000))
        // As the original has it: until the end of the block that drops it.
        #expect(try economy.code(deposit(101, by: chain.bob)) == "ok")
        #expect(try economy.end().filter { $0.type == "inactive_proposal" }.count == 100)
        #expect(try chain.broken() == [])
        try economy.begin()
        #expect(try chain.refusal(deposit(102, by: chain.bob)) == "gov 3 102: inactive proposal")
        // What came in time goes on, and what begins now is not late.
        #expect(try chain.status(101) == .votingPeriod)
        #expect(try economy.code(deposit(try chain.submit(deposit: 100_000), by: chain.bob)) == "ok")
        #expect(try economy.end().filter { $0.type == "inactive_proposal" }.count == 2)
        try economy.begin()
        #expect(try economy.state.value(of: [0xe3], in: "gov") == nil)
        #expect(try chain.broken() == [])
    }

    @Test("a chain that begins with an export takes nothing more for what waited, and has counted the same votes")
    func export() throws {
        let chain = try Proposals()
        let economy = chain.economy
        for _ in 0..<102 { try chain.submit(deposit: 100_000) }
        try economy.end()
        try economy.begin(time: economy.block.time.adding(nanoseconds: 80_000_000_000))
        for _ in 0..<18 { try chain.submit() }
        let open = try chain.submit(expedited: false)
        for voter in [chain.alice, chain.bob] { try chain.vote(118, .no, by: voter) }
        try chain.vote(open, .yes, by: chain.validators[0].account)
        try economy.end()
        try economy.begin(time: economy.block.time.adding(nanoseconds: 20_000_000_000))
        _ = try chain.submit()
        try chain.vote(122, .yes, by: chain.bob)
        try economy.end()
        let genesis = try Economy.modules.exportGenesis(from: economy.state)
        let again = try Economy(genesis: genesis)
        for prefix in [0xe1, 0xe2, 0xe3] as [UInt8] {
            func entries(_ state: any LedgerReading) throws -> [LedgerEntry] {
                try state.entries(in: "gov", prefix: [prefix], after: nil, limit: 10, reverse: false)
            }
            #expect(try entries(again.state) == entries(economy.state))
            #expect(try !entries(again.state).isEmpty)
        }
        #expect(try Economy.modules.brokenInvariants(in: again.state) == [])
        #expect(try Economy.modules.exportGenesis(from: again.state) == genesis)
        for other in [economy, again] {
            try other.begin(time: economy.block.time)
            #expect(try other.code(GovV1.MsgVote(proposalID: 120, voter: chain.alice, option: .yes)) == "gov/3")
            #expect(try other.code(deposit(102, by: chain.bob)) == "gov/3")
            #expect(try other.code(GovV1.MsgVote(proposalID: 122, voter: chain.alice, option: .yes)) == "ok")
        }
    }

    @Test(
        "what a genesis says of them beyond what waits there is refused, and the way to it is named",
        arguments: [
            (
                #""light_votes":[]"#, #""light_votes":[{"proposal_id":"1","count":"2"}]"#,
                "light_votes[0].count: is no number of this proposal's votes"
            ),
            (
                #""light_votes":[]"#, #""light_votes":[{"proposal_id":"9","count":"1"}]"#,
                "light_votes[0].count: is no number of this proposal's votes"
            ),
            (#""votes_over_at":null"#, #""votes_over_at":"1970-01-01T00:00:20Z""#, "votes_over_at: no proposal waits"),
            (#""deposits_over_at":null"#, #""deposits_over_at":"x""#, "deposits_over_at: is no time"),
        ])
    func refused(said: String, instead: String, why: String) throws {
        let chain = try Proposals()
        try chain.submit()
        try chain.vote(1, .yes, by: chain.validators[0].account)
        try chain.economy.end()
        let text = String(
            decoding: JSONWriter.bytes(of: try Economy.modules.exportGenesis(from: chain.economy.state)), as: UTF8.self)
        #expect(text.contains(said))
        let changed = try JSONReader.parse(
            Array(text.replacing(said, with: instead).utf8), limits: .init(bytesMax: 1 << 20, depthMax: 32))
        #expect(throws: GenesisRefusal("app_state.gov.\(why)")) { try Economy(genesis: changed) }
    }

    @Test("a note that proposals wait, and more light votes than votes, are seen where nothing is so")
    func stale() throws {
        let chain = try Proposals()
        try chain.submit()
        try chain.economy.end()
        let state = chain.economy.state
        #expect(try chain.broken() == [])
        for key in [0xe2, 0xe3] as [UInt8] {
            try state.set(Array("1970-01-01T00:00:06Z".utf8), of: [key], in: "gov")
            #expect(try chain.broken().count == 1)
            try state.set(nil, of: [key], in: "gov")
        }
        try state.set(StateKey.number(1 as UInt64), of: [0xe1] + StateKey.number(1 as UInt64), in: "gov")
        #expect(try chain.broken() == ["gov: 1 of 0 votes on proposal 1 weigh next to nothing"])
    }
}
