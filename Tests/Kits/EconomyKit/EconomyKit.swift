/// The chain's economy for tests and benchmarks: all modules without engine, enclave and signatures, and random stories
/// that a model in Python tells a second time.
///
/// It judges nothing by itself but a story's lines; whoever tells one asks for the invariants.
import Auth
import Bank
import ChainMessages
import ChainModules
import EnclaveProtocol
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

/// A chain of all modules without engine, enclave and signatures: blocks begin and end, and messages run.
package final class Economy {
    package static let modules = ModuleList.chain
    package let state: any LedgerState
    package private(set) var block = BlockContext(height: 0, time: .unixZero, proposer: [])

    package struct Founder {
        package var account: AccountAddress
        package var key: [UInt8]
        package var tokens: UInt128
        package var power: Int64 { Int64(tokens / 1_000_000) }
        package var consensus: [UInt8] { Array(SHA256.hash(key).bytes.prefix(20)) }
        package var validator: OperatorAddress { OperatorAddress(account) }

        package init(account: AccountAddress, key: [UInt8], tokens: UInt128) {
            self.account = account
            self.key = key
            self.tokens = tokens
        }
    }

    /// Validators that are in the set with what they delegated to themselves, and what others have; `parameters`
    /// replaces what stands in the file by module.
    package init(
        _ founders: [Founder], rich: [(AccountAddress, UInt128)], parameters: [String: JSONValue] = [:],
        mints: Bool = true, on state: any LedgerState = OrderedState()
    ) throws {
        self.state = state
        try Self.modules.importGenesis(
            Self.genesis(founders, rich: rich, parameters: parameters, mints: mints), on: state)
    }

    /// Of a genesis file's `app_state`.
    package init(genesis: JSONValue) throws {
        state = OrderedState()
        try Self.modules.importGenesis(genesis, on: state)
    }

    package static func genesis(
        _ founders: [Founder], rich: [(AccountAddress, UInt128)], parameters: [String: JSONValue] = [:],
        mints: Bool = true
    ) -> JSONValue {
        func balance(_ address: AccountAddress, _ amount: UInt128) -> JSONValue {
            ["address": .text(address), "coins": [["denom": "uscrt", "amount": .text(amount)]]]
        }
        let bonded = founders.reduce(0) { $0 + $1.tokens }
        let balances = rich.map { balance($0.0, $0.1) } + [balance(ModuleAccount.bondedPool.address, bonded)]
        let validators = founders.map { founder -> JSONValue in
            [
                "operator_address": .text(founder.validator),
                "consensus_pubkey": [
                    "@type": "/cosmos.crypto.ed25519.PubKey", "key": .string(Base64.encode(founder.key)),
                ],
                "jailed": false, "status": "BOND_STATUS_BONDED", "tokens": .text(founder.tokens),
                "delegator_shares": .text(Decimal18(founder.tokens)), "description": ["moniker": "founder"],
                "unbonding_height": "0", "unbonding_time": "1970-01-01T00:00:00Z",
                "commission": [
                    "commission_rates": ["rate": "0.1", "max_rate": "1", "max_change_rate": "0.1"],
                    "update_time": "1970-01-01T00:00:00Z",
                ],
                "min_self_delegation": "1",
            ]
        }
        let delegations = founders.map { founder -> JSONValue in
            [
                "delegator_address": .text(founder.account), "validator_address": .text(founder.validator),
                "shares": .text(Decimal18(founder.tokens)),
            ]
        }
        var staking: [(String, JSONValue)] = [("validators", .array(validators)), ("delegations", .array(delegations))]
        if let values = parameters["staking"] { staking.append(("params", values)) }
        var parts: [(String, JSONValue)] = [
            ("bank", ["balances": .array(balances)]), ("staking", .object(staking)),
        ]
        if mints {
            parts.append(("mint", .object([("params", parameters["mint"] ?? .object([]))])))
        }
        for name in ["slashing", "distribution", "gov"] {
            if let values = parameters[name] { parts.append((name, ["params": values])) }
        }
        return .object(parts)
    }

    // MARK: - Blocks

    @discardableResult
    package func begin(
        time: Timestamp? = nil, votes: [BlockVote] = [], misbehavior: [BlockMisbehavior] = [],
        proposer: [UInt8]? = nil, header: HeaderFacts = HeaderFacts()
    ) throws -> [Event] {
        block = BlockContext(
            height: block.height + 1, time: time ?? block.time.adding(nanoseconds: 6_000_000_000),
            proposer: proposer ?? votes.first?.validator ?? [UInt8](repeating: 7, count: 20), votes: votes,
            misbehavior: misbehavior, header: header)
        return try Self.modules.beginBlock(block, on: state)
    }

    @discardableResult
    package func end() throws -> [Event] { try Self.modules.endBlock(block, on: state) }

    /// What a message comes to, run as a block runs it: whole or not at all.
    package func run(_ message: some ChainMessage) throws -> Result<MessageOutcome, TransactionRefusal> {
        try run(any: message.any)
    }

    package func run(any: AnyMessage) throws -> Result<MessageOutcome, TransactionRefusal> {
        let scope = LedgerScope(state)
        do {
            let outcome = try Self.modules.router.run(any, signer: try any.signers()[0], in: block, on: scope)
            try scope.keep(in: state)
            return .success(outcome)
        } catch let refusal as TransactionRefusal {
            return .failure(refusal)
        }
    }

    /// Whose refusal it is, and which; `ok` for none.
    package func code(_ message: some ChainMessage) throws -> String {
        switch try run(message) {
        case .success: "ok"
        case .failure(let refusal): "\(refusal.codespace)/\(refusal.code)"
        }
    }

    package func ask<Request, Response: ChainMessage>(
        _ method: ChainMethod<Request, Response>, _ request: Request
    ) throws -> Response {
        try Response(decoding: try answer(method.path, request.encoded), .request)
    }

    /// What the query of that path is answered about the state as it stands.
    package func answer(_ path: String, _ request: [UInt8]) throws -> [UInt8] {
        try Self.queries[path]!.answer(request, { QueriedBlock(height: block.height, time: block.time) }, state)
    }

    private static let queries = Dictionary(uniqueKeysWithValues: modules.queries.map { ($0.path, $0) })

    package func balance(_ address: AccountAddress) throws -> UInt128 {
        try BankModule.balance(of: address, denomination: "uscrt", on: state)
    }

    /// All records of a store under a prefix.
    package func records<Record: ChainMessage>(_ type: Record.Type, _ prefix: UInt8, in store: String = "staking")
        throws
        -> [Record]
    {
        var list: [Record] = []
        try state.visit(store, prefix: [prefix]) { list.append(try Record(stored: $0, in: store)) }
        return list
    }
}
