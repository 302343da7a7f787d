/// The token's state. Balances have one size whatever they are.
enum State {
    static let start = Item<Start>("token")
    static let supply = Item<Amount>("supply", paddedTo: 64)
    static let balances = Map<Amount>("balance", paddedTo: 64)
    static let allowances = Map<Allowance>("allowance", paddedTo: 128)
    static let receivers = Map<Text>("receiver")
    static let transfers = AppendList<Transfer>("transfer", paddedTo: 512)

    static func balance(_ account: Text) throws(ContractError) -> Amount { try balances.find(account) ?? 0 }

    static func add(_ amount: Amount, to account: Text) throws(ContractError) {
        balances.save(try balance(account).adding(amount), at: account)
    }

    static func take(_ amount: Amount, from account: Text) throws(ContractError) {
        balances.save(try balance(account).subtracting(amount, or: "insufficient funds"), at: account)
    }

    /// An allowance that has not expired.
    static func allowance(_ owner: Text, _ spender: Text, _ now: UInt64) throws(ContractError) -> Allowance {
        guard let allowance = try allowances.find(owner + "/" + spender) else { return Allowance(amount: 0) }
        if let end = allowance.expiration, end <= now { return Allowance(amount: 0) }
        return allowance
    }
}
