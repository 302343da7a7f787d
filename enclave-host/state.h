#pragma once

#include <stddef.h>
#include <stdint.h>

// The launcher's own folder: what a processor would keep in fuses and in its flash memory.
//
// Mode 0700, owned by the launcher's user. Neither the enclave nor the host is given anything from it, but a host that
// runs under the same user id can of course read it; the threat model says so.

/// Opens the folder at `path`, creating it (not its parents) when it is missing. Ends the process with EXIT_STATE when it
/// is a link, belongs to another user, or is open to others.
int state_open(const char *path);

/// Reads the file `name` of exactly `size` bytes. Returns 0, or -errno; -EINVAL when it has another size or others may
/// read it.
int state_read(int folder, const char *name, uint8_t *bytes, size_t size);

/// Creates the file `name` with mode 0400, complete and on disk, or not at all. Returns 0 or -errno; -EEXIST when it
/// exists.
int state_create(int folder, const char *name, const uint8_t *bytes, size_t size);
