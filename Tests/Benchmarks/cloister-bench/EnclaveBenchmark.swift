import BenchmarkKit
import Foundation

/// One contract call as the host sees it at the lane: from its request to the enclave's reply.
struct EnclaveBenchmark {
    private let options: Options

    init(_ options: Options) { self.options = options }

    func run(_ report: Report) throws {
        let chain = try BenchmarkChain(options)
        let idle = chain.enclave.residentBytes
        let contract = options.contract
        try chain.install(contract)
        // The host learns what calls of this contract read, and the module is compiled.
        for _ in 0..<3 { try chain.run(calls(chain, options.users)) }

        report.section("enclave, one call at the lane (host request to reply)")
        chain.lane.forget()
        var before = chain.enclave.processorSeconds
        for _ in 0..<options.singleCalls { try chain.run(calls(chain, 1)) }
        var processor = (chain.enclave.processorSeconds - before) / Double(options.singleCalls)
        report.row("call alone in its block", Samples(chain.lane.calls.map(\.seconds)))
        report.row(
            "  of which the host answers questions", Samples(chain.lane.calls.map(\.answering)))
        report.row("  enclave processor time, block included", processor, .time)
        report.row(
            "  socket round trips", Samples(chain.lane.calls.map { Double($0.roundTrips) }), .count, note: "<= 2")
        report.row("begin of a block (header, commit, validators)", Samples(chain.lane.blockSeconds))

        chain.lane.forget()
        before = chain.enclave.processorSeconds
        var wall: [Double] = []
        for _ in 0..<options.batches {
            let transactions = try calls(chain, options.batchSize)
            let start = Machine.now
            try chain.run(transactions)
            wall.append((Machine.now - start) / Double(options.batchSize))
        }
        let count = Double(options.batches * options.batchSize)
        processor = (chain.enclave.processorSeconds - before) / count
        report.row("call in a block of \(options.batchSize)", Samples(chain.lane.calls.map(\.seconds)))
        report.row("  enclave processor time", processor, .time, note: "<= 200 us beyond signature and key agreement")
        report.row(
            "  socket round trips", Samples(chain.lane.calls.map { Double($0.roundTrips) }), .count, note: "<= 2")
        report.row("block of \(options.batchSize), for each call, with host and commit", Samples(wall))
        report.row("enclave resident memory, opened and idle", idle, .bytes, note: "< 60 MiB")
        report.row("enclave resident memory, after \(Int(count)) calls", chain.enclave.residentBytes, .bytes)
    }

    /// Calls of `count` users in turn.
    private func calls(_ chain: BenchmarkChain, _ count: Int) throws -> [[UInt8]] {
        try (0..<count).map { index in
            let user = chain.users[index % chain.users.count]
            let receiver = chain.users[(index + 1) % chain.users.count].address
            return try user.execute(chain.contract, of: options.contract, options.contract.call(to: receiver))
        }
    }
}
