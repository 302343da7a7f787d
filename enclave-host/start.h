#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "image.h"

// Starts the measured image as a confined process.

struct start_options {
    unsigned query_lanes;
    bool landlock_may_be_missing;
    bool is_strict;  // filter.h
    int state_lock;  // lock.h; the launcher keeps it open too
};

struct enclave {
    pid_t process;
    int process_descriptor;  // a pidfd: readable when the enclave is dead
    int platform_lane;       // the launcher's end
    int log;                 // what the enclave writes to standard error
    bool has_namespaces;     // namespaces.h
};

/// Forks, confines and executes. Returns only when the loader runs with everything in force, but for namespaces that
/// the kernel does not give, which is reported; else ends the process with EXIT_CONFINEMENT and the step that failed.
/// The caller's copies of the lanes are closed, so that only the host and the enclave hold them.
struct enclave start_enclave(const struct image *image, const struct start_options *options);
