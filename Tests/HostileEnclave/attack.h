#pragma once

#include <sys/types.h>

/// What a process with the enclave's user id tries from outside against process `target`. Writes a line for each attempt
/// that succeeds, and returns how many did.
int attack(pid_t target);
