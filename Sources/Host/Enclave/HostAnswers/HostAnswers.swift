/// The one place that answers the enclave, for blocks and for queries: state with its proofs, code, kept modules, what
/// ledger messages come to, and what it will likely ask, ahead of its question.
///
/// Answers are proved or vouched for; a fact that is vouched for is in the `RunJournal` before it is said. Guesses
/// (`Prefetch`, `ReadMemory`) decide nothing: what was not guessed, the enclave asks for. Nothing here trusts the
/// enclave with more than its caller opened: a query gets no ledger message, and everyone one state.
