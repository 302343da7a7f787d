import Foundation
import TOMLKit

/// What an operator may set; `config/node.toml` in the node's home.
package struct NodeConfiguration: Sendable {
    package var moniker = "cloister"
    package var profile = Profile.development
    package var restHost = "127.0.0.1"
    package var restPort = 1317
    package var metricsHost = "127.0.0.1"
    package var metricsPort = 26660
    package var queryLanes = 2
    package var enclave = Enclave.standard
    /// The shortest time from one block with transactions to the next, in milliseconds.
    package var blockIntervalMilliseconds: Int64 = 0
    /// How many transactions may wait for a block.
    package var mempoolSize = 5_000
    /// The most gas a transaction may want to wait here; a block's own limit holds besides.
    package var transactionGasMax: UInt64 = 50_000_000
    package var logLevel = "info"

    package enum Profile: String, Sendable { case development, production }

    /// Which of the two enclave programs runs.
    package enum Enclave: String, Sendable {
        case standard
        /// Tells callers, sealed, where contracts stopped. Another measurement: it opens nothing of the standard one.
        case development

        package var program: String {
            switch self {
            case .standard: "cloister-enclave"
            case .development: "cloister-enclave-development"
            }
        }
    }

    package struct Invalid: Error, CustomStringConvertible {
        package var description: String
    }

    package init() {}

    /// The file with these values, each with its meaning.
    package var text: String {
        """
        # Cloister node. Times in milliseconds.
        moniker = "\(moniker)"
        # development or production: production waits for the disk before it vouches for anything.
        profile = "\(profile.rawValue)"
        log_level = "\(logLevel)"

        [rest]
        host = "\(restHost)"
        port = \(restPort)

        [metrics]
        host = "\(metricsHost)"
        port = \(metricsPort)

        [enclave]
        # Threads for contract queries, 1 to 16.
        query_lanes = \(queryLanes)
        # standard or development: the second is another program, which tells callers where contracts stopped.
        program = "\(enclave.rawValue)"

        [mempool]
        # How many transactions may wait for a block; more are refused with code 20.
        size = \(mempoolSize)
        # The most gas one transaction may want; more is refused with code 41, as what no block may hold always is.
        transaction_gas = \(transactionGasMax)

        [consensus]
        # The shortest time from one block with transactions to the next.
        block_interval = \(blockIntervalMilliseconds)

        """
    }

    package init(path: String) throws {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: try String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw Invalid(description: "\(path): \(error)")
        }
        moniker = table["moniker"]?.string ?? moniker
        if let text = table["profile"]?.string {
            guard let profile = Profile(rawValue: text) else {
                throw Invalid(description: "\(path): profile is development or production, not \(text)")
            }
            self.profile = profile
        }
        logLevel = table["log_level"]?.string ?? logLevel
        restHost = table["rest"]?["host"]?.string ?? restHost
        restPort = try Self.integer(table["rest"]?["port"]?.int, 1...65535, restPort, "\(path): rest.port")
        metricsHost = table["metrics"]?["host"]?.string ?? metricsHost
        metricsPort = try Self.integer(table["metrics"]?["port"]?.int, 1...65535, metricsPort, "\(path): metrics.port")
        queryLanes = try Self.integer(
            table["enclave"]?["query_lanes"]?.int, 1...16, queryLanes, "\(path): enclave.query_lanes")
        if let text = table["enclave"]?["program"]?.string {
            guard let enclave = Enclave(rawValue: text) else {
                throw Invalid(description: "\(path): enclave.program is standard or development, not \(text)")
            }
            self.enclave = enclave
        }
        guard enclave == .standard || profile == .development else {
            throw Invalid(description: "\(path): a development enclave does not run in the profile production")
        }
        mempoolSize = try Self.integer(
            table["mempool"]?["size"]?.int, 1...1_000_000, mempoolSize, "\(path): mempool.size")
        transactionGasMax = UInt64(
            try Self.integer(
                table["mempool"]?["transaction_gas"]?.int, 1...Int.max, Int(transactionGasMax),
                "\(path): mempool.transaction_gas"))
        blockIntervalMilliseconds = Int64(
            try Self.integer(
                table["consensus"]?["block_interval"]?.int, 0...3_600_000, Int(blockIntervalMilliseconds),
                "\(path): consensus.block_interval"))
    }

    private static func integer(_ value: Int?, _ range: ClosedRange<Int>, _ otherwise: Int, _ what: String) throws
        -> Int
    {
        guard let value else { return otherwise }
        guard range.contains(value) else {
            throw Invalid(description: "\(what) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
        return value
    }
}
