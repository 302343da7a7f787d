#pragma once

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

// What is taken from a process before it becomes the enclave.
//
// Each function does one thing, in the child, between fork and exec, and returns NULL or the name of the step that the
// kernel refused (errno tells why). They are called in the order in which they stand here, since each needs something
// that a later one takes away.

/// The user and group id of an enclave whose launcher runs as root.
#define CONFINED_USER 65533

/// Dies with the launcher, has signals as if nobody had touched them, a session of its own and the root folder as its
/// folder.
const char *confine_to_launcher(void);

/// What the launcher hands to the enclave beside the lanes, each above the image's descriptors.
struct handed_descriptors {
    int log, platform, lock, report;
};

/// Keeps the log as standard error, the lanes 3, 4 and up to `query_lanes` more, the platform lane as descriptor 60,
/// the state folder's lock as 61, the start report as 99, and the `image_files` descriptors of the sealed image; closes
/// all others.
const char *confine_descriptors(
    const struct handed_descriptors *handed, unsigned query_lanes, unsigned image_files);

/// The stack of a program's first thread, of the launcher and of the enclave.
#define STACK_BYTES_MAX ((rlim_t)8 << 20)

/// No core dump, 64 descriptors, no large files; a stack of 8 MiB; no limit of other memory or of time,
/// whatever the host had set, so that it does not choose where memory ends (wasmtime reserves a thousand times what it
/// uses, so no number would be of use); addresses at random; locked memory as far as the launcher may have it.
const char *confine_resources(void);

/// Makes sure that the launcher still lives. One that runs as root gives the enclave a user id of its own; no
/// capability is left in any case, and none can be gained by executing something. What is strict cannot make memory
/// executable that was not (where the kernel knows PR_SET_MDWE; the list of system calls says the same).
const char *confine_privileges(bool is_strict);

/// Landlock, unless `may_be_missing` and the kernel has none.
const char *confine_file_system(bool may_be_missing);

/// The list of system calls. After it only the sealed loader can be executed.
const char *confine_system_calls(int loader_descriptor, bool is_strict);
