/// Errors of the Cosmos SDK's codespace `sdk`, by their registered codes and with their texts: clients go by both.
package enum SDKError: UInt32, Sendable {
    case internalError = 1
    case malformedTransaction = 2
    case unauthorized = 4
    case insufficientFunds = 5
    case unknownRequest = 6
    case invalidAddress = 7
    case invalidPublicKey = 8
    case unknownAddress = 9
    case invalidCoins = 10
    case outOfGas = 11
    case memoTooLarge = 12
    case insufficientFee = 13
    case tooManySignatures = 14
    case invalidRequest = 18
    case alreadyInMempool = 19
    case mempoolFull = 20
    case transactionTooLarge = 21
    case keyNotFound = 22
    case timedOut = 30
    case unknownExtensionOptions = 31
    case wrongSequence = 32
    case invalidGasLimit = 41

    package static let codespace = "sdk"

    package var text: String {
        switch self {
        case .internalError: "internal error"
        case .malformedTransaction: "tx parse error"
        case .unauthorized: "unauthorized"
        case .insufficientFunds: "insufficient funds"
        case .unknownRequest: "unknown request"
        case .invalidAddress: "invalid address"
        case .invalidPublicKey: "invalid pubkey"
        case .unknownAddress: "unknown address"
        case .invalidCoins: "invalid coins"
        case .outOfGas: "out of gas"
        case .memoTooLarge: "memo too large"
        case .insufficientFee: "insufficient fee"
        case .tooManySignatures: "maximum number of signatures exceeded"
        case .invalidRequest: "invalid request"
        case .alreadyInMempool: "tx already in mempool"
        case .mempoolFull: "mempool is full"
        case .transactionTooLarge: "tx too large"
        case .keyNotFound: "key not found"
        case .timedOut: "tx timeout height"
        case .unknownExtensionOptions: "unknown extension options"
        case .wrongSequence: "incorrect account sequence"
        case .invalidGasLimit: "invalid gas limit"
        }
    }

    /// As the SDK wraps it: what happened, and then what kind of error that is.
    package func text(_ what: String) -> String { "\(what): \(text)" }
}
