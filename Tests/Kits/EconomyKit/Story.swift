import Auth
import Bank
import ChainMessages
import ExactNumbers
import Foundation
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import StrictJSON
import TestSupport
import Wire

/// A random story that `economy_model.py` tells and judges, done by the modules.
package struct Story {
    private var economy: Economy?
    private var founders: [Economy.Founder] = []
    private var rich: [(AccountAddress, UInt128)] = []
    package private(set) var operations = 0

    package init() {}

    /// The lines of a story; the same for the same seed.
    package static func lines(seed: String, blocks: Int) throws -> [Substring] {
        let folder = TemporaryFolder("story")
        let answered = folder.url.appending(path: "out")
        try Data().write(to: answered)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", Repository.path("Tests/Kits/EconomyKit/economy_model.py"), seed, String(blocks),
        ]
        process.standardOutput = try FileHandle(forWritingTo: answered)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw StoryFault(line: "the model ended badly", difference: "") }
        return try String(contentsOf: answered, encoding: .utf8).split(separator: "\n")
    }

    /// Of the model; small windows and times, so that much happens.
    package static let parameters: [String: JSONValue] = [
        "staking": ["unbonding_time": "1000s", "max_entries": 3, "max_validators": 4, "historical_entries": 5],
        "mint": ["blocks_per_year": "100000"],
        "slashing": ["signed_blocks_window": "20", "downtime_jail_duration": "60s"],
    ]

    /// Does what a line says; throws where something else comes of it.
    package mutating func follow(_ line: Substring) throws {
        let sides = line.components(separatedBy: " => ")
        let words = sides[0].split(separator: " ").map(String.init)
        let answer = try answer(words)
        guard sides.count == 2, answer != sides[1] else { return }
        let pairs = zip(sides[1].split(separator: "|"), answer.split(separator: "|"))
        let difference = pairs.first { $0 != $1 }.map { "the model says \($0), the modules \($1)" }
        throw StoryFault(line: String(sides[0]), difference: difference ?? "\(sides[1]), and the modules: \(answer)")
    }

    private mutating func answer(_ words: [String]) throws -> String {
        switch words[0] {
        case "founder":
            founders.append(.init(account: account(words[1]), key: bytes(words[2]), tokens: UInt128(words[3])!))
            return ""
        case "rich":
            rich.append((account(words[1]), UInt128(words[2])!))
            return ""
        case "genesis":
            economy = try Economy(founders, rich: rich, parameters: Story.parameters)
            return try picture(economy!)
        case "begin":
            let before = try ordinary()
            try economy!.begin(
                time: Timestamp(seconds: Int64(words[2])!, nanoseconds: 0)!, votes: votes(words[3]),
                misbehavior: evidence(words[4]))
            // The enclave has counted what they can spend in the block.
            let after = try ordinary()
            for (account, amount) in before where after[account] ?? 0 < amount {
                throw StoryFault(line: words[0], difference: "a block's begin took coins of \(account)")
            }
            return ""
        case "fee":
            guard let coins = try? Coins([Coin(UInt128(words[2])!, "uscrt")]) else { return "" }
            try BankModule.move(
                coins, from: account(words[1]), to: ModuleAccount.feeCollector.address, on: economy!.state)
            return ""
        case "end":
            try economy!.end()
            return try picture(economy!)
        default:
            operations += 1
            return try operation(words, economy!)
        }
    }

    package var state: any LedgerState { economy!.state }

    package func running() throws -> Economy {
        guard let economy else { throw StoryFault(line: "answers", difference: "nothing has begun") }
        return economy
    }

    /// What ordinary accounts have.
    private func ordinary() throws -> [AccountAddress: UInt128] {
        var balances: [AccountAddress: UInt128] = [:]
        try state.visit("bank", prefix: BankStore.balancePrefix) { entry in
            guard let (address, _) = BankStore.balance(ofKey: entry.key),
                !ModuleAccount.all.contains(where: { $0.address == address })
            else { return }
            balances[address] = BankStore.amount(entry.value)
        }
        return balances
    }

    package func brokenInvariants() throws -> [String] { try Economy.modules.brokenInvariants(in: economy!.state) }

    // MARK: - Operations

    private func operation(_ words: [String], _ economy: Economy) throws -> String {
        func coin(_ place: Int) -> Coin { Coin(UInt128(words[place])!, "uscrt") }
        func validator(_ place: Int) -> OperatorAddress { OperatorAddress(account(words[place])) }
        let who = account(words[1])
        typealias Staking = StakingV1beta1
        typealias Distribution = DistributionV1beta1
        switch words[0] {
        case "delegate":
            return try economy.code(
                Staking.MsgDelegate(delegatorAddress: who, validatorAddress: validator(2), amount: coin(3)))
        case "undelegate":
            return try economy.code(
                Staking.MsgUndelegate(delegatorAddress: who, validatorAddress: validator(2), amount: coin(3)))
        case "redelegate":
            return try economy.code(
                Staking.MsgBeginRedelegate(
                    delegatorAddress: who, validatorSrcAddress: validator(2), validatorDstAddress: validator(3),
                    amount: coin(4)))
        case "cancel":
            return try economy.code(
                Staking.MsgCancelUnbondingDelegation(
                    delegatorAddress: who, validatorAddress: validator(2), amount: coin(3),
                    creationHeight: Int64(words[4])!))
        case "rewards":
            return try economy.code(
                Distribution.MsgWithdrawDelegatorReward(delegatorAddress: who, validatorAddress: validator(2)))
        case "commission":
            return try economy.code(Distribution.MsgWithdrawValidatorCommission(validatorAddress: validator(1)))
        case "elsewhere":
            return try economy.code(
                Distribution.MsgSetWithdrawAddress(delegatorAddress: who, withdrawAddress: account(words[2])))
        case "fund":
            return try economy.code(Distribution.MsgFundCommunityPool(amount: [coin(2)], depositor: who))
        case "gift":
            return try economy.code(
                Distribution.MsgDepositValidatorRewardsPool(
                    depositor: who, validatorAddress: validator(2), amount: [coin(3)]))
        case "create":
            return try economy.code(
                Staking.MsgCreateValidator(
                    description: .init(moniker: "new"),
                    commission: .init(
                        rate: Decimal18(scaled: UInt128(words[3])!), maxRate: .one,
                        maxChangeRate: Decimal18(scaled: Decimal18.scale / 10)),
                    minSelfDelegation: UInt128(words[5])!, validatorAddress: validator(1),
                    pubkey: CryptoEd25519.PubKey(key: bytes(words[2])).any, value: coin(4)))
        case "edit":
            return try economy.code(
                Staking.MsgEditValidator(
                    description: .init(moniker: "[do-not-modify]"), validatorAddress: validator(1),
                    commissionRate: Decimal18(scaled: UInt128(words[2])!)))
        case "unjail": return try economy.code(SlashingV1beta1.MsgUnjail(validatorAddr: validator(1)))
        default: throw StoryFault(line: words[0], difference: "is no operation")
        }
    }

    private func votes(_ text: String) -> [BlockVote] {
        parts(text).map { part in
            BlockVote(validator: bytes(part[0]), power: Int64(part[1])!, isPresent: part[2] == "1")
        }
    }

    private func evidence(_ text: String) -> [BlockMisbehavior] {
        parts(text).map { part in
            BlockMisbehavior(
                validator: bytes(part[0]), power: Int64(part[1])!, height: Int64(part[2])!,
                time: Timestamp(seconds: Int64(part[3])!, nanoseconds: 0)!)
        }
    }

    private func parts(_ text: String) -> [[String]] {
        text == "-" ? [] : text.split(separator: ",").map { $0.split(separator: ":").map(String.init) }
    }

    private func bytes(_ text: String) -> [UInt8] { Hexadecimal.decode(text)! }
    private func account(_ text: String) -> AccountAddress { AccountAddress(bytes(text))! }
}

package struct StoryFault: Error, CustomStringConvertible {
    private let line: String
    private let difference: String

    package init(line: String, difference: String) {
        self.line = line
        self.difference = difference
    }

    package var description: String { "\(line): \(difference)" }
}
