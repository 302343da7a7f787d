/// Verifies evidence of what an enclave is: quotes in the layout of Intel's DCAP, real or simulated, by one piece of
/// code.
///
/// Everything in a quote was chosen by whoever presents it. The module is total: any bytes give a `Verdict`, which
/// names the first of twelve steps that failed and lists them all; a rejection is a value, never an error that is
/// thrown. What a rejected quote claims is not in the verdict, so it cannot be used by mistake.
///
/// The caller chooses the trust roots (chain identity), the policy (chain identity or proved state) and the time (the
/// block's, so that every node reaches the same verdict). Nothing here reads a clock, a file, the environment or
/// libcrypto's configuration, holds a key, or keeps state between calls.
///
/// The steps that need collateral (TCB info, quoting enclave identity, revocation lists) are listed as not checked. A
/// quote under a hardware root is therefore refused at step 4 unless the policy says otherwise: without the identity of
/// the quoting enclave, whoever owns any provisioned machine could run a quoting enclave of his own on it.
