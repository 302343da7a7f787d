#pragma once

#include <stddef.h>

#include "identity.h"

// The signed statement of an image's publisher, as SIGSTRUCT is on SGX: a small text beside the program.
//
//     cloister image manifest 1
//     measurement 64 hexadecimal digits   what the launcher must have measured, confinement included (measure.h)
//     boundary 64 hexadecimal digits      the hash of the messages (docs/boundary.md) that the program speaks
//     product 1                           0 to 65535
//     version 1                           the security version, 0 to 1023; see sealing.h
//     debug 0                             1: no secret is meant to be safe in it
//     publisher 64 hexadecimal digits     an Ed25519 public key
//     signature 128 hexadecimal digits    of that key, over the lines above
//
// There is one form for each statement: whatever would not be written in the same bytes again is refused. sign.sh makes
// them. A signature says who answers for an image, and nothing else makes that up: whoever has another key is another
// publisher, with another name in quotes and other sealing keys.

#define MANIFEST_BYTES_MAX 1024
#define SECURITY_VERSION_MAX 1023

enum manifest_result {
    MANIFEST_ACCEPTED,
    MANIFEST_MISSING,      // nobody signed: there is no such file
    MANIFEST_UNREADABLE,   // not a file of the above form
    MANIFEST_OF_ANOTHER,   // the image is not the one that was signed, or is confined otherwise
    MANIFEST_FORGED,       // the key that it names did not sign it
    MANIFEST_UNSPOKEN,     // the program does not have the boundary that is stated
};

/// Fills in all of `identity` but the measurement, which the caller has taken, from the manifest at `path`; leaves it
/// alone unless the manifest is accepted. `program` is the measured program's bytes.
enum manifest_result manifest_read(
    const char *path, const uint8_t *program, size_t program_size, struct enclave_identity *identity);

/// What the result means, for a person.
const char *manifest_reason(enum manifest_result result);

/// Whether everybody can sign as this publisher: its private key is part of the sources.
bool manifest_is_of_development(const struct enclave_identity *identity);
