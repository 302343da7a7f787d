/*
 * simulated_collateral: what a maker of processors publishes besides its certificates, for the simulated one.
 *
 * Lists of revoked certificates (none is), TCB info and the identity of the quoting enclave, in the layouts of Intel's
 * provisioning service, signed by a key that the installation's root certifies for the occasion. They are good for 30
 * days and made anew at every start. Whoever has them and a quote can go through all the steps that a quote of real
 * hardware needs; nobody has to, since a simulated root proves nothing that collateral could take away.
 */
#ifndef ENCLAVE_HOST_SIMULATED_COLLATERAL_H
#define ENCLAVE_HOST_SIMULATED_COLLATERAL_H

#include <stddef.h>
#include <stdint.h>

#include "simulated_root.h"

/* The file in the state directory, for everybody to read: `Collateral`, as the verifier of quotes takes it. */
#define SIMULATED_COLLATERAL_FILE "simulated-collateral.pb"

/* No simulated collateral is longer. */
#define SIMULATED_COLLATERAL_MAX 8192

/* Writes it to `out`, which has room for SIMULATED_COLLATERAL_MAX bytes. Returns 0 or -EIO. */
int simulated_collateral_encode(
    const struct simulated_platform *platform, uint8_t out[SIMULATED_COLLATERAL_MAX], size_t *out_len);

#endif
