import Compute
import ModuleKit
import PublicCryptography
import SignedTransactions

/// A transaction that is well-formed in every part, and that somebody here can run.
package struct TransactionForm: Sendable {
    package let transaction: Transaction
    /// The name of the transaction.
    package let hash: Hash32
    /// Of each message, what it asks of the enclave, if anything.
    package let computeMessages: [ComputeMessage?]

    /// Whether the enclave runs all of it.
    package var isDriven: Bool { computeMessages.contains { $0 != nil } }

    /// Refuses what fails whatever the state is. `hash` is that of the bytes, where it is known already.
    package init(
        decoding bytes: [UInt8], hash: Hash32? = nil, router: MessageRouter
    ) throws(TransactionRefusal) {
        self.hash = hash ?? SHA256.hash(bytes)
        do throws(TransactionError) {
            transaction = try Transaction(decoding: bytes)
        } catch {
            throw error.refusal
        }
        var computeMessages: [ComputeMessage?] = []
        for message in transaction.body.messages {
            computeMessages.append(try TransactionForm.compute(message, router: router))
        }
        self.computeMessages = computeMessages
    }

    private static func compute(
        _ message: AnyMessage, router: MessageRouter
    ) throws(TransactionRefusal) -> ComputeMessage? {
        let decoded: ComputeMessage?
        do throws(TransactionError) { decoded = try ComputeMessage.decode(message) } catch { throw error.refusal }
        guard let decoded else {
            // Also of what it holds there is none that nobody runs, or that only the enclave could.
            _ = try router.handler(of: message).gas(of: message)
            return nil
        }
        try ComputeRules.validate(decoded)
        return decoded
    }
}
