import EnclaveProtocol
import SignedTransactions

/// Why a transaction, or one of its messages, is refused: a result with a fixed code, never a failure of the node.
///
/// Codes and texts are those of the Cosmos SDK, since clients parse them. Some texts repeat what a user chose, so they
/// are cut here, where each of them passes.
package struct TransactionRefusal: Error, Equatable, Sendable {
    package let codespace: String
    package let code: UInt32
    package let log: String

    package init(codespace: String = SDKError.codespace, code: UInt32, log: String) {
        self.codespace = codespace.cut(toBytes: ResultLimits.codespaceBytesMax)
        self.code = code
        self.log = log.cut(toBytes: ResultLimits.logBytesMax)
    }

    package init(_ error: SDKError, _ what: String? = nil) {
        self.init(codespace: SDKError.codespace, code: error.rawValue, log: what.map(error.text) ?? error.text)
    }

    /// As the result of the message at `index` says it.
    package func ofMessage(_ index: Int) -> TransactionRefusal {
        TransactionRefusal(
            codespace: codespace, code: code, log: "failed to execute message; message index: \(index): \(log)")
    }
}

extension TransactionRefusal {
    package static func parseError(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.malformedTransaction, text)
    }

    package static func unauthorized(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.unauthorized, text)
    }

    package static func insufficientFunds(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.insufficientFunds, text)
    }

    package static func unknownRequest(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.unknownRequest, text)
    }

    package static func invalidAddress(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.invalidAddress, text)
    }

    package static func invalidPublicKey(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.invalidPublicKey, text)
    }

    package static func unknownAddress(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.unknownAddress, text)
    }

    package static func invalidCoins(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.invalidCoins, text)
    }

    package static func outOfGas(location: String, wanted: UInt64, used: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            .outOfGas, "out of gas in location: \(location); gasWanted: \(wanted), gasUsed: \(used)")
    }

    package static func memoTooLarge(max: Int, count: Int) -> TransactionRefusal {
        TransactionRefusal(
            .memoTooLarge,
            "maximum number of characters is \(max) but received \(count) characters")
    }

    package static func insufficientFee(got: String, required: String) -> TransactionRefusal {
        TransactionRefusal(.insufficientFee, "insufficient fees; got: \(got) required: \(required)")
    }

    package static func tooManySignatures(count: Int, max: Int) -> TransactionRefusal {
        TransactionRefusal(
            .tooManySignatures, "signatures: \(count), limit: \(max)")
    }

    package static func invalidRequest(_ text: String) -> TransactionRefusal {
        TransactionRefusal(.invalidRequest, text)
    }

    /// It says more than may be kept of a transaction, or told the enclave.
    package static let leavesTooMuch = TransactionRefusal(
        .transactionTooLarge, "the transaction leaves too much behind")

    package static func timedOut(height: UInt64, timeout: UInt64) -> TransactionRefusal {
        TransactionRefusal(.timedOut, "block height: \(height), timeout height: \(timeout)")
    }

    package static let unknownExtensionOptions = TransactionRefusal(.unknownExtensionOptions)

    package static func wrongSequence(expected: UInt64, got: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            .wrongSequence, "account sequence mismatch, expected \(expected), got \(got)")
    }

    package static func tooMuchGas(wanted: UInt64, blockMax: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            .invalidGasLimit, "tx gas limit \(wanted) exceeds block max gas \(blockMax)")
    }

    package static func tooMuchGas(wanted: UInt64, nodeMax: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            .invalidGasLimit, "tx gas limit \(wanted) exceeds what this node accepts, \(nodeMax)")
    }

    /// For a block that was decided against its own limit.
    package static let noBlockGas = TransactionRefusal(
        .outOfGas, "no block gas left to run tx")

    package static let noGas = TransactionRefusal(.invalidGasLimit, "must provide positive gas")
}
