#pragma once

#include <stdbool.h>

// The launcher's own user: one that the host neither is nor can become, who owns the state folder.
//
// `make install-launcher` makes such a user and installs the launcher set-user-id to it. Then the kernel itself keeps
// the environment, the tracer and the limits of address layout from such a start (AT_SECURE), and here the launcher
// becomes that user in all respects: with real, effective and saved user id the same, the host can signal it no more
// than it could a stranger's process, and there is no way back.
//
// The state folder of an installed launcher is not the host's to choose, or it could be told to play a machine that the
// host has prepared: `state` beside the launcher's own program, and in it a folder for each of the host's user id and
// the name that the host gives.

/// Becomes the launcher's own user for good, if it has one. Returns whether it does: the starter's user is another, and
/// is not root, from whom nobody is separated. Ends the process with EXIT_CONFINEMENT when the kernel refuses.
bool own_user_become(void);

#define PUBLISHER_DIGITS 64

/// Reads the publisher whose images alone an installed launcher starts: the file `publisher` beside its program, in
/// which stands the SHA-256 of the publisher's public key in hexadecimal. Returns false when there is none, and images
/// of all publishers start. Ends the process with EXIT_STATE when others may write the file, or it has another form.
bool own_user_publisher(char digits[PUBLISHER_DIGITS + 1]);

/// The path of the state folder called `name`, which is kept until the process ends. Ends it with EXIT_USAGE when the
/// name is not one of 1 to 64 small letters, digits and hyphens, and with EXIT_STATE when the launcher is not installed
/// beside a folder `state` that only its own user or root may write. After `own_user_become` only.
const char *own_user_state(const char *name);
