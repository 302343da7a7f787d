import BenchmarkKit
import ChainMessages
import EconomyKit
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// A chain of a size, and what can happen on it; each thing as messages in blocks of at most a thousand.
final class EconomyLoad {
    /// What a block cost, in seconds: begin and end of a processor, whoever else is busy, commit of the clock.
    /// Without the messages in it.
    struct Block {
        var begin = 0.0
        var end = 0.0
        var commit = 0.0
        var written = 0
    }

    static let votingSeconds: Int64 = 100_000
    static let unbondingSeconds: Int64 = 1_000_000

    private static let messagesMax = 1_000
    private let size: EconomyBenchmark.Size
    private let ledger: DurableLedger
    private let economy: Economy
    private let founders: [Economy.Founder]
    private let delegators: [AccountAddress]
    private var jailed: Set<[UInt8]> = []
    private var absent: Set<[UInt8]> = []
    private var misbehavior: [BlockMisbehavior] = []

    init(_ size: EconomyBenchmark.Size) throws {
        self.size = size
        ledger = try DurableLedger(stores: Economy.modules.stores)
        founders = (0..<size.validators).map { index in
            Economy.Founder(
                account: Self.account("validator \(index)"), key: SHA256.hash(Array("key \(index)".utf8)).bytes,
                tokens: UInt128(1_000_000_000 + 1_000_000 * index))
        }
        delegators = (0..<size.delegators).map { Self.account("delegator \($0)") }
        let dust = (0..<size.dust).map { (Self.account("dust \($0)"), UInt128(1)) }
        let gov: JSONValue = .object([
            ("min_deposit", [["denom": "uscrt", "amount": "10000000"]]),
            ("voting_period", .string("\(Self.votingSeconds)s")), ("expedited_voting_period", "50000s"),
            ("expedited_min_deposit", [["denom": "uscrt", "amount": "50000000"]]),
        ])
        economy = try Economy(
            founders, rich: (delegators + founders.map(\.account)).map { ($0, 100_000_000_000) } + dust,
            parameters: [
                "gov": gov,
                "staking": [
                    "unbonding_time": .string("\(Self.unbondingSeconds)s"),
                    "max_validators": .number(String(size.validators)),
                ],
                "slashing": ["signed_blocks_window": "100", "downtime_jail_duration": "60s"],
            ], on: ledger)
        try ledger.commit()
        try blocks { delegations() }
        try blocks { proposals() }
    }

    private static func account(_ name: String) -> AccountAddress {
        AccountAddress(Array(SHA256.hash(Array(name.utf8)).bytes.prefix(20)))!
    }

    // MARK: - Blocks

    /// Runs that many blocks with the same messages in each.
    func blocks(_ count: Int, _ messages: () -> [AnyMessage] = { [] }) throws -> [Block] {
        try (0..<count).flatMap { _ in try blocks(messages) }
    }

    /// Runs the messages, in as many blocks as they need.
    @discardableResult
    func blocks(_ messages: () -> [AnyMessage]) throws -> [Block] {
        let all = messages()
        guard !all.isEmpty else { return [try block([])] }
        return try stride(from: 0, to: all.count, by: Self.messagesMax).map { start in
            try block(all[start..<min(all.count, start + Self.messagesMax)])
        }
    }

    /// A block so many seconds later, and those that come right after it.
    func pass(seconds: Int64, blocks count: Int) throws -> [Block] {
        try [block([], after: seconds)] + blocks(count)
    }

    private func block(_ messages: ArraySlice<AnyMessage>, after seconds: Int64 = 6) throws -> Block {
        var block = Block()
        let votes = founders.filter { !jailed.contains($0.consensus) }.map { founder in
            BlockVote(
                validator: founder.consensus, power: founder.power, isPresent: !absent.contains(founder.consensus))
        }
        let start = Machine.threadSeconds
        try economy.begin(
            time: economy.block.time.adding(nanoseconds: seconds * 1_000_000_000), votes: votes,
            misbehavior: misbehavior)
        block.begin = Machine.threadSeconds - start
        misbehavior = []
        for message in messages { _ = try economy.run(any: message).get() }
        let end = Machine.threadSeconds
        try economy.end()
        block.end = Machine.threadSeconds - end
        let commit = Machine.now
        block.written = try ledger.commit()
        block.commit = Machine.now - commit
        return block
    }

    // MARK: - What happens

    private func delegations() -> [AnyMessage] {
        delegators.enumerated().flatMap { index, delegator in
            (0..<min(size.delegations, founders.count)).map { place in
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: delegator, validatorAddress: validator(of: index, place),
                    amount: Coin(1_000_000, "uscrt")
                ).any
            }
        }
    }

    /// The first delegation of each goes to the largest validator.
    private func validator(of index: Int, _ place: Int) -> OperatorAddress {
        founders[place == 0 ? founders.count - 1 : (index * 7 + place) % (founders.count - 1)].validator
    }

    private func proposals() -> [AnyMessage] {
        (0..<size.proposals).map { index in
            GovV1.MsgSubmitProposal(
                messages: [], initialDeposit: [Coin(10_000_000, "uscrt")],
                proposer: delegators[index % delegators.count],
                metadata: "ipfs://x", title: "proposal \(index)", summary: String(repeating: "s", count: 1_000)
            ).any
        }
    }

    func transfers(_ count: Int) -> [AnyMessage] {
        (0..<count).map { index in
            BankV1beta1.MsgSend(
                fromAddress: delegators[index % delegators.count], toAddress: Self.account("dust \(index)"),
                amount: [Coin(1, "uscrt")]
            ).any
        }
    }

    func rewards() -> [AnyMessage] {
        delegators.enumerated().map { index, delegator in
            DistributionV1beta1.MsgWithdrawDelegatorReward(
                delegatorAddress: delegator, validatorAddress: validator(of: index, 0)
            ).any
        }
    }

    func votes() -> [AnyMessage] {
        (1...size.proposals).flatMap { number in
            founders.map { GovV1.MsgVote(proposalID: UInt64(number), voter: $0.account, option: .yes).any }
        }
    }

    func delegatorsVote() -> [AnyMessage] {
        delegators.map { GovV1.MsgVote(proposalID: 1, voter: $0, option: .no).any }
    }

    func undelegations() -> [AnyMessage] {
        delegators.enumerated().map { index, delegator in
            StakingV1beta1.MsgUndelegate(
                delegatorAddress: delegator, validatorAddress: validator(of: index, 0), amount: Coin(500_000, "uscrt")
            ).any
        }
    }

    /// For what it did before the others took their stake back, so that all of it is slashed.
    func doubleSign() throws -> [Block] {
        let offender = founders[founders.count - 1]
        misbehavior = [
            BlockMisbehavior(
                validator: offender.consensus, power: offender.power, height: 2,
                time: economy.block.time.adding(nanoseconds: -1_000_000_000))
        ]
        jailed.insert(offender.consensus)
        return try blocks(2)
    }

    /// Until the window is over for all who are absent.
    func absence() throws -> [Block] {
        absent = Set(founders.prefix(founders.count / 3).map(\.consensus))
        let blocks = try blocks(60)
        jailed.formUnion(absent)
        absent = []
        return blocks
    }
}
