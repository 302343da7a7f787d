import ModuleKit
import SignedTransactions

/// What the host can say of contract messages before the enclave sees them: the rules that need no state and no key.
///
/// The enclave applies them again; here they keep out of the mempool, and of the enclave's way, what it would refuse.
package enum ComputeRules {
    package static let textBytesMax = 512
    /// Of encrypted input (Secret Network protocol: limits).
    package static let inputBytesMax = 2_048_000

    /// Throws when the message fails whatever the state is.
    package static func validate(_ message: ComputeMessage) throws(TransactionRefusal) {
        guard !message.claimsToBeCallback else {
            throw .invalidRequest("callback_sig and callback_code_hash must be empty in a signed transaction")
        }
        guard message.funds.isEmpty || (try? Coins(message.funds)) != nil else {
            throw .invalidCoins(message.funds.map(\.description).joined(separator: ","))
        }
        switch message {
        case .storeCode(let message): try validate(message)
        case .instantiate(let message):
            guard message.codeID > 0 else { throw .invalidRequest("code id is required") }
            guard !message.label.isEmpty else { throw .invalidRequest("label is required") }
            guard message.label.utf8.count <= ComputeMessage.labelBytesMax else {
                throw .invalidRequest("label cannot be longer than \(ComputeMessage.labelBytesMax) characters")
            }
            try validate(input: message.message)
        case .execute(let message): try validate(input: message.message)
        case .migrate(let message):
            guard message.codeID > 0 else { throw .invalidRequest("code id is required") }
            try validate(input: message.message)
        case .updateAdmin(let message):
            guard message.newAdmin != message.sender else {
                throw .invalidRequest("new admin is the same as the old")
            }
        case .clearAdmin: break
        case .authenticate(let message):
            guard message.certificate.count <= ComputeMessage.certificateBytesMax else {
                throw .invalidRequest("certificate length cannot exceed \(ComputeMessage.certificateBytesMax) bytes")
            }
        }
    }

    private static func validate(_ message: ComputeMessage.StoreCode) throws(TransactionRefusal) {
        guard !message.code.isEmpty else { throw .invalidRequest("wasm code is required") }
        guard message.code.count <= ComputeMessage.codeBytesMax else {
            throw TransactionRefusal(
                codespace: "compute", code: 31,
                log: "wasm code cannot be longer than \(ComputeMessage.codeBytesMax) bytes: exceeds limit")
        }
        guard message.source.isEmpty || (message.source.hasPrefix("https://") && message.source.utf8.count > 8),
            message.source.utf8.count <= textBytesMax
        else { throw .invalidRequest("source must be an absolute https URL") }
        guard message.builder.isEmpty || isImageTag(message.builder) else {
            throw .invalidRequest("builder must be a docker image with a tag")
        }
    }

    private static func validate(input: [UInt8]) throws(TransactionRefusal) {
        guard !input.isEmpty else { throw .invalidRequest("message is required") }
        guard input.count <= inputBytesMax else { throw .invalidRequest("message is too long") }
    }

    /// Whether `text` is `name:tag`, the name a path of lower-case parts.
    private static func isImageTag(_ text: String) -> Bool {
        guard text.utf8.count <= textBytesMax else { return false }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        return parts[0].utf8.allSatisfy { isLowercase($0) || isDigit($0) || "._-/".utf8.contains($0) }
            && parts[1].utf8.allSatisfy { isLowercase($0 | 0x20) || isDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
