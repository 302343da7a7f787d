import BenchmarkKit
import Foundation

/// The table of whole networks, row by row as the figures come.
struct ProductTable {
    private static let columns = [
        "idle blocks/s", "tx/s", "blocks/s", "p50 ms", "p99 ms", "host us", "enclave us", "launcher us", "tx bytes",
        "sent/tx",
    ]
    private static let nameWidth = 36
    private static let width = 14

    private func row(_ name: String, _ cells: [String]) {
        say(
            pad(name, Self.nameWidth)
                + cells.map { String(repeating: " ", count: max(1, Self.width - $0.count)) + $0 }.joined())
    }

    private func row(_ name: String, idle: Double?, _ figures: ProductBenchmark.Figures, hasEnclave: Bool) {
        let used = figures.processors
        row(
            name,
            [idle.map(number) ?? "", number(figures.perSecond), number(figures.blocksPerSecond)]
                + [0.5, 0.99].map { number(figures.latencies.quantile($0) * 1000) }
                + [number(used.host), hasEnclave ? number(used.enclave) : "", hasEnclave ? number(used.launcher) : ""]
                + [number(figures.size), number(figures.sentBytes)])
    }

    func measure(_ validators: Int, _ options: NetworkBench.Options) throws {
        let noun = validators == 1 ? "validator" : "validators"
        say("\n" + Machine.line)
        row("\(validators) \(noun)", Self.columns)
        let product = ProductBenchmark(
            validators: validators, programs: options.programs, seconds: options.seconds)
        let idle = try product.idleBlocks()
        let figures = try product.measure()
        for kind in ProductBenchmark.Kind.allCases {
            guard let figures = figures[kind] else { continue }
            row("Cloister, \(kind.rawValue) transfers", idle: kind == .plain ? idle : nil, figures, hasEnclave: true)
        }
        guard let comet = options.comet else { return }
        let network = try BenchComet(comet, validators: validators)
        defer { network.stop() }
        let (idleBlocks, kvstore) = try network.measure(seconds: options.seconds)
        row("CometBFT, kvstore", idle: idleBlocks, kvstore, hasEnclave: false)
    }

    func end(hasComet: Bool) {
        say(
            """

            All validators and the clients share this machine's processors. The clients send over HTTP what was signed
            before, as fast as it is taken; tx/s is what stands in blocks of the node that is last, from the end of one
            block to the end of another. p50 and p99: from sending one of \(number(ProductBenchmark.modestRate)) a second until its result can be
            asked for. Processor: microseconds a transaction and validator, with all that the node does meanwhile.
            sent/tx: bytes that all validators together sent to each other.
            A plain transfer is signed and checked (secp256k1) and moves coins; a private one calls a token
            (\((try? BenchmarkContract.token().description) ?? "")) in the enclave. A block has at most 1,000 plain or 500 private
            ones by its gas. Profile development: the disk is not waited for.
            """)
        guard hasComet else { return }
        say(
            """
            kvstore's transactions are not signed, pay nothing and prove nothing; its application is in the process. CometBFT
            syncs its log to the disk. Both have no pause between blocks, and the same limits of mempool and rate; CometBFT's
            peers look every 5 ms instead of every 100.
            """)
    }
}
