import ChainModules
import DecidedBlocks
import Foundation
import HostAnswers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SecretCryptography
import Seeds
import SignedTransactions
import TestSupport
import Testing
import TransactionFixtures
import WalletClient

/// The enclave takes no word of the host's ledger, so it keeps an account of its own (`FundsCover`), which must never
/// say more than the ledger of an honest node.
@Suite("Coin count", .serialized)
struct CoinCountTests {
    private struct World {
        let chain: CountedChain
        let treasury: Actor
        let actors: [Actor]
        let contracts: [AccountAddress]

        init(_ ledger: ModuleList) throws {
            func single(_ name: String, _ mode: SignMode = .direct) -> FixtureSigner { .single(FixtureKey(name), mode) }
            func members(_ name: String) -> FixtureSigner {
                .members(
                    (0..<3).map { single("\(name) \($0)", .legacyAminoJSON) }, threshold: 2, signing: [0, 2])
            }
            let rich = single("treasury")
            let others = [
                single("a"), single("b"), single("c", .legacyAminoJSON), single("d", .eip191), members("e"),
                members("f"), single("g"), single("h"),
            ]
            chain = try CountedChain(
                rich: [(rich.address, 1 << 100)] + others.prefix(6).map { ($0.address, 10_000_000) },
                vesting: [
                    others[1].address: try World.vesting(.continuous), others[2].address: try World.vesting(.periodic),
                    others[4].address: try World.vesting(.permanent),
                ],
                ledger: ledger)
            let ioPublicKey = chain.ioPublicKey
            treasury = Actor(rich, ioPublicKey: ioPublicKey)
            actors = others.map { Actor($0, ioPublicKey: ioPublicKey) }
            contracts = try World.puppets(on: chain, by: treasury)
        }

        /// Most of what the account has, over the blocks to come.
        private static func vesting(_ kind: VestingCoins.Kind) throws -> VestingCoins {
            let (start, coins) = (
                Int64(1_700_000_000), try Coins([Coin(9_000_000, "other"), Coin(9_000_000, "uscrt")])
            )
            switch kind {
            case .continuous: return VestingCoins(kind, original: coins, start: start, end: start + 900)
            case .periodic:
                let part = try Coins([Coin(3_000_000, "other"), Coin(3_000_000, "uscrt")])
                return VestingCoins(
                    kind, original: coins, start: start, end: start + 900,
                    periods: Array(repeating: .init(length: 300, amount: part), count: 3))
            default: return VestingCoins(kind, original: coins, end: 0)
            }
        }

        /// Two contracts, with coins.
        private static func puppets(on chain: CountedChain, by treasury: Actor) throws -> [AccountAddress] {
            func instantiate(_ label: String) throws -> AnyMessage {
                let sealed = try treasury.encryption.seal(
                    Array("{}".utf8), codeHash: Puppet.codeHash,
                    owner: (treasury.address, SHA256.hash(Puppet.code).bytes))
                return ComputeMessage.instantiate(
                    .init(
                        sender: treasury.address, codeID: 1, label: label, message: sealed,
                        funds: [Coin(10_000_000, "other"), Coin(10_000_000, "uscrt")])
                ).any
            }
            var transaction = SignedTransaction(
                [
                    ComputeMessage.storeCode(.init(sender: treasury.address, code: Puppet.code[...])).any,
                    try instantiate("one"), try instantiate("two"),
                ],
                by: [
                    .init(
                        treasury.signer,
                        accountNumber: try #require(try chain.account(treasury.address)).accountNumber, sequence: 0)
                ])
            transaction.fee.gasLimit = 10_000_000
            try #require(try chain.run([transaction.bytes], counting: []).results[0].code == 0)
            return (1...2).map { instance in
                ContractAddress.derive(
                    codeID: 1, instanceID: UInt64(instance), creator: treasury.address)
            }
        }
    }

    @Test("in random blocks the enclave never counts more than the ledger holds")
    func neverMore() async throws {
        let blockCount = ProcessInfo.processInfo.environment["CLOISTER_COIN_BLOCKS"].flatMap { Int($0) } ?? 1_000
        try await onThread { try walk(blockCount, on: GrantingModule.chain) }
    }

    @Test("nor where accounts grant each other what they let them do, and take it back")
    func withGrants() async throws {
        let blockCount = ProcessInfo.processInfo.environment["CLOISTER_COIN_BLOCKS"].flatMap { Int($0) } ?? 300
        try await onThread { try walk(blockCount, on: .chain) }
    }

    private func walk(_ blockCount: Int, on ledger: ModuleList) throws {
        let seed = SeededGenerator.seed(of: "coin count, \(blockCount) blocks")
        let world = try World(ledger)
        let chain = world.chain
        var blocks = RandomBlocks(
            chain, treasury: world.treasury, actors: world.actors, contracts: world.contracts, seed: seed)
        var codes: [UInt32: Int] = [:]
        var (exact, below) = (0, 0)
        for index in 0..<blockCount {
            let transactions = try blocks.block()
            let purses = blocks.addresses.flatMap { address in
                CountedChain.denominations.map { Purse(account: address, denomination: $0) }
            }
            let (results, counts) = try chain.run(transactions, counting: purses)
            for result in results { codes[result.code, default: 0] += 1 }
            for (purse, count) in zip(purses, counts) {
                if count.counted == count.held { exact += 1 } else { below += 1 }
                guard count.counted > count.held else { continue }
                Issue.record(
                    "seed \(seed), block \(index): \(count.counted)\(purse.denomination) counted of \(purse.account), \(count.held) held; results \(results.map(\.code))"
                )
                return
            }
        }
        print(
            "coin count: \(exact) purses counted exactly, \(below) below; results by code \(codes.sorted { $0.key < $1.key })"
        )
        #expect(blocks.granted > blockCount / 20)
        // A count of nothing would never be too high either.
        #expect(exact > below && below > 0)
        #expect(try ledger.brokenInvariants(in: chain.state) == [])
        guard blockCount >= 1_000 else { return }
        // Successes, calls that fail, false signatures, coins that are not there, keys left out, accounts not made yet,
        // lists that are none, gas that runs out, fees that are none, timeouts, sequences that are not the next.
        for code: UInt32 in [0, 3, 4, 5, 8, 9, 10, 11, 13, 30, 32] {
            #expect(codes[code, default: 0] > 0, "code \(code)")
        }
    }
}
