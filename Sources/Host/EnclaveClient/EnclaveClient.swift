/// EnclaveClient.
