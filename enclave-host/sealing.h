#pragma once

#include <stddef.h>
#include <stdint.h>

#include "identity.h"

// The simulated fuse key, and the keys that an enclave derives from it.
//
// What SGX calls EGETKEY: the platform, not the enclave, fills in who asks, so no enclave can obtain another's keys.
// The label of every derived key ends in "-simulated": nothing sealed here can be opened on hardware, or the reverse.

#define SEALING_KEY_BYTES 32
#define SEALING_LABEL_BYTES_MAX 64

/// Loads the fuse key from the state folder, or makes it (32 random bytes, mode 0400) the first time, into a page that
/// is locked, not dumped, and absent in children. Ends the process with EXIT_STATE on failure.
const uint8_t *sealing_load_fuse(int state_folder);

/// The key of one enclave: of its measurement, and of whether it is a debug image. HKDF-SHA256 with the fuse key as
/// input, the salt "cloister/sealing-key/1" ("cloister/debug-sealing-key/1" for a debug image) and
/// measurement || label || "-simulated" as info. Returns 0, or -1 when libcrypto fails.
int sealing_derive(
    const uint8_t *fuse, const struct enclave_identity *identity, const uint8_t *label, size_t label_size,
    uint8_t key[SEALING_KEY_BYTES]);
