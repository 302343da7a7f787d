/*
 * sgx_extension: the X.509 extension 1.2.840.113741.1.13.1 by which a platform's certificate states its security
 * versions and its family (Intel SGX PCK Certificate and CRL Profile Specification, section 3.5).
 */
#ifndef ENCLAVE_HOST_SGX_EXTENSION_H
#define ENCLAVE_HOST_SGX_EXTENSION_H

#include <stddef.h>
#include <stdint.h>

#define SGX_EXTENSION_OID "1.2.840.113741.1.13.1"
#define SGX_COMPONENTS 16
#define SGX_EXTENSION_MAX 1024

struct sgx_platform_facts {
    uint8_t platform_id[16];                 /* PPID */
    uint8_t component_versions[SGX_COMPONENTS]; /* also the CPUSVN: the simulated processor encodes one as the other */
    uint8_t provisioning_version;            /* PCESVN */
    uint8_t provisioning_id[2];              /* PCE-ID */
    uint8_t family[6];                       /* FMSPC */
    uint8_t instance_id[16];                 /* platform instance id */
};

/* The content of the extension in DER. Returns its length, or 0 if it would not fit. */
size_t sgx_extension_encode(const struct sgx_platform_facts *facts, uint8_t out[SGX_EXTENSION_MAX]);

#endif
