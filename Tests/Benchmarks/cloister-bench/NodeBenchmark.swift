import BenchmarkKit
import Foundation
import Node
import PublicCryptography
import SignedTransactions
import StrictJSON
import Synchronization

/// A whole node of one validator, asked over REST as wallets ask it.
struct NodeBenchmark {
    private let options: Options
    private let contract: BenchmarkContract
    private static let startsMeasured = 3

    init(_ options: Options) {
        self.options = options
        contract = options.contract
    }

    func run(_ report: Report) throws {
        report.section("node, one validator, profile \(options.profile.rawValue), over REST")
        var starts: [Double] = []
        for number in 1..<NodeBenchmark.startsMeasured {
            let node = try BenchmarkNode(options, name: "start\(number)")
            starts.append(node.coldStart)
            node.stop()
        }
        let node = try BenchmarkNode(options, name: "node")
        starts.append(node.coldStart)
        report.row("cold start of a new network to its first block", Samples(starts), note: "< 2 s")
        do {
            try measure(node, report)
            node.stop()
        } catch {
            node.stop(keepsFolder: true)
            throw error
        }
    }

    private func measure(_ node: BenchmarkNode, _ report: Report) throws {
        let connection = try LoopbackHTTP(port: node.port)
        guard
            let text = try node.json(connection, "/registration/v1beta1/tx-key")?["key"]?.string,
            let ioPublicKey = Base64.decode(text)
        else { throw BenchmarkNode.Failed(description: "the node has no tx-key") }
        let enclave = node.enclave
        report.row("host resident memory, idle", node.host.residentBytes, .bytes)
        if let enclave { report.row("enclave resident memory, idle", enclave.residentBytes, .bytes, note: "< 60 MiB") }

        let users = BenchmarkUser.keys(options.users).enumerated().map {
            BenchmarkUser($1, number: UInt64($0), ioPublicKey: ioPublicKey)
        }
        _ = try node.send(users[0].store(contract), connection)
        let made = try node.send(users[0].instantiate(contract, holders: users.map(\.address)), connection)
        guard let address = NodeBenchmark.contractAddress(made) else {
            throw BenchmarkNode.Failed(description: "no contract address in \(JSONWriter.text(of: made))")
        }
        if let preparation = contract.queryPreparation {
            _ = try node.send(users[0].execute(address, of: contract, preparation), connection)
        }

        let single = try Samples.timing(options.singleCalls, warmUp: 5) {
            _ = try node.send(users[0].execute(address, of: contract, contract.call(to: users[1].address)), connection)
        }
        report.row("one transfer, from sending it to seeing its result", single)

        let transfers = try signed(users, address)
        try transfersPerSecond(node, transfers, report)

        let query = try path(of: users[0], address)
        report.row("contract query, one at a time", try queries(node, query, threads: 1, users[0]))
        report.row(
            "contract query, \(options.connections) at a time",
            try queries(node, query, threads: options.connections, users[0]), note: "p99 < 5 ms")
        try queriesBesideTransfers(node, query, users, address, report)
        report.row("host resident memory, afterwards", node.host.residentBytes, .bytes)
        if let enclave { report.row("enclave resident memory, afterwards", enclave.residentBytes, .bytes) }
    }

    private static func contractAddress(_ response: JSONValue) -> AccountAddress? {
        guard let data = response["data"]?.string.flatMap({ Hexadecimal.decode($0) }),
            let first = try? TransactionData(decoding: data).responses.first
        else { return nil }
        return try? MessageResponse.contractResult(first).address
    }

    // MARK: - Transfers

    /// Requests that hand in transfers, the users in turn, as many of each as asked for.
    private func signed(_ users: [BenchmarkUser], _ address: AccountAddress) throws -> [[UInt8]] {
        var requests: [[UInt8]] = []
        for _ in 0..<options.transfersOfUser {
            for (index, user) in users.enumerated() {
                let receiver = users[(index + 1) % users.count].address
                requests.append(
                    BenchmarkNode.broadcast(try user.execute(address, of: contract, contract.call(to: receiver))))
            }
        }
        return requests
    }

    private func transfersPerSecond(_ node: BenchmarkNode, _ requests: [[UInt8]], _ report: Report) throws {
        let driven = try node.metric("cloister_contract_txs")
        let height = try node.metric("cometbft_consensus_height")
        let (hostBefore, enclaveBefore) = (node.host.processorSeconds, node.enclave?.processorSeconds ?? 0)
        let start = Machine.now
        let sending = try send(node, requests, connections: options.connections)
        let accepted = Machine.now - start
        while try node.metric("cloister_contract_txs") < driven + Double(requests.count) {
            guard Machine.now - start < 300 else {
                throw BenchmarkNode.Failed(description: "some transfers came into no block")
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
        let all = Machine.now - start
        let count = Double(requests.count)
        report.row(
            "transfers through REST into committed blocks", count / all, .perSecond,
            note: ">= 500 /s, then 3,000; \(requests.count) on \(options.connections) connections")
        report.row("  handed in", count / accepted, .perSecond)
        report.row("  one request that hands in a transfer", sending)
        let blocks = try node.metric("cometbft_consensus_height") - height
        report.row("  transfers in a block", count / max(blocks, 1), .count, note: "\(Int(blocks)) blocks")
        report.row("  host processor time for each", (node.host.processorSeconds - hostBefore) / count, .time)
        report.row(
            "  enclave processor time for each", ((node.enclave?.processorSeconds ?? 0) - enclaveBefore) / count, .time)
    }

    /// Sends all requests, each connection taking the next one; the seconds that each took.
    private func send(_ node: BenchmarkNode, _ requests: [[UInt8]], connections: Int) throws -> Samples {
        let next = Mutex(0)
        return try inParallel(connections) { [port = node.port] in
            let connection = try LoopbackHTTP(port: port)
            var seconds: [Double] = []
            while true {
                let index = next.withLock { next -> Int in
                    next += 1
                    return next - 1
                }
                guard index < requests.count else { return seconds }
                let start = Machine.now
                let answer = try connection.post("/cosmos/tx/v1beta1/txs", json: requests[index])
                seconds.append(Machine.now - start)
                let text = String(decoding: answer.body, as: UTF8.self)
                guard answer.status == 200, text.contains(#""code":0"#) else {
                    throw BenchmarkNode.Failed(description: "a transfer was refused: \(text)")
                }
            }
        }
    }

    // MARK: - Queries

    private struct Query: Sendable {
        var path: String
        var sealed: [UInt8]
    }

    private func path(of user: BenchmarkUser, _ address: AccountAddress) throws -> Query {
        let sealed = try user.query(of: contract)
        let text = Base64.encode(sealed).addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        return Query(path: "/compute/v1beta1/query/\(address)?query=\(text)", sealed: sealed)
    }

    private func queries(_ node: BenchmarkNode, _ query: Query, threads: Int, _ user: BenchmarkUser) throws -> Samples {
        let answer = try node.json(LoopbackHTTP(port: node.port), query.path)
        guard let data = answer?["data"]?.string.flatMap({ Base64.decode($0) }),
            user.open(data, to: query.sealed) != nil
        else { throw BenchmarkNode.Failed(description: "the contract does not answer its query") }
        let count = options.queries / threads
        return try inParallel(threads) { [port = node.port] in
            let connection = try LoopbackHTTP(port: port)
            return try Samples.timing(count, warmUp: 10) {
                guard try connection.get(query.path).status == 200 else {
                    throw BenchmarkNode.Failed(description: "a query failed under load")
                }
            }.values
        }
    }

    /// Two clients ask while two hand in transfers as fast as the node takes them.
    private func queriesBesideTransfers(
        _ node: BenchmarkNode, _ query: Query, _ users: [BenchmarkUser], _ address: AccountAddress, _ report: Report
    ) throws {
        let requests = try signed(users, address)
        let isLoaded = Mutex(true)
        let asked = Mutex<[Double]>([])
        var failure: (any Error)?
        let group = DispatchGroup()
        for _ in 0..<2 {
            group.enter()
            Thread.detachNewThread { [port = node.port] in
                defer { group.leave() }
                guard let connection = try? LoopbackHTTP(port: port) else { return }
                while isLoaded.withLock({ $0 }) {
                    let start = Machine.now
                    guard (try? connection.get(query.path))?.status == 200 else { continue }
                    let seconds = Machine.now - start
                    asked.withLock { $0.append(seconds) }
                }
            }
        }
        do { _ = try send(node, requests, connections: 2) } catch { failure = error }
        isLoaded.withLock { $0 = false }
        group.wait()
        if let failure { throw failure }
        report.row(
            "contract query, 2 at a time beside transfers on 2 connections", Samples(asked.withLock { $0 }),
            note: "p99 < 5 ms")
    }

    /// Runs `body` on `count` threads and gathers what they measured.
    private func inParallel(_ count: Int, _ body: @escaping @Sendable () throws -> [Double]) throws -> Samples {
        let gathered = Mutex<[Double]>([])
        let failure = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                do {
                    let seconds = try body()
                    gathered.withLock { $0 += seconds }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        return Samples(gathered.withLock { $0 })
    }
}
