#pragma once

#include <stddef.h>
#include <sys/types.h>

// What a subverted enclave would try: most are one system call, some a few. docs/security/confinement.md says what must
// come of each, and what stops it.

/// Makes the attempt called `name`. Returns 0 when it succeeded, an errno when it was refused, -1 when there is no such
/// attempt.
int attempt(const char *name);

/// The name of attempt `index`, or NULL beyond the last.
const char *attempt_name(size_t index);

/// Whom the attempts on the launcher are made on. Until then it is the process with the number before the own one.
void attempts_know_parent(pid_t process);

/// What must go on working, before and after the final list. Returns the name of the first thing that does not, or
/// NULL.
const char *find_what_is_broken(void);
