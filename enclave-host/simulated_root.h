/*
 * simulated_root: the keys and certificates that stand in for a processor's quoting enclave and its maker.
 *
 * Every installation makes its own, once, at its first start: a root, a platform CA below it, the certificate of one
 * platform with the full SGX extension, and that platform's attestation key. None of it is a constant of the program,
 * so a quote of one development network says nothing on another, and all of it calls itself
 * "SIMULATION - NOT INTEL". Only the root separates a simulated quote from a real one; see quote.h for the marks that
 * make the difference loud.
 *
 * The caller gives a directory that no other user may write. The files' owner is the simulated processor: whoever can
 * read `simulated-platform.pem` can sign any quote of this installation.
 *
 * Every function returns 0 or -errno and keeps no state between calls.
 */
#ifndef ENCLAVE_HOST_SIMULATED_ROOT_H
#define ENCLAVE_HOST_SIMULATED_ROOT_H

#include <stddef.h>
#include <stdint.h>

/* Keys and certificates of one platform, for quote.c to sign with; others treat it as opaque. The tags are
   libcrypto's. */
struct simulated_platform {
    struct evp_pkey_st *root_key, *authority_key, *platform_key, *attestation_key;
    struct x509_st *root, *authority, *certificate;
};

/* The names of the two files in the state directory. */
#define SIMULATED_PLATFORM_FILE "simulated-platform.pem" /* mode 0400: every private key */
#define SIMULATED_ROOT_FILE "simulated-root.der"         /* mode 0444: the root certificate, for the host's genesis */

/* No simulated certificate is longer. */
#define SIMULATED_CERTIFICATE_MAX 2048

/*
 * Opens the platform kept in `state_dir`, making it first if there is none. The key file appears complete or not at
 * all: two launchers that start at once end up with the same platform. With `maker_dir`, a platform that is made comes
 * under the root of the one that is kept there, as two machines of one maker. Refuses with -EPERM a key file that
 * belongs to another user or that others may read, and with -EBADMSG one that is not a platform's.
 */
int simulated_platform_open(const char *state_dir, const char *maker_dir, struct simulated_platform **platform);

/* Wipes and frees the keys. NULL is allowed. */
void simulated_platform_close(struct simulated_platform *platform);

/* The root certificate in DER. -ENOBUFS if `capacity` is too small. */
int simulated_platform_root_der(
    const struct simulated_platform *platform, uint8_t *out, size_t capacity, size_t *out_len);

/* A certificate of the root for a key that signs collateral; NULL on failure. */
struct x509_st *simulated_signer_issue(const struct simulated_platform *platform, struct evp_pkey_st *key);

/* ECDSA with SHA-256 as r || s, 64 bytes. 0 or -EIO. In quote.c. */
int simulated_sign(struct evp_pkey_st *key, const uint8_t *message, size_t length, uint8_t *signature);

#endif
