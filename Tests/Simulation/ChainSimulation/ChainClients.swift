import ChainFormats
import ConsensusSimulation
import DecidedBlocks
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import TestSupport
import TransactionFixtures

/// Those who send transactions, and what the chain must have come to by what was confirmed of them.
///
/// A client has a few on their way, in the order of their sequences, and sends them again, to whichever node, until
/// they are in a block. Nothing of it looks at a node's state but by what blocks came to.
final class ChainClients {
    enum Deed {
        case store
        case instantiate
        /// To the purse, which only gets.
        case transfer(UInt128)
        /// Of the contract, with coins for it.
        case increment(UInt128)
        /// From the contract to the till, which only gets.
        case pay(UInt128)
        case remember
        /// The contract refuses it.
        case fail

        var isRefused: Bool { if case .fail = self { true } else { false } }
    }

    struct Sent {
        var client: Int
        var sequence: UInt64
        var transaction: HashedTransaction
        var deed: Deed
        var since: Int64
    }

    /// What the chain holds after a height.
    struct Holdings: Equatable {
        var purse: UInt128 = 0
        var till: UInt128 = 0
        var count: Int64 = 0
    }

    private final class Client {
        let key: FixtureKey
        let secret: [UInt8]
        var sequence: UInt64 = 0
        var outstanding: [Sent] = []
        var lastTry: Int64 = 0

        init(_ name: String, _ stream: inout SeededStream) {
            key = FixtureKey(name)
            secret = stream.bytes(32)
        }
    }

    static let code = Repository.contract("counter")
    private static let outstandingMax = 4
    private static let againMicroseconds: Int64 = 4_000_000
    private static let onceHas: UInt128 = 1_000_000_000_000

    let purse = FixtureKey("purse").address
    let till = FixtureKey("till").address
    let contract: AccountAddress
    private var clients: [Client] = []
    private var stream: SeededStream
    private let codeHash = SHA256.hash(ChainClients.code)
    private var ioPublicKey: [UInt8] = []
    private var hasContract = false
    /// By their hash; asked for one at a time.
    private var sent: [Hash32: Sent] = [:]
    /// And at which height.
    private var confirmed: [Hash32: Int64] = [:]
    /// In their order.
    private var confirmedList: [HashedTransaction] = []
    private(set) var holdings: [Int64: Holdings] = [0: Holdings()]
    private var lastHeight: Int64 = 0

    init(seed: UInt64) {
        var stream = SeededStream(seed: seed, purpose: 20)
        clients = (0..<4).map { Client("client \($0)", &stream) }
        contract = ContractAddress.derive(codeID: 1, instanceID: 1, creator: clients[0].key.address)
        self.stream = stream
    }

    var confirmedCount: Int { confirmedList.count }
    var isSettled: Bool { clients.allSatisfy(\.outstanding.isEmpty) && hasContract }

    /// The members of genesis's state; accounts get their numbers in this order.
    var accounts: String {
        clients.map { "{\"@type\":\"/cosmos.auth.v1beta1.BaseAccount\",\"address\":\"\($0.key.address)\"}" }
            .joined(separator: ",")
    }

    var balances: String {
        clients.map {
            "{\"address\":\"\($0.key.address)\",\"coins\":[{\"denom\":\"uscrt\",\"amount\":\"\(Self.onceHas)\"}]}"
        }.joined(separator: ",")
    }

    func learn(ioPublicKey: [UInt8]) { self.ioPublicKey = ioPublicKey }

    // MARK: - What is sent

    /// What goes to a node now, client by client, each in its order.
    func send(at now: Int64, makesMore: Bool) -> [HashedTransaction] {
        guard !ioPublicKey.isEmpty else { return [] }
        var list: [HashedTransaction] = []
        for index in clients.indices {
            let client = clients[index]
            let mayMake =
                makesMore && client.outstanding.count < Self.outstandingMax
                && (hasContract || index > 0 || client.sequence < 2)
                || (!hasContract && index == 0 && client.sequence < 2)
            if mayMake, !hasContract && index == 0 || stream.chance(percent: 35) {
                let made = make(index, at: now)
                client.outstanding.append(made)
                sent[made.transaction.hash] = made
                list.append(made.transaction)
            } else if !client.outstanding.isEmpty, now - client.lastTry > Self.againMicroseconds {
                client.lastTry = now
                list += client.outstanding.map(\.transaction)
            }
        }
        return list
    }

    private func make(_ index: Int, at now: Int64) -> Sent {
        let client = clients[index]
        let deed = deed(of: index)
        var transaction = FixtureTransaction(
            [message(deed, client)], by: client.key, number: UInt64(index), sequence: client.sequence)
        transaction.chainID = SimulatedChain.chainID
        if case .store = deed { transaction.gasLimit = 10_000_000 } else { transaction.gasLimit = 400_000 }
        defer { client.sequence += 1 }
        return Sent(
            client: index, sequence: client.sequence, transaction: HashedTransaction(transaction.bytes), deed: deed,
            since: now)
    }

    private func deed(of index: Int) -> Deed {
        if index == 0, clients[0].sequence < 2 { return clients[0].sequence == 0 ? .store : .instantiate }
        let amount = UInt128(1 + stream.below(1_000))
        guard hasContract else { return .transfer(amount) }
        return switch stream.below(100) {
        case ..<30: .transfer(amount)
        case ..<60: .increment(amount)
        case ..<80: .pay(amount)
        case ..<90: .remember
        default: .fail
        }
    }

    private func message(_ deed: Deed, _ client: Client) -> AnyMessage {
        let sender = client.key.address
        func execute(_ json: String, _ funds: UInt128 = 0) -> AnyMessage {
            ComputeMessage.execute(
                .init(
                    sender: sender, contract: contract, message: seal(json, client, contract.bytes),
                    funds: funds == 0 ? [] : [Coin(funds, "uscrt")])
            ).any
        }
        switch deed {
        case .store: return ComputeMessage.storeCode(.init(sender: sender, code: Self.code[...])).any
        case .instantiate:
            return ComputeMessage.instantiate(
                .init(
                    sender: sender, codeID: 1, label: "counter",
                    message: seal("{\"count\":0}", client, codeHash.bytes), funds: [Coin(10_000_000_000, "uscrt")])
            ).any
        case .transfer(let amount): return .send(amount, from: sender, to: purse)
        case .increment(let funds): return execute("{\"increment\":{}}", funds)
        case .pay(let amount):
            return execute("{\"pay\":{\"to\":\"\(till)\",\"amount\":\"\(amount)\",\"denom\":\"uscrt\"}}")
        case .remember: return execute("{\"remember\":{\"note\":\"\(stream.next())\"}}")
        case .fail: return execute("{\"fail\":{\"text\":\"no\"}}")
        }
    }

    // MARK: - Encryption

    /// As a client's program seals, with a nonce of the seed's.
    private func seal(_ json: String, _ client: Client, _ target: [UInt8]) -> [UInt8] {
        seal(json, secret: client.secret, binding: .owner(sender: client.key.address.bytes, target: target))
    }

    private func seal(
        _ json: String, secret: [UInt8], binding: MessageBinding, to ioPublicKey: [UInt8]? = nil
    ) -> [UInt8] {
        let key = SecretKey(copying: secret)!
        let nonce = stream.bytes(EncryptedMessage.nonceByteCount)
        var cipher = TransactionKey(privateKey: key, publicKey: ioPublicKey ?? self.ioPublicKey, nonce: nonce)!
        let sealed = cipher.seal(Array(Hexadecimal.encode(codeHash.bytes).utf8) + Array(json.utf8), binding: binding)
        return EncryptedMessage(nonce: nonce, publicKey: X25519.publicKey(of: key), sealed: sealed).wire
    }

    /// A question for the count, and what opens its answer.
    func question(to ioPublicKey: [UInt8]) -> (input: [UInt8], open: ([UInt8]) -> String?) {
        let secret = clients[0].secret
        let input = seal("{\"get_count\":{}}", secret: secret, binding: .none, to: ioPublicKey)
        return (
            input,
            { answer in
                guard
                    var cipher = TransactionKey(
                        privateKey: SecretKey(copying: secret)!, publicKey: ioPublicKey, nonce: Array(input[..<32])),
                    let text = cipher.open(answer), let data = Base64.decode(String(decoding: text, as: UTF8.self))
                else { return nil }
                return String(decoding: data, as: UTF8.self)
            }
        )
    }

    // MARK: - What came of it

    /// Says what is wrong, if something is.
    func came(_ results: [ExecutionResult], of transactions: [HashedTransaction], at height: Int64) -> String? {
        // A node that was set back runs it again.
        guard height == lastHeight + 1 else { return nil }
        lastHeight = height
        var held = holdings[height - 1] ?? Holdings()
        defer { holdings[height] = held }
        for (transaction, result) in zip(transactions, results) {
            guard let deed = sent[transaction.hash] else {
                if result.code == 0 { return "a transaction that nobody signed succeeded at \(height)" }
                continue
            }
            // Not even its sequence was used: it waits.
            let isDone = result.code == 0 || deed.deed.isRefused && !result.data.isEmpty
            guard isDone else { continue }
            guard confirmed[transaction.hash] == nil else { return "a transaction ran twice, at \(height)" }
            guard (result.code == 0) != deed.deed.isRefused else {
                return "\(deed.deed) came to \(result.code) at \(height)"
            }
            confirmed[transaction.hash] = height
            confirmedList.append(transaction)
            let client = clients[deed.client]
            guard client.outstanding.first?.sequence == deed.sequence else {
                return "sequence \(deed.sequence) of client \(deed.client) came out of order at \(height)"
            }
            client.outstanding.removeFirst()
            switch deed.deed {
            case .store, .remember, .fail: break
            case .instantiate: hasContract = true
            case .transfer(let amount): held.purse += amount
            case .increment: held.count += 1
            case .pay(let amount): held.till += amount
            }
        }
        return nil
    }

    func isConfirmed(_ hash: Hash32, upTo height: UInt64) -> Bool {
        confirmed[hash].map { $0 <= Int64(height) } ?? false
    }

    /// What no honest mempool would give a proposer, drawn from a proposer's stream.
    func strange(_ stream: inout SeededStream) -> [HashedTransaction] {
        let waiting = clients.flatMap(\.outstanding).map(\.transaction)
        return (0..<1 + stream.below(4)).map { _ in
            switch stream.below(5) {
            case 0 where !confirmedList.isEmpty: return stream.one(of: confirmedList)
            case 1 where !waiting.isEmpty: return stream.one(of: waiting)
            case 2 where !waiting.isEmpty:
                return HashedTransaction(Lie.changed(stream.one(of: waiting).bytes, &stream))
            case 3:
                // A call that its sender never signed.
                var forged = FixtureTransaction(
                    [.send(1, from: clients[0].key.address, to: purse)], by: clients[1].key, number: 0,
                    sequence: UInt64(stream.below(20)))
                forged.chainID = SimulatedChain.chainID
                return HashedTransaction(forged.bytes)
            default: return HashedTransaction(stream.bytes(1 + stream.below(200)))
            }
        }
    }
}
