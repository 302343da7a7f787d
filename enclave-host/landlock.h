#pragma once

// Landlock closes the file system, the network and signals to the enclave, whatever its user id may do.
//
// The ruleset has no rule that allows anything: no path, no port, no other process. Memory files are on no mounted file
// system and Landlock does not concern itself with them, so the loader can still open the sealed image.

/// The version of Landlock that this kernel offers, or 0 when it has none.
int landlock_version(void);

/// Restricts the calling thread and all it will start. Returns 0 or -errno. Needs no_new_privs.
int landlock_close_everything(void);
