/// Verifies evidence of what an enclave is.
