// What the pool understands and answers.

// sdk: message
struct Start {
    var tokenA: Token
    var tokenB: Token
    /// Of a thousand parts that come in, what stays with the providers; 3 if nothing is said.
    var feePerMille: UInt32?
}

// sdk: message
struct Token {
    var contract: Text
    var codeHash: Text
}

// sdk: message
enum Action {
    /// From one of the two tokens, when somebody used its `send` to us. `msg` holds a `Purpose`.
    case receive(sender: Text, from: Text, amount: Amount, msg: Bytes?, memo: Text?)
    /// Takes up to these amounts, in the ratio of the pool, out of allowances that the caller gave us before.
    case addLiquidity(amountA: Amount, amountB: Amount, minimumShares: Amount?)
    case removeLiquidity(shares: Amount, minimumA: Amount?, minimumB: Amount?)
    case setViewingKey(key: Text)
    case revokePermit(permitName: Text)
}

// sdk: message
enum Purpose {
    /// Pays `from`, or the recipient, in the other token; refused below the minimum.
    case swap(minimum: Amount?, recipient: Text?)
}

// sdk: message
enum Question {
    case pool  // sdk: returns PoolAnswer
    /// About what a swap would pay, by the pool's rounded reserves.
    case quote(token: Text, amount: Amount)  // sdk: returns QuoteAnswer
    case shares(address: Text, key: Text)  // sdk: returns SharesAnswer
    case withPermit(permit: Permit, query: PermittedQuestion)  // sdk: returns SharesAnswer
}

// sdk: message
enum PermittedQuestion {
    case shares
}

// sdk: message
struct PoolAnswer {
    var tokenA: Text
    var tokenB: Text
    var feePerMille: UInt32
    /// Their first three digits.
    var reserveA: Amount
    var reserveB: Amount
}

// sdk: message
struct QuoteAnswer {
    var about: Amount
}

// sdk: message
struct SharesAnswer {
    var shares: Amount
}

/// What a pool says to a token (SNIP-20).
// sdk: message
enum TokenAction {
    case registerReceive(codeHash: Text)
    case transfer(recipient: Text, amount: Amount)
    case transferFrom(owner: Text, recipient: Text, amount: Amount)
}
