#pragma once

#include <stdbool.h>
#include <stdint.h>

// Who an enclave is: what the launcher measured, and what the publisher's signature over that measurement says.
//
// It stands in every quote (MRENCLAVE, MRSIGNER, ISVPRODID, ISVSVN, the DEBUG attribute), and sealing keys are derived
// from it. The enclave chooses none of it.

struct enclave_identity {
    uint8_t measurement[32];
    uint8_t publisher[32];      // SHA-256 of the publisher's public key; zeros when nobody signed
    uint16_t product;           // 0 when nobody signed
    uint16_t security_version;  // 0 when nobody signed
    bool debug;                 // verifiers refuse it, and it has sealing keys of its own
};
