/// Why a contract refuses a call: a text for the caller, who alone can decrypt it. State changes of the call are
/// undone.
struct ContractError: Error {
    /// What went wrong, for a contract that tries something and goes on if it fails. It does not leave the contract.
    enum Kind {
        /// Anything of the contract's own.
        case refused
        /// A result is larger or smaller than its type can hold.
        case overflow
        case divisionByZero
        /// What is to be read is not there.
        case absent
        /// The chain or another contract did not answer a question, or not with what was asked.
        case notAnswered
        /// What is stored has not the form of its type.
        case malformed
    }

    var kind: Kind
    var message: Text

    init(_ message: Text) { self.init(.refused, message) }

    init(_ kind: Kind, _ message: Text) {
        self.kind = kind
        self.message = message
    }
}
