import Foundation
import PublicCryptography
import SignedTransactions
import Synchronization

/// The contract whose calls are measured.
package enum BenchmarkContract: CustomStringConvertible {
    case token(code: [UInt8], file: String)
    case counter(code: [UInt8])

    package static let tokenFile = "snip20-ibc.wasm"
    package static let viewingKey = "benchmark"

    package struct Missing: Error, CustomStringConvertible {
        package var description: String
    }

    /// A SNIP-20 token as it is deployed on Secret Network when `CLOISTER_CONTRACTS` has one, else this repository's
    /// counter.
    package static func available() throws -> BenchmarkContract {
        if let token = deployed { return token }
        guard let data = FileManager.default.contents(atPath: "contracts/build/counter.wasm") else {
            throw Missing(
                description:
                    "no contract: run `make contracts`, or set CLOISTER_CONTRACTS to a folder with \(tokenFile)")
        }
        return .counter(code: Array(data))
    }

    /// A SNIP-20 token: the deployed one, else this repository's.
    package static func token() throws -> BenchmarkContract {
        if let token = deployed { return token }
        guard let data = FileManager.default.contents(atPath: "contracts/build/snip20.wasm") else {
            throw Missing(description: "no token: run `make contracts`")
        }
        return .token(code: Array(data), file: "snip20.wasm")
    }

    private static var deployed: BenchmarkContract? {
        ProcessInfo.processInfo.environment["CLOISTER_CONTRACTS"].flatMap {
            FileManager.default.contents(atPath: $0 + "/" + tokenFile)
        }.map { .token(code: Array($0), file: tokenFile) }
    }

    package var code: [UInt8] {
        switch self {
        case .token(let code, _), .counter(let code): code
        }
    }

    /// Of the one contract that a run measures; hashing it anew for each message would be measured, too.
    package var codeHash: Hash32 {
        BenchmarkContract.hash.withLock { known in
            if known == nil { known = SHA256.hash(code) }
            return known!
        }
    }
    private static let hash = Mutex<Hash32?>(nil)

    package var description: String {
        let size = "\(code.count / 1024) KiB"
        return switch self {
        case .token(_, let file): "SNIP-20 token (\(file), \(size)), transfer"
        case .counter: "counter (\(size)), increment; set CLOISTER_CONTRACTS to measure a SNIP-20 token"
        }
    }

    /// Everybody in `holders` has coins of the token from the start.
    package func instantiation(holders: [AccountAddress]) -> String {
        switch self {
        case .counter: return #"{"count":0}"#
        case .token:
            let balances = holders.map { #"{"address":"\#($0)","amount":"1000000000"}"# }.joined(separator: ",")
            return #"{"name":"Benchmark","admin":"\#(holders[0])","symbol":"BENCH","decimals":6,"#
                + #""initial_balances":[\#(balances)],"prng_seed":"eW8=","config":{"public_total_supply":true}}"#
        }
    }

    package func call(to receiver: AccountAddress) -> String {
        switch self {
        case .counter: #"{"increment":{}}"#
        case .token: #"{"transfer":{"recipient":"\#(receiver)","amount":"10"}}"#
        }
    }

    /// What `query` needs to have been said before.
    package var queryPreparation: String? {
        switch self {
        case .counter: nil
        case .token: #"{"set_viewing_key":{"key":"\#(BenchmarkContract.viewingKey)"}}"#
        }
    }

    package func query(of holder: AccountAddress) -> String {
        switch self {
        case .counter: #"{"get_count":{}}"#
        case .token: #"{"balance":{"address":"\#(holder)","key":"\#(BenchmarkContract.viewingKey)"}}"#
        }
    }
}
