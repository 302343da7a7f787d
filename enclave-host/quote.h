/*
 * quote: an SGX DCAP quote, version 3, as Intel's quoting enclave lays it out, signed by a simulated platform.
 *
 * A reader of real quotes reads these without change; five marks say that they are simulated: the header's user data
 * "SIMULATED-QUOTE-0001", the FMSPC 53494D000001 ("SIM"), the certificate subjects "SIMULATION - NOT INTEL" in the
 * country ZZ, the quoting enclave's signer SHA-256("sim-qe-signer"), and the root.
 *
 * The caller is the launcher: `identity` is what it measured and verified itself, never what an enclave claims. The
 * enclave chooses the 64 bytes of report data and nothing else.
 */
#ifndef ENCLAVE_HOST_QUOTE_H
#define ENCLAVE_HOST_QUOTE_H

#include <stddef.h>
#include <stdint.h>

#include "identity.h"
#include "simulated_root.h"

#define QUOTE_MEASUREMENT_BYTES 32
#define QUOTE_REPORT_DATA_BYTES 64

/* No simulated quote is longer: 1052 bytes and three PEM certificates. */
#define QUOTE_MAX 8192

/*
 * Writes a quote for the enclave `identity` with `report_data`; its length goes to `out_len`. Returns 0, -ENOBUFS
 * if `capacity` is too small (QUOTE_MAX always suffices), or -EIO if libcrypto could not sign.
 */
int quote_create(
    const struct simulated_platform *platform, const struct enclave_identity *identity,
    const uint8_t report_data[QUOTE_REPORT_DATA_BYTES], uint8_t *out, size_t capacity, size_t *out_len);

#endif
