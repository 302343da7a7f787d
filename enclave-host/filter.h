#pragma once

#include <linux/filter.h>
#include <stddef.h>
#include <sys/types.h>

// The system calls that the enclave may make from its first instruction on (seccomp).
//
// `allowed-syscalls.txt` beside this file is the list that people review, with the reason for each line; the table in
// filter.c is what is enforced, and a test compares the two. A call outside the list fails with EPERM, since loaders and
// runtimes probe for features as they start; the enclave later installs a narrower list of its own, which kills
// (Sources/Enclave/CEnclaveRuntime). Filters only ever add up, so that list can take away but never give back.

#define FILTER_INSTRUCTIONS_MAX 512

struct filter {
    struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
    size_t count;
};

/// Builds the filter for process `own_process`, which may execute `loader_descriptor` and nothing else.
void filter_build(struct filter *filter, pid_t own_process, int loader_descriptor);

/// Writes the list as it is enforced to standard output, in the form of allowed-syscalls.txt without its comments.
void filter_print(void);
