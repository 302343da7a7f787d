import EnclaveProtocol

/// Why a transaction, or one of its messages, is refused: a result with a fixed code, never a failure of the node.
///
/// Codes and texts are those of the Cosmos SDK, since clients parse them. Some texts repeat what a user chose, so they
/// are cut here, where each of them passes.
package struct TransactionRefusal: Error, Equatable, Sendable {
    package let codespace: String
    package let code: UInt32
    package let log: String

    package init(codespace: String = "sdk", code: UInt32, log: String) {
        self.codespace = codespace.cut(toBytes: ResultLimits.codespaceBytesMax)
        self.code = code
        self.log = log.cut(toBytes: ResultLimits.logBytesMax)
    }

    /// As the result of the message at `index` says it.
    package func ofMessage(_ index: Int) -> TransactionRefusal {
        TransactionRefusal(
            codespace: codespace, code: code, log: "failed to execute message; message index: \(index): \(log)")
    }
}

extension TransactionRefusal {
    package static func parseError(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 2, log: "\(text): tx parse error")
    }

    package static func unauthorized(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 4, log: "\(text): unauthorized")
    }

    package static func insufficientFunds(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 5, log: "\(text): insufficient funds")
    }

    package static func unknownRequest(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 6, log: "\(text): unknown request")
    }

    package static func invalidAddress(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 7, log: "\(text): invalid address")
    }

    package static func invalidPublicKey(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 8, log: "\(text): invalid pubkey")
    }

    package static func unknownAddress(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 9, log: "\(text): unknown address")
    }

    package static func invalidCoins(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 10, log: "\(text): invalid coins")
    }

    package static func outOfGas(location: String, wanted: UInt64, used: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            code: 11, log: "out of gas in location: \(location); gasWanted: \(wanted), gasUsed: \(used): out of gas")
    }

    package static func memoTooLarge(max: Int, count: Int) -> TransactionRefusal {
        TransactionRefusal(
            code: 12,
            log: "maximum number of characters is \(max) but received \(count) characters: memo too large")
    }

    package static func insufficientFee(got: String, required: String) -> TransactionRefusal {
        TransactionRefusal(code: 13, log: "insufficient fees; got: \(got) required: \(required): insufficient fee")
    }

    package static func tooManySignatures(count: Int, max: Int) -> TransactionRefusal {
        TransactionRefusal(
            code: 14, log: "signatures: \(count), limit: \(max): maximum number of signatures exceeded")
    }

    package static func invalidRequest(_ text: String) -> TransactionRefusal {
        TransactionRefusal(code: 18, log: "\(text): invalid request")
    }

    /// It says more than may be kept of a transaction, or told the enclave.
    package static let leavesTooMuch = TransactionRefusal(
        code: 21, log: "the transaction leaves too much behind: tx too large")

    package static func timedOut(height: UInt64, timeout: UInt64) -> TransactionRefusal {
        TransactionRefusal(code: 30, log: "block height: \(height), timeout height: \(timeout): tx timeout height")
    }

    package static let unknownExtensionOptions = TransactionRefusal(code: 31, log: "unknown extension options")

    package static func wrongSequence(expected: UInt64, got: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            code: 32, log: "account sequence mismatch, expected \(expected), got \(got): incorrect account sequence")
    }

    package static func tooMuchGas(wanted: UInt64, blockMax: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            code: 41, log: "tx gas limit \(wanted) exceeds block max gas \(blockMax): invalid gas limit")
    }

    package static func tooMuchGas(wanted: UInt64, nodeMax: UInt64) -> TransactionRefusal {
        TransactionRefusal(
            code: 41, log: "tx gas limit \(wanted) exceeds what this node accepts, \(nodeMax): invalid gas limit")
    }

    /// For a block that was decided against its own limit.
    package static let noBlockGas = TransactionRefusal(
        code: 11, log: "no block gas left to run tx: out of gas")

    package static let noGas = TransactionRefusal(code: 41, log: "must provide positive gas: invalid gas limit")
}
