/// How a contract votes on a proposal.
// sdk: words
enum VoteOption: Equatable {
    case yes, no, abstain, noWithVeto
}

/// What the chain's modules are asked for, in the contract's own name (interface version 1; the enclave writes the
/// sender). A message costs what a user's costs, and what it takes must be there. `reply` hears whether it passed,
/// with no events and no data; what came of it, `Chain` tells in the next block.
///
/// All of this is public: who, to whom, and how much.
extension Message {
    /// Delegates what the contract holds. `validator` is an address that begins with `secretvaloper`.
    static func delegate(_ coin: Coin, to validator: Text) -> Message {
        module(
            "staking", "delegate", [.init("validator", .string(validator)), .init("amount", coin.json)])
    }

    /// Takes back what was delegated; it comes when the chain's unbonding time is over.
    static func undelegate(_ coin: Coin, from validator: Text) -> Message {
        module(
            "staking", "undelegate", [.init("validator", .string(validator)), .init("amount", coin.json)])
    }

    /// From one validator to another, at once. Not again before the unbonding time is over (`Chain.delegation`).
    static func redelegate(_ coin: Coin, from source: Text, to destination: Text) -> Message {
        module(
            "staking", "redelegate",
            [
                .init("src_validator", .string(source)), .init("dst_validator", .string(destination)),
                .init("amount", coin.json),
            ])
    }

    /// Rewards go to the contract, or where `sendRewards` said before.
    static func withdrawRewards(from validator: Text) -> Message {
        module("distribution", "withdraw_delegator_reward", [.init("validator", .string(validator))])
    }

    static func sendRewards(to address: Text) -> Message {
        module("distribution", "set_withdraw_address", [.init("address", .string(address))])
    }

    /// With the power of what the contract has delegated.
    static func vote(_ option: VoteOption, on proposal: UInt64) -> Message {
        module("gov", "vote", [.init("proposal_id", .integer(proposal)), .init("vote", option.json)])
    }

    // MARK: - Contracts that this one administers

    /// A new contract with an admin, who can migrate it and so read all it holds; `nil` for none.
    static func instantiate(
        codeID: UInt64, codeHash: Text, _ message: some JSONCoded, label: Text, admin: Text?,
        funds: [Coin] = []
    ) -> Message {
        module(
            "wasm", "instantiate",
            [
                .init("admin", admin.json), .init("code_id", .integer(codeID)),
                .init("code_hash", .string(codeHash)),
                .init("msg", .base64(padded(message))), .init("send", funds.json),
                .init("label", .string(label)),
            ])
    }

    /// Gives a contract other code; its `migrate` is called with `message`. `codeHash` is that of the new code.
    static func migrate(
        _ contract: Text, toCode codeID: UInt64, codeHash: Text, _ message: some JSONCoded
    ) -> Message {
        module(
            "wasm", "migrate",
            [
                .init("contract_addr", .string(contract)), .init("code_hash", .string(codeHash)),
                .init("code_id", .integer(codeID)), .init("msg", .base64(padded(message))),
            ])
    }

    static func setAdmin(of contract: Text, to admin: Text) -> Message {
        module(
            "wasm", "update_admin",
            [.init("contract_addr", .string(contract)), .init("admin", .string(admin))])
    }

    /// From then on nobody can migrate it.
    static func clearAdmin(of contract: Text) -> Message {
        module("wasm", "clear_admin", [.init("contract_addr", .string(contract))])
    }

    // MARK: - Others

    /// Nothing may follow in this transaction: another message of it, of whomever, fails it. Against a caller who
    /// looks at what a call did, and undoes it if it is not to his liking.
    static var finalizeTransaction: Message { .other(.object([.init("finalize_tx", .object([]))])) }

    /// A message in the chain's own encoding (protobuf), whose sender must be the contract. Of which types, is in
    /// docs/changes.md.
    static func encoded(_ typeURL: Text, _ value: [UInt8]) -> Message {
        .other(
            .object([
                .init(
                    "stargate",
                    .object([.init("type_url", .string(typeURL)), .init("value", .base64(value))]))
            ]))
    }

    private static func padded(_ message: some JSONCoded) -> [UInt8] {
        Padding.spaces(message.json.encoded, multiple: bytesMultiple)
    }

    private static func module(_ name: Text, _ verb: Text, _ content: [JSON.Member]) -> Message {
        .other(.object([.init(name, .object([.init(verb, .object(content))]))]))
    }
}
