/*
 * simulated_facts: what the simulated processor says of itself, in its certificate and in its reports alike.
 *
 * The versions are those of a current machine; nothing depends on them but that the two places agree.
 */
#ifndef ENCLAVE_HOST_SIMULATED_FACTS_H
#define ENCLAVE_HOST_SIMULATED_FACTS_H

#define SIMULATED_COMPONENT_VERSIONS {7, 9, 3, 3, 255, 255, 1} /* the other nine are zero */
#define SIMULATED_PROVISIONING_VERSION 13
#define SIMULATED_QUOTING_ENCLAVE_VERSION 8
#define SIMULATED_FAMILY {'S', 'I', 'M', 0, 0, 1} /* FMSPC 53494D000001 */
#define SIMULATED_USER_DATA "SIMULATED-QUOTE-0001"
#define SIMULATED_QUOTING_ENCLAVE_NAME "sim-qe"          /* its MRENCLAVE is the SHA-256 of this */
#define SIMULATED_QUOTING_ENCLAVE_SIGNER "sim-qe-signer" /* its MRSIGNER */

#endif
