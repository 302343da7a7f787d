#pragma once

#include <stddef.h>

// What a subverted enclave would try. Every attempt is one system call; all of them must be refused.

/// Makes the attempt called `name`. Returns 0 when it succeeded, an errno when it was refused, -1 when there is no such
/// attempt.
int attempt(const char *name);

/// The name of attempt `index`, or NULL beyond the last.
const char *attempt_name(size_t index);

/// The errno by which the start list or Landlock must refuse attempt `index`.
int attempt_refusal(size_t index);

/// What must go on working, before and after the final list. Returns the name of the first thing that does not, or NULL.
const char *find_what_is_broken(void);
