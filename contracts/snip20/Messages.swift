// The messages of SNIP-20 and SNIP-24, in the form of the reference implementation.

// sdk: message
struct Start {
    var name: Text
    var admin: Text?
    var symbol: Text
    var decimals: UInt8
    var initialBalances: [InitialBalance]?
    /// The reference draws its keys from this; this contract has the chain's randomness.
    var prngSeed: Bytes
    var config: Configuration?
    var supportedDenoms: [Text]?
}

// sdk: message
struct InitialBalance {
    var address: Text
    var amount: Amount
}

// sdk: message
struct Configuration {
    var publicTotalSupply: Bool?
    var enableDeposit: Bool?
    var enableRedeem: Bool?
    var enableMint: Bool?
    var enableBurn: Bool?
    var canModifyDenoms: Bool?
}

// sdk: message
enum Action {
    case transfer(recipient: Text, amount: Amount, memo: Text?, decoys: JSON?, entropy: JSON?)
    case send(
        recipient: Text, recipientCodeHash: Text?, amount: Amount, msg: Bytes?, memo: Text?, decoys: JSON?,
        entropy: JSON?)
    case increaseAllowance(spender: Text, amount: Amount, expiration: UInt64?)
    case decreaseAllowance(spender: Text, amount: Amount, expiration: UInt64?)
    case transferFrom(owner: Text, recipient: Text, amount: Amount, memo: Text?, decoys: JSON?, entropy: JSON?)
    case sendFrom(
        owner: Text, recipient: Text, recipientCodeHash: Text?, amount: Amount, msg: Bytes?, memo: Text?, decoys: JSON?,
        entropy: JSON?)
    case deposit(decoys: JSON?, entropy: JSON?)
    case redeem(amount: Amount, denom: Text?, decoys: JSON?, entropy: JSON?)
    case mint(recipient: Text, amount: Amount, memo: Text?, decoys: JSON?, entropy: JSON?)
    case burn(amount: Amount, memo: Text?, decoys: JSON?, entropy: JSON?)
    case burnFrom(owner: Text, amount: Amount, memo: Text?, decoys: JSON?, entropy: JSON?)
    case registerReceive(codeHash: Text)
    case createViewingKey(entropy: Text?)
    case setViewingKey(key: Text)
    case revokePermit(permitName: Text)
}

// sdk: message
enum Question {
    case tokenInfo  // sdk: returns Answer.tokenInfo
    case tokenConfig  // sdk: returns Answer.tokenConfig
    case contractStatus  // sdk: returns Answer.contractStatus
    case exchangeRate  // sdk: returns Answer.exchangeRate
    case balance(address: Text, key: Text)  // sdk: returns Answer
    case allowance(owner: Text, spender: Text, key: Text)  // sdk: returns Answer
    case transferHistory(
        address: Text, key: Text, page: UInt32?, pageSize: UInt32, shouldFilterDecoys: JSON?)  // sdk: returns Answer
    case withPermit(permit: Permit, query: PermittedQuestion)  // sdk: returns Answer
}

// sdk: message
enum PermittedQuestion {
    case balance
    case allowance(owner: Text, spender: Text)
    case transferHistory(page: UInt32?, pageSize: UInt32, shouldFilterDecoys: JSON?)
}

// sdk: message
enum Answer {
    case tokenInfo(name: Text, symbol: Text, decimals: UInt8, totalSupply: Amount?)
    case tokenConfig(
        publicTotalSupply: Bool, depositEnabled: Bool, redeemEnabled: Bool, mintEnabled: Bool, burnEnabled: Bool,
        supportedDenoms: [Text])
    case contractStatus(status: Text)
    case exchangeRate(rate: Amount, denom: Text)
    case balance(amount: Amount)
    case allowance(spender: Text, owner: Text, allowance: Amount, expiration: UInt64?)
    case transferHistory(txs: [Transfer], total: UInt32)
    case viewingKeyError(msg: Text)
    case createViewingKey(key: Text)
    case setViewingKey(status: Text)
    case transfer(status: Text)
    case send(status: Text)
    case increaseAllowance(spender: Text, owner: Text, allowance: Amount)
    case decreaseAllowance(spender: Text, owner: Text, allowance: Amount)
    case transferFrom(status: Text)
    case sendFrom(status: Text)
    case burnFrom(status: Text)
    case deposit(status: Text)
    case redeem(status: Text)
    case mint(status: Text)
    case burn(status: Text)
    case registerReceive(status: Text)
    case revokePermit(status: Text)
}

/// One line of an account's history.
// sdk: message
struct Transfer {
    var id: UInt32
    var from: Text
    var sender: Text
    var receiver: Text
    var coins: Coin
    var memo: Text?
    var blockTime: UInt64
    var blockHeight: UInt64
}

/// What a receiving contract is told (SNIP-20: Receive).
// sdk: message
enum Notice {
    case receive(sender: Text, from: Text, amount: Amount, msg: Bytes?, memo: Text?)
}

// sdk: message
struct Allowance {
    var amount: Amount
    var expiration: UInt64?
}
