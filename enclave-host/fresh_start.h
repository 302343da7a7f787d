#pragma once

// What the launcher inherits from its starter besides descriptors, and does not want.
//
// The environment, which a C library reads before `main`; the personality, with which a starter can have every program
// loaded at the same addresses; and the limit of the stack, which if it is infinite makes the kernel lay out memory the
// old, predictable way. All three last over an execution, for the launcher as for the enclave. So the launcher puts
// them right and executes itself once more.

/// Returns when there is nothing to put right; else executes this program again with `arguments` and nothing of the
/// rest. Ends the process with EXIT_CONFINEMENT when the kernel refuses.
void start_afresh(char **arguments);
