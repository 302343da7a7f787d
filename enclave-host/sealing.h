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

// What SGX calls KEYPOLICY: who shares a key. With both, an enclave of this image by this publisher.
enum sealing_policy {
    SEALING_TO_MEASUREMENT = 1,
    SEALING_TO_PUBLISHER = 2,  // all images of this publisher and product, under either confinement
};

/// The key of security version `version` for those whom `policy` names: HKDF-SHA256 as above, with the salt
/// "cloister/versioned-sealing-key/1" and, as info,
///
///     policy (1) || debug (1) || version (2, big-endian) || [measurement] || [publisher || product (2)] ||
///     label || "-simulated"
///
/// An image has the keys of its own version and of all earlier ones, and so opens what they sealed; that of a later one
/// is refused, so that whoever starts an image with a known hole again learns nothing that the mended one sealed.
/// Returns 0; -EINVAL if no enclave has such a policy or label; -EPERM if this one has not the version, or nobody
/// signed it and the publisher is asked for; -EIO when libcrypto fails.
int sealing_derive_versioned(
    const uint8_t *fuse, const struct enclave_identity *identity, uint8_t policy, uint16_t version,
    const uint8_t *label, size_t label_size, uint8_t key[SEALING_KEY_BYTES]);
