/// The chain's state machine: ABCI 2.0's verbs over the ledger, the modules and the enclave.
///
/// Three threads of work meet here and share nothing but committed states. The engine's thread runs blocks
/// (`Application+Blocks`): strictly in order, everything synchronous, nothing durable before `commit`. Any thread hands
/// in transactions and simulates (`Application+Intake`), on the last committed state and under one lock. Any thread
/// reads (`Application+Reads`): whole committed states, and only what is announced.
///
/// The application trusts the engine to call its verbs in the order of ABCI, and itself with nothing secret: all it
/// ever sees of a contract's call is what the enclave lets out.
