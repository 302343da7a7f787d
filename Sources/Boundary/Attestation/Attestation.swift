/// Verifies evidence of what an enclave or a trust domain is: quotes in the layouts of Intel's DCAP (versions 3, 4 and
/// 5, SGX and TDX), real or simulated, by one piece of code.
///
/// Everything in a quote was chosen by whoever presents it. The module is total: any bytes give a `Verdict`, which
/// names the first of twelve steps that failed and lists them all; a rejection is a value, never an error that is
/// thrown. What a rejected quote claims is not in the verdict, so it cannot be used by mistake.
///
/// The caller chooses the trust roots (chain identity), the policy (chain identity or proved state) and the time (the
/// block's, so that every node reaches the same verdict). Nothing here reads a clock, a file, the environment or
/// libcrypto's configuration, holds a key, or keeps state between calls.
///
/// What the maker publishes besides (`Collateral`) is given with the quote. The steps that need it are listed as not
/// checked where policy takes evidence without: simulated evidence, by default. Under a hardware root a quote without
/// collateral is refused at step 4: without the identity of the quoting enclave, whoever owns any provisioned machine
/// could run a quoting enclave of his own on it.
///
/// One statement has one encoding as far as signatures allow it: DER, PEM and lengths are read strictly, the embedded
/// root is compared, and nothing may follow. Signatures (r, s) can be mirrored by anybody, so what must happen once per
/// quote remembers `UnverifiedQuote.identity` and never a hash of the evidence.
