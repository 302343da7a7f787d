/// What the chain's modules know (docs/decisions/0057): of the state before the block, proved to the enclave. Who
/// stands in a message of this very block is not answered about before the next, and no more than 64 validators of a
/// delegator, 100 validators of the set and 64 proposals. All these throw `ContractError.Kind.notAnswered` then.
///
/// A host sees what is asked, and about whom.
extension Chain {
    /// What somebody has delegated to a validator.
    struct Delegation: Equatable {
        var validator: Text
        var amount: Coin
        /// What may be redelegated now: all of it, or nothing while it came from another validator itself.
        var redelegatable: Coin
        /// Not withdrawn yet, whole units.
        var rewards: [Coin]
    }

    /// An amount at a validator: delegated to it, on its way back, or earned there.
    struct ValidatorAmount: Equatable {
        var validator: Text
        var coins: [Coin]
    }

    /// What staking has of a validator; its commission is a part of the rewards.
    struct Validator: Equatable {
        var address: Text
        var commission: Decimal
        var commissionMax: Decimal
        /// The most by which its commission changes in a day.
        var commissionChangeMax: Decimal
    }

    /// A proposal that is voted on.
    struct Proposal: Equatable {
        var id: UInt64
        /// In seconds since 1970.
        var votingStart: UInt64
        var votingEnd: UInt64
    }

    /// The denomination that is staked.
    static func bondDenomination() throws(ContractError) -> Text {
        try text(try ask("staking", "bonded_denom", []), "denom")
    }

    /// `nil` if nothing is delegated there.
    static func delegation(of delegator: Text, to validator: Text) throws(ContractError)
        -> Delegation?
    {
        let answer = try ask(
            "staking", "delegation",
            [.init("delegator", .string(delegator)), .init("validator", .string(validator))])
        guard let found = answer.member("delegation") else { throw incomplete }
        if case .null = found { return nil }
        return Delegation(
            validator: try text(found, "validator"), amount: try coin(found.member("amount")),
            redelegatable: try coin(found.member("can_redelegate")),
            rewards: try coins(found.member("accumulated_rewards")))
    }

    /// In the order of the validators' addresses.
    static func delegations(of delegator: Text) throws(ContractError) -> [ValidatorAmount] {
        try amounts(try ask("staking", "all_delegations", [.init("delegator", .string(delegator))]))
    }

    /// What is on its way back.
    static func unbondingDelegations(of delegator: Text) throws(ContractError) -> [ValidatorAmount] {
        try amounts(
            try ask("staking", "unbonding_delegations", [.init("delegator", .string(delegator))]))
    }

    /// Not withdrawn yet, at each validator; whole units.
    static func rewards(of delegator: Text) throws(ContractError) -> [ValidatorAmount] {
        let answer = try ask("dist", "rewards", [.init("delegator", .string(delegator))])
        var rewards: [ValidatorAmount] = []
        for element in try elements(answer.member("rewards")) {
            rewards.append(
                ValidatorAmount(
                    validator: try text(element, "validator_address"),
                    coins: try coins(element.member("reward"))))
        }
        return rewards
    }

    /// The set that signs blocks, by its power.
    static func validators() throws(ContractError) -> [Validator] {
        var validators: [Validator] = []
        for element in try elements(try ask("staking", "validators", []).member("validators")) {
            validators.append(try validator(element))
        }
        return validators
    }

    /// `nil` if there is none with this address.
    static func validator(_ address: Text) throws(ContractError) -> Validator? {
        let answer = try ask("staking", "validator", [.init("address", .string(address))])
        guard let found = answer.member("validator") else { throw incomplete }
        if case .null = found { return nil }
        return try validator(found)
    }

    /// Of all coins, a year.
    static func inflation() throws(ContractError) -> Decimal {
        try decimal(try ask("mint", "inflation", []), "inflation_rate")
    }

    /// The part of all coins that is delegated.
    static func bondedRatio() throws(ContractError) -> Decimal {
        try decimal(try ask("mint", "bonded_ratio", []), "bonded_ratio")
    }

    static func proposals() throws(ContractError) -> [Proposal] {
        var proposals: [Proposal] = []
        for element in try elements(try ask("gov", "proposals", []).member("proposals")) {
            guard let id = element.member("id"), let start = element.member("voting_start_time"),
                let end = element.member("voting_end_time")
            else { throw incomplete }
            proposals.append(
                Proposal(
                    id: try id.integer("id"), votingStart: try start.integer("start"),
                    votingEnd: try end.integer("end")
                ))
        }
        return proposals
    }

    // MARK: - Reading answers

    private static func ask(_ module: Text, _ kind: Text, _ content: [JSON.Member])
        throws(ContractError) -> JSON
    {
        let question = JSON.object([.init(module, .object([.init(kind, .object(content))]))])
        return try JSONReader.parse(try query(question))
    }

    private static var incomplete: ContractError {
        ContractError(.notAnswered, "the chain's answer is incomplete")
    }

    private static func text(_ json: JSON, _ name: Text) throws(ContractError) -> Text {
        guard let member = json.member(name) else { throw incomplete }
        return try member.text(name)
    }

    private static func decimal(_ json: JSON, _ name: Text) throws(ContractError) -> Decimal {
        guard let member = json.member(name) else { throw incomplete }
        return try Decimal(member, name)
    }

    private static func elements(_ json: JSON?) throws(ContractError) -> [JSON] {
        guard case .array(let elements)? = json else { throw incomplete }
        return elements
    }

    /// Here an amount may be zero.
    private static func coin(_ json: JSON?) throws(ContractError) -> Coin {
        guard let json, let amount = json.member("amount") else { throw incomplete }
        return Coin(denomination: try text(json, "denom"), amount: try Amount(amount, "amount"))
    }

    private static func coins(_ json: JSON?) throws(ContractError) -> [Coin] {
        var coins: [Coin] = []
        for element in try elements(json) { coins.append(try coin(element)) }
        return coins
    }

    private static func amounts(_ answer: JSON) throws(ContractError) -> [ValidatorAmount] {
        var amounts: [ValidatorAmount] = []
        for element in try elements(answer.member("delegations")) {
            amounts.append(
                ValidatorAmount(
                    validator: try text(element, "validator"), coins: [try coin(element.member("amount"))]))
        }
        return amounts
    }

    private static func validator(_ json: JSON) throws(ContractError) -> Validator {
        Validator(
            address: try text(json, "address"), commission: try decimal(json, "commission"),
            commissionMax: try decimal(json, "max_commission"),
            commissionChangeMax: try decimal(json, "max_change_rate"))
    }
}
