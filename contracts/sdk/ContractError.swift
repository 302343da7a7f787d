/// Why a contract refuses a call: a text for the caller, who alone can decrypt it. State changes of the call are
/// undone.
struct ContractError: Error {
    var message: Text

    init(_ message: Text) { self.message = message }
}
