#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The enclave's image: its program, the dynamic loader that the program names, and every library it needs, directly or
// through another library.
//
// Each file is copied into a sealed memory file, and only the sealed copy is looked at from then on: its ELF headers
// are read from it, it is hashed, and it is what runs. So there is no moment between the check and the use in which
// somebody could exchange a file on disk, and a disk file that changes while it is being copied merely gives another
// measurement.
//
// A folder `enclave-bundle` beside the program holds a copy of every library, as the build found them (bundle.sh). If
// it is there, the image is made of it alone, so that an upgrade of the system changes no measurement and locks no
// chain.
//
// The loader is told to preload each library by its descriptor. It then finds every DT_NEEDED name among what it has
// loaded already, by DT_SONAME; so a library whose DT_SONAME is not the name it is asked for by is refused here, as the
// loader would otherwise search the disk for it (and be refused by Landlock).

#define IMAGE_FILES_MAX 64
#define IMAGE_NAME_BYTES_MAX 128
/// The descriptors of the sealed files start here. The enclave may not have descriptors from 64 on (RLIMIT_NOFILE), so
/// once one of these is closed in it, nothing can take its number again.
#define IMAGE_DESCRIPTOR_FIRST 100
#define IMAGE_DIGEST_BYTES 48
#define MEASUREMENT_BYTES 32

struct image_file {
    char name[IMAGE_NAME_BYTES_MAX];      // "entry" for the program, else the name by which it is needed
    char path[PATH_MAX];                  // where it was read; no part of the measurement
    int descriptor;
    const uint8_t *bytes;                 // the sealed bytes, mapped read-only
    size_t size;
    uint8_t digest[IMAGE_DIGEST_BYTES];   // SHA-384 of `bytes`
};

struct image {
    struct image_file files[IMAGE_FILES_MAX];  // the program first, then in the order in which they are discovered
    size_t count;
    char bundle[PATH_MAX];                     // where all but the program comes from, or an empty text
    size_t loader;                             // which of `files` is the dynamic loader
    uint8_t measurement[MEASUREMENT_BYTES];
};

/// Reads the program at `path` with all that it needs, seals and measures it, for a start under the strict list of
/// system calls or the other. Ends the process with EXIT_IMAGE and the reason when that is not possible.
void image_load(struct image *image, const char *path, bool is_strict);
