import StrictJSON

/// What most likely went wrong where a chain refused a message, and what to do: a sentence beside the chain's own.
package enum Mistakes {
    /// - Parameter response: `tx_response` of a transaction that failed, or that a node did not take.
    package static func hint(_ response: JSONValue) -> String? {
        guard let codespace = response["codespace"]?.string,
            let code = response["code"]?.uint64 ?? response["code"]?.string.flatMap({ UInt64($0) })
        else { return nil }
        // The chain says so in words alone.
        let log = response["raw_log"]?.string ?? ""
        if codespace == "sdk", code == 18, log.contains("invalid shares amount") { return hints["staking"]?[22] }
        return hints[codespace]?[code]
    }

    private static let hints: [String: [UInt64: String]] = [
        "sdk": [
            4: "the signer may not do this; in somebody else's name, see `cloister query authz grants`",
            5: "too few coins that are not locked: `cloister query bank balances ADDRESS`; keep some for fees",
            11: "the gas was too little: give more with --gas, or leave it to the command",
            13: "the node wants a higher price: give more with --gas-price",
            20: "the node's queue is full; try again in a few blocks",
            32: "another transaction of this account is on its way; try again after the next block",
            38: "not there; `cloister query feegrant grants-by-grantee ADDRESS` lists allowances for fees",
        ],
        "staking": [
            3: "there is no such validator: `cloister query staking validators` lists those there are",
            4: "this account has a validator already; `cloister tx staking edit-validator` changes it",
            5: "another validator has this key: each node has one of its own, which `cloister-node keys show` prints",
            6: "the chain takes keys of Ed25519 alone, as `cloister-node keys show` prints them",
            11: "the rate is above the highest that you set: see --commission-max-rate",
            12: "a commission is changed once in 24 hours at most",
            15: "a commission rises by no more at once than its max-change-rate",
            16: "the validator's own coins are fewer than its --min-self-delegation",
            17: "the least that a validator keeps of its own can only be raised",
            19: "nothing is delegated there: `cloister query staking delegations ADDRESS` shows what is",
            22: "more than is delegated: `cloister query staking delegations ADDRESS` shows how much",
            24: "more than is delegated: `cloister query staking delegations ADDRESS` shows how much",
            26: "no such coins are on their way back: `cloister query staking unbonding-delegations ADDRESS`",
            27: "too many are on their way back from this validator; wait until the oldest has come",
            29: "both are the same validator",
            30: "so few coins are worth no share; redelegate more",
            31: "there is no such validator to go to: `cloister query staking validators` lists those there are",
            32: "these coins have just come from another validator, and stay for the unbonding time",
            34: "this validator has lost all that was delegated to it, and takes nothing any more",
        ],
        "distribution": [
            5: "nothing is delegated there: `cloister query distribution rewards ADDRESS` shows where rewards are",
            7: "the validator has earned no commission since it was last paid",
            8: "this chain pays rewards to the delegator alone",
            9: "the community pool has less: `cloister query distribution community-pool` shows how much",
            13: "nothing is delegated there: `cloister query distribution rewards ADDRESS` shows where rewards are",
        ],
        "slashing": [
            3: "this account has no validator",
            4: "too early, or the validator is barred for ever: `cloister query slashing signing-info VALIDATOR`",
            5: "the validator is not jailed: nothing is to be done",
            6: "delegate something of your own to it first: `cloister tx staking delegate`",
            7: "delegate to it first: its own coins are fewer than its --min-self-delegation",
        ],
        "gov": [
            3: "the proposal takes no deposits or votes now, or is not there: `cloister query gov proposals`",
            7: "the options are yes, no, abstain and no_with_veto",
            11: "a proposal has messages that the chain runs, or metadata",
            13: "a proposal's messages are signed by the chain: their authority is the account of the module gov",
            16: "the deposit is too small: `cloister query gov params` shows the least",
            23: "deposits are of the coin that `cloister query gov params` shows",
        ],
        "authz": [
            2: "there is no such grant: `cloister query authz grants-by-granter ADDRESS` lists those there are",
            3: "the grant would be over already: see --expiration",
            6: "the grant is over",
            7: "an account needs no grant of its own",
        ],
        "feegrant": [
            2: "the allowance is not that large: `cloister query feegrant grants-by-grantee ADDRESS` shows it",
            3: "the allowance is over",
            5: "there is no such allowance: `cloister query feegrant grants-by-grantee ADDRESS` lists those there are",
            7: "the allowance is for other messages",
        ],
    ]
}
