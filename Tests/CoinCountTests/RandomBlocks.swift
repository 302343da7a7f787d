import Auth
import ChainMessages
import Foundation
import LedgerRecords
import PublicCryptography
import SecretCryptography
import Seeds
import SignedTransactions
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

/// Someone who sends transactions.
struct Actor {
    let signer: FixtureSigner
    let encryption: ContractEncryption
    var address: AccountAddress { signer.address }

    init(_ signer: FixtureSigner, ioPublicKey: [UInt8]) {
        self.signer = signer
        encryption = ContractEncryption(privateKey: .random(), ioPublicKey: ioPublicKey)
    }

    /// A call of a puppet (contracts/puppet), which does what the JSON says.
    func tell(
        _ puppet: AccountAddress, _ json: String, funds: [Coin] = [], codeHash: String = Puppet.codeHash
    ) throws -> AnyMessage {
        let sealed = try encryption.seal(
            Array(json.utf8), codeHash: codeHash, owner: (address, puppet.bytes))
        return ComputeMessage.execute(
            .init(sender: address, contract: puppet, message: sealed, funds: funds)
        ).any
    }
}

enum Puppet {
    static let code = Repository.contract("puppet")
    static let codeHash = Hexadecimal.encode(SHA256.hash(code).bytes)

    static func respond(_ messages: [String]) -> String {
        "{\"respond\":{\"messages\":[\(messages.joined(separator: ","))],\"attributes\":[],\"events\":[],\"data\":null}}"
    }

    static func send(_ amount: UInt128, _ denomination: String, to receiver: AccountAddress) -> String {
        let coins = "[{\"denom\":\"\(denomination)\",\"amount\":\"\(amount)\"}]"
        return message("{\"bank\":{\"send\":{\"to_address\":\"\(receiver)\",\"amount\":\(coins)}}}", replyOn: "never")
    }

    static func call(_ puppet: AccountAddress, _ json: String, funds: UInt128, replyOn: String) -> String {
        let coins = funds == 0 ? "" : "{\"denom\":\"uscrt\",\"amount\":\"\(funds)\"}"
        return message(
            "{\"wasm\":{\"execute\":{\"contract_addr\":\"\(puppet)\",\"code_hash\":\"\(codeHash)\","
                + "\"msg\":\"\(Base64.encode(Array(json.utf8)))\",\"send\":[\(coins)]}}}", replyOn: replyOn)
    }

    private static func message(_ message: String, replyOn: String) -> String {
        "{\"id\":7,\"msg\":\(message),\"gas_limit\":null,\"reply_on\":\"\(replyOn)\"}"
    }
}

/// Makes blocks in which users, contracts and whoever proposes do whatever could part the ledger from the enclave's
/// count: keys left out, accounts made a moment ago, fees out of coins that just came, false signatures, sequences of
/// yesterday, multisignatures, several signers, payers that are not the sender, transactions that fail in every way.
struct RandomBlocks {
    private let chain: CountedChain
    private var random: SeededGenerator
    private let treasury: Actor
    private var treasurySequence: UInt64 = 0
    private(set) var actors: [Actor]
    private let contracts: [AccountAddress]
    private var names = 0
    /// How many messages were drawn that move the coins of others.
    private(set) var granted = 0

    // As the block so far would leave them, roughly: a guess, so that most transactions are nearly right.
    private var accounts: [AccountAddress: AccountRecord] = [:]
    private var nextNumber: UInt64 = 0
    private var firstNewNumber: UInt64 = 0
    private var purses: [Purse: UInt128] = [:]

    init(_ chain: CountedChain, treasury: Actor, actors: [Actor], contracts: [AccountAddress], seed: UInt64) {
        self.chain = chain
        self.treasury = treasury
        self.actors = actors
        self.contracts = contracts
        random = SeededGenerator(seed: seed)
    }

    /// All whose coins the enclave may count.
    var addresses: [AccountAddress] { actors.map(\.address) + contracts + [treasury.address] }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &random)! }

    // MARK: - A block

    mutating func block() throws -> [[UInt8]] {
        if chance(50) {
            names += 1
            actors[Int.random(in: 0..<actors.count, using: &random)] = Actor(
                .single(FixtureKey("fresh \(names)"), .direct), ioPublicKey: chain.ioPublicKey)
        }
        try look()
        var transactions: [[UInt8]] = []
        for _ in 0..<Int.random(in: 1...7, using: &random) {
            if let last = transactions.last, chance(4) {
                transactions.append(last)
            } else if chance(25) {
                transactions.append(try fromTreasury())
            } else {
                transactions.append(try transaction())
            }
        }
        return transactions
    }

    private mutating func look() throws {
        accounts = [:]
        purses = [:]
        for address in addresses {
            accounts[address] = try chain.account(address)
            for denomination in CountedChain.denominations {
                purses[Purse(account: address, denomination: denomination)] = try chain.balance(address, denomination)
            }
        }
        nextNumber = try chain.nextAccountNumber
        firstNewNumber = nextNumber
    }

    private mutating func expect(_ amount: UInt128, _ denomination: String, from: AccountAddress?, to: AccountAddress?)
    {
        if let from {
            let purse = Purse(account: from, denomination: denomination)
            purses[purse] = max(purses[purse] ?? 0, amount) - amount
        }
        guard let to else { return }
        purses[Purse(account: to, denomination: denomination), default: 0] += amount
        if accounts[to] == nil {
            accounts[to] = AccountRecord(address: to, accountNumber: nextNumber)
            nextNumber += 1
        }
    }

    // MARK: - A transaction

    /// Coins for the others, by a transaction of the host's or one of the enclave's, whose credits count.
    private mutating func fromTreasury() throws -> [UInt8] {
        let receiver = pick(actors).address
        let amount = pick([1_000, 2_500, 5_000, 1_000_000, 6_000_000] as [UInt128])
        var messages = [AnyMessage.send(amount, from: treasury.address, to: receiver)]
        if chance(20) {
            messages.append(.send(amount, from: treasury.address, to: receiver, denomination: "other"))
            expect(amount, "other", from: nil, to: receiver)
        }
        expect(amount, "uscrt", from: nil, to: receiver)
        if chance(60) { messages.append(try treasury.tell(contracts[0], Puppet.respond([]))) }
        return sign(messages, by: [treasury], isHonest: true)
    }

    private mutating func transaction() throws -> [UInt8] {
        // Who got an account a moment ago spends from it.
        let fresh = actors.filter { accounts[$0.address].map { $0.accountNumber >= firstNewNumber } ?? false }
        let sender = !fresh.isEmpty && chance(25) ? pick(fresh) : pick(actors)
        var signers = [sender]
        var messages: [AnyMessage] = []
        for _ in 0..<pick([1, 1, 1, 2, 3]) {
            let by = chance(10) ? pick(actors) : sender
            messages += try self.messages(by: by, &signers)
            if !signers.contains(where: { $0.address == by.address }) { signers.append(by) }
        }
        return sign(messages, by: signers, isHonest: false)
    }

    private mutating func amount(of account: AccountAddress, _ denomination: String) -> UInt128 {
        let held = purses[Purse(account: account, denomination: denomination)] ?? 0
        let choices: [UInt128] = [
            0, 1, 1_000, held / 2, held / 3, held, held + 1, max(held, 2_500) - 2_500, max(held, 5_000) - 5_000,
            5_000_000,
        ]
        return pick(choices)
    }

    private mutating func coins(of account: AccountAddress) -> [Coin] {
        let denomination = chance(85) ? "uscrt" : "other"
        let coin = Coin(amount(of: account, denomination), denomination)
        guard chance(15) else { return [coin] }
        // In order, out of order, or twice the same.
        return [coin, Coin(amount(of: account, "uscrt"), pick(["uscrt", "other", CountedChain.unknownDenomination]))]
    }

    private mutating func receiver() -> AccountAddress {
        if chance(10) { return pick([ModuleAccount.feeCollector.address, ModuleAccount.governance.address]) }
        return chance(25) ? pick(contracts) : pick(actors).address
    }

    private mutating func messages(by sender: Actor, _ signers: inout [Actor]) throws -> [AnyMessage] {
        let from = sender.address
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40:
            let (coins, to) = (coins(of: from), receiver())
            for coin in coins { expect(coin.amount, coin.denomination, from: from, to: to) }
            return [BankMessage.send(.init(from: from, to: to, amount: coins)).any]
        case 40..<45: return [granted(to: from, depth: 0)]
        case 45..<48: return [vesting(from: from)]
        case 48..<53: return [feeGrant(from: from)]
        case 53..<57: return [grant(from: from)]
        case 57..<64:
            let coins = coins(of: from)
            var inputs = [BankMessage.Party(address: from, coins: coins)]
            if chance(20) {
                let other = pick(actors)
                inputs.append(.init(address: other.address, coins: coins))
                if !signers.contains(where: { $0.address == from }) { signers.append(sender) }
                if !signers.contains(where: { $0.address == other.address }) { signers.append(other) }
            }
            let halves = coins.map { Coin($0.amount / 2, $0.denomination) }
            let rest = zip(coins, halves).map { Coin($0.amount - $1.amount, $0.denomination) }
            let outputs =
                chance(70)
                ? [BankMessage.Party(address: receiver(), coins: coins)]
                : [.init(address: receiver(), coins: halves), .init(address: receiver(), coins: rest)]
            return [BankMessage.multiSend(.init(inputs: inputs, outputs: outputs)).any]
        case 64..<66:
            return [
                AnyMessage(
                    typeURL: "/cosmos.staking.v1beta1.MsgDelegate",
                    value: ProtobufWriter.encode { $0.string(1, from.description) })
            ]
        case 66..<69:
            return [
                chance(50)
                    ? ComputeMessage.clearAdmin(.init(sender: from, contract: contracts[0])).any
                    : ComputeMessage.storeCode(.init(sender: from, code: [1, 2, 3])).any
            ]
        default:
            let funds = chance(50) ? [] : coins(of: from)
            for coin in funds { expect(coin.amount, coin.denomination, from: from, to: contracts[0]) }
            let (puppet, other) = chance(50) ? (contracts[0], contracts[1]) : (contracts[1], contracts[0])
            return [try sender.tell(puppet, script(puppet, other), funds: funds)]
        }
    }

    /// An account whose coins vest within the next blocks, for one of the others, who has none yet or is refused one.
    private mutating func vesting(from: AccountAddress) -> AnyMessage {
        let (to, coins) = (pick(actors).address, coins(of: from))
        for coin in coins { expect(coin.amount, coin.denomination, from: from, to: to) }
        let now = 1_700_000_000 + Int64(chain.nextHeight)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            return VestingV1beta1.MsgCreateVestingAccount(
                fromAddress: from, toAddress: to, amount: coins, endTime: now + pick([-5, 3, 50, 500]),
                delayed: chance(50)
            ).any
        case 1:
            return VestingV1beta1.MsgCreatePermanentLockedAccount(fromAddress: from, toAddress: to, amount: coins).any
        default:
            return VestingV1beta1.MsgCreatePeriodicVestingAccount(
                fromAddress: from, toAddress: to, startTime: now,
                vestingPeriods: (0..<pick([1, 3])).map { _ in .init(length: pick([1, 20]), amount: coins) }
            ).any
        }
    }

    /// What lets others send messages in the name of `from`, or lets them no more.
    private mutating func grant(from: AccountAddress) -> AnyMessage {
        let to = pick(actors).address
        let send = BankMessage.sendTypeURL
        if chance(15) { return AuthzV1beta1.MsgRevoke(granter: from, grantee: to, msgTypeURL: send).any }
        let types = [send, BankMessage.multiSendTypeURL, GrantingModule.typeURL]
        let authorization =
            chance(50)
            ? AuthzV1beta1.GenericAuthorization(msg: pick(types)).any
            : BankV1beta1.SendAuthorization(spendLimit: [Coin(pick([1, 5_000, 9_000_000]), "uscrt")]).any
        let now = Timestamp(seconds: 1_700_000_000 + Int64(chain.nextHeight), nanoseconds: 0)!
        let expiration = chance(30) ? now.adding(nanoseconds: pick([0, 1, 20]) * 1_000_000_000) : nil
        return AuthzV1beta1.MsgGrant(
            granter: from, grantee: to, grant: .init(authorization: authorization, expiration: expiration)
        ).any
    }

    /// What lets others pay fees with coins of `from`, or lets them no more.
    private mutating func feeGrant(from: AccountAddress) -> AnyMessage {
        let to = pick(actors).address
        if chance(20) { return FeegrantV1beta1.MsgRevokeAllowance(granter: from, grantee: to).any }
        let now = Timestamp(seconds: 1_700_000_000 + Int64(chain.nextHeight), nanoseconds: 0)!
        func some(_ amounts: [UInt128]) -> Coins {
            (try? Coins([Coin(amounts.randomElement(using: &random)!, "uscrt")])) ?? .none
        }
        var allowance = FeeAllowance(limit: chance(40) ? .none : some([2_500, 9_000, 1_000_000]))
        if chance(30) { allowance.expiration = now.adding(nanoseconds: pick([0, 1, 20]) * 1_000_000_000) }
        if chance(30) {
            allowance.period = .init(
                nanoseconds: pick([1, 3]) * 1_000_000_000, limit: some([2_500, 6_000]), left: some([1, 2_500]),
                reset: now)
        }
        if chance(20) { allowance.messages = [BankMessage.sendTypeURL, "/secret.compute.v1beta1.MsgExecuteContract"] }
        return FeegrantV1beta1.MsgGrantAllowance(granter: from, grantee: to, allowance: allowance.any).any
    }

    /// Messages in the names of others, run by who did not ask them.
    private mutating func granted(to grantee: AccountAddress, depth: Int) -> AnyMessage {
        granted += 1
        var held: [AnyMessage] = []
        for _ in 0..<pick([0, 1, 1, 2]) {
            let granter = pick(actors).address
            let (coins, to) = (coins(of: granter), receiver())
            switch Int.random(in: 0..<10, using: &random) {
            case 0 where depth < 3: held.append(granted(to: granter, depth: depth + 1))
            case 1:
                held.append(
                    AnyMessage(
                        typeURL: "/cosmos.staking.v1beta1.MsgDelegate",
                        value: ProtobufWriter.encode { $0.string(1, granter.description) }))
            case 2:
                let party = BankMessage.Party(address: granter, coins: coins)
                held.append(
                    BankMessage.multiSend(.init(inputs: [party], outputs: [.init(address: to, coins: coins)])).any)
            default: held.append(BankMessage.send(.init(from: granter, to: to, amount: coins)).any)
            }
            for coin in coins { expect(coin.amount, coin.denomination, from: granter, to: to) }
        }
        return AnyMessage(
            typeURL: GrantingModule.typeURL,
            value: ProtobufWriter.encode { writer in
                writer.string(1, grantee.description)
                for message in held { writer.message(2, message.encoded) }
            })
    }

    /// What a contract does with what it has.
    private mutating func script(_ puppet: AccountAddress, _ other: AccountAddress) -> String {
        func send(_ from: AccountAddress) -> String {
            let denomination = chance(85) ? "uscrt" : "other"
            let to = receiver()
            let amount = amount(of: from, denomination)
            if to != from { expect(amount, denomination, from: from, to: to) }
            return Puppet.send(amount, denomination, to: to)
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Puppet.respond([])
        case 1: return Puppet.respond([send(puppet)])
        case 2: return Puppet.respond([send(puppet), send(puppet)])
        case 3: return "{\"fail\":\"no\"}"
        // A part that fails after it has moved coins, and whose failure is caught or not.
        case 4:
            let part = Puppet.respond([
                send(other), Puppet.call(puppet, "{\"fail\":\"no\"}", funds: 0, replyOn: pick(["never", "error"])),
            ])
            return Puppet.respond([
                send(puppet),
                Puppet.call(other, part, funds: pick([0, 1, 1_000]), replyOn: pick(["never", "error", "always"])),
                send(puppet),
            ])
        default: return "{\"work\":100000}"
        }
    }

    private mutating func sign(_ messages: [AnyMessage], by signers: [Actor], isHonest: Bool) -> [UInt8] {
        var signers = signers
        var fee = Fee(amount: [Coin(2_500, "uscrt")], gasLimit: 1_000_000)
        var payer = signers[0]
        if !isHonest {
            if chance(10) {
                payer = pick(actors)
                fee.payer = payer.address.description
                if !signers.contains(where: { $0.address == payer.address }) { signers.append(payer) }
            }
            if chance(12) {
                let source = chance(20) ? payer : pick(actors)
                fee.granter = source.address.description
                if chance(80) { payer = source }
            }
            if chance(40) { fee.amount = pick([[], coins(of: payer.address)]) }
            if chance(6) { fee.gasLimit = pick([0, 1, 30_000, 60_000, .max]) }
        }
        for coin in fee.amount { expect(coin.amount, coin.denomination, from: payer.address, to: nil) }
        var parts: [SignedTransaction.Part] = []
        for actor in signers {
            var account = accounts[actor.address] ?? AccountRecord(address: actor.address, accountNumber: nextNumber)
            var part = SignedTransaction.Part(
                actor.signer, accountNumber: account.accountNumber, sequence: account.sequence)
            if !isHonest {
                part.bringsKey = chance(account.publicKey == nil ? 80 : 40)
                if chance(4) { part.sequence &+= pick([1, .max]) }
                if chance(2) { part.accountNumber += 1 }
            }
            account.sequence += 1
            if part.bringsKey { account.publicKey = actor.signer.key.any }
            if accounts[actor.address] != nil { accounts[actor.address] = account }
            parts.append(part)
        }
        var transaction = SignedTransaction(messages, by: parts)
        transaction.fee = fee
        if !isHonest, chance(5) {
            transaction.timeoutHeight = pick([max(chain.nextHeight, 2) - 1, chain.nextHeight, chain.nextHeight + 1])
        }
        var bytes = transaction.bytes
        if !isHonest, chance(6) { bytes[bytes.count - 1] ^= 1 }
        return bytes
    }
}
