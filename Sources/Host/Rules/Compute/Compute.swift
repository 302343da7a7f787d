/// Codes and contracts as far as the host knows them.
///
/// What the enclave returns is written by the application; here are the rules that need no state and no key, and what
/// clients ask of the records. Assumes nothing of their contents but their form. Runs no contract, and never sees a
/// plain input or state.
