#pragma once

#include <sys/types.h>

/// What a process tries from outside against process `target`. Writes a line for each attempt, with "yes" where it
/// succeeded, and returns how many did.
int attack(pid_t target);

/// Starts `command` with an empty environment under a tracer, which lets it go on at each stop, and returns how it
/// ended.
int trace(char **command);
