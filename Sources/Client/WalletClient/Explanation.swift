import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON

/// What became of a transaction with contract calls, as its sender alone can tell it: messages, answer, error and
/// events with everything readable that was sealed for this client.
package struct Explanation: Sendable {
    /// Who said no, as code, codespace and the plain part of the log tell anybody.
    package enum FailureClass: String, Sendable {
        /// The contract answered with an error of its own.
        case contractError = "contract_error"
        /// The contract's code stopped: it panicked, or did what no code may.
        case trap
        case outOfGas = "out_of_gas"
        /// The enclave did not run the call, or could not use what it answered.
        case enclave
        /// Another rule of the chain.
        case chain
    }

    package struct Failure: Sendable {
        package var failureClass: FailureClass
        package var codespace: String
        package var code: UInt64
        package var messageIndex: Int?
        /// Whether it was in a message that a contract had sent.
        package var isInSubmessage: Bool
        package var text: String
        package var trace: ContractTrace?
    }

    package struct Message: Sendable {
        package var type: String
        /// The contract's address, or the id of the code.
        package var target: String
        /// In clear; `nil` if it was not sealed by this client.
        package var text: String?
    }

    package struct Log: Sendable {
        package var type: String
        package var attributes: [(key: String, value: String, wasSealed: Bool)]
    }

    package var messages: [Message] = []
    package var failure: Failure?
    /// Of each message that answered, in clear.
    package var answers: [String] = []
    package var logs: [Log] = []
    package var gasWanted: String
    package var gasUsed: String

    private let encryption: ContractEncryption
    private var inputs: [[UInt8]?] = []

    /// `response` is the `tx_response` of a node, which says what the chain has; only what opens under this client's
    /// key is known to come from the enclave. The `codeHashes` are of the codes that are instantiated, to open the
    /// message of one.
    package init(response: JSONValue, encryption: ContractEncryption, codeHashes: [UInt64: [UInt8]] = [:]) {
        self.encryption = encryption
        gasWanted = response["gas_wanted"]?.string ?? ""
        gasUsed = response["gas_used"]?.string ?? ""
        for message in response["tx"]?["body"]?["messages"]?.array ?? [] { read(message, codeHashes) }
        let code = response["code"]?.uint64 ?? 0
        if code == 0 {
            readAnswers(Hexadecimal.decode(response["data"]?.string ?? "") ?? [])
            for event in response["events"]?.array ?? [] { read(event: event) }
        } else {
            failure = failure(
                response["raw_log"]?.string ?? "", codespace: response["codespace"]?.string ?? "", code: code)
        }
    }

    // MARK: - Messages and answers

    private mutating func read(_ message: JSONValue, _ codeHashes: [UInt64: [UInt8]]) {
        let type = message["@type"]?.string ?? ""
        let contract = message["contract"]?.string
        let codeID = message["code_id"]?.string
        let input = (message["init_msg"] ?? message["msg"])?.string.flatMap { Base64.decode($0) }
        inputs.append(input)
        var target = contract.flatMap(AccountAddress.init(bech32:))?.bytes
        if target == nil { target = codeID.flatMap { UInt64($0) }.flatMap { codeHashes[$0] } }
        var text: String?
        if let input, let sender = message["sender"]?.string.flatMap(AccountAddress.init(bech32:)) {
            text = encryption.openInput(input, sender: sender.bytes, target: target)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        messages.append(
            Message(
                type: type.split(separator: ".").last.map(String.init) ?? type,
                target: contract ?? codeID.map { "code \($0)" } ?? "", text: text))
    }

    private mutating func readAnswers(_ data: [UInt8]) {
        let responses = (try? TransactionData(decoding: data).responses) ?? []
        for (response, input) in zip(responses, inputs) {
            guard let input, let result = try? MessageResponse.contractResult(response),
                let opened = encryption.openData(result.data, answerTo: input), !opened.isEmpty
            else { continue }
            answers.append(String(decoding: opened, as: UTF8.self))
        }
    }

    private mutating func read(event: JSONValue) {
        guard let type = event["type"]?.string, type == "wasm" || type.hasPrefix("wasm-") else { return }
        var log = Log(type: type, attributes: [])
        var input = inputs.first { $0 != nil } ?? nil
        let index = event["attributes"]?.array?.last { $0["key"]?.string == "msg_index" }?["value"]?.string
        if let index = index.flatMap({ Int($0) }), inputs.indices.contains(index) { input = inputs[index] }
        for attribute in event["attributes"]?.array ?? [] {
            let (key, value) = (attribute["key"]?.string ?? "", attribute["value"]?.string ?? "")
            guard key != "msg_index" else { continue }
            let (openKey, openValue) = (open(key, input), open(value, input))
            log.attributes.append((openKey ?? key, openValue ?? value, openKey != nil || openValue != nil))
        }
        logs.append(log)
    }

    private func open(_ text: some StringProtocol, _ input: [UInt8]?) -> String? {
        guard let input, let sealed = Base64.decode(String(text)), let opened = encryption.open(sealed, answerTo: input)
        else { return nil }
        return String(decoding: opened, as: UTF8.self)
    }

    // MARK: - Errors

    /// Takes a log apart (Secret Network protocol: what the client sees). What was sealed for others stays as it is.
    private func failure(_ log: String, codespace: String, code: UInt64) -> Failure {
        var failure = Failure(
            failureClass: codespace == SDKError.codespace && code == SDKError.outOfGas.rawValue ? .outOfGas : .chain,
            codespace: codespace, code: code,
            messageIndex: nil, isInSubmessage: false, text: log)
        var rest = log[...]
        if let position = rest.removePrefix("failed to execute message; message index: "),
            let colon = rest[position...].range(of: ": ")
        {
            failure.messageIndex = Int(rest[position..<colon.lowerBound])
            rest = rest[colon.upperBound...]
        }
        while let position = rest.removePrefix("dispatch: submessages: ")
            ?? rest.removePrefix("an sdk error occurred while sending a sub-message: ")
        {
            failure.isInSubmessage = true
            rest = rest[position...]
        }
        failure.text = String(rest)
        let input =
            failure.messageIndex.flatMap { inputs.indices.contains($0) ? inputs[$0] : nil } ?? inputs.first ?? nil
        if let sealed = rest.range(of: "encrypted: ") {
            let end = rest[sealed.upperBound...].firstIndex(of: ":") ?? rest.endIndex
            guard let opened = open(rest[sealed.upperBound..<end], input) else {
                if failure.failureClass == .chain { failure.failureClass = .contractError }
                return failure
            }
            // Behind a trace stands in clear what any enclave tells; behind a contract's own words, whatever they are,
            // nothing.
            if let told = rest[end...].range(of: " contract failed: "), let trace = ContractTrace(text: opened) {
                failure.trace = trace
                if failure.failureClass == .outOfGas {
                    failure.text = String(rest[told.upperBound...])
                } else {
                    failure.failureClass = .trap
                    failure.text = trace.reason
                }
            } else {
                failure.failureClass = .contractError
                failure.text = opened.withoutCodeHash
            }
        } else if rest.hasPrefix("Execution error: Enclave: ") {
            failure.text = String(rest.dropFirst("Execution error: Enclave: ".count))
            let operation = failure.text.range(of: ": ", options: .backwards)
            if let operation, failure.text.hasSuffix(" failed") { failure.text.removeSubrange(operation.lowerBound...) }
            failure.failureClass = Self.traps.contains(failure.text) ? .trap : .enclave
        }
        return failure
    }

    /// How an enclave names what stopped a contract.
    private static let traps: Set<String> = [
        "the contract panicked", "failed to read memory", "failed to write memory", "failed to allocate memory",
        "the contract accessed memory out of bounds", "the contract accessed its function table out of bounds",
        "the contract divided by zero", "the contract converted a number out of range",
        "the contract called a function of another type", "the contract's calls were nested too deeply",
        "contract tried to write to storage during a query",
    ]
}

extension Substring {
    /// Where the text goes on behind `prefix`; `nil` if it does not begin with it.
    fileprivate func removePrefix(_ prefix: String) -> Substring.Index? {
        hasPrefix(prefix) ? index(startIndex, offsetBy: prefix.count) : nil
    }
}

extension String {
    /// An error that a contract in between waited for has that contract's code hash in front.
    fileprivate var withoutCodeHash: String {
        let head = utf8.prefix(64)
        guard head.count == 64, head.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return self
        }
        return String(dropFirst(64))
    }
}
