// An enclave for tests of the host: no process, no secret and no contract, but the order, the headers and the proofs
// that a real one insists on.
//
// What it answers to a transaction is the test's; it is no model of what contracts do.
