#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// The system calls that the enclave may make from its first instruction on (seccomp).
//
// `allowed-syscalls.txt` beside this file is the list that people review, with the reason for each line; the table in
// filter.c is what is enforced, and a test compares the two. A call outside the list fails with EPERM, since loaders
// and runtimes probe for features as they start; but what no honest program asks for, whatever it is, kills at once.
// The enclave later installs a narrower list of its own, which kills for everything (Sources/Enclave/CEnclaveRuntime).
// Filters only ever add up, so that list can take away but never give back.
//
// The strict list differs in two rows: memory that was written never becomes executable. It is for an enclave that
// interprets contracts; the other compiles them.

#define FILTER_INSTRUCTIONS_MAX 512

struct filter {
    struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
    size_t count;
};

/// Builds the filter for process `own_process`, which may execute `loader_descriptor` and nothing else.
void filter_build(struct filter *filter, pid_t own_process, int loader_descriptor, bool is_strict);

/// Writes the list as it is enforced to standard output, in the form of allowed-syscalls.txt without its comments:
/// first all of it, then the rows that are others in the strict one.
void filter_print(void);
