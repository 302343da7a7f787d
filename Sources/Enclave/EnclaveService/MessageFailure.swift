import EnclaveProtocol
import LedgerRecords
import SignedTransactions

/// A message of a transaction failed, the same on every node: what the transaction's result will say.
///
/// `log` leaves the enclave, so whatever a contract said in it is sealed for the caller. `contractError` is for a
/// contract inside that asked for a reply, and never leaves.
///
/// The same on every node but for `sealedTrace`, which a development enclave adds, and for a text of the host's: so
/// nothing that a contract sees, and nothing under the hash of the results, may depend on those (`committed`).
struct MessageFailure: Error {
    var codespace: String
    var code: UInt32
    /// Where in the transaction it was, in front of what it was.
    var place = ""
    private let text: String
    /// What stands for `text` under the hash of the results, where it is the host's own.
    private var committedText: String?
    /// What a contract gave as its error, in clear; `nil` if no contract failed but the chain or the enclave.
    var contractError: String?
    /// What stands in front for the caller (`ContractCaller.sealedTrace`).
    var sealedTrace: String?
    /// Of a contract that keeps its shape: nothing outside tells where among the messages it failed.
    private var keepsPlace = false

    init(codespace: String, code: UInt32, log: String, contractError: String? = nil) {
        self.codespace = codespace
        self.code = code
        text = log
        self.contractError = contractError
    }

    /// What happened and where, for contracts that are told of it.
    var log: String { place + text }

    /// The refusal of a ledger message, in the host's words: they are for people, and may be others on every node.
    static func ledger(_ result: LedgerMessageResult) -> MessageFailure {
        var failure = MessageFailure(codespace: result.codespace, code: result.code, log: result.log)
        failure.committedText = "refused by the ledger"
        return failure
    }

    /// As `told`, with nothing in it that is not the same on every node.
    var committed: String { (place + (committedText ?? text)).cut(toBytes: ResultLimits.logBytesMax) }

    /// What leaves the enclave, cut: a user chooses the coins, and an uploader the names, that some texts repeat. A
    /// trace stands where clients look for what a contract said.
    var told: String {
        (sealedTrace.map { place + $0 + ": " + text } ?? log).cut(toBytes: ResultLimits.logBytesMax)
    }

    init(_ outOfGas: OutOfGas, sealedTrace: String? = nil) {
        self.init(codespace: SDKError.codespace, code: SDKError.outOfGas.rawValue, log: outOfGas.description)
        self.sealedTrace = sealedTrace
    }

    static func sdk(_ error: SDKError, _ what: String? = nil) -> MessageFailure {
        MessageFailure(
            codespace: SDKError.codespace, code: error.rawValue, log: what.map(error.text) ?? error.text)
    }

    /// A transaction writes or says more than may be held or leave.
    static let leavesTooMuch = sdk(.transactionTooLarge, "the transaction leaves too much behind")

    static func compute(_ code: UInt32, _ log: String) -> MessageFailure {
        MessageFailure(codespace: "compute", code: code, log: log)
    }

    /// A query's answer is larger than may leave.
    static let answerTooLong = query("the answer is too long")

    /// Of `coin` there is only `spendable`, or only so much of it counts (`FundsCover`).
    static func insufficientFunds(_ spendable: Coin, for coin: Coin) -> MessageFailure {
        sdk(.insufficientFunds, "spendable balance \(spendable) is smaller than \(coin)")
    }

    static let notMigratedByAdmin = compute(
        ContractOperation.migrate.code, "requires migrate from admin: \(ContractOperation.migrate.failed)")

    /// A contract asked for something that is not offered to contracts.
    static func invalidMessage(_ what: String) -> MessageFailure {
        compute(10, "\(what): invalid CosmosMsg from the contract")
    }

    /// An error of the enclave itself about a call, in clear: it depends on nothing that the caller encrypted but
    /// whether it could be used at all.
    static func enclave(
        _ text: String, _ operation: ContractOperation, sealedTrace: String? = nil
    ) -> MessageFailure {
        var failure = compute(operation.code, "Execution error: Enclave: \(text): \(operation.failed)")
        failure.sealedTrace = sealedTrace
        return failure
    }

    /// An error of the enclave itself about a query. Who asked adds what failed: the host's interface, or the caller
    /// that is a contract.
    static func query(_ text: String, sealedTrace: String? = nil) -> MessageFailure {
        var failure = compute(ContractOperation.query.code, "Execution error: Enclave: \(text)")
        failure.sealedTrace = sealedTrace
        return failure
    }

    /// What a contract answered instead of a result.
    static func contract(sealed: String, plain: String, _ operation: ContractOperation) -> MessageFailure {
        MessageFailure(
            codespace: "compute", code: operation.code, log: "encrypted: \(sealed): \(operation.failed)",
            contractError: plain)
    }

    /// As one failure of a contract that keeps its shape looks like another: an error, a trap, an answer that is none.
    func shaped(sealed: String, plain: String) -> MessageFailure {
        var failure = MessageFailure.contract(sealed: sealed, plain: plain, .execute)
        (failure.keepsPlace, failure.sealedTrace) = (true, sealedTrace)
        return failure
    }

    /// The failure of what a contract asked for in return, as the contract's caller is told it.
    var inSubmessage: MessageFailure {
        keepsPlace ? self : at("dispatch: submessages: ")
    }

    /// The same failure, further out.
    func at(_ place: String) -> MessageFailure {
        var failure = self
        failure.place = place + failure.place
        return failure
    }

    /// What a contract is told of another module's failure: enough to act on, and nothing that could differ between
    /// versions of a node (Secret Network protocol: replies).
    var redacted: String {
        "the error was redacted (codespace: \(codespace), code: \(code)). "
            + "For more info use latest localsecret and reproduce the issue"
    }
}

/// What was asked of a contract, as codes and texts of results name it (Secret Network protocol: what the client sees).
enum ContractOperation {
    case instantiate, execute, query, migrate, reply

    var code: UInt32 {
        switch self {
        case .instantiate: 2
        case .execute: 3
        case .query: 4
        case .migrate: 5
        case .reply: 19
        }
    }

    var failed: String {
        switch self {
        case .instantiate: "instantiate contract failed"
        case .execute: "execute contract failed"
        case .query: "query contract failed"
        case .migrate: "migrate contract failed"
        case .reply: "reply to contract failed"
        }
    }
}
