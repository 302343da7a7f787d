import BenchmarkKit
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import Synchronization
import TransactionFixtures

/// What clients get of whole nodes: transfers of coins, and private ones, of a token whose balances only its contract
/// sees.
struct ProductBenchmark {
    enum Kind: String, CaseIterable { case plain, secret = "private" }

    /// A row of the table.
    struct Figures {
        var perSecond = 0.0
        var blocksPerSecond = 0.0
        /// Bytes of one transaction.
        var size = 0.0
        /// Microseconds of processor a transaction and validator.
        var processors = ProductNetwork.Processors()
        /// Sent by all validators, a transaction.
        var sentBytes = 0.0
        var latencies = Samples()
    }

    let validators: Int
    let programs: String
    let seconds: Double
    /// Of all clients together, where the latency is measured.
    static let modestRate = 20.0
    /// Of a block, and what a private transfer may take: so a block has a thousand plain or five hundred private ones.
    static let blockGas = 100_000_000
    private static let privateGas: UInt64 = 200_000
    private static let userCount = 96
    private static let clientsPerNode = (alone: 4, together: 2)

    /// Blocks without transactions, as fast as they come.
    func idleBlocks() throws -> Double {
        let network = try ProductNetwork(
            validators: validators, programs: programs, accounts: [], makesEmptyBlocks: true)
        defer { network.stop() }
        usleep(1_000_000)
        let (begin, from) = (Machine.now, try network.height())
        usleep(UInt32(seconds * 1e6))
        return (try network.height() - from) / (Machine.now - begin)
    }

    func measure() throws -> [Kind: Figures] {
        let keys = BenchmarkUser.keys(Self.userCount)
        let network = try ProductNetwork(
            validators: validators, programs: programs, accounts: keys.map(\.address.description),
            makesEmptyBlocks: false)
        defer { network.stop() }
        let contract = try BenchmarkContract.token()
        let market = try Market(network, keys, contract)
        var figures: [Kind: Figures] = [:]
        for kind in Kind.allCases {
            var row = Figures()
            row.latencies = try market.latencies(kind, count: Int(max(seconds, 10) * Self.modestRate))
            // A short run says how much has to be signed for the long one.
            let trial = try market.load(kind, seconds: 2, count: 10_000, into: &row)
            _ = try market.load(kind, seconds: seconds, count: Int(trial * (seconds + 2) * 1.3) + 1000, into: &row)
            figures[kind] = row
        }
        return figures
    }

    /// The users, their token, and what they send.
    private final class Market {
        private let network: ProductNetwork
        private let contract: BenchmarkContract
        private let users: [BenchmarkUser]
        private let address: AccountAddress
        private let clientCount: Int

        init(_ network: ProductNetwork, _ keys: [FixtureKey], _ contract: BenchmarkContract) throws {
            (self.network, self.contract) = (network, contract)
            clientCount =
                network.nodes.count
                * (network.nodes.count == 1 ? clientsPerNode.alone : clientsPerNode.together)
            let connection = try LoopbackHTTP(port: network.nodes[0].rest)
            guard
                let text = try Market.json(connection, "/registration/v1beta1/tx-key")?["key"]?.string,
                let ioPublicKey = Base64.decode(text)
            else { throw ProductNetwork.Failed(description: "the node has no tx-key") }
            users = keys.enumerated().map {
                BenchmarkUser(
                    $1, number: network.firstAccount + UInt64($0), chainID: network.chainID, ioPublicKey: ioPublicKey)
            }
            _ = try Market.send(users[0].store(contract), connection)
            let made = try Market.send(users[0].instantiate(contract, holders: users.map(\.address)), connection)
            guard let data = made["data"]?.string.flatMap({ Hexadecimal.decode($0) }),
                let first = try TransactionData(decoding: data).responses.first,
                let address = try MessageResponse.contractResult(first).address
            else { throw ProductNetwork.Failed(description: "no contract address in \(JSONWriter.text(of: made))") }
            self.address = address
        }

        private static func json(_ connection: LoopbackHTTP, _ path: String) throws -> JSONValue? {
            let answer = try connection.get(path)
            guard answer.status == 200 else { return nil }
            return try JSONReader.parse(answer.body, limits: JSONLimits(bytesMax: 64 << 20))
        }

        private static let path = "/cosmos/tx/v1beta1/txs"

        private static func request(_ transaction: [UInt8]) -> [UInt8] {
            Array(#"{"tx_bytes":"\#(Base64.encode(transaction))","mode":"BROADCAST_MODE_SYNC"}"#.utf8)
        }

        private static func name(_ transaction: [UInt8]) -> String {
            Hexadecimal.encode(SHA256.hash(transaction).bytes, uppercase: true)
        }

        /// Hands in a transaction and waits until its result can be seen.
        private static func send(_ transaction: [UInt8], _ connection: LoopbackHTTP) throws -> JSONValue {
            let answer = try connection.post(path, json: request(transaction))
            guard case .taken = Market.answer(answer) else {
                throw ProductNetwork.Failed(description: "refused: \(String(decoding: answer.body, as: UTF8.self))")
            }
            for _ in 0..<30_000 {
                if let result = try json(connection, path + "/" + name(transaction)) {
                    guard let response = result["tx_response"], response["code"]?.uint64 == 0 else {
                        throw ProductNetwork.Failed(description: "failed: \(JSONWriter.text(of: result))")
                    }
                    return response
                }
                usleep(1000)
            }
            throw ProductNetwork.Failed(description: "a transaction came into no block")
        }

        @Sendable private static func answer(_ answer: LoopbackHTTP.Answer) -> ClientLoad.Answer {
            let text = String(decoding: answer.body, as: UTF8.self)
            if answer.status == 200, text.contains(#""code":0"#) { return .taken }
            if text.contains(#""code":20,"#) { return .full }
            return .refused(text)
        }

        /// Users in turn, each always through the same client, so that their sequences come in order.
        private func transactions(_ kind: Kind, count: Int) throws -> [[[UInt8]]] {
            // Not all that was signed before was sent, and a node that is behind knows an older sequence.
            try drain()
            let connection = try LoopbackHTTP(port: network.nodes[0].rest)
            for user in users {
                let account = try Market.json(connection, "/cosmos/auth/v1beta1/accounts/\(user.address)")?["account"]
                guard let sequence = account?["sequence"]?.string.flatMap({ UInt64($0) }) else {
                    throw ProductNetwork.Failed(description: "no account of \(user.address)")
                }
                user.sequence = sequence
            }
            var lists = [[[UInt8]]](repeating: [], count: clientCount)
            for number in 0..<count {
                let index = number % users.count
                let receiver = users[(index + 1) % users.count].address
                lists[index % clientCount].append(
                    kind == .plain
                        ? users[index].send(to: receiver)
                        : try users[index].execute(address, of: contract, contract.call(to: receiver), gas: privateGas))
            }
            return lists
        }

        private func clients(_ lists: [[[UInt8]]]) -> [ClientLoad.Client] {
            lists.enumerated().map { index, list in
                ClientLoad.Client(
                    port: network.nodes[index % network.nodes.count].rest, requests: list.map(Market.request),
                    path: Market.path)
            }
        }

        private func drain() throws {
            let begin = Machine.now
            // A node that is behind may have none waiting either.
            while true {
                let heights = try Set(network.nodes.map { try network.metric("cometbft_consensus_height", of: $0) })
                if heights.count == 1, try network.waiting() == 0 {
                    usleep(500_000)
                    if try heights == [network.height()] { return }
                }
                guard Machine.now - begin < 120 else {
                    throw ProductNetwork.Failed(description: "some transactions came into no block")
                }
                usleep(50_000)
            }
        }

        func latencies(_ kind: Kind, count: Int) throws -> Samples {
            let lists = try transactions(kind, count: count)
            let names = lists.map { $0.map(Market.name) }
            return try ClientLoad.latencies(
                clients(lists), perSecond: modestRate, answer: Market.answer
            ) { connection, client, number in try Market.isDone(connection, names[client][number]) }
        }

        /// Whether clients see it in a block; throws if it failed there.
        private static func isDone(_ connection: LoopbackHTTP, _ name: String) throws -> Bool {
            let answer = try connection.get(path + "/" + name)
            guard answer.status == 200 else { return false }
            guard case .taken = Market.answer(answer) else {
                throw ProductNetwork.Failed(description: String(decoding: answer.body, as: UTF8.self))
            }
            return true
        }

        /// Transactions a second in committed blocks of the node that is last, while clients send as fast as they may.
        func load(_ kind: Kind, seconds: Double, count: Int, into row: inout Figures) throws -> Double {
            let lists = try transactions(kind, count: count)
            row.size = Double(lists.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }) / Double(count)
            func committed() throws -> Double {
                try network.nodes.map { try network.metric("cometbft_consensus_total_txs", of: $0) }.min() ?? 0
            }
            let progress = ClientLoad.begin(clients(lists), answer: Market.answer)
            // Until blocks are as full as they become.
            usleep(1_000_000)
            let window = try BlockWindow(
                seconds: seconds, committed: committed,
                read: {
                    (
                        height: try network.height(), used: network.processors,
                        sent: try network.sum("cometbft_p2p_message_send_bytes_total")
                    )
                }, isOver: { progress.running.load(ordering: .relaxed) == 0 })
            let (first, last) = (window.first, window.last)
            row.blocksPerSecond = (last.height - first.height) / window.seconds
            let shares = window.transactions * Double(network.nodes.count) / 1e6
            let more = last.used - first.used
            row.processors = .init(
                host: more.host / shares, enclave: more.enclave / shares, launcher: more.launcher / shares)
            row.sentBytes = (last.sent - first.sent) / window.transactions
            row.perSecond = window.transactions / window.seconds
            try progress.end()
            try drain()
            // A call that fails is in its block, too.
            let connection = try LoopbackHTTP(port: network.nodes[0].rest)
            for (list, count) in zip(lists, progress.taken.withLock { $0 }) where count > 0 {
                let name = Market.name(list[count - 1])
                let patience = Machine.now + 30
                while try !Market.isDone(connection, name) {
                    guard Machine.now < patience else {
                        throw ProductNetwork.Failed(description: "the transfer \(name) was not done")
                    }
                    usleep(20_000)
                }
            }
            return row.perSecond
        }
    }
}
