import Foundation
import PublicCryptography
import SignedTransactions
import Synchronization

/// The contract whose calls are measured: a SNIP-20 token as it is deployed on Secret Network when `CLOISTER_CONTRACTS`
/// has one, else this repository's counter.
enum BenchmarkContract: CustomStringConvertible {
    case token(code: [UInt8])
    case counter(code: [UInt8])

    static let tokenFile = "snip20-ibc.wasm"
    static let viewingKey = "benchmark"

    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    static func available() throws -> BenchmarkContract {
        if let folder = ProcessInfo.processInfo.environment["CLOISTER_CONTRACTS"],
            let data = FileManager.default.contents(atPath: folder + "/" + tokenFile)
        {
            return .token(code: Array(data))
        }
        guard let data = FileManager.default.contents(atPath: "contracts/build/counter.wasm") else {
            throw Missing(
                description:
                    "no contract: run `make contracts`, or set CLOISTER_CONTRACTS to a folder with \(tokenFile)")
        }
        return .counter(code: Array(data))
    }

    var code: [UInt8] {
        switch self {
        case .token(let code), .counter(let code): code
        }
    }

    /// Of the one contract that a run measures; hashing it anew for each message would be measured, too.
    var codeHash: Hash32 {
        BenchmarkContract.hash.withLock { known in
            if known == nil { known = SHA256.hash(code) }
            return known!
        }
    }
    private static let hash = Mutex<Hash32?>(nil)

    var description: String {
        let size = "\(code.count / 1024) KiB"
        return switch self {
        case .token: "SNIP-20 token (\(BenchmarkContract.tokenFile), \(size)), transfer"
        case .counter: "counter (\(size)), increment; set CLOISTER_CONTRACTS to measure a SNIP-20 token"
        }
    }

    /// Everybody in `holders` has coins of the token from the start.
    func instantiation(holders: [AccountAddress]) -> String {
        switch self {
        case .counter: return #"{"count":0}"#
        case .token:
            let balances = holders.map { #"{"address":"\#($0)","amount":"1000000000"}"# }.joined(separator: ",")
            return #"{"name":"Benchmark","admin":"\#(holders[0])","symbol":"BENCH","decimals":6,"#
                + #""initial_balances":[\#(balances)],"prng_seed":"eW8=","config":{"public_total_supply":true}}"#
        }
    }

    func call(to receiver: AccountAddress) -> String {
        switch self {
        case .counter: #"{"increment":{}}"#
        case .token: #"{"transfer":{"recipient":"\#(receiver)","amount":"10"}}"#
        }
    }

    /// What `query` needs to have been said before.
    var queryPreparation: String? {
        switch self {
        case .counter: nil
        case .token: #"{"set_viewing_key":{"key":"\#(BenchmarkContract.viewingKey)"}}"#
        }
    }

    func query(of holder: AccountAddress) -> String {
        switch self {
        case .counter: #"{"get_count":{}}"#
        case .token: #"{"balance":{"address":"\#(holder)","key":"\#(BenchmarkContract.viewingKey)"}}"#
        }
    }
}
