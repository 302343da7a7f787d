/// What the chain is asked for.
// sdk: message
enum LedgerStep {
    case delegate(coin: Coin, validator: Text)
    case undelegate(coin: Coin, validator: Text)
    case redelegate(coin: Coin, source: Text, destination: Text)
    case withdraw(validator: Text)
    case sendRewards(to: Text)
    case vote(proposal: UInt64, option: VoteOption)
    case make(admin: Text?)
    case migrate(contract: Text)
    case setAdmin(contract: Text, admin: Text)
    case clearAdmin(contract: Text)
    case finalize
    case encoded(typeURL: Text, value: Bytes)

    var message: Message {
        switch self {
        case .delegate(let coin, let validator): .delegate(coin, to: validator)
        case .undelegate(let coin, let validator): .undelegate(coin, from: validator)
        case .redelegate(let coin, let source, let destination):
            .redelegate(coin, from: source, to: destination)
        case .withdraw(let validator): .withdrawRewards(from: validator)
        case .sendRewards(let address): .sendRewards(to: address)
        case .vote(let proposal, let option): .vote(option, on: proposal)
        case .make(let admin):
            .instantiate(codeID: 1, codeHash: "ab", Start(), label: "made", admin: admin)
        case .migrate(let contract):
            .migrate(contract, toCode: 2, codeHash: "cd", Upgrade(name: "next"))
        case .setAdmin(let contract, let admin): .setAdmin(of: contract, to: admin)
        case .clearAdmin(let contract): .clearAdmin(of: contract)
        case .finalize: .finalizeTransaction
        case .encoded(let type, let value): .encoded(type, value.bytes)
        }
    }
}

/// What the chain is asked.
// sdk: message
enum LedgerQuestion {
    case bondDenomination
    case delegation(delegator: Text, validator: Text)
    case delegations(delegator: Text)
    case unbonding(delegator: Text)
    case rewards(delegator: Text)
    case validators
    case validator(address: Text)
    case inflation
    case bondedRatio
    case proposals

    /// The answer as the SDK understood it, in a form of this contract's own.
    func answer() throws(ContractError) -> JSON {
        switch self {
        case .bondDenomination: return try Chain.bondDenomination().json
        case .delegation(let delegator, let validator):
            guard let found = try Chain.delegation(of: delegator, to: validator) else { return .null }
            return .array([
                found.validator.json, found.amount.json, found.redelegatable.json, found.rewards.json,
            ])
        case .delegations(let delegator):
            return LedgerQuestion.json(try Chain.delegations(of: delegator))
        case .unbonding(let delegator):
            return LedgerQuestion.json(try Chain.unbondingDelegations(of: delegator))
        case .rewards(let delegator): return LedgerQuestion.json(try Chain.rewards(of: delegator))
        case .validators:
            let validators = try Chain.validators()
            return .array(validators.map { LedgerQuestion.json($0) })
        case .validator(let address):
            return try Chain.validator(address).map { LedgerQuestion.json($0) } ?? .null
        case .inflation: return try Chain.inflation().json
        case .bondedRatio: return try Chain.bondedRatio().json
        case .proposals:
            let proposals = try Chain.proposals()
            return .array(proposals.map { [$0.id, $0.votingStart, $0.votingEnd].json })
        }
    }

    private static func json(_ amounts: [Chain.ValidatorAmount]) -> JSON {
        .array(amounts.map { .array([$0.validator.json, $0.coins.json]) })
    }

    private static func json(_ validator: Chain.Validator) -> JSON {
        .array([
            validator.address.json, validator.commission.json, validator.commissionMax.json,
            validator.commissionChangeMax.json,
        ])
    }
}

/// What a token or a collection is asked for.
// sdk: message
enum TokenStep {
    case transfer(to: Text, amount: Amount)
    case send(to: Text, amount: Amount, note: Text?)
    case transferFrom(owner: Text, to: Text, amount: Amount)
    case sendFrom(owner: Text, to: Text, amount: Amount)
    case allow(spender: Text, amount: Amount)
    case disallow(spender: Text, amount: Amount)
    case mint(to: Text, amount: Amount)
    case burn(amount: Amount)
    case deposit(coin: Coin)
    case redeem(amount: Amount)
    case register
    case setKey(key: Text)
    case transferNft(token: Text, to: Text)
    case sendNft(token: Text, to: Text, note: Text?)
    case approveNft(token: Text, spender: Text)
    case revokeNft(token: Text, spender: Text)
    case registerNft
    case setNftKey(key: Text)

    private static let hash: Text = "5a5a"

    func message(_ environment: Environment) -> Message {
        let token = SNIP20(contract: "secret1token", codeHash: TokenStep.hash)
        let collection = SNIP721(contract: "secret1nft", codeHash: TokenStep.hash)
        switch self {
        case .transfer(let recipient, let amount):
            return token.transfer(to: recipient, amount: amount, memo: "m")
        case .send(let recipient, let amount, let note):
            return token.send(to: recipient, codeHash: TokenStep.hash, amount: amount, note?.json)
        case .transferFrom(let owner, let recipient, let amount):
            return token.transfer(from: owner, to: recipient, amount: amount)
        case .sendFrom(let owner, let recipient, let amount):
            return token.send(from: owner, to: recipient, amount: amount)
        case .allow(let spender, let amount):
            return token.increaseAllowance(of: spender, by: amount, expiration: 9)
        case .disallow(let spender, let amount): return token.decreaseAllowance(of: spender, by: amount)
        case .mint(let recipient, let amount): return token.mint(amount, for: recipient)
        case .burn(let amount): return token.burn(amount)
        case .deposit(let coin): return token.deposit(coin)
        case .redeem(let amount): return token.redeem(amount, as: "uscrt")
        case .register: return token.registerReceive(environment)
        case .setKey(let key): return token.setViewingKey(key)
        case .transferNft(let token, let recipient): return collection.transfer(token, to: recipient)
        case .sendNft(let token, let recipient, let note):
            return collection.send(token, to: recipient, codeHash: TokenStep.hash, note?.json)
        case .approveNft(let token, let spender): return collection.approve(spender, token: token)
        case .revokeNft(let token, let spender): return collection.revoke(spender, token: token)
        case .registerNft: return collection.registerReceive(environment)
        case .setNftKey(let key): return collection.setViewingKey(key)
        }
    }
}

// sdk: message
enum TokenQuestion {
    case information
    case balance(address: Text, key: Text)
    case permitted(permit: Permit)
    case allowance(owner: Text, spender: Text, key: Text)
    case allowed(owner: Text, spender: Text, permit: Permit)
    case owner(token: Text, address: Text?, key: Text?)
    case ownerPermitted(token: Text, permit: Permit)

    func answer() throws(ContractError) -> JSON {
        let token = SNIP20(contract: "secret1token", codeHash: "5a5a")
        let collection = SNIP721(contract: "secret1nft", codeHash: "5a5a")
        switch self {
        case .information: return try token.information().json
        case .balance(let address, let key): return try token.balance(of: address, key: key).json
        case .permitted(let permit): return try token.balance(permit).json
        case .allowance(let owner, let spender, let key):
            return try token.allowance(owner: owner, spender: spender, key: key).json
        case .allowed(let owner, let spender, let permit):
            return try token.allowance(owner: owner, spender: spender, permit).json
        case .owner(let token, let address, let key):
            var viewer: SNIP721.Viewer?
            if let address, let key { viewer = SNIP721.Viewer(address: address, viewingKey: key) }
            return try collection.owner(of: token, viewer: viewer).json
        case .ownerPermitted(let token, let permit): return try collection.owner(of: token, permit).json
        }
    }
}
