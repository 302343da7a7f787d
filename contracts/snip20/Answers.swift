/// What the token answers to queries, after it saw a key or a permit for what is private.
enum Answers {
    private static let pageSizeMax: UInt32 = 50
    /// An answer and no refusal, as wallets know it from the reference.
    private static var wrongKey: Answer { .viewingKeyError(msg: "wrong viewing key") }

    static func answer(_ environment: Environment, _ question: Question) throws(ContractError) -> Answer {
        let start = try State.start.load()
        let config = start.config
        switch question {
        case .tokenInfo:
            let supply: Amount? = config?.publicTotalSupply == true ? try State.supply.load() : nil
            return .tokenInfo(
                name: start.name, symbol: start.symbol, decimals: start.decimals, totalSupply: supply)
        case .tokenConfig:
            return .tokenConfig(
                publicTotalSupply: config?.publicTotalSupply ?? false, depositEnabled: config?.enableDeposit ?? false,
                redeemEnabled: config?.enableRedeem ?? false, mintEnabled: config?.enableMint ?? false,
                burnEnabled: config?.enableBurn ?? false, supportedDenoms: start.supportedDenoms ?? [])
        case .contractStatus: return .contractStatus(status: "normal_run")
        case .exchangeRate:
            let denominations = start.supportedDenoms ?? []
            return denominations.isEmpty
                ? .exchangeRate(rate: 0, denom: "") : .exchangeRate(rate: 1, denom: denominations[0])
        case .balance(let address, let key):
            guard try ViewingKeys.isRight(key, of: address) else { return wrongKey }
            return .balance(amount: try State.balance(address))
        case .allowance(let owner, let spender, let key):
            // Both ends may look at it.
            let isOwners = try ViewingKeys.isRight(key, of: owner)
            let isSpenders = try ViewingKeys.isRight(key, of: spender)
            guard isOwners || isSpenders else { return wrongKey }
            return try allowance(owner, spender)
        case .transferHistory(let address, let key, let page, let size, _):
            guard try ViewingKeys.isRight(key, of: address) else { return wrongKey }
            return try history(address, page, size)
        case .withPermit(let permit, let question):
            return try answer(environment, permit, question)
        }
    }

    private static func answer(
        _ environment: Environment, _ permit: Permit, _ question: PermittedQuestion
    ) throws(ContractError) -> Answer {
        switch question {
        case .balance:
            let account = try permit.signer(environment, permission: "balance")
            return .balance(amount: try State.balance(account))
        case .allowance(let owner, let spender):
            let account = try permit.signer(environment, permission: "allowance")
            guard account == owner || account == spender else {
                throw ContractError("the permit is of neither owner nor spender")
            }
            return try allowance(owner, spender)
        case .transferHistory(let page, let size, _):
            return try history(try permit.signer(environment, permission: "history"), page, size)
        }
    }

    private static func allowance(_ owner: Text, _ spender: Text) throws(ContractError) -> Answer {
        let allowance = try State.allowances.find(owner + "/" + spender) ?? Allowance(amount: 0)
        return .allowance(
            spender: spender, owner: owner, allowance: allowance.amount, expiration: allowance.expiration)
    }

    private static func history(_ account: Text, _ page: UInt32?, _ size: UInt32) throws(ContractError) -> Answer {
        let transfers = try State.transfers.newest(page: page ?? 0, size: min(size, pageSizeMax), of: account)
        return .transferHistory(txs: transfers, total: try State.transfers.count(of: account))
    }
}
