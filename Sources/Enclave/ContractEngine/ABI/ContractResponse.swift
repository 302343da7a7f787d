import SignedTransactions

/// What a contract that succeeded asks for and says, in one shape for both interfaces.
package struct ContractResponse: Equatable, Sendable {
    package var messages: [SubMessage] = []
    /// v0.10 calls it `log`.
    package var attributes: [ContractAttribute] = []
    /// Only v1 has them.
    package var events: [ContractEvent] = []
    package var data: [UInt8]?
    package init() {}
}

package struct ContractAttribute: Equatable, Sendable {
    package var key: String
    package var value: String
    /// Whether key and value leave encrypted; so unless the contract said `"encrypted":false`.
    package var isEncrypted: Bool
    package init(key: String, value: String, isEncrypted: Bool = true) {
        (self.key, self.value, self.isEncrypted) = (key, value, isEncrypted)
    }
}

package struct ContractEvent: Equatable, Sendable {
    package var type: String
    package var attributes: [ContractAttribute]
    package init(type: String, attributes: [ContractAttribute]) { (self.type, self.attributes) = (type, attributes) }
}

/// A message that a contract wants sent. One of v0.10 has number 0 and no reply.
package struct SubMessage: Equatable, Sendable {
    package enum ReplyOn: String, Sendable { case always, error, success, never }

    package var id: UInt64
    package var message: ContractMessage
    package var gasLimit: UInt64?
    package var replyOn: ReplyOn
    package init(id: UInt64 = 0, message: ContractMessage, gasLimit: UInt64? = nil, replyOn: ReplyOn = .never) {
        (self.id, self.message, self.gasLimit, self.replyOn) = (id, message, gasLimit, replyOn)
    }
}

/// Coins as a contract wrote them: not checked.
package struct ContractCoin: Equatable, Sendable {
    package var denomination: String
    package var amount: String
    package init(denomination: String, amount: String) { (self.denomination, self.amount) = (denomination, amount) }
}

/// The messages of contracts. Addresses, hashes and amounts are text of the contract's own and not checked here.
package enum ContractMessage: Equatable, Sendable {
    package struct BankSend: Equatable, Sendable {
        /// Only v0.10 names it.
        package var fromAddress: String?
        package var toAddress: String
        package var amount: [ContractCoin]
    }

    package struct WasmExecute: Equatable, Sendable {
        package var contractAddress: String
        package var codeHash: String
        package var message: [UInt8]
        package var funds: [ContractCoin]
    }

    package struct WasmInstantiate: Equatable, Sendable {
        package var admin: String?
        package var codeID: UInt64
        package var codeHash: String
        package var message: [UInt8]
        package var funds: [ContractCoin]
        package var label: String
    }

    package struct WasmMigrate: Equatable, Sendable {
        package var contractAddress: String
        package var codeHash: String
        package var codeID: UInt64
        package var message: [UInt8]
    }

    /// A message that is not for the contract engine to understand. Of what it says only that is kept which somebody
    /// reads: JSON takes up to thirty times its text, and each of the calls that stand on each other may hold a
    /// mebibyte of it.
    package struct Other: Equatable, Sendable, CustomStringConvertible {
        /// `staking`, `gov`, …; of a bank message its verb too: `bank.burn`.
        package var kind: String
        /// Of `stargate`; `nil` if it lacks type or value.
        package var encoded: AnyMessage?
        /// Of `staking`, `distribution` and `gov`: what the ledger is asked to do.
        package var requests: [LedgerRequest] = []
        package var description: String { kind }
    }

    case bankSend(BankSend)
    case wasmExecute(WasmExecute)
    case wasmInstantiate(WasmInstantiate)
    case wasmMigrate(WasmMigrate)
    case wasmUpdateAdmin(contractAddress: String, admin: String)
    case wasmClearAdmin(contractAddress: String)
    case other(Other)
}

/// A contract's error as clients are shown it: JSON from v0.10, bare text from v1.
package struct ContractErrorText: Error, Equatable, Sendable {
    package var text: String
    package init(text: String) { self.text = text }
}
