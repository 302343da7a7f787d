import ChainMessages
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateStore
import StrictJSON
import TransactionFixtures
import Wire

/// What the host's own modules keep of a chain with three validators, on which Alice delegates, leaves, changes
/// validators and proposes, and a validator is slashed.
final class StakedLedger {
    let state = MemoryState()
    private(set) var block = BlockContext(height: 1_000, time: Timestamp(seconds: 0, nanoseconds: 0)!, proposer: [])
    let alice = FixtureKey("alice").address
    static let operators = (0..<3).map {
        OperatorAddress(AccountAddress([UInt8](repeating: 0x20 + UInt8($0), count: 20))!)
    }

    private static func key(_ index: Int) -> [UInt8] { SHA256.hash([UInt8(index)]).bytes }
    private static func consensus(_ index: Int) -> [UInt8] { Array(SHA256.hash(key(index)).bytes.prefix(20)) }

    init() throws {
        try ModuleList.chain.importGenesis(
            JSONReader.parse(Array(genesis.utf8), limits: JSONLimits(bytesMax: 1 << 16)), on: state)
        let (first, second, third) = (Self.operators[0], Self.operators[1], Self.operators[2])
        let coin = { (amount: UInt128) in Coin(amount, "uscrt") }
        try playBlock {
            let amounts: [UInt128] = [30_000_000, 20_000_000, 7]
            for (validator, amount) in zip([first, second, third], amounts) {
                try run(
                    StakingV1beta1.MsgDelegate(
                        delegatorAddress: alice, validatorAddress: validator, amount: coin(amount)))
            }
        }
        try playBlock {
            try run(
                StakingV1beta1.MsgUndelegate(
                    delegatorAddress: alice, validatorAddress: first, amount: coin(1_000_000)))
            try run(
                StakingV1beta1.MsgBeginRedelegate(
                    delegatorAddress: alice, validatorSrcAddress: first, validatorDstAddress: second,
                    amount: coin(2_000_000)))
            try run(
                GovV1.MsgSubmitProposal(
                    messages: [], initialDeposit: [coin(10_000_000)], proposer: alice, metadata: "m", title: "t",
                    summary: "s"))
        }
        // The second signs twice, and is slashed; the rewards of before stay.
        try playBlock(
            misbehavior: [
                BlockMisbehavior(
                    validator: Self.consensus(1), power: 70, height: 1_001, time: Timestamp(seconds: 6, nanoseconds: 0)!
                )
            ]) {}
        try playBlock {}
    }

    /// The records of these modules' stores, and the supply and the pools in the bank's.
    var writes: StateDatabase.Writes {
        var writes: StateDatabase.Writes = [:]
        let pools = [ModuleAddress.bondedPool, ModuleAddress.notBondedPool]
        for (place, value) in state.values {
            switch place.store {
            case "staking", "distribution", "mint", "gov", "slashing": break
            case "bank":
                let isPool = BankStore.balance(ofKey: place.key).map { pools.contains($0.address) } ?? false
                guard isPool || place.key.starts(with: BankStore.supplyPrefix) else { continue }
            default: continue
            }
            writes[place.store, default: [:]].updateValue(value, forKey: place.key)
        }
        return writes
    }

    private func playBlock(misbehavior: [BlockMisbehavior] = [], _ body: () throws -> Void) throws {
        let votes = (0..<3).map { BlockVote(validator: Self.consensus($0), power: 50, isPresent: true) }
        block = BlockContext(
            height: block.height + 1, time: block.time.adding(nanoseconds: 6_000_000_000),
            proposer: Self.consensus(0), votes: votes, misbehavior: misbehavior)
        _ = try ModuleList.chain.beginBlock(block, on: state)
        try body()
        _ = try ModuleList.chain.endBlock(block, on: state)
    }

    private func run(_ message: some ChainMessage) throws {
        _ = try ModuleList.chain.router.run(message.any, signer: alice, in: block, on: state)
    }

    private var genesis: String {
        let tokens = 50_000_000
        let validators = (0..<3).map { index in
            let key = Base64.encode(Self.key(index))
            return """
                {"operator_address":"\(Self.operators[index])","consensus_pubkey":{"@type":\
                "/cosmos.crypto.ed25519.PubKey","key":"\(key)"},"jailed":false,"status":"BOND_STATUS_BONDED",\
                "tokens":"\(tokens)","delegator_shares":"\(tokens).0","description":{"moniker":"v\(index)"},\
                "unbonding_height":"0","unbonding_time":"1970-01-01T00:00:00Z","commission":{"commission_rates":\
                {"rate":"0.\(index + 1)","max_rate":"1","max_change_rate":"0.1"},"update_time":\
                "1970-01-01T00:00:00Z"},"min_self_delegation":"1"}
                """
        }
        let delegations = Self.operators.map {
            "{\"delegator_address\":\"\($0.account)\",\"validator_address\":\"\($0)\",\"shares\":\"\(tokens).0\"}"
        }
        func balance(_ address: AccountAddress, _ amount: Int) -> String {
            "{\"address\":\"\(address)\",\"coins\":[{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}]}"
        }
        let balances = [balance(alice, 1_000_000_000), balance(ModuleAddress.bondedPool, 3 * tokens)]
        return """
            {"bank":{"balances":[\(balances.joined(separator: ","))]},"staking":{"validators":[\
            \(validators.joined(separator: ","))],"delegations":[\(delegations.joined(separator: ","))]},\
            "mint":{"params":{"blocks_per_year":"1000"}},\
            "gov":{"params":{"min_deposit":[{"denom":"uscrt","amount":"10000000"}]}}}
            """
    }
}
