#pragma once

#include <stdbool.h>
#include <sys/types.h>

// A view of the machine in which there is nothing: no process, network, shared memory, host name, and of all files the
// enclave's own open descriptors alone, read-only, as its root folder.
//
// A second layer behind Landlock and the list of system calls, which close the same things: it holds where one of those
// has a hole. The kernel may refuse it (a launcher that is not root needs user namespaces); an enclave without it says
// so in its evidence (platform.h).
//
// Whoever creates a user namespace holds every capability in it, and could trace a process whose program was executed
// there, undumpable or not. Not so here: no user and no group is mapped into it, and the program is a file that the
// process may not read, so the kernel counts its memory to the namespace outside (Linux, would_dump).

/// As `fork`, with new namespaces if `separate`. The child is process 1 of its own, then.
pid_t namespaces_fork(bool separate);

/// In the child: makes the folder of its own descriptors its root folder, so that `/100` is descriptor 100. Needs
/// /proc. Returns NULL or the name of the step that the kernel refused.
const char *namespaces_leave_files(void);
