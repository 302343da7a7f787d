#pragma once

#include <stdbool.h>
#include <stddef.h>

// The enclave's last list of system calls.
//
// enclave-host starts the process under a list that is wide enough for the dynamic loader and for starting threads.
// Once those run, the process gives up all but what computing and talking on open lanes takes: nothing can be opened,
// no thread or process started, no signal sent elsewhere, no further filter installed. A call outside the list kills
// the whole process: code that makes one is no longer our code, and the launcher reports it.
//
// The list for a just-in-time compiler leaves open what the strict one does not: memory that was written may become
// executable (mprotect), though never be both at once.

/// Installs the list, the strict one for an enclave that interprets contracts, for all threads. Call once, when every
/// thread runs. Returns 0 or -errno; on failure nothing has changed, and the caller must end.
int confine_finally(bool is_strict);

/// The list as it is enforced: line `index` in the form of enclave-host/allowed-syscalls.txt, or NULL beyond the last.
const char *confine_finally_line(size_t index);
