#pragma once

#include <stdbool.h>

#include "image.h"

// The measurement: 32 bytes that stand for all bytes of the enclave's image.
//
//     SHA-256( "cloister/enclave-image/1" || u32 count ||
//              for each file: u16 length of name || name || u64 size || SHA-384 of its bytes )
//
// and the same with the tag "cloister/strict-image/1" for an image that is started under the strict list of system
// calls (filter.h): it is another enclave, since less can become of it.
//
// The program comes first under the name "entry"; the loader and the libraries follow, sorted by their names without
// folders. So the measurement does not depend on where the program or its libraries are installed, and does depend on
// every byte of each of them. All integers are big-endian.

/// SHA-384 of one file's bytes. Returns 0, or -1 when libcrypto fails.
int measure_bytes(const uint8_t *bytes, size_t size, uint8_t digest[IMAGE_DIGEST_BYTES]);

/// Fills `image->measurement` from the names, sizes and digests of its files. Returns 0, or -1 when libcrypto fails.
int measure_image(struct image *image, bool is_strict);
