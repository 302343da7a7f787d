#pragma once

#include <stddef.h>
#include <stdint.h>

// What trusted Swift needs of the kernel, without Foundation or Dispatch.
//
// Thin functions without state: they return 0 (or a count) or -errno. None opens anything; the descriptors they work on
// were given to the process at its start. The numbers of the descriptors are enclave-host/lanes.h.

enum {
    RUNTIME_CONTROL_LANE = 3,
    RUNTIME_EXECUTION_LANE = 4,
    RUNTIME_FIRST_QUERY_LANE = 5,
    RUNTIME_QUERY_LANES_MAX = 16,
    RUNTIME_PLATFORM_LANE = 60,
    /// The lock of the launcher's state folder: kept open, and nothing else, for as long as the enclave lives.
    RUNTIME_STATE_LOCK = 61,
    /// Contracts call each other on the thread's stack: query depth times wasmtime's stack, with room to spare.
    RUNTIME_LANE_STACK_BYTES = 64 << 20,
};

/// The first call of the program. Returns how many query lanes there are, which is the program's one argument, or
/// -errno.
///
/// Keeps malloc from opening files later. Closes the sealed image's descriptors, so that exactly standard error, the
/// lanes, the platform lane and the state folder's lock are open; makes sure that nobody with the same user id can read
/// the process; ignores SIGPIPE; initialises libcrypto without its configuration file, libsodium, and the random
/// generators of both.
int runtime_prepare(void);

/// Starts a thread with a stack of RUNTIME_LANE_STACK_BYTES that runs `body(argument)` and is never joined. Returns
/// once it runs, so that the system calls of its start are over before confine_finally; after that it is impossible.
int runtime_start_thread(void (*body)(void *argument), void *argument);

/// Waits until `size` bytes have been read. Returns how many were: fewer only when the other end closed before, 0 when
/// it did so at the start.
int64_t runtime_read(int descriptor, void *bytes, size_t size);

/// Writes all bytes, waiting as long as the other end needs. Returns 0 or -errno.
int runtime_write(int descriptor, const void *bytes, size_t size);

/// Closes a lane, so that the host's next read ends.
void runtime_close(int descriptor);

/// The largest resident memory that the process has had, in bytes: the current one stands only in /proc, which the
/// enclave cannot open.
int64_t runtime_resident_bytes_max(void);

/// Ends the process at once, without running handlers registered for its end.
_Noreturn void runtime_end(int status);
