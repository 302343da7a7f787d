/// What the enclave asks of the platform it runs on.
