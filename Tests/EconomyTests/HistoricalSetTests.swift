import Auth
import ChainMessages
import EconomyKit
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import StrictJSON
import Testing
import Wire

/// Facts, section C.12, and `historical_info` of the live node in economy-golden.json.
@Suite("Sets of past blocks")
struct HistoricalSetTests {
    private static func founder(_ number: UInt8, key: UInt8, tokens: UInt128) -> Economy.Founder {
        .init(
            account: AccountAddress([UInt8](repeating: number, count: 20))!, key: [UInt8](repeating: key, count: 32),
            tokens: tokens)
    }

    private static func chain(_ founders: [Economy.Founder], entries: Int) throws -> Economy {
        try Economy(
            founders, rich: [], parameters: ["staking": ["historical_entries": .number(String(entries))]], mints: false)
    }

    private static func heights(_ economy: Economy) throws -> [UInt64] {
        var heights: [UInt64] = []
        try economy.state.visit("staking", prefix: [0x50]) { entry in
            heights.append(entry.key.dropFirst().reduce(0) { $0 << 8 | UInt64($1) })
        }
        return heights
    }

    private static func info(_ economy: Economy, at height: Int64) throws -> StakingV1beta1.HistoricalInfo {
        try #require(try economy.ask(StakingV1beta1.Query.historicalInfo, .init(height: height)).hist)
    }

    @Test("so many sets are kept as are bounded together, whatever a set may hold")
    func bounded() throws {
        let founders = [Self.founder(1, key: 1, tokens: 5_000_000)]
        // Of a hundred validators each, two million records.
        _ = try Self.chain(founders, entries: 20_000)
        var said = ""
        do { _ = try Self.chain(founders, entries: 20_001) } catch let refusal as GenesisRefusal {
            said = refusal.description
        }
        #expect(said.hasSuffix("of max validators, must be at most 2000000 together"), "\(said)")
    }

    @Test("the strongest comes first, and of equal ones the smaller consensus address, whatever the operators are")
    func order() throws {
        // Of a power of tokens there are parts that weigh nothing: 3,000,001 and 3,999,999 are equal.
        let founders = [
            Self.founder(1, key: 11, tokens: 3_999_999), Self.founder(2, key: 12, tokens: 9_000_000),
            Self.founder(3, key: 13, tokens: 3_000_001), Self.founder(4, key: 14, tokens: 3_500_000),
            Self.founder(5, key: 15, tokens: 1_000_000),
        ]
        let economy = try Self.chain(founders, entries: 5)
        try economy.begin()
        let equal = [founders[0], founders[2], founders[3]].sorted {
            $0.consensus.lexicographicallyPrecedes($1.consensus)
        }
        let expected = [founders[1]] + equal + [founders[4]]
        let set = try Self.info(economy, at: 1).valset
        #expect(set.map(\.operatorAddress) == expected.map(\.validator))
        // The order of the operators is another one, and so the one of the records is.
        #expect(equal.map(\.validator) != [founders[0], founders[2], founders[3]].map(\.validator))
        let records = try set.map { try StakingStore.validator($0.operatorAddress, in: economy.state) }
        #expect(records == set)
    }

    @Test("a block notes the set that it begins with, and what its header says as an application is told it")
    func header() throws {
        let founders = [
            Self.founder(1, key: 11, tokens: 50_000_000), Self.founder(2, key: 12, tokens: 40_000_000),
        ]
        let economy = try Self.chain(founders, entries: 5)
        let facts = HeaderFacts(
            chainID: "injective-777",
            nextValidatorsHash: try #require(Base64.decode("ynaONVM5I5K60tw9f2ynCEAEb72P84RZ1jbcB4MJPiU=")),
            appHash: try #require(Base64.decode("onog2l5F/A1kWmOKFnyERszsQCQBokmHZ+9MpWFzSDI=")))
        let proposer = try #require(Base64.decode("HpcWqbD0YYRa7UQq9uGuZpu0vS0="))
        try economy.begin(
            time: Timestamp(rfc3339: "2026-11-29T07:02:34.027309616Z"), proposer: proposer, header: facts)
        let held = try Self.info(economy, at: 1)
        // By hand, from what the live node shows at its block 295: version and last_block_id are there and empty.
        var expected: [UInt8] = [0x0a, 0, 0x12, 13] + Array("injective-777".utf8) + [0x18, 1]
        expected += [0x22, 11, 0x08] + [0x8a, 0x9c, 0xaf, 0xd8, 0x06] + [0x10] + [0xb0, 0xec, 0x82, 0x0d]
        expected += [0x2a, 2, 0x12, 0] + [0x4a, 32] + facts.nextValidatorsHash + [0x5a, 32] + facts.appHash
        expected += [0x72, 20] + proposer
        #expect(held.header == expected)

        // Whoever leaves in a block is in its set, and in no later one.
        _ = try economy.run(
            StakingV1beta1.MsgUndelegate(
                delegatorAddress: founders[1].account, validatorAddress: founders[1].validator,
                amount: Coin(40_000_000, "uscrt"))
        ).get()
        try economy.end()
        #expect(try Self.info(economy, at: 1) == held)
        try economy.begin()
        #expect(try Self.info(economy, at: 2).valset.map(\.operatorAddress) == [founders[0].validator])
        #expect(try Self.info(economy, at: 1).valset.count == 2)
    }

    @Test("as many blocks are kept as the parameter says, and a block forgets no more than sixteen when it falls")
    func pruning() throws {
        let economy = try Self.chain([Self.founder(1, key: 11, tokens: 50_000_000)], entries: 40)
        func next() throws {
            try economy.begin()
            try economy.end()
        }
        for _ in 0..<50 { try next() }
        #expect(try Self.heights(economy) == Array(11...50))
        func set(_ entries: UInt32) throws {
            var values = try StakingStore.parameters(in: economy.state)
            values.historicalEntries = entries
            let authority = ModuleAccount.governance.address
            _ = try economy.run(StakingV1beta1.MsgUpdateParams(authority: authority, params: values)).get()
        }
        try set(3)
        try next()
        #expect(try Self.heights(economy) == Array(27...51))
        try next()
        #expect(try Self.heights(economy) == Array(43...52))
        try next()
        try next()
        #expect(try Self.heights(economy) == Array(52...54))
        // A larger one brings nothing back.
        try set(5)
        try next()
        #expect(try Self.heights(economy) == Array(52...55))
        try set(0)
        try next()
        #expect(try Self.heights(economy) == [])
    }

    @Test("what is not kept is said as the live node says it, and a set is part of no genesis")
    func absent() throws {
        let economy = try Self.chain([Self.founder(1, key: 11, tokens: 50_000_000)], entries: 2)
        try economy.begin()
        #expect(throws: QueryRefusal.notFound("historical info for height 99999999 not found")) {
            try economy.ask(StakingV1beta1.Query.historicalInfo, .init(height: 99_999_999))
        }
        #expect(throws: QueryRefusal.notFound("historical info for height 0 not found")) {
            try economy.ask(StakingV1beta1.Query.historicalInfo, .init())
        }
        #expect(throws: QueryRefusal.invalidRequest("height cannot be negative")) {
            try economy.ask(StakingV1beta1.Query.historicalInfo, .init(height: -1))
        }
        let again = try Economy(genesis: try Economy.modules.exportGenesis(from: economy.state))
        #expect(try Self.heights(economy) == [1] && Self.heights(again) == [])
        // Of a chain whose validators are none of staking's there is nothing to note.
        let plain = try Self.chain([], entries: 2)
        try plain.begin()
        #expect(try Self.heights(plain) == [])
    }
}
