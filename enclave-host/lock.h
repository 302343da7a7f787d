#pragma once

#include <stdint.h>

#include "image.h"

// One launcher at a time runs an enclave on the machine that a state folder is. Enclaves of two programs may run beside
// each other, as on a processor, since they share no key and no journal: so one can take over from another.
//
// The attack: a host starts a second launcher on the same folder, by this path or another. It has the same fuse key and
// the same journal, so its enclave opens the same record; and it runs a decided block on with another story, to see
// what comes of it, while the first one goes on. So the folder has a lock for each measurement, which is taken before a
// journal is read; and one that is held while the machine's own keys are read or made.
//
// The lock is a file's (flock), which belongs to the open file and not to a path or a process. The enclave is given the
// same open file, so the lock ends only when both are dead: a launcher that is killed leaves no enclave that runs on
// beside its successor, however slowly the kernel takes it down. Through the file itself nothing can be read or done.

/// Locks the folder while its keys are read or made; `lock_state_end` lets go of it.
int lock_state_begin(int folder);
void lock_state_end(int lock);

/// Locks the folder for an enclave and returns a descriptor that lies above the image's. A launcher that was just
/// killed may still be dying, so it waits for some seconds; then ends the process with EXIT_LOCKED.
int lock_enclave(int folder, const uint8_t measurement[MEASUREMENT_BYTES]);
